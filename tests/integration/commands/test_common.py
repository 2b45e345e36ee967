"""What a command says when it cannot do its work."""

import socket

import pytest
import requests
from sqlalchemy import make_url
from sqlalchemy.engine import URL

from tests.integration.commands.conftest import Command
from tests.integration.serving import environment, process, wait_for_line

NOWHERE = make_url("postgresql+psycopg://user:pass-word@127.0.0.1:1/db")


def run(*command: str, url: URL) -> tuple[int, str]:
    with process("integration", *command, env=environment(url)) as running:
        output, _ = running.communicate(timeout=60)
        return running.returncode, output


def test_a_database_that_is_away_is_said_without_its_secrets() -> None:
    code, output = run("tenants", "list", url=NOWHERE)
    assert code == 1
    assert output.startswith("The database cannot be used: ")
    assert "python -m integration db upgrade" in output
    assert "pass-word" not in output
    assert "Traceback" not in output


def test_a_database_without_tables_is_said_with_the_command(empty_database_url: URL) -> None:
    code, output = run("people", "list", url=empty_database_url)
    assert code == 1
    assert "python -m integration db upgrade" in output
    assert "Traceback" not in output


def test_the_sandboxs_clock_is_refused_in_words_where_people_live_by_the_real_time(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SANDBOX_CLOCK", "/nowhere/clock")
    monkeypatch.setattr("tests.integration.commands.conftest.environment", in_production)
    said = command("tenants", "list")
    assert said.code == 2
    assert said.text.startswith("SANDBOX_CLOCK is for the sandbox only")


def in_production(url: URL) -> dict[str, str]:
    return {**environment(url), "PUBLIC_URL": "https://support.example.com"}


def test_every_group_and_command_has_help_with_an_example(command: Command) -> None:
    for group in ("tenants", "workspaces", "people", "keys", "db", "customers", "calendar"):
        shown = command(group, "--help").text
        names = [line.split()[0] for line in shown[shown.index("Commands:") :].splitlines()[1:] if line.strip()]
        assert names
        for name in names:
            text = command(group, name, "--help").text
            assert "Usage: " in text
            if group in ("tenants", "workspaces", "people"):
                assert f"python -m integration {group} {name}" in text


def test_a_worker_shows_its_counters_where_it_is_told_to(database_url: URL) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (
        process("integration", "worker", "--metrics-port", str(port), env=environment(database_url)) as running,
        requests.Session() as http,
    ):
        wait_for_line(running, "worker started")
        http.trust_env = False
        assert "retain_zoom_calls_total" in http.get(f"http://127.0.0.1:{port}/metrics", timeout=10).text
        running.terminate()
        running.communicate(timeout=30)
        assert running.returncode == 0
