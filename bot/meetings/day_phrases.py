"""Days as people type them behind a command: "yesterday", "last month", "2026-10", "1 October to 15 October". Pure.

A phrase means the past unless it says "next": a weekday, a month or a day without a year is the latest one that has
begun. What can be read in two ways (03/04/2026) is read only where it is known that the month comes first.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ONE_DAY = timedelta(days=1)
NO_DATE = "I cannot read “{date}” as a date. Type the year first, such as 2026-10-12, or 2026-10 for a month."
FIRST_YEAR, LAST_YEAR = 2000, 2999
MOST_BACK = 1200  # of days, weeks or months: nobody means more
LEAP_YEARS = 8  # from one 29 February to the next, at the most


@dataclass(frozen=True)
class Days:
    """From `first` to `last`, both included."""

    first: date
    last: date


class Apart(NamedTuple):
    """A text, with the phrase of days in it told apart: `days` is what it means; None without one."""

    name: str
    phrase: str
    days: Days | None


def read(phrase: str, today: date, *, month_first: bool = False) -> Days | None:
    """The days that a phrase means, seen from `today`; days that are still to come are left out where some are past.

    None for what is no such phrase. `month_first`: whether 03/04/2026 is the 4th of March; else it can be either.
    """
    words = _words(phrase, month_first)
    found = _single(words, today) or _range(words, today)
    if found is None:
        return None
    return Days(found.first, min(found.last, today)) if found.first <= today else found


def apart(text: str, today: date, *, month_first: bool = False) -> Apart:
    """The longest phrase at the end of a text, or else at its beginning, and the rest. Spaces become single ones."""
    words = text.split()
    behind = [(words[:cut], words[cut:]) for cut in range(len(words))]
    before = [(words[cut:], words[:cut]) for cut in range(len(words) - 1, 0, -1)]
    for name, phrase in behind + before:
        if days := read(" ".join(phrase), today, month_first=month_first):
            return Apart(" ".join(name), " ".join(phrase), days)
    return Apart(" ".join(words), "", None)


def unreadable(text: str) -> str | None:
    """What looks like a date in a text of which no phrase was read: "2026-10-32", "03/04/2026"."""
    found = LIKE_A_DATE.search(text)
    return found[0] if found else None


def last_months(number: int, today: date) -> Days:
    """That many months until today, this one included."""
    return Days(_months(_count_of_months(today) - number + 1, 1).first, today)


def _words(phrase: str, month_first: bool) -> list[str]:
    spaced = re.sub(r"\.{2,}|\s[-–—]\s|[–—]", " to ", phrase.casefold())
    spaced = SLASHED.sub(lambda found: _with_hyphens(found, month_first), spaced)
    return re.sub(r"[,?!]|\.(?=\s|$)", " ", spaced).split()


def _with_hyphens(found: re.Match[str], month_first: bool) -> str:
    """11/19/2026 and 19/11/2026 as 2026-11-19; as it is, where it can be read in two ways."""
    one, other, year = (int(number) for number in found.groups())
    if one > 12 or other > 12 or one == other or month_first:
        month, day = (other, one) if one > 12 else (one, other)
        return f"{year}-{month:02}-{day:02}"
    return found[0]


def _range(words: list[str], today: date) -> Days | None:
    """ "from A to B", "A B", "since A"."""
    if words[:1] == ["since"]:
        since = _single(words[1:], today)
        return Days(since.first, max(since.first, today)) if since else None
    rest = words[1:] if words[:1] in (["from"], ["between"]) else words
    for middle in range(1, len(rest)):
        after = rest[middle:]
        if found := _between(rest[:middle], after[1:] if after[0] in TO else after, today):
            return found
    return None


def _between(one: list[str], other: list[str], today: date) -> Days | None:
    """From one phrase to the other. A year that only one of them has is meant for both, if they are in order then."""
    first, second = _single(one, today), _single(other, today)
    if first is None or second is None:
        return None
    if second.last < first.first:  # "1 November to 30 November", said on the 24th
        later = _single([*other, str(first.first.year)], today)
        second = later if later and later.last >= first.first else second
    if second.last < first.first:  # "1 October to 3 November 2025"
        earlier = _single([*one, str(second.last.year)], today)
        first = earlier if earlier and earlier.first <= second.last else first
    return Days(min(first.first, second.first), max(first.last, second.last))


def _single(words: list[str], today: date) -> Days | None:
    phrase = " ".join(words)
    for form, meaning in FORMS:
        if match := form.fullmatch(phrase):
            try:
                return meaning(match.groupdict(default=""), today)
            except (ValueError, OverflowError):  # there is no 31 June
                return None
    return None


Found = dict[str, str]


def _named_day(found: Found, today: date) -> Days:
    day = today - ONE_DAY * {"tomorrow": -1, "today": 0, "yesterday": 1}.get(found["name"], 2)
    return Days(day, day)


def _weekday(found: Found, today: date) -> Days:
    wanted = _index(WEEKDAYS, found["weekday"])
    back = (today.weekday() - wanted) % 7 or (7 if found["which"] in LAST else 0)
    back -= 7 if found["which"] == "next" else 0
    return Days(today - ONE_DAY * back, today - ONE_DAY * back)


def _unit(found: Found, today: date) -> Days:
    back = 1 if found["which"] in LAST else -1 if found["which"] == "next" else 0
    if found["unit"] == "week":
        monday = today - ONE_DAY * (today.weekday() + 7 * back)
        return Days(monday, monday + 6 * ONE_DAY)
    months = {"month": 1, "quarter": 3, "year": 12}[found["unit"]]
    return _months((_count_of_months(today) // months - back) * months, months)


def _last_few(found: Found, today: date) -> Days:
    number = int(found["number"])
    if not 0 < number <= MOST_BACK:
        raise ValueError("that is too far back, or nothing at all")
    if found["unit"] == "month":  # with this month
        return last_months(number, today)
    return Days(today - ONE_DAY * (number * (7 if found["unit"] == "week" else 1) - 1), today)


def _month(found: Found, today: date) -> Days:
    number = int(found["number"]) if "number" in found else 1 + _index(MONTHS, found["month"])
    year = int(found["year"]) if found["year"] else today.year - (number > today.month)
    date(year, number, 1)  # raises ValueError for a 13th month
    return _months(12 * year + number - 1, 1)


def _quarter(found: Found, today: date) -> Days:
    number = int(found["quarter"])
    begun = 3 * number - 2 <= today.month
    year = int(found["year"]) if found["year"] else today.year - (not begun)
    return _months(12 * year + 3 * (number - 1), 3)


def _year(found: Found, _today: date) -> Days:
    return _months(12 * int(found["year"]), 12)


def _day(found: Found, today: date) -> Days:
    number = int(found["number"]) if "number" in found else 1 + _index(MONTHS, found["month"])
    if found["year"]:
        day = date(int(found["year"]), number, int(found["day"]))
    else:
        day = _latest(number, int(found["day"]), today)
    return Days(day, day)


def _latest(month: int, day: int, today: date) -> date:
    for year in range(today.year, today.year - LEAP_YEARS - 1, -1):
        try:
            found = date(year, month, day)
        except ValueError:  # 29 February
            continue
        if found <= today:
            return found
    raise ValueError("there is no such day")


def _count_of_months(day: date) -> int:
    return 12 * day.year + day.month - 1


def _months(count: int, length: int) -> Days:
    """`length` months from the one with that count."""
    first, after = (date(number // 12, number % 12 + 1, 1) for number in (count, count + length))
    return Days(first, after - ONE_DAY)


def _index(names: tuple[str, ...], typed: str) -> int:
    return next(index for index, name in enumerate(names) if name.startswith(typed[:3]))


def _either(names: tuple[str, ...], *shorter: str) -> str:
    """The names, their first three letters, and what else they are shortened to."""
    return "|".join([*names, *(name[:3] for name in names), *shorter])


SLASHED = re.compile(r"(?<!\S)(\d{1,2})/(\d{1,2})/(2\d{3})(?![^\s,?!])")
LIKE_A_DATE = re.compile(
    r"(?<!\S)(?:\d{4}-\d{1,2}(?:-\d{1,2})?|\d{1,2}([/.])\d{1,2}(?:\1\d{2,4})?|\d{1,2}/\d{4})(?![^\s,?!])"
)
LAST = ("last", "past", "previous")
TO = ("to", "until", "till", "through", "and", "-")
A_MONTH = rf"(?P<month>{_either(MONTHS, 'sept')})"
A_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
A_YEAR = r"(?P<year>2\d{3})"
NUMBER = r"(?P<number>\d{1,2})"
OPENING = r"(?:(?:on|in|for|during|of)\s)?(?:the\s)?"
FORMS: tuple[tuple[re.Pattern[str], Callable[[Found, date], Days]], ...] = tuple(
    (re.compile(OPENING + form), meaning)
    for form, meaning in (
        (r"(?P<name>tomorrow|today|yesterday|day before yesterday)", _named_day),
        (rf"(?:(?P<which>last|past|previous|this|next)\s)?(?P<weekday>{_either(WEEKDAYS, 'tues', 'thur', 'thurs')})",
         _weekday),
        (r"(?P<which>last|past|previous|this|current|next)\s(?P<unit>week|month|quarter|year)", _unit),
        (r"(?:last|past|previous)\s(?P<number>\d{1,4})\s(?P<unit>day|week|month)s?", _last_few),
        (rf"{A_YEAR}-(?P<number>\d\d)", _month),
        (rf"(?P<number>\d\d)/{A_YEAR}", _month),
        (rf"{A_MONTH}(?:\s{A_YEAR})?", _month),
        (rf"q(?P<quarter>[1-4])(?:\s{A_YEAR})?", _quarter),
        (A_YEAR, _year),
        (rf"{A_YEAR}-(?P<number>\d\d)-(?P<day>\d\d)", _day),
        (rf"(?P<day>\d{{1,2}})\.\s?{NUMBER}\.\s?{A_YEAR}", _day),
        (rf"{A_DAY}(?:\sof)?\s{A_MONTH}(?:\s{A_YEAR})?", _day),
        (rf"{A_MONTH}\s(?:the\s)?{A_DAY}(?:\s{A_YEAR})?", _day),
    )
)  # fmt: skip
