"""A report for spreadsheets."""

from collections.abc import Mapping
from decimal import Decimal

from integration.pages.csv_files import Cell, as_csv
from integration.reports.views import GroupBy, Hours, Sums

HOUR = 3600
FIRST_COLUMN: Mapping[GroupBy, str] = {"customer": "Customer", "month": "Month", "organizer": "Organizer"}
COLUMNS = (
    "Meetings",
    "Scheduled hours",
    "Counted hours",
    "Difference in hours",
    "Scheduled seconds",
    "Counted seconds",
    "Meetings as scheduled",
)


def hours_csv(report: Hours) -> str:
    """One line for each group, and the total. Lengths are numbers: hours to two decimals, and seconds, which are exact.

    What counts for several customers stands before the total, less than nothing, so that the lines above it add up.
    """
    lines: list[list[Cell]] = [[FIRST_COLUMN[report.group_by], *COLUMNS]]
    lines += [_line(group.name, group, group.uncounted) for group in report.groups]
    again, uncounted = report.counted_more_than_once, sum(report.uncounted.values())
    if again is not None and again.meetings:
        minus = {name: -value for name, value in again.model_dump().items()}
        shared = uncounted - sum(group.uncounted for group in report.groups)
        lines.append(_line("Counted for several customers", Sums(**minus), shared))
    lines.append(_line("Total", report.total, uncounted))
    return as_csv(lines)


def file_name(report: Hours) -> str:
    """What the file is called when it is saved; plain ASCII."""
    return f"meeting-hours-{report.tenant}-{report.first}-{report.last}-by-{report.group_by}.csv"


def _line(name: str, sums: Sums, uncounted: int) -> list[Cell]:
    lengths = (sums.scheduled_seconds, sums.counted_seconds)
    hours = (Decimal(f"{seconds / HOUR:.2f}") for seconds in (*lengths, sums.counted_seconds - sums.scheduled_seconds))
    return [name, sums.meetings, *hours, *lengths, uncounted]
