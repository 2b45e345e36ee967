"""The charts of meeting hours: scheduled against counted, by group and over time."""

from collections.abc import Sequence
from dataclasses import dataclass

from integration.meetings.duration import spoken
from integration.pages import drawing
from integration.pages.drawing import Bar, Chart, Group

MOST_BARS = 10
SHORT = 3  # letters of a month's name, on phones
HOUR = 3600


@dataclass(frozen=True)
class Bars:
    """Two bars: of one customer, organizer or month. `href` leads to the meetings behind them."""

    label: str
    scheduled_seconds: int
    counted_seconds: int
    href: str


def by_group(bars: Sequence[Bars], title: str) -> Chart | None:
    """Scheduled against counted as lying bars: the first `MOST_BARS`, from top to bottom. None: all are nothing."""
    if not _any(bars):
        return None
    return drawing.lying([_group(one) for one in bars[:MOST_BARS]], title, _hours)


def over_time(bars: Sequence[Bars], title: str) -> Chart | None:
    """Scheduled against counted as standing bars, one month beside the other. None: all are nothing."""
    if not _any(bars):
        return None
    return drawing.standing([_group(one) for one in bars], title, _hours)


def _any(bars: Sequence[Bars]) -> bool:
    return any(one.scheduled_seconds or one.counted_seconds for one in bars)


def _group(bars: Bars) -> Group:
    lengths = (("scheduled", bars.scheduled_seconds), ("counted", bars.counted_seconds))
    return Group(
        bars.label,
        bars.label[:SHORT],
        [Bar(length / HOUR, f"{bars.label}: {spoken(length)} {name}", bars.href) for name, length in lengths],
    )


def _hours(hours: float) -> str:
    return f"{hours:,.4g} h"
