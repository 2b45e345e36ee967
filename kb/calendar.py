"""The days on which support is closed or closes early, as `holidays.toml` lists them. That file decides."""

import logging
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from types import MappingProxyType
from typing import Any, NoReturn

from kb.errors import SettingsError, shown_path

log = logging.getLogger(__name__)

OPENS = time(9)
CLOSES = time(18)

OUR_HOLIDAYS = Path(__file__).parent / "holidays.toml"


@dataclass(frozen=True)
class HalfDay:
    """A day that closes early; `closes` is Pacific time, between 9:00 and 18:00."""

    name: str
    closes: time


@dataclass(frozen=True)
class Calendar:
    """Exceptions to Monday-Friday 9:00-18:00 Pacific: closed days by name, and half days."""

    closed: Mapping[date, str]
    half: Mapping[date, HalfDay]

    def hours(self, day: date) -> tuple[time, time] | None:
        """Opening and closing on a day, in Pacific time; None when closed."""
        if day.weekday() >= 5 or day in self.closed:
            return None
        return OPENS, self.half[day].closes if day in self.half else CLOSES

    def exceptions(self, first: date) -> list[tuple[date, str]]:
        """The working days from `first` on that are not as usual, in order, and how: "closed (Thanksgiving)"."""
        closed = {day: f"closed ({name})" for day, name in self.closed.items()}
        half = {day: f"closes at {one.closes.hour}:{one.closes:%M} ({one.name})" for day, one in self.half.items()}
        return [(day, words) for day, words in sorted((half | closed).items()) if day >= first and day.weekday() < 5]


class HolidaysFile:
    """A holidays file, read again when it has changed: a running process takes up a new holiday.

    What it held before stands while it cannot be used: somebody is just writing it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read: tuple[int | None, Calendar] | None = None

    def calendar(self) -> Calendar:
        """Raises SettingsError when it cannot be used and never could."""
        written = self._written()
        if self._read is None:
            self._read = written, load_calendar(self._path)
        elif written != self._read[0]:
            self._read = written, self._again(self._read[1])
        return self._read[1]

    def _written(self) -> int | None:
        try:
            return self._path.stat().st_mtime_ns
        except OSError:
            return None

    def _again(self, before: Calendar) -> Calendar:
        try:
            return load_calendar(self._path)
        except SettingsError as error:
            log.warning("support hours stay as they were: %s", error)
            return before


_ours = HolidaysFile(OUR_HOLIDAYS)


def default_calendar() -> Calendar:
    """The calendar of the package's own holidays.toml, as it stands now. Raises SettingsError as it says there."""
    return _ours.calendar()


def load_calendar(path: Path) -> Calendar:
    """Read a holidays file. Raises SettingsError naming file, entry and remedy when it cannot be used."""
    data = _read(path)
    for section in data:
        if section not in {"closed", "half"}:
            _refuse(path, section, "is not a known section", "Use [closed] and [half].")
    closed = {_day(path, key): _name(path, key, value) for key, value in _table(path, data, "closed").items()}
    half = {_day(path, key): _half_day(path, key, value) for key, value in _table(path, data, "half").items()}
    for day in closed.keys() & half.keys():
        _refuse(path, day.isoformat(), "is both closed and a half day", "Keep one of the two.")
    return Calendar(MappingProxyType(closed), MappingProxyType(half))


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise SettingsError(
            f"{shown_path(path)} cannot be read ({error.strerror}).",
            field=str(path),
            remedy="Check that it exists and may be read.",
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{shown_path(path)} is not a valid TOML file ({error}).",
            field=str(path),
            remedy='Write entries such as 2026-12-25 = "Christmas Day".',
        ) from error


def _table(path: Path, data: dict[str, Any], section: str) -> dict[str, Any]:
    table = data.get(section, {})
    if not isinstance(table, dict):
        _refuse(path, section, "is not a section", f"Write it as a line [{section}] with dates below.")
    return table


def _day(path: Path, key: str) -> date:
    try:
        return date.fromisoformat(key)
    except ValueError:
        _refuse(path, key, "is not a date", "Write it as year-month-day, such as 2026-12-25.")


def _name(path: Path, key: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        _refuse(path, key, "has no name", f'Write it as {key} = "Christmas Day".')
    return value.strip()


def _half_day(path: Path, key: str, value: object) -> HalfDay:
    remedy = f'Write it as {key} = {{ name = "Christmas Eve", closes = "13:00" }}.'
    if not isinstance(value, dict) or value.keys() != {"name", "closes"}:
        _refuse(path, key, "needs a name and a closing time, and nothing else", remedy)
    try:
        closes = time.fromisoformat(str(value["closes"]))
    except ValueError:
        _refuse(path, key, "has a closing time that is not a time", remedy)
    if closes.tzinfo or not OPENS < closes < CLOSES:
        _refuse(path, key, "closes outside 9:00-18:00", "Write a Pacific time between the two, such as 13:00.")
    return HalfDay(_name(path, key, value["name"]), closes)


def _refuse(path: Path, entry: str, what: str, remedy: str) -> NoReturn:
    raise SettingsError(f"{shown_path(path)}: “{entry}” {what}.", field=entry, remedy=remedy)
