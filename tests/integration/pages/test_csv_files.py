"""CSV files: numbers stay numbers, and nothing that anybody wrote is a formula, whatever parts cells elsewhere."""

import csv
import io
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.pages.csv_files import FORMULA, as_csv, csv_file, safe

SEEN = datetime(2025, 1, 14, 18, 30, tzinfo=UTC)
WILD = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from(FORMULA + '\t\r\n",;| '), max_size=20)


def test_a_file_has_moments_in_utc_and_numbers_as_they_are() -> None:
    there = SEEN.astimezone(timezone(timedelta(hours=9)))
    assert as_csv([[there, -5, 1.5, None, "-5"]]) == "\ufeff2025-01-14T18:30:00Z,-5,1.5,,'-5\r\n"


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("Zoom asks: why?", "Zoom asks: why?"),
        ("=1+1", "'=1+1"),
        ("hello\n=HYPERLINK(1)", "hello / =HYPERLINK(1)"),
        ("Al;=cmd", "Al;'=cmd"),
        ('Al,"=cmd', "Al,\"'=cmd"),
        ("\t@SUM(1)\r\n\r\n", "'@SUM(1)"),
        ("a-b = c", "a-b = c"),
    ],
)
def test_a_text_is_one_line_that_begins_no_formula(text: str, cell: str) -> None:
    assert safe(text) == cell


@given(WILD, WILD)
def test_no_text_makes_a_formula_or_a_row_of_its_own(first: str, second: str) -> None:
    written = as_csv([[first, second, 1]]).removeprefix("\ufeff")
    for delimiter in ",;|\t":
        [cells] = csv.reader(io.StringIO(written, newline=""), delimiter=delimiter)
        assert not any(cell.strip().startswith(tuple(FORMULA)) for cell in cells), delimiter


def test_a_file_is_saved_under_its_name_and_kept_by_nobody_else() -> None:
    headers = csv_file("ships.csv", "").headers
    assert headers["Content-Disposition"] == 'attachment; filename="ships.csv"'
    assert headers["Cache-Control"] == "no-store"
