"""Meeting hours as they are read in Slack, on a phone too."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks import Message
from bot.meetings import hours_card
from bot.meetings.day_phrases import Days
from bot.meetings.hours_card import by_customer, of_customer, to_come
from bot.meetings.whose import Whose
from bot.sandbox.reading import readable
from bot.sandbox.validation import check_message
from bot.service.meetings_api import Hours
from integration.meetings.words import Reason
from tests.bot.scene import labels

ACME = Whose("acme", "Acme Corp", ZoneInfo("America/Los_Angeles"))
NOTHING = {"meetings": 0, "scheduled_seconds": 0, "counted_seconds": 0}


def group(name: str, hours: float, scheduled: float, meetings: int = 2) -> dict[str, Any]:
    return {
        "key": name, "name": name, "meetings": meetings, "counted_seconds": int(hours * 3600),
        "scheduled_seconds": int(scheduled * 3600),
    }  # fmt: skip


def report(**facts: Any) -> Hours:
    known = {
        "tenant": "acme", "time_zone": "America/Los_Angeles", "from": "2026-10-01", "to": "2026-10-31",
        "groups": [group("Initech", 1.75, 2), group("Hooli", 1, 1, 1)], "total": group("", 2.75, 3, 3),
    }  # fmt: skip
    return Hours.model_validate(known | facts)


def text_of(message: Message) -> str:
    return readable(check_message(list(message.blocks)))


def test_it_begins_with_the_total_and_has_a_line_for_each_customer() -> None:
    assert text_of(by_customer(report(), ACME, None)).splitlines() == [
        "*Meeting hours of Acme Corp: October 2026*",
        "Counted: 2 h 45 min in 3 meetings, 15 min less than scheduled.",
        "Scheduled: 3 h.",
        "• *Initech*: 1 h 45 min (scheduled 2 h), 2 meetings",
        "• *Hooli*: 1 h, 1 meeting",
        f"Days are those of your organisation's time zone (Los Angeles time). {hours_card.ROUNDED}",
    ]


def test_only_the_ten_largest_are_shown() -> None:
    many = report(groups=[group(f"C{n}", 1, 1) for n in range(14)])
    shown = text_of(by_customer(many, ACME, "https://support.example/sign-in/x"))
    assert shown.count("• *C") == 10
    assert "… and 4 more customers on the page" in shown
    assert labels(by_customer(many, ACME, "https://support.example/sign-in/x")) == ["Open the report"]


def test_a_meeting_with_several_customers_is_explained() -> None:
    again = {"meetings": 1, "scheduled_seconds": 3600, "counted_seconds": 2700}
    assert "the customers have 45 min more" in text_of(by_customer(report(counted_more_than_once=again), ACME, None))
    assert "several" not in text_of(by_customer(report(counted_more_than_once=NOTHING), ACME, None))


@pytest.mark.parametrize("reason", [one for one in Reason if one is not Reason.ADJUSTED])
def test_every_reason_for_counting_as_scheduled_has_words(reason: Reason) -> None:
    shown = text_of(by_customer(report(uncounted={reason.value: 2}), ACME, None))
    assert f"• 2 meetings: {hours_card.REASONS[reason]}" in shown


def test_a_reason_of_tomorrow_is_named_all_the_same() -> None:
    assert "1 meeting: of tomorrow" in text_of(by_customer(report(uncounted={"of_tomorrow": 1}), ACME, None))


def test_without_meetings_it_says_what_is_counted_and_what_else_to_type() -> None:
    shown = text_of(by_customer(report(groups=[], total=NOTHING), ACME, None))
    for words in (hours_card.NO_MEETINGS, "another organisation", "/retain hours last month", "/retain support"):
        assert words in shown


def test_one_customer_is_told_month_by_month_the_latest_first() -> None:
    months = [group("September 2026", 1, 1), group("October 2026", 0, 0, 0), group("November 2026", 2, 3)]
    shown = text_of(of_customer(report(groups=months), "Initech", ACME, None))
    assert "*Meeting hours with Initech: October 2026*" in shown
    assert "October 2026*:" not in shown
    assert shown.index("November 2026") < shown.index("September 2026")


def test_days_that_nobody_named_are_explained() -> None:
    assert "so this is the month so far" in text_of(by_customer(report(), ACME, None, typed=False))
    assert "so these are the last six months" in text_of(of_customer(report(), "Initech", ACME, None, typed=False))


def test_zoom_can_be_asked_where_it_has_not_told_everything() -> None:
    assert labels(by_customer(report(uncounted={"awaiting_zoom": 1}), ACME, None)) == ["Ask Zoom now"]


def test_the_future_is_said_to_be_that() -> None:
    assert hours_card.NOT_YET in text_of(to_come(ACME, Days(date(2027, 1, 1), date(2027, 1, 31))))


def test_numbers_that_may_still_change_are_said_to() -> None:
    assert "3 meetings are told apart anew" in text_of(by_customer(report(pending=3), ACME, None))


@given(st.lists(st.text(max_size=300), max_size=30))
def test_whatever_customers_are_called_it_is_a_message_that_slack_takes(names: list[str]) -> None:
    message = by_customer(report(groups=[group(name, 1, 2) for name in names]), ACME, None)
    assert "<" not in text_of(message)
    assert len(message.fallback) <= 4000
