"""CSV: whole again when read, and harmless in a spreadsheet."""

import csv
import io
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from integration.reports.spreadsheet import FORMULA, as_csv, file_name
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


@given(st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from('=+-@\t\r\n",;'), max_size=20))
def test_a_name_comes_back_and_is_never_a_formula(name: str) -> None:
    written = as_csv(report(name)).removeprefix("\ufeff")
    [_, line, total] = list(csv.reader(io.StringIO(written, newline="")))
    assert line[0] in (name, f"'{name}")
    assert not line[0].startswith(FORMULA)
    assert total[0] == "Total"


def test_a_file_is_named_after_what_is_in_it() -> None:
    assert file_name(report()) == "meeting-hours-acme-2025-01-01-2025-01-31-by-organizer.csv"
