"""Tables of signed-in pages: sorted, filtered and paged by the server, each choice in the address, and a file of it.

An address says what was chosen: `?sort=name&order=desc&q=acme&state=connected&page=2`; what is as usual is left out,
and what cannot be is taken as usual. A `Table` is data: its page asks it what was chosen (`asked`), loads the rows, and
hands `shown_tables.shown` to the template, which draws it with the macros of `table_macros.html`. `file` is the same as
CSV.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from fastapi import Response

from integration.pages.addresses import address
from integration.pages.csv_files import Cell, as_csv, csv_file

PAGE = 50
LONGEST_SEARCH = 200
ASCENDING, DESCENDING = "asc", "desc"

Row = TypeVar("Row")
Sortable = Cell | tuple[Any, ...]


@dataclass(frozen=True)
class Column(Generic[Row]):
    """One column. `value` is what the file has of it, and what the table sorts by unless `sort` says otherwise.

    Rows without a value (None) come last in either order. `most_first`: the first click on it asks for the largest
    numbers, the latest times. A column that does not sort (`sorts`), or is only in the file (`drawn`), says so.
    """

    key: str
    name: str
    value: Callable[[Row], Cell]
    sort: Callable[[Row], Sortable] | None = None
    number: bool = False
    most_first: bool = False
    sorts: bool = True
    drawn: bool = True
    in_file: str = ""  # what the file calls it, where `name` does not say enough

    def sortable(self, row: Row) -> Sortable:
        """What a row is sorted by in this column."""
        found = (self.sort or self.value)(row)
        return found.casefold() if isinstance(found, str) else found

    def order(self, *, descending: bool) -> str | None:
        """What an address says of the order; None: it is the column's usual one."""
        return None if descending == self.most_first else DESCENDING if descending else ASCENDING


@dataclass(frozen=True)
class Filter(Generic[Row]):
    """One choice of a few. `options`: what the address says of each, and its words; the first one is the usual.

    `of`: to which options a row belongs; the option "" has all of them. None: whoever loads the rows sees to it.
    """

    key: str
    name: str
    options: Mapping[str, str]
    of: Callable[[Row], Collection[str]] | None = None

    @property
    def usual(self) -> str:
        return next(iter(self.options))

    def has(self, option: str, row: Row) -> bool:
        """Does the row belong to the option?"""
        return self.of is None or not option or option in self.of(row)


@dataclass(frozen=True)
class Asked:
    """What an address asks for. `chosen`: an option for each filter; `carried`: what else stays in every link."""

    sort: str
    descending: bool
    q: str
    chosen: Mapping[str, str]
    page: int
    carried: Mapping[str, str]


@dataclass(frozen=True)
class Table(Generic[Row]):
    """`path` is the page's; the file's ends in `.csv`. `sort`: the key of the column by which it is sorted as usual.

    `texts`: what a row is searched by, if it is: each word must be in one of them. `anchor`: where links lead on the
    page (an id).
    """

    path: str
    columns: Sequence[Column[Row]]
    sort: str
    filters: Sequence[Filter[Row]] = ()
    texts: Callable[[Row], Iterable[str]] | None = None
    anchor: str = ""
    page: int = PAGE

    def column(self, key: str) -> Column[Row] | None:
        return next((one for one in self.columns if one.key == key and one.sorts), None)

    def asked(self, given: Mapping[str, str], carried: Mapping[str, str] | None = None) -> Asked:
        """What is asked for by an address with this query. `carried` stays in every link of the table."""
        column = self.column(given.get("sort", "")) or self.column(self.sort)
        assert column is not None  # noqa: S101 - it is the table's own
        order = given.get("order")
        chosen = {one.key: given.get(one.key, "") for one in self.filters}
        return Asked(
            sort=column.key,
            descending=order == DESCENDING if order in (ASCENDING, DESCENDING) else column.most_first,
            q=" ".join(given.get("q", "")[:LONGEST_SEARCH].split()) if self.texts else "",
            chosen={one.key: chosen[one.key] if chosen[one.key] in one.options else one.usual for one in self.filters},
            page=_page(given.get("page", "")),
            carried=carried or {},
        )

    def query(self, asked: Asked, **changes: object) -> dict[str, str]:
        """What the address of it says, with changes, from the first page unless they name another."""
        column = self.column(asked.sort)
        assert column is not None  # noqa: S101 - as asked
        usual = {one.key: one.usual for one in self.filters} | {"page": 1, "sort": self.sort, "q": ""}
        same: dict[str, object] = {
            **asked.carried,
            "sort": asked.sort,
            "order": column.order(descending=asked.descending),
            "q": asked.q,
            **asked.chosen,
        }
        return {
            name: str(value)
            for name, value in (same | changes).items()
            if value is not None and usual.get(name) != value
        }

    def link(self, asked: Asked, **changes: object) -> str:
        """The address of this page with changes."""
        return address(self.path, self.query(asked, **changes), self.anchor)

    def link_to_file(self, asked: Asked) -> str:
        """The address of the file with all that is asked for."""
        return address(f"{self.path}.csv", self.query(asked))

    def offset(self, asked: Asked, found: int) -> int:
        """How many rows come before the page that is asked for, or the last one where there are not as many."""
        return (min(asked.page, self.pages(found)) - 1) * self.page

    def pages(self, found: int) -> int:
        """On how many pages that many rows are."""
        return max(1, -(-found // self.page))

    def searched(self, asked: Asked, rows: Iterable[Row]) -> list[Row]:
        """Those that have all the words."""
        words, texts = asked.q.casefold().split(), self.texts
        return [row for row in rows if not words or texts is None or _has(words, texts(row))]

    def chosen(self, asked: Asked, rows: Iterable[Row], *, but: str = "") -> list[Row]:
        """Those that belong to the options of all filters, `but` one of them."""
        narrowing = [(one, asked.chosen[one.key]) for one in self.filters if one.key != but]
        return [row for row in rows if all(one.has(option, row) for one, option in narrowing)]

    def arranged(self, asked: Asked, rows: Iterable[Row]) -> list[Row]:
        """The rows that are asked for, in the order that is asked for; alike ones stay as they are."""
        column = self.column(asked.sort)
        assert column is not None  # noqa: S101 - as asked
        keyed = [(column.sortable(row), row) for row in self.chosen(asked, self.searched(asked, rows))]
        having: list[tuple[Any, Row]] = [(key, row) for key, row in keyed if key is not None]
        having.sort(key=lambda one: one[0], reverse=asked.descending)
        return [row for _, row in having] + [row for key, row in keyed if key is None]

    def file(self, name: str, rows: Iterable[Row]) -> Response:
        """These rows, all of them, as a CSV file called `name`.csv (plain ASCII)."""
        lines = ([column.value(row) for column in self.columns] for row in rows)
        return csv_file(f"{name}.csv", as_csv([[column.in_file or column.name for column in self.columns], *lines]))


def _has(words: Iterable[str], texts: Iterable[str]) -> bool:
    known = [text.casefold() for text in texts]
    return all(any(word in text for text in known) for word in words)


def _page(text: str) -> int:
    """The number of a page, as somebody may have typed it."""
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 9 else 1
