"""Days and months of a report, in the tenant's zone."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from integration.reports.period import Period, period_of

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2025, 1, 31, 23, 30, tzinfo=UTC)  # the first of February in Berlin


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (None, None, (date(2025, 2, 1), date(2025, 2, 1))),
        (date(2025, 1, 10), None, (date(2025, 1, 10), date(2025, 2, 1))),
        (None, date(2024, 12, 24), (date(2024, 12, 1), date(2024, 12, 24))),
        (None, date(2025, 6, 30), (date(2025, 2, 1), date(2025, 6, 30))),
        (date(2025, 6, 1), None, (date(2025, 6, 1), date(2025, 6, 1))),
    ],
)
def test_what_is_left_out_is_this_month_until_today(
    first: date | None, last: date | None, expected: tuple[date, date]
) -> None:
    period = period_of(BERLIN, first, last, NOW)
    assert (period.first, period.last) == expected


def test_days_begin_and_end_at_midnight_there_also_when_clocks_change() -> None:
    day = Period(date(2025, 3, 30), date(2025, 3, 30), BERLIN)
    assert (day.start, day.end) == (datetime(2025, 3, 29, 23, tzinfo=UTC), datetime(2025, 3, 30, 22, tzinfo=UTC))


def test_where_a_day_has_no_midnight_it_begins_when_the_clock_goes_on() -> None:
    day = Period(date(2018, 11, 4), date(2018, 11, 4), ZoneInfo("America/Sao_Paulo"))
    assert day.start == datetime(2018, 11, 4, 3, tzinfo=UTC)


def test_a_month_of_a_period_is_what_both_have() -> None:
    assert list(Period(date(2024, 11, 15), date(2025, 1, 10), BERLIN).months().items()) == [
        ("2024-11", Period(date(2024, 11, 15), date(2024, 11, 30), BERLIN)),
        ("2024-12", Period(date(2024, 12, 1), date(2024, 12, 31), BERLIN)),
        ("2025-01", Period(date(2025, 1, 1), date(2025, 1, 10), BERLIN)),
    ]
    day = Period(date(2025, 2, 28), date(2025, 2, 28), BERLIN)
    assert day.months() == {"2025-02": day}
