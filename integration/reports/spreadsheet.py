"""A report as CSV (RFC 4180), for spreadsheets."""

import csv
import io
from collections.abc import Iterable, Mapping

from integration.meetings.duration import spoken
from integration.reports.views import GroupBy, Hours, Sums

BOM = "\ufeff"  # Excel takes a file without it for one in the machine's own encoding
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # owasp.org/www-community/attacks/CSV_Injection
FIRST_COLUMN: Mapping[GroupBy, str] = {"customer": "Customer", "month": "Month", "organizer": "Organizer"}
COLUMNS = (
    "Meetings",
    "Scheduled",
    "Counted",
    "Scheduled seconds",
    "Counted seconds",
    "Meetings without Zoom's time",
)


def as_csv(report: Hours) -> str:
    """One line for each group, what several customers share, and the total. Lengths as people read them, and exact."""
    lines: list[list[str | int]] = [[FIRST_COLUMN[report.group_by], *COLUMNS]]
    lines += [_line(group.name, group, group.uncounted) for group in report.groups]
    again = report.counted_more_than_once
    if again is not None and again.meetings:
        lines.append(_line("Minus what counts for several customers", again, ""))
    lines.append(_line("Total", report.total, sum(report.uncounted.values())))
    return _written(lines)


def file_name(report: Hours) -> str:
    """What the file is called when it is saved; plain ASCII."""
    return f"meeting-hours-{report.tenant}-{report.first}-{report.last}-by-{report.group_by}.csv"


def safe(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _line(name: str, sums: Sums, uncounted: int | str) -> list[str | int]:
    lengths = (sums.scheduled_seconds, sums.counted_seconds)
    return [safe(name), sums.meetings, *map(spoken, lengths), *lengths, uncounted]


def _written(lines: Iterable[Iterable[str | int]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(lines)
    return BOM + text.getvalue()
