"""When people answer: Monday-Friday 9:00-18:00 Pacific time, less the days of `holidays.toml`.

Moments come in with any time zone and go out in UTC. All arithmetic is done in UTC, so that no daylight
saving change can bend it; only the days themselves are Pacific. A closing instant is not open.
"""

import math
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from kb.calendar import CLOSES, OPENS, Calendar, default_calendar, load_calendar
from kb.errors import KbError, NoZoneError

__all__ = [
    "Calendar",
    "after",
    "business_minutes",
    "closing",
    "default_calendar",
    "describe",
    "describe_due",
    "describe_moment",
    "describe_respond_by",
    "is_open",
    "load_calendar",
    "next_opening",
    "respond_by",
]

PACIFIC = ZoneInfo("America/Los_Angeles")
RESPONSE = timedelta(hours=2)
MINUTE = timedelta(minutes=1)
FULL_DAY = timedelta(hours=CLOSES.hour - OPENS.hour)


def is_open(now: datetime, calendar: Calendar | None = None) -> bool:
    """Whether somebody answers at this moment."""
    moment = _utc(now)
    return _hours_from(moment, calendar)[0] <= moment


def next_opening(now: datetime, calendar: Calendar | None = None) -> datetime:
    """The first opening instant after `now` (UTC); while open, that is the next working day's."""
    moment = _utc(now)
    opens, closes = _hours_from(moment, calendar)
    return opens if opens > moment else _hours_from(closes, calendar)[0]


def closing(now: datetime, calendar: Calendar | None = None) -> datetime:
    """The end (UTC) of the opening hours that run at `now`, or else of the next ones."""
    return _hours_from(_utc(now), calendar)[1]


def respond_by(asked_at: datetime, calendar: Calendar | None = None) -> datetime:
    """When a first response is due (UTC): two open hours later, a closing instant included."""
    return after(asked_at, RESPONSE, calendar)


def after(now: datetime, open_time: timedelta, calendar: Calendar | None = None) -> datetime:
    """The first instant (UTC) by which that much open time has passed since `now`; it may be a closing one.

    For no time at all it is the first open moment: `now` while open, or else the next opening.
    """
    moment, left = _utc(now), open_time
    while True:
        opens, closes = _hours_from(moment, calendar)
        start = max(moment, opens)
        if closes - start >= left:
            return start + left
        left -= closes - start
        moment = closes


def business_minutes(a: datetime, b: datetime, calendar: Calendar | None = None) -> float:
    """Open minutes from `a` to `b`; negative when `b` is the earlier. As quick for years as for hours."""
    return (_open_time_until(b, calendar) - _open_time_until(a, calendar)) / MINUTE


def _open_time_until(moment: datetime, calendar: Calendar | None) -> timedelta:
    """Open time from the year 1 to a moment: the ordinary days counted, the exceptions taken off."""
    moment = _utc(moment)
    known = calendar or default_calendar()
    today = _pacific_day(moment)
    weeks, days = divmod(today.toordinal() - 1, 7)  # the year 1 began with a Monday
    total = (weeks * 5 + min(days, 5)) * FULL_DAY
    for day in (*known.closed, *known.half):
        if day < today and day.weekday() < 5:
            total -= FULL_DAY - _open_time(day, known)
    hours = _hours(today, known)
    return total + (min(max(moment, hours[0]), hours[1]) - hours[0] if hours else timedelta())


def _open_time(day: date, calendar: Calendar) -> timedelta:
    hours = _hours(day, calendar)
    return hours[1] - hours[0] if hours else timedelta()


def _hours_from(moment: datetime, calendar: Calendar | None) -> tuple[datetime, datetime]:
    """The opening hours that run at a moment (UTC), or else the next ones."""
    day = _pacific_day(moment)
    while (hours := _hours(day, calendar)) is None or hours[1] <= moment:
        day += timedelta(days=1)
    return hours


def _hours(day: date, calendar: Calendar | None) -> tuple[datetime, datetime] | None:
    """Opening and closing of a Pacific day in UTC."""
    hours = (calendar or default_calendar()).hours(day)
    if hours is None:
        return None
    opens, closes = (datetime.combine(day, at, PACIFIC).astimezone(UTC) for at in hours)
    return opens, closes


def _pacific_day(moment: datetime) -> date:
    return moment.astimezone(PACIFIC).date()


def _utc(moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        raise NoZoneError(
            f"{moment.isoformat()} has no time zone.",
            field="now",
            remedy="Pass a moment with one, such as datetime.now(UTC).",
        )
    if not MINYEAR < moment.year < MAXYEAR:
        raise KbError(
            f"{moment.isoformat()} is at the end of all dates, where no day can follow or precede it.",
            field="now",
            remedy=f"Pass a moment of the years {MINYEAR + 1} to {MAXYEAR - 1}.",
        )
    return moment.astimezone(UTC)


# In words


def describe(now: datetime, zone: ZoneInfo | None = None, calendar: Calendar | None = None) -> str:
    """Support hours at this moment in one line, in Pacific time and in the reader's `zone`.

    Holidays that come before the next opening are named: else a long wait looks like a mistake.
    """
    known = calendar or default_calendar()
    opens = next_opening(now, known)
    day, holiday = _day(opens, now, zone), _holiday_before(opens, now, known)
    if is_open(now, known):
        until = closing(now, known)
        then = f"; then closed until {day.rstrip(',')} ({holiday})" if holiday else ""
        return f"Open now, until {_clock(until)} PT{_own(until, zone)}{then}"
    why = _closed(now, zone, known)
    after_it = f", after {holiday}" if holiday and why == "Closed" else ""
    return f"{why}; opens {day} {_clock(opens)} PT{_own(opens, zone)}{after_it}"


def describe_respond_by(asked_at: datetime, zone: ZoneInfo | None, calendar: Calendar | None = None) -> str:
    """When a first response is due, such as "by Mon 10:40 PT (18:40 your time)"."""
    return describe_due(respond_by(asked_at, calendar), asked_at, zone)


def describe_due(due: datetime, now: datetime, zone: ZoneInfo | None) -> str:
    """A moment by which something is due, in the same words."""
    return f"by {_described(_next_minute(due), now, zone)}"


def describe_moment(moment: datetime, now: datetime, zone: ZoneInfo | None) -> str:
    """Such as "Mon 10:40 PT (18:40 your time)"; "today" is that of `now`.

    A part of a minute is rounded up for what is to come, so that it is never promised too early, and left out for what
    was, as on any clock.
    """
    told = _next_minute(moment) if _utc(moment) > _utc(now) else _utc(moment)
    return _described(told, now, zone)


def _next_minute(moment: datetime) -> datetime:
    return datetime.fromtimestamp(math.ceil(_utc(moment).timestamp() / 60) * 60, UTC)


def _described(told: datetime, now: datetime, zone: ZoneInfo | None) -> str:
    day = _day(told, now, zone)
    if day == "today":
        return f"{_clock(told)} PT today{_own(told, zone, short=True)}"
    return f"{_short(day)} {_clock(told)} PT{_own(told, zone, short=True)}"


def _holiday_before(opens: datetime, now: datetime, calendar: Calendar) -> str | None:
    """The first closed working day after today and before the day on which we open."""
    today, last = _pacific_day(_utc(now)), _pacific_day(opens)
    between = (today + timedelta(days=n) for n in range(1, (last - today).days))
    return next((calendar.closed[day] for day in between if day.weekday() < 5 and day in calendar.closed), None)


def _closed(now: datetime, zone: ZoneInfo | None, calendar: Calendar) -> str:
    today = _pacific_day(_utc(now))
    name = calendar.closed.get(today)
    early = calendar.half.get(today) if today.weekday() < 5 else None
    word = " today" if _same_day(now, zone) else ""
    if name:
        return f"Closed{word} ({name})"
    if early and _utc(now) >= closing(datetime.combine(today, OPENS, PACIFIC), calendar):
        return f"Closed early{word} ({early.name})"
    return "Closed"


def _day(moment: datetime, now: datetime, zone: ZoneInfo | None) -> str:
    """The Pacific day of a moment: a weekday, with its date when it is past or a week away.

    "today" stands only where the reader's today is the same one; "tomorrow" never, for the same reason.
    """
    day, today = _pacific_day(moment), _pacific_day(_utc(now))
    if day == today and _same_day(now, zone):
        return "today"
    return f"{day:%A}" if 0 <= (day - today).days <= 6 else f"{day:%A, %B} {day.day},"


def _short(day: str) -> str:
    weekday, comma, rest = day.partition(",")
    return weekday[:3] + comma + rest


def _same_day(now: datetime, zone: ZoneInfo | None) -> bool:
    return zone is None or now.astimezone(zone).date() == _pacific_day(_utc(now))


def _clock(moment: datetime) -> str:
    local = moment.astimezone(PACIFIC)
    return f"{local.hour}:{local:%M}"


def _own(moment: datetime, zone: ZoneInfo | None, *, short: bool = False) -> str:
    """The reader's own time in brackets, with the weekday where it differs; nothing where it is the same."""
    if zone is None:
        return ""
    own, pacific = moment.astimezone(zone), moment.astimezone(PACIFIC)
    if own.replace(tzinfo=None) == pacific.replace(tzinfo=None):
        return ""
    weekday = ""
    if own.date() != pacific.date():
        weekday = f"{own:%a} " if short else f"{own:%A} "
    return f" ({weekday}{own:%H:%M} your time)"
