"""Until when a request is snoozed."""

from datetime import UTC, datetime

import pytest

from bot.support.request_snooze import OPENING, until

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
