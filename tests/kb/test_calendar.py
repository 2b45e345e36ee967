import os
import sys
from datetime import date, time
from pathlib import Path

import pytest

from kb.calendar import Calendar, HalfDay, HolidaysFile, default_calendar, load_calendar
from kb.errors import KbError, SettingsError
from kb.propose_holidays import propose


def test_our_own_holidays_cover_three_years_of_working_days() -> None:
    calendar = default_calendar()
    assert {day.year for day in calendar.closed} == {2026, 2027, 2028}
    assert calendar.closed[date(2026, 7, 3)] == "Independence Day (observed)"
    assert all(day.weekday() < 5 for day in (*calendar.closed, *calendar.half))
    assert default_calendar() is calendar


def test_days_that_are_not_as_usual_come_in_order_and_are_working_days() -> None:
    closed = {date(2026, 12, 25): "Christmas Day", date(2026, 12, 26): "a Saturday", date(2026, 12, 1): "a day before"}
    calendar = Calendar(closed, {date(2026, 12, 24): HalfDay("Christmas Eve", time(13))})
    assert calendar.exceptions(date(2026, 12, 2)) == [
        (date(2026, 12, 24), "closes at 13:00 (Christmas Eve)"),
        (date(2026, 12, 25), "closed (Christmas Day)"),
    ]


def test_a_calendar_is_read_from_its_file(tmp_path: Path) -> None:
    path = tmp_path / "holidays.toml"
    path.write_text('[closed]\n2026-12-25 = "Christmas Day"\n[half]\n2026-12-24 = { name = "Eve", closes = "13:00" }\n')
    calendar = load_calendar(path)
    assert calendar == Calendar({date(2026, 12, 25): "Christmas Day"}, {date(2026, 12, 24): HalfDay("Eve", time(13))})
    assert calendar.hours(date(2026, 12, 23)) == (time(9), time(18))
    assert calendar.hours(date(2026, 12, 24)) == (time(9), time(13))
    assert calendar.hours(date(2026, 12, 25)) is None
    assert calendar.hours(date(2026, 12, 26)) is None


def test_a_calendar_may_be_empty(tmp_path: Path) -> None:
    path = tmp_path / "holidays.toml"
    path.write_text("")
    assert load_calendar(path) == Calendar({}, {})


def test_a_file_that_changes_is_read_again_and_what_it_held_stands_while_it_is_broken(tmp_path: Path) -> None:
    path = tmp_path / "holidays.toml"
    file = HolidaysFile(path)
    with pytest.raises(SettingsError):
        file.calendar()

    def write(text: str, at: int) -> Calendar:
        path.write_text(text)
        os.utime(path, ns=(at, at))
        return file.calendar()

    assert write("", 1) == Calendar({}, {})
    holiday = write('[closed]\n2026-12-25 = "Christmas Day"\n', 2)
    assert holiday == Calendar({date(2026, 12, 25): "Christmas Day"}, {})
    assert file.calendar() is holiday
    assert write("[closed", 3) is holiday
    path.unlink()
    assert file.calendar() is holiday
    assert write("", 4) == Calendar({}, {})


@pytest.mark.parametrize(
    ("content", "field", "words"),
    [
        ("[closed", None, "is not a valid TOML file"),
        ('[closed]\n2026-13-01 = "x"', "2026-13-01", "is not a date"),
        ('[closed]\nChristmas = "x"', "Christmas", "is not a date"),
        ("[closed]\n2026-12-25 = 1", "2026-12-25", "has no name"),
        ('[closed]\n2026-12-25 = " "', "2026-12-25", "has no name"),
        ('[half]\n2026-12-24 = "Eve"', "2026-12-24", "needs a name and a closing time"),
        ('[half]\n2026-12-24 = { name = "Eve" }', "2026-12-24", "needs a name and a closing time"),
        ('[half]\n2026-12-24 = { name = "Eve", closes = "1 pm" }', "2026-12-24", "is not a time"),
        ('[half]\n2026-12-24 = { name = "Eve", closes = "19:00" }', "2026-12-24", "closes outside"),
        ('[half]\n2026-12-24 = { name = "Eve", closes = "09:00" }', "2026-12-24", "closes outside"),
        ('[half]\n2026-12-24 = { name = "Eve", closes = "13:00Z" }', "2026-12-24", "closes outside"),
        ('[half]\n2026-12-24 = { name = "", closes = "13:00" }', "2026-12-24", "has no name"),
        (
            '[closed]\n2026-12-24 = "x"\n[half]\n2026-12-24 = { name = "x", closes = "13:00" }',
            "2026-12-24",
            "both closed and a half day",
        ),
        ("[halves]", "halves", "is not a known section"),
        ("closed = 1", "closed", "is not a section"),
    ],
)
def test_a_broken_file_is_refused_naming_file_entry_and_remedy(
    tmp_path: Path, content: str, field: str | None, words: str
) -> None:
    path = tmp_path / "holidays.toml"
    path.write_text(content)
    with pytest.raises(SettingsError) as caught:
        load_calendar(path)
    error = caught.value
    assert "holidays.toml" in error.message
    assert words in error.message
    assert error.field == (field or str(path))
    assert error.remedy


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        load_calendar(tmp_path / "none.toml")


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "holidays.toml"
    path.write_bytes(b"\xff")
    with pytest.raises(SettingsError, match="is not a valid TOML file"):
        load_calendar(path)


@pytest.mark.parametrize("year", [2026, 2027, 2028])
def test_a_proposed_year_can_be_read_and_matches_what_was_decided(tmp_path: Path, year: int) -> None:
    path = tmp_path / "proposed.toml"
    path.write_text(propose(year))
    ours = {day: name for day, name in default_calendar().closed.items() if day.year == year}
    assert dict(load_calendar(path).closed) == ours


def test_without_the_library_its_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "holidays", None)
    with pytest.raises(KbError) as caught:
        propose(2029)
    assert caught.value.remedy == "Run `make check` once (it installs the tools)."
