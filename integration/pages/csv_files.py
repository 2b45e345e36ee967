"""Tables as CSV files (RFC 4180), for spreadsheets."""

import csv
import io
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal

from fastapi import Response

from integration.pages.views import NOT_KEPT

Cell = str | int | float | Decimal | datetime | None

MEDIA_TYPE = "text/csv"
BOM = "\ufeff"  # Excel takes a file without it for one in the machine's own encoding
# owasp.org/www-community/attacks/CSV_Injection. Spreadsheets of other countries part cells by other characters than the
# comma, and do not see our quotes then: any of these may begin a cell, and a line break a row.
FORMULA = "=+-@\uff1d\uff0b\uff0d\uff20"
BEGINS_FORMULA = re.compile(rf'(^|[,;|\t])([\s"]*)(?=[{re.escape(FORMULA)}])')
LINE_BREAK = " / "


def as_csv(lines: Iterable[Iterable[Cell]]) -> str:
    """The lines as a file. Texts are safe to open, numbers stay numbers, and moments are UTC."""
    text = io.StringIO()
    csv.writer(text).writerows([_written(cell) for cell in line] for line in lines)
    return BOM + text.getvalue()


def safe(text: str) -> str:
    """A cell of one line that no spreadsheet takes for a formula, nor any part of it."""
    line = LINE_BREAK.join(filter(None, (one.strip() for one in text.splitlines())))
    return BEGINS_FORMULA.sub(r"\1\2'", line)


def csv_file(name: str, text: str) -> Response:
    """A file to save as `name` (plain ASCII, no path), which nobody else keeps."""
    attachment = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, media_type=MEDIA_TYPE, headers={**NOT_KEPT, **attachment})


def _written(cell: Cell) -> str | int | float | Decimal:
    if isinstance(cell, datetime):
        return f"{cell.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return safe(cell) if isinstance(cell, str) else "" if cell is None else cell
