"""The days of a report: how they are written, and those to choose from."""

from datetime import date
from zoneinfo import ZoneInfo

from integration.reports.choices import choices, days_of, months_back
from integration.reports.period import Period, period_of
from tests.integration.reports.rows import at

BERLIN = ZoneInfo("Europe/Berlin")


def test_days_are_written_as_people_read_them() -> None:
    def days(first: str, last: str) -> str:
        return days_of(Period(date.fromisoformat(first), date.fromisoformat(last), at("2025-01-01 00:00").tzinfo))  # type: ignore[arg-type]

    assert days("2025-01-02", "2025-01-02") == "2 January 2025"
    assert days("2025-01-02", "2025-01-31") == "2–31 January 2025"
    assert days("2025-01-02", "2025-02-01") == "2 January – 1 February 2025"
    assert days("2024-12-02", "2025-02-01") == "2 December 2024 – 1 February 2025"


def test_the_usual_days_begin_with_months() -> None:
    assert [months_back(date(2025, 3, 31), months) for months in (0, 3, 11, 27)] == [
        date(2025, 3, 1),
        date(2024, 12, 1),
        date(2024, 4, 1),
        date(2022, 12, 1),
    ]
    shown = period_of(BERLIN, None, None, at("2025-01-31 23:30"))  # February in Berlin
    assert [
        (one.name, f"{one.first}", f"{one.last}", one.chosen) for one in choices(shown, at("2025-01-31 23:30"))
    ] == [
        ("This month", "2025-02-01", "2025-02-01", True),
        ("Last month", "2025-01-01", "2025-01-31", False),
        ("Last 3 months", "2024-12-01", "2025-02-01", False),
        ("Last 12 months", "2024-03-01", "2025-02-01", False),
    ]
