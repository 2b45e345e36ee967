from datetime import UTC, datetime

import pytest

from integration.pages.opening import opening
from kb import support_hours

OPEN = datetime(2025, 1, 14, 18, 30, tzinfo=UTC)
CLOSED = datetime(2025, 1, 18, 12, tzinfo=UTC)
BEFORE_CHRISTMAS = datetime(2026, 12, 24, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "is_open", "told", "at"),
    [
        (OPEN, True, "18:00 PT", datetime(2025, 1, 15, 2, tzinfo=UTC)),
        (CLOSED, False, "9:00 PT", datetime(2025, 1, 20, 17, tzinfo=UTC)),
        (BEFORE_CHRISTMAS, False, "9:00 PT", datetime(2026, 12, 28, 17, tzinfo=UTC)),
    ],
)
def test_the_sentence_has_its_moment_in_the_middle(now: datetime, is_open: bool, told: str, at: datetime) -> None:
    found = opening(now)
    assert (found.is_open, found.told) == (is_open, told)
    assert found.before + found.told + found.after == support_hours.describe(now)
    assert support_hours.is_open(found.at) is not is_open
    assert found.at in {at, support_hours.next_opening(now)}
