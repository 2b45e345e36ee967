"""Until when a request is snoozed."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.blocks import Block
from bot.support.request_snooze import END, FOR, OPENING, form, until
from bot.support.request_words import snoozed_until
from tests.bot.support.test_request_card import a_request

FRIDAY = datetime(2026, 11, 20, 22, 30, tzinfo=UTC)  # 14:30 in California


@pytest.mark.parametrize(
    ("chosen", "ends"),
    [
        ("15", datetime(2026, 11, 20, 22, 45, tzinfo=UTC)),
        ("30", datetime(2026, 11, 20, 23, 0, tzinfo=UTC)),
        ("60", datetime(2026, 11, 20, 23, 30, tzinfo=UTC)),
        (OPENING, datetime(2026, 11, 23, 17, 0, tzinfo=UTC)),
    ],
)
def test_it_ends_after_a_while_or_when_we_open_next(chosen: str, ends: datetime) -> None:
    assert until(chosen, FRIDAY) == ends


def choices(view: Block) -> list[str]:
    return [option["value"] for option in view["blocks"][0]["element"]["options"]]


def test_minutes_are_offered_while_we_are_open() -> None:
    assert choices(form(a_request(), FRIDAY)) == [*FOR, OPENING]
    assert choices(form(a_request(), FRIDAY + timedelta(hours=8))) == [OPENING]


def test_a_snooze_can_be_ended() -> None:
    snoozed = a_request(snoozed_until=FRIDAY + timedelta(hours=1))
    assert snoozed_until(snoozed, FRIDAY) is not None
    assert choices(form(snoozed, FRIDAY))[-1] == END
    assert snoozed_until(a_request(snoozed_until=until(END, FRIDAY)), FRIDAY) is None
