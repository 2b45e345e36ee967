"""Our own messages are found by the key that they carry, as far back as is asked, and in the thread where they are."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from slack_sdk import WebClient

from bot.errors import CannotLook, NotYet
from bot.sandbox.driver import Driver, running_sandbox
from bot.telling.looking import CLOCKS_DIFFER, look, standing


@pytest.fixture
def slack() -> Iterator[Driver]:
    with running_sandbox() as driver:
        yield driver


@pytest.fixture
def client(slack: Driver) -> WebClient:
    return WebClient(slack.bot_token("acme"), base_url=slack.api_url, retry_handlers=[])


def post(client: WebClient, channel: str, key: str, thread_ts: str | None = None) -> str:
    mark = {"event_type": "retain_answer", "event_payload": {"key": key}}
    return str(client.chat_postMessage(channel=channel, text=key, thread_ts=thread_ts, metadata=mark)["ts"])


def test_a_message_is_found_behind_others_and_in_its_own_thread_only(
    slack: Driver, client: WebClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.telling.looking.PAGE", 2)
    dm, began = slack.dm("maya"), datetime.now(UTC)
    first = post(client, dm, "first")
    reply = post(client, dm, "reply", first)
    for number in range(6):
        post(client, dm, f"other {number}")
    assert look(client, dm, None, "first", began) == first
    assert look(client, dm, None, "other 5") is not None
    assert look(client, dm, None, "first") is None  # only the newest are read where nobody says since when
    assert look(client, dm, first, "reply", began) == reply
    assert look(client, dm, None, "reply", began) is None
    assert look(client, dm, None, "first", began + timedelta(hours=1) + CLOCKS_DIFFER) is None


def test_where_too_much_was_said_since_nobody_can_tell(
    slack: Driver, client: WebClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.telling.looking.PAGE", 1)
    dm, began = slack.dm("maya"), datetime.now(UTC)
    for number in range(6):
        post(client, dm, f"{number}")
    with pytest.raises(CannotLook, match="too much was said"):
        look(client, dm, None, "0", began)


def test_what_may_never_be_read_differs_from_what_cannot_be_read_now(slack: Driver, client: WebClient) -> None:
    general = slack.channel("acme", "general")
    slack.withhold("acme", "channels:history")
    with pytest.raises(CannotLook, match="missing_scope"):
        look(client, general, None, "key")
    slack.faults.fail("conversations.history", status=503)
    with pytest.raises(NotYet):
        look(client, slack.dm("maya"), None, "key")
    slack.faults.fail("conversations.history", status=503)
    assert standing(client, slack.dm("maya"), None, "key") is None
    assert standing(client, general, None, "key") is None
