"""Cards and receipts: green only where proven, every cause in words, nothing that Slack refuses."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.connections import receipts, status_card
from bot.connections.link_card import LinkCard
from bot.connections.status_card import Reader
from bot.sandbox.reading import readable
from bot.sandbox.validation import check_message
from bot.service.service_api import Link, Status
from integration.connections.models import ConnectionState
from integration.zoom.catalogue import CAUSES
from tests.bot.scene import labels

NOW = datetime(2026, 11, 24, 18, 30, tzinfo=UTC)
READER = Reader(NOW, ZoneInfo("Europe/Berlin"))
EVERYTHING = frozenset(("verify", "history", "connect_link", "disconnect", "enable_zoom"))
STATES = [*ConnectionState, "a state of tomorrow"]


def status(**facts: Any) -> Status:
    known = {"tenant": "acme", "name": "Acme & <Sons>", "state": "connected", "may": EVERYTHING}
    return Status.model_validate(known | facts)


def text_of(message: Any) -> str:
    return readable(check_message(list(message.blocks)))


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("freshness", ["verified", "believed", "unknown", "of tomorrow"])
def test_green_is_only_what_is_connected_and_verified(state: str, freshness: str) -> None:
    shown = status_card.card(status(state=state, freshness=freshness, verified_at=NOW), READER)
    assert ("🟢" in text_of(shown)) == (state == "connected" and freshness == "verified")


@pytest.mark.parametrize("cause", list(CAUSES.values()), ids=lambda cause: cause.code)
@pytest.mark.parametrize("state", ["degraded", "needs_reauthorization", "deauthorized", "not_connected"])
def test_every_cause_has_its_words_and_who_must_act(cause: Any, state: str) -> None:
    facts = {
        "state": state, "cause": cause.code, "explanation": cause.explanation, "next_step": cause.next_step,
        "who_must_act": cause.who_must_act, "since": NOW - timedelta(hours=3), "verified_at": NOW - timedelta(hours=4),
    }  # fmt: skip
    passing = READER._replace(stays=False)
    for message in (status_card.card(status(**facts), passing), receipts.reason(status(**facts), passing)):
        for words in ("*Why:*", "*Next step:*", "(3 hours)"):
            assert words in text_of(message)
        assert ("*Who must act:*" in text_of(message)) == (cause.who_must_act != "nobody")


def test_what_is_missing_and_repaired_is_said_where_the_connection_stopped() -> None:
    stopped = receipts.reason(status(state="needs_reauthorization", explanation="It ended."), READER)
    passing = receipts.reason(status(state="degraded", explanation="Zoom is down."), READER)
    assert receipts.ONLY_SCHEDULED in text_of(stopped)
    assert receipts.ONLY_SCHEDULED not in text_of(passing)


@pytest.mark.parametrize(
    ("meetings", "hours", "words"),
    [
        (9, 12.5, "the actual length of 9 customer meetings; meanwhile about 12 h 30 min count as scheduled"),
        (1, 1.0, "the actual length of 1 customer meeting; meanwhile about 1 h count as scheduled"),
        (0, 0.0, "nothing so far"),
    ],
)
def test_what_it_costs_since_it_broke_is_counted_in_card_and_receipt_alike(
    meetings: int, hours: float, words: str
) -> None:
    told = status(
        state="needs_reauthorization", explanation="It ended.", meetings_affected=meetings, hours_affected=hours
    )
    for message in (status_card.card(told, READER), receipts.reason(told, READER)):
        assert f"*Missing since then:* {words}" in text_of(message)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("running", "⏳ Fetching past meetings: 4 of 7 parts done, 1,240 calls found.\n"),
        ("waiting", "1,240 calls found. Waiting until <!date^"),
        ("done", "Past meetings: 1,240 calls found, back to May 2026."),
        ("stopped", "Fetching past meetings has stopped. Four months are done."),
    ],
)
def test_how_far_the_fetching_of_past_meetings_is_stands_on_the_card(state: str, words: str) -> None:
    progress = {
        "state": state, "windows": 7, "windows_done": 4, "sessions_found": 1240, "explanation": "Four months are done.",
        "waiting_until": NOW + timedelta(hours=3) if state == "waiting" else None,
        "asked_from": NOW - timedelta(days=184),
    }  # fmt: skip
    assert words in text_of(status_card.card(status(backfill=progress), READER)) + "\n"


@pytest.mark.parametrize("state", ["none", "done", "of tomorrow"])
def test_of_a_fetching_that_has_told_nothing_nothing_is_said(state: str) -> None:
    assert "meetings" not in text_of(status_card.card(status(backfill={"state": state}), READER))


@pytest.mark.parametrize("state", STATES)
def test_beside_numbers_it_warns_where_zoom_is_not_connected(state: str) -> None:
    warning = status_card.stopped(status(state=state, next_step="Connect Zoom again."), READER)
    connected = state in ("connected", "degraded", "a state of tomorrow")
    assert (warning is None) == connected
    assert warning is None or "*Next step:* Connect Zoom again." in text_of(warning)
    assert warning is None or labels(warning) == ["Send connect link", "Show status"]


def test_trouble_of_many_stands_on_top() -> None:
    told = status(incident={"since": NOW - timedelta(minutes=5), "text": "Zoom answers slowly."})
    assert text_of(status_card.card(told, READER)).startswith("⚠️ Known trouble since <!date^")


def test_trouble_that_is_the_cause_itself_is_said_once() -> None:
    told = status(
        state="degraded", explanation="Zoom is slow.", incident={"since": NOW, "text": "Zoom is slow. You need not."}
    )
    for message in (status_card.card(told, READER), receipts.reason(told, READER)):
        assert text_of(message).count("Zoom is slow") == 1


def test_what_stays_counts_nothing_from_now() -> None:
    told = status(freshness="verified", verified_at=NOW - timedelta(seconds=16), since=NOW - timedelta(hours=3))
    assert "ago" not in text_of(status_card.card(told, READER))
    assert "(3 hours)" not in text_of(status_card.card(told, READER))
    assert "Verified 16 seconds ago" in text_of(status_card.card(told, READER._replace(stays=False)))


def test_a_check_that_was_not_made_is_not_claimed() -> None:
    assert status_card.NOT_CHECKED in text_of(status_card.card(status(), READER, live=True))
    checked = status(checked={"ok": True})
    assert status_card.NOT_CHECKED not in text_of(status_card.card(checked, READER, live=True))


def test_who_may_not_ask_for_a_link_gets_a_text_for_who_may() -> None:
    facts = {"state": "needs_reauthorization", "who_must_act": "tenant_admin"}
    member = status_card.card(status(**facts, may=[]), READER)
    assert labels(member) == ["Text for an admin", "Open the page"]
    assert "Text for an admin" not in labels(status_card.card(status(**facts), READER))


def test_where_retain_must_enable_zoom_there_is_a_way_to_a_person() -> None:
    told = status(state="not_enabled", who_must_act="retain", may=[])
    assert labels(status_card.card(told, READER)) == ["Talk to a person", "Open the page"]
    assert labels(status_card.card(told, READER._replace(at_home=False))) == ["Open the page"]


def test_the_page_is_ones_own_and_of_others_the_staffs() -> None:
    [own], [other] = (
        [one["value"] for one in status_card.buttons(status(may=[]), READER._replace(at_home=at_home))]
        for at_home in (True, False)
    )
    assert (own, other) == ('{"g":"/integrations"}', '{"g":"/staff/tenants/acme"}')


def test_a_zoom_user_is_told_in_one_bracket() -> None:
    assert status_card.person("Ada King", "ada@acme.example", "Owner") == "Ada King (ada@acme.example, Owner)"


@given(st.text(max_size=400), st.text(max_size=60))
def test_what_the_service_says_becomes_no_markup(explanation: str, name: str) -> None:
    shown = status_card.card(status(state="degraded", explanation=explanation, name=name), READER)
    texts = [block["text"] for block in shown.blocks if block["type"] == "section"]
    texts += [element for block in shown.blocks if block["type"] == "context" for element in block["elements"]]
    assert all("<" not in text["text"] for text in texts if text["type"] == "mrkdwn")
    assert len(shown.fallback) <= 4000


@pytest.mark.parametrize(
    "state", ["sent", "started", "awaiting_confirmation", "connected", "failed", "expired", "rejected", "of tomorrow"]
)
@pytest.mark.parametrize("cause", [None, "not_admin", "of tomorrow"])
def test_every_state_of_a_link_is_a_message_that_slack_takes(state: str, cause: str | None) -> None:
    shown_link = Link.model_validate(
        {
            "id": "1", "tenant": "acme", "tenant_name": "Acme & <Sons>", "state": state, "cause": cause,
            "explanation": "What happened.", "next_step": "What to do.", "requested_by": "slack:T/U",
            "made_by": "slack:T/U", "expires_at": NOW, "forward": "Please open it.",
        }
    )  # fmt: skip
    url = "https://support.retain.example/connect/x?a=1&b=2"
    shown = text_of(LinkCard(shown_link, READER, None, url).message())
    assert "Acme &amp; &lt;Sons&gt;" in shown
    usable = state in ("sent", "started", "failed", "expired", "rejected", "of tomorrow")
    assert (url.replace("&", "&amp;") in shown) == usable


def link(**facts: Any) -> Link:
    known = {
        "id": "1", "tenant": "acme", "tenant_name": "Acme Corp", "state": "failed", "requested_by": "slack:T/U",
        "made_by": "slack:T/U", "expires_at": NOW, "forward": "Please open it.",
    }  # fmt: skip
    return Link.model_validate(known | facts)


def test_what_is_ours_to_mend_is_not_passed_on() -> None:
    ours = LinkCard(link(cause="invalid_client"), READER, None, "https://x.example/connect/x").message()
    assert labels(ours) == ["Talk to a person"]
    assert "https://x.example/connect/x" in text_of(ours)
    assert "pass it on" not in text_of(ours)


def test_a_new_link_is_offered_only_once_the_old_one_is_of_no_use() -> None:
    usable = LinkCard(link(cause="consent_denied"), READER, None, "https://x.example/connect/x").message()
    assert labels(usable) == ["Ask my Zoom admin"]
    over = LinkCard(link(state="expired", cause="link_expired", forward=None), READER).message()
    assert labels(over) == ["Send a new link"]


def test_it_is_said_which_connection_a_new_one_replaces() -> None:
    asked = LinkCard(link(state="awaiting_confirmation", replaces="Jonas Weber"), READER).message()
    assert "the connection that works now (Jonas Weber)" in text_of(asked)


def test_testing_is_told_apart_from_signing_in() -> None:
    assert "Testing the connection" in text_of(LinkCard(link(state="started", forward=None), READER).message())
    assert "⏳ Connecting Zoom for" in text_of(LinkCard(link(state="started"), READER).message())
