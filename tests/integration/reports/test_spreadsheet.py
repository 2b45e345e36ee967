"""A report as CSV: what stands in its file, and what that is called."""

import csv
import io
from datetime import date

from integration.reports.spreadsheet import file_name, hours_csv
from integration.reports.views import Group, Hours, Sums

NONE = Sums(meetings=0, scheduled_seconds=0, counted_seconds=0)


def report(*names: str) -> Hours:
    groups = [
        Group(key=name, name=name, meetings=1, scheduled_seconds=3600, counted_seconds=2700, uncounted=0)
        for name in names
    ]
    return Hours(
        tenant="acme",
        time_zone="UTC",
        first=date(2025, 1, 1),
        last=date(2025, 1, 31),
        group_by="organizer",
        groups=groups,
        total=NONE,
        counted_more_than_once=None,
        uncounted={},
        pending=0,
        rule="",
    )


def test_a_file_has_numbers_below_nothing_and_names_that_are_no_formulas() -> None:
    written = hours_csv(report("=Acme", "Umbrella, Ltd")).removeprefix("\ufeff")
    [_, first, second, total] = list(csv.reader(io.StringIO(written, newline="")))
    assert first == ["'=Acme", "1", "1.00", "0.75", "-0.25", "3600", "2700", "0"]
    assert (second[0], total[0]) == ("Umbrella, Ltd", "Total")


def test_a_file_is_named_after_what_is_in_it() -> None:
    assert file_name(report()) == "meeting-hours-acme-2025-01-01-2025-01-31-by-organizer.csv"
