"""`/retain sla`: which month is meant, and what is said of it."""

from datetime import date
from typing import Any

import pytest

from bot.sandbox.validation import check_message
from bot.service.desk_api import Sla
from bot.support import sla
from tests.bot.scene import texts

TODAY = date(2026, 11, 23)


def month(**facts: Any) -> Sla:
    known = {
        "month": "2026-11", "first": "2026-11-01", "last": "2026-11-30", "time_zone": "America/Los_Angeles",
        "target_minutes": 120, "counted": 43, "kept": 41, "late": 1, "missed_open": 0, "missed_closed": 1,
        "share": 41 / 43, "median_minutes": 24.4, "p90_minutes": 72.0, "closed_without_response": 3, "still_open": 2,
        "weeks": [
            {"first": "2026-11-01", "last": "2026-11-01", "counted": 0, "kept": 0},
            {"first": "2026-11-02", "last": "2026-11-08", "counted": 20, "kept": 20},
            {"first": "2026-11-09", "last": "2026-11-15", "counted": 23, "kept": 21},
        ],
    }  # fmt: skip
    return Sla.model_validate(known | facts)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", date(2026, 11, 1)),
        ("last month", date(2026, 10, 1)),
        ("2026-10", date(2026, 10, 1)),
        ("October", date(2026, 10, 1)),
        ("next month", date(2026, 12, 1)),
        ("october to november", None),
        ("2026", None),
        ("whenever", None),
    ],
)
def test_a_month_is_read_as_people_type_it(typed: str, meant: date | None) -> None:
    assert sla.month_meant(typed, TODAY) == meant


@pytest.mark.parametrize(("rest", "ours"), [("", True), ("last month", True), ("is met by you?", False)])
def test_a_question_that_begins_with_our_word_stays_one(rest: str, ours: bool) -> None:
    assert sla.takes(rest) == ours


def test_a_month_is_told_in_words_and_by_week() -> None:
    message = sla.told(month())
    check_message(list(message.blocks))
    said = texts(message)
    for there in (
        "How the promise was kept in November 2026",
        "41 of 43 requests answered within 2 h of support hours: 95%.",
        "Of the 42 answers given, half came within 24 min of support hours, nine of ten within 1 h 12 min of support",
        "1 answered late; 1 closed late without an answer; 2 waiting, with time left (not counted yet)",
        "1 Nov           ·········· none",
        "2 to 8 Nov      ██████████ 20 of 20",
        "9 to 15 Nov     █████████░ 21 of 23",
        "See it as a page",
    ):
        assert there in said
    assert "9 to 15 Nov" in message.text


def test_a_month_without_requests_says_so() -> None:
    nothing = dict.fromkeys(("counted", "kept", "late", "missed_closed", "closed_without_response", "still_open"), 0)
    message = sla.told(month(**nothing, share=None, median_minutes=None, p90_minutes=None, weeks=[]))
    check_message(list(message.blocks))
    assert "Nothing to count yet" in message.text
    assert "page" not in message.text


@pytest.mark.parametrize(
    ("kept", "counted", "shown"), [(100, 100, "100%"), (999, 1000, "99%"), (29, 100, "29%"), (0, 3, "0%")]
)
def test_all_of_them_is_a_hundred_percent_and_nothing_else(kept: int, counted: int, shown: str) -> None:
    assert f"of support hours: {shown}." in sla.told(month(kept=kept, counted=counted)).text


def test_no_praise_for_answers_that_took_none_of_the_support_hours() -> None:
    said = sla.told(month(kept=2, counted=6, late=0, median_minutes=0.0, p90_minutes=0.2)).text
    assert "Of the 2 answers given, half came before we opened, or at once, nine of ten before we opened" in said
