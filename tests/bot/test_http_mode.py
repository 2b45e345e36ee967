"""The signed HTTP mode has the same listeners, and believes nobody without a signature."""

from collections.abc import Iterator

import pytest
import requests

from bot.sandbox.driver import Driver
from tests.bot.conftest import QUESTION
from tests.support.bot import running_bot
from tests.support.service import Service

ANSWER = "technical reasons"


@pytest.fixture
def http_bot(slack: Driver, service: Service) -> Iterator[Driver]:
    with running_bot(slack, service=service, mode="http"):
        yield slack


def test_messages_commands_and_clicks_work_as_in_socket_mode(http_bot: Driver) -> None:
    http_bot.say("maya", "dm", QUESTION)
    answer = http_bot.wait_for_message(http_bot.dm("maya"), ANSWER)
    assert http_bot.click("maya", answer, "👍 Yes")
    http_bot.wait_for_message(http_bot.dm("maya"), "Thanks, noted")
    http_bot.command("maya", "#general", "/retain", "help")
    http_bot.wait_for_message(http_bot.channel("acme", "general"), "/retain ask", viewer="maya")


def test_slack_verifies_the_address(http_bot: Driver) -> None:
    assert http_bot.verify_request_url("acme")


def test_an_event_delivered_three_times_is_answered_once(http_bot: Driver) -> None:
    http_bot.faults.redeliver(3)
    http_bot.say("maya", "dm", QUESTION)
    http_bot.wait_for_message(http_bot.dm("maya"), ANSWER)
    http_bot.wait_until_idle()
    assert len([m for m in http_bot.messages(http_bot.dm("maya")) if m.bot_id]) == 1


@pytest.mark.parametrize("body", [b"{}", b"\xff\xfe", b"token=x&command=%2Fretain"])
def test_what_is_not_signed_is_refused(http_bot: Driver, body: bytes, caplog: pytest.LogCaptureFixture) -> None:
    url = http_bot.app("acme").request_url
    assert url
    headers = {"X-Slack-Request-Timestamp": "1700000000", "X-Slack-Signature": "v0=00"}
    assert requests.post(url, data=body, headers=headers, timeout=5).status_code == 401
    assert requests.post(url, data=body, timeout=5).status_code == 401
    assert "%2Fretain" not in caplog.text
