"""How long a meeting was, as it is read in Slack."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks import Message
from bot.connections.status_card import Reader
from bot.meetings.duration_card import CHOOSE, Around, card, nothing
from bot.sandbox.reading import readable
from bot.sandbox.validation import check_message
from bot.service.meetings_api import Duration, NothingFound
from integration.meetings.words import WORDS, Reason
from tests.bot.scene import labels

NOW = datetime(2026, 11, 24, 18, 30, tzinfo=UTC)
START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # 10:00 in Berlin
READER = Reader(NOW, ZoneInfo("Europe/Berlin"), stays=False)
EVENT = {"title": "Kickoff", "start": START, "end": START + timedelta(hours=1), "organizer": "jonas@acme.example",
         "customers": ["Initech"]}  # fmt: skip


def call(minute: float, until: float | None) -> dict[str, Any]:
    return {
        "start": START + timedelta(minutes=minute),
        "end": START + timedelta(minutes=until) if until is not None else None,
        "state": "running" if until is None else "ended",
    }


def told(**facts: Any) -> Duration:
    known = {
        "tenant": "acme", "meeting_id": "93201235621", "event": EVENT, "scheduled_seconds": 3600,
        "actual_seconds": 2700, "counted_seconds": 2700, "reason": "adjusted", "rule": "Seconds are added up.",
        "explanation": WORDS[Reason.ADJUSTED].explanation, "next_step": WORDS[Reason.ADJUSTED].next_step,
        "sessions": [call(0, 45)], "occurrence": "o1",
    }  # fmt: skip
    return Duration.model_validate(known | facts)


def text_of(message: Message) -> str:
    return readable(check_message(list(message.blocks)))


def test_it_says_what_counts_and_why_with_the_proof() -> None:
    shown = text_of(card(told(), READER, Around()))
    for words in (
        "*“Kickoff” counts as 45 min*",
        "(1 h).",
        "15 min less than scheduled",
        "*Why:* What counts is how long the Zoom call really lasted.",
        "(45 min)",
        "In the hours of Initech. Organizer: jonas@acme.example.",
        "Seconds are added up.",
    ):
        assert words in shown
    assert "Next step" not in shown  # there is nothing to do


def test_times_are_drawn_in_the_readers_zone_and_the_day_is_said_once() -> None:
    message = card(told(), READER, Around())
    assert text_of(message).count("{date_short_pretty} {time}") == 1
    assert "Mon 23 Nov 2026, 10:00 your time to 11:00" in message.fallback
    assert "• 10:00 to 10:45 (45 min)" in message.fallback


def test_breaks_shared_time_and_rounding_are_shown() -> None:
    facts = {
        "sessions": [call(0, 20), call(15, 30), call(40, 55.5)],
        "gaps": [call(30, 40)],
        "overlaps": [call(15, 20)],
        "counted_seconds": 2730,
    }
    text = card(told(**facts), READER, Around()).fallback
    assert "• 10:30 to 10:40 (10 min): nobody was in a call, not counted" in text
    assert "• 10:15 to 10:20 (5 min): two calls at once, counted once" in text
    assert "• 10:40 to 10:55:30 (15 min 30 s)" in text
    assert "Together: 45 min 30 s, shown as 46 min." in text


@pytest.mark.parametrize("reason", [one for one in Reason if one is not Reason.ADJUSTED])
def test_what_counts_as_scheduled_says_so_and_what_to_do(reason: Reason) -> None:
    words = WORDS[reason]
    facts = {"reason": reason.value, "explanation": words.explanation, "next_step": words.next_step}
    message = card(told(counted_seconds=3600, sessions=[], **facts), READER, Around())
    for expected in ("counts as 1 h, as scheduled", f"*Why:* {words.explanation}", f"*Next step:* {words.next_step}"):
        assert expected in text_of(message)
    assert ("Ask Zoom now" in labels(message)) == (reason is Reason.AWAITING_ZOOM)
    assert ("Show status" in labels(message)) == (reason in (Reason.NOT_CONNECTED, Reason.ZOOM_DATA_DELETED))


def test_a_call_that_runs_or_that_nobody_saw_end_is_told_apart() -> None:
    lost = call(0, None) | {"state": "lost"}
    text = card(told(sessions=[call(0, None), lost], reason="still_running"), READER, Around()).fallback
    assert "10:00: it has not ended" in text
    assert "10:00: nobody has told us when it ended" in text


def test_a_call_of_no_calendar_event_says_how_long_it_was() -> None:
    facts = {"event": None, "scheduled_seconds": None, "reason": None, "counted_seconds": 0, "explanation": "In none."}
    shown = text_of(card(told(**facts), READER, Around()))
    assert "*A Zoom call: it lasted 45 min*" in shown
    assert "In none." in shown


def test_the_others_can_be_chosen_in_the_readers_zone() -> None:
    others = [
        {"occurrence": "o2", "start": START, "title": "Kickoff", "counted_seconds": 2700, "reason": "adjusted"},
        {"occurrence": "o3", "start": START, "actual_seconds": 60},
        {"occurrence": "x" * 200, "start": START},  # Slack allows 150 characters
    ]
    [menu] = [b["elements"][0] for b in card(told(others=others), READER, Around()).blocks if b["type"] == "actions"]
    assert menu["placeholder"]["text"] == CHOOSE
    assert [option["text"]["text"] for option in menu["options"]] == [
        "Mon 23 Nov 2026, 10:00: 45 min, Kickoff",
        "Mon 23 Nov 2026, 10:00: 1 min",
    ]


def test_the_page_is_offered_where_there_is_one() -> None:
    shown = card(told(), READER, Around(page="https://support.example/sign-in/x"))
    assert labels(shown) == ["Show it drawn"]
    assert "sign-in" not in shown.fallback


def test_where_nothing_is_found_there_is_what_to_do() -> None:
    found = NothingFound(cause="not_connected", detail="Zoom is not connected.", remedy="Connect Zoom.")
    message = nothing(found, "acme", READER)
    assert text_of(message).startswith("Zoom is not connected.\nConnect Zoom.")
    assert labels(message) == ["Show status"]


@given(st.text(max_size=400), st.lists(st.text(max_size=80), max_size=5), st.integers(0, 40), st.integers(0, 90_000))
def test_whatever_a_calendar_holds_is_a_message_that_slack_takes(
    title: str, customers: list[str], calls: int, seconds: int
) -> None:
    sessions = [call(one, one + 0.5) for one in range(calls)]
    event = EVENT | {"title": title, "customers": customers}
    message = card(
        told(event=event, sessions=sessions, counted_seconds=seconds), READER, Around("note", None, "https://x")
    )
    assert "<!channel" not in text_of(message)
    assert len(message.fallback) <= 4000
