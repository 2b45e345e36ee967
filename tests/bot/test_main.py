"""`python -m bot` as a process: what it says when it cannot start, and how it stops."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.__main__ import forget_proxies_for, make_integration_client
from bot.config import load_settings
from bot.sandbox.driver import Driver
from tests.bot.conftest import QUESTION
from tests.support.bot import BOT_KEYS, running_bot

TOKENS = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}


def start(env: dict[str, str]) -> "subprocess.Popen[str]":
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    command = [sys.executable, "-m", "bot"]
    return subprocess.Popen(command, env=kept | env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def test_without_settings_it_names_them_and_where_to_get_them() -> None:
    process = start({})
    output, _ = process.communicate(timeout=30)
    assert process.returncode == 2
    assert "SLACK_BOT_TOKEN is missing. Slack app settings" in output
    assert "Traceback" not in output


def test_a_wrong_support_address_is_named() -> None:
    process = start(TOKENS | {"SUPPORT_EMAIL": "nobody"})
    output, _ = process.communicate(timeout=30)
    assert process.returncode == 2
    assert "SUPPORT_EMAIL" in output


SEVERAL = {
    "SLACK_CLIENT_ID": "1.2",
    "SLACK_CLIENT_SECRET": "a-secret",
    "SLACK_APP_TOKEN": "xapp-1",
    "BOT_ENCRYPTION_KEYS": BOT_KEYS,
}


def test_a_token_and_a_client_id_are_one_too_many() -> None:
    process = start(SEVERAL | TOKENS)
    output, _ = process.communicate(timeout=30)
    assert process.returncode == 2
    assert "SLACK_BOT_TOKEN and SLACK_CLIENT_ID are both set" in output


def test_a_database_that_cannot_be_used_is_named() -> None:
    process = start(SEVERAL | {"BOT_DATABASE_URL": "sqlite:////nowhere/bot.db", "SLACK_API_URL": "http://127.0.0.1:9/"})
    output, _ = process.communicate(timeout=30)
    assert process.returncode == 2
    assert "BOT_DATABASE_URL: the database cannot be used" in output
    assert "Traceback" not in output


def test_a_port_in_use_is_named(slack: Driver, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        more = {"BOT_DATABASE_URL": f"sqlite:///{tmp_path / 'bot.db'}", "SLACK_API_URL": slack.api_url, "PORT": port}
        output, _ = (process := start(SEVERAL | more)).communicate(timeout=30)
    assert process.returncode == 2
    assert f"PORT {port} cannot be used" in output
    assert "Traceback" not in output


@pytest.mark.parametrize(("setting", "wrong"), [("SLACK_BOT_TOKEN", "xoxb-wrong"), ("SLACK_APP_TOKEN", "xapp-wrong")])
def test_a_token_that_slack_refuses_is_named_and_not_shown(slack: Driver, setting: str, wrong: str) -> None:
    env = {
        "SLACK_API_URL": slack.api_url,
        "SLACK_BOT_TOKEN": slack.bot_token(),
        "SLACK_APP_TOKEN": slack.app_token(),
    }
    process = start(env | {setting: wrong})
    output, _ = process.communicate(timeout=30)
    assert process.returncode == 2
    assert f"Slack refused {setting} (" in output
    assert wrong not in output
    assert "Traceback" not in output


@pytest.mark.parametrize(
    ("method", "status", "error"),
    [
        ("auth.test", 200, "internal_error"),
        ("auth.test", 503, "service_unavailable"),
        ("apps.connections.open", 500, "internal_error"),
        ("apps.connections.open", 200, "internal_error"),
    ],
)
def test_an_error_of_slacks_at_start_is_waited_out(slack: Driver, method: str, status: int, error: str) -> None:
    slack.faults.fail(method, status=status, times=2, error=error)
    with running_bot(slack):
        slack.say("maya", "dm", QUESTION)
        slack.wait_for_message(slack.dm("maya"), "technical reasons")


@pytest.fixture
def process(slack: Driver) -> Iterator["subprocess.Popen[str]"]:
    env = {
        "SLACK_API_URL": slack.api_url,
        "SLACK_BOT_TOKEN": slack.bot_token(),
        "SLACK_APP_TOKEN": slack.app_token(),
        "HTTP_PROXY": "http://127.0.0.1:9",  # slack_sdk would use it, even for this machine
        "HTTPS_PROXY": "http://127.0.0.1:9",
        "LOG_LEVEL": "DEBUG",
    }
    with start(env) as running:
        yield running
        running.kill()


def test_it_needs_only_an_address_and_two_tokens_and_stops_cleanly(
    slack: Driver, process: "subprocess.Popen[str]"
) -> None:
    slack.wait_until_connected(timeout=20)
    slack.say("maya", "dm", QUESTION)
    slack.wait_for_message(slack.dm("maya"), "technical reasons")
    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "serving the workspace T0ACME only, that of SLACK_BOT_TOKEN" in output
    for secret in (slack.bot_token(), slack.app_token(), "authorize the Zoom app", "technical reasons", "ticket="):
        assert secret not in output


def test_proxies_are_kept_for_hosts_that_need_them() -> None:
    env = {"HTTPS_PROXY": "http://proxy.example:3128"}
    forget_proxies_for("https://slack.com/api/", env)
    assert env
    forget_proxies_for("http://localhost:8010/api/", env)
    assert env == {}


def test_without_an_address_there_is_no_integration_client() -> None:
    assert make_integration_client(load_settings(TOKENS)) is None
