"""Lengths, numbers and days as people read them."""

from datetime import date, timedelta

from bot.meetings.day_phrases import Days


def length(seconds: int) -> str:
    """Such as "45 min", "2 h" or "1 h 15 min": rounded to the minute, half a minute up, as the service does it."""
    hours, minutes = divmod(_minutes(seconds), 60)
    there = [f"{hours:,} h"] * bool(hours) + [f"{minutes} min"] * (bool(minutes) or not hours)
    return " ".join(there)


def difference(counted: int, scheduled: int) -> str:
    """Such as "15 min less": of the two as they are shown, so that a reader can add up; "" where they are alike."""
    more = _minutes(counted) - _minutes(scheduled)
    return f"{length(60 * more)} {'more' if more > 0 else 'less'}" if more else ""


def exact(seconds: int) -> str:
    """The same to the second: "28 min 10 s"."""
    minutes, rest = divmod(abs(seconds), 60)
    return " ".join([length(minutes * 60)] * bool(minutes) + [f"{rest} s"] * (bool(rest) or not minutes))


def _minutes(seconds: int) -> int:
    return (abs(seconds) + 30) // 60


def count(number: int, one: str, many: str = "") -> str:
    """Such as "1 meeting" or "1,240 meetings"."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def percent(kept: int, counted: int) -> int | None:
    """How many of a hundred, rounded down: 100 is all of them. None where nothing was counted."""
    return kept * 100 // counted if counted else None


def told(days: Days) -> str:
    """Such as "Tue 3 November 2026", "October 2026", "2025" or "1 to 15 October 2026"."""
    first, last = days.first, days.last
    if first == last:
        return f"{first:%a} {_day(first)}"
    if first.day == 1 and (last + timedelta(days=1)).day == 1:
        if (first.year, first.month) == (last.year, last.month):
            return f"{first:%B %Y}"
        if first.year == last.year and (first.month, last.month) == (1, 12):
            return str(first.year)
    begin = f"{first.day}"
    if (first.year, first.month) != (last.year, last.month):
        begin += f" {first:%B}"
    return f"{begin}{f' {first.year}' if first.year != last.year else ''} to {_day(last)}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
