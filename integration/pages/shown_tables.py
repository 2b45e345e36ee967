"""One page of a table as its template draws it: see `table_macros.html`."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic

from integration.pages.tables import Asked, Column, Filter, Row, Table


@dataclass(frozen=True)
class Heading:
    """The head of a column. `aria`: how the table is sorted by it; `href`: None where it does not sort."""

    name: str
    href: str | None
    aria: str | None
    number: bool


@dataclass(frozen=True)
class Option:
    """An option of a filter; `count`: how many rows it would show, where that is known."""

    words: str
    href: str
    chosen: bool
    count: int | None


@dataclass(frozen=True)
class Options:
    """A filter: what it is called, and its options."""

    name: str
    options: Sequence[Option]


@dataclass(frozen=True)
class Shown(Generic[Row]):
    """`rows` are this page's; `found`: how many there are on all pages; `first`: the number of the first one here.

    `hidden`: what goes along when other words are searched for; None: nothing is searched. `narrowed`: the words or a
    filter leave something out, and `everything` leads to all of it.
    """

    path: str
    rows: Sequence[Row]
    found: int
    first: int
    page: int
    pages: int
    headings: Sequence[Heading]
    filters: Sequence[Options]
    q: str
    hidden: Mapping[str, str] | None
    narrowed: bool
    everything: str
    previous: str | None
    next: str | None
    file: str


def shown(table: Table[Row], asked: Asked, rows: Iterable[Row]) -> Shown[Row]:
    """The page that is asked for, of all these rows; of the last page, where there are not as many."""
    searched = table.searched(asked, rows)
    found = table.arranged(asked, searched)
    first = table.offset(asked, len(found))
    filters = [_options(table, asked, one, searched) for one in table.filters]
    return _shown(table, asked, found[first : first + table.page], len(found), filters)


def shown_part(table: Table[Row], asked: Asked, rows: Sequence[Row], found: int) -> Shown[Row]:
    """The page that is asked for: just these rows, of `found`, chosen and sorted by whoever loaded them."""
    return _shown(table, asked, rows, found, [_options(table, asked, one, None) for one in table.filters])


def _shown(table: Table[Row], asked: Asked, rows: Sequence[Row], found: int, filters: Sequence[Options]) -> Shown[Row]:
    pages = table.pages(found)
    page = min(asked.page, pages)
    usual = {one.key: one.usual for one in table.filters}
    return Shown(
        path=table.path,
        rows=rows,
        found=found,
        first=table.offset(asked, found) + 1,
        page=page,
        pages=pages,
        headings=[_heading(table, asked, column) for column in table.columns if column.drawn],
        filters=filters,
        q=asked.q,
        hidden=table.query(asked, q="") if table.texts else None,
        narrowed=bool(asked.q) or asked.chosen != usual,
        everything=table.link(asked, q="", **usual),
        previous=table.link(asked, page=page - 1) if page > 1 else None,
        next=table.link(asked, page=page + 1) if page < pages else None,
        file=table.link_to_file(asked),
    )


def _heading(table: Table[Row], asked: Asked, column: Column[Row]) -> Heading:
    """A click sorts by the column in its usual order; a second click turns it round."""
    if not column.sorts:
        return Heading(column.name, None, None, column.number)
    if column.key != asked.sort:
        return Heading(column.name, table.link(asked, sort=column.key, order=None), None, column.number)
    href = table.link(asked, order=column.order(descending=not asked.descending))
    return Heading(column.name, href, "descending" if asked.descending else "ascending", column.number)


def _options(table: Table[Row], asked: Asked, one: Filter[Row], searched: Iterable[Row] | None) -> Options:
    """With how many rows each option has, of those that the words and the other filters leave."""
    counted = _counted(one, table.chosen(asked, searched, but=one.key)) if searched is not None else {}
    return Options(
        one.name,
        [
            Option(words, table.link(asked, **{one.key: key}), asked.chosen[one.key] == key, counted.get(key))
            for key, words in one.options.items()
        ],
    )


def _counted(one: Filter[Row], rows: Sequence[Row]) -> Mapping[str, int]:
    if one.of is None:
        return {}
    counted = Counter(option for row in rows for option in one.of(row))
    return {option: counted[option] if option else len(rows) for option in one.options}
