"""Tables of signed-in pages: what an address asks for, the rows it gets, and the links that lead on."""

import csv
import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from integration.pages.shown_tables import Shown, shown, shown_part
from integration.pages.tables import Column, Filter, Table

SEEN = datetime(2025, 1, 14, 18, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Ship:
    name: str
    masts: int
    seen: datetime | None = None


FLEET = [
    Ship("Ægir", 3, SEEN),
    Ship("brig Astrid", 2, SEEN - timedelta(days=2)),
    Ship("Cutter Bo", 1),
    Ship("Ängel of the sea", 3, SEEN - timedelta(days=1)),
]
TABLE: Table[Ship] = Table(
    path="/staff/ships",
    columns=(
        Column("name", "Ship", lambda ship: ship.name),
        Column("masts", "Masts", lambda ship: ship.masts, number=True, most_first=True),
        Column("seen", "Last seen", lambda ship: ship.seen, most_first=True),
        Column("notes", "Notes", lambda ship: None, sorts=False),
        Column("id", "Its number", lambda ship: 7, drawn=False),
    ),
    sort="name",
    filters=(
        Filter(
            "rig",
            "Rig",
            {"": "All", "big": "Three masts", "small": "Fewer"},
            lambda ship: ("big",) if ship.masts > 2 else ("small",),
        ),
    ),
    texts=lambda ship: [ship.name, f"{ship.masts} masts"],
    page=3,
)


def look(**query: str) -> Shown[Ship]:
    return shown(TABLE, TABLE.asked(query, {"tenant": "acme"}), FLEET)


def names(table: Shown[Ship]) -> list[str]:
    return [ship.name for ship in table.rows]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"sort": "masts"}, ["Ægir", "Ängel of the sea", "brig Astrid"]),
        ({"sort": "masts", "order": "asc"}, ["Cutter Bo", "brig Astrid", "Ægir"]),
        ({"order": "desc", "q": "i"}, ["Ægir", "brig Astrid"]),
        ({"sort": "seen", "q": "r"}, ["Ægir", "brig Astrid", "Cutter Bo"]),
        ({"sort": "seen", "order": "asc", "q": "r"}, ["brig Astrid", "Ægir", "Cutter Bo"]),
        ({"rig": "big", "q": "ÄNGEL masts"}, ["Ängel of the sea"]),
        (
            {"sort": "notes", "order": "sideways", "rig": "none", "page": "-1"},
            ["brig Astrid", "Cutter Bo", "Ängel of the sea"],
        ),
        ({"page": "2"}, ["Ægir"]),
        ({"page": "99"}, ["Ægir"]),
    ],
)
def test_an_address_says_which_rows_in_which_order(query: dict[str, str], expected: list[str]) -> None:
    assert names(look(**query)) == expected


def test_rows_without_a_value_come_last_in_either_order() -> None:
    for order in ("asc", "desc"):
        assert names(look(sort="seen", order=order, q="cutter"))[-1:] == ["Cutter Bo"]
        assert TABLE.arranged(TABLE.asked({"sort": "seen", "order": order}), FLEET)[-1].name == "Cutter Bo"


def test_what_is_as_usual_is_left_out_of_links_and_the_rest_stays() -> None:
    table = look(sort="masts", order="asc", q="masts", rig="big", page="1")
    heads = {one.name: one for one in table.headings}
    assert heads["Ship"].href == "/staff/ships?tenant=acme&q=masts&rig=big"
    assert heads["Masts"].href == "/staff/ships?tenant=acme&sort=masts&q=masts&rig=big"
    assert heads["Masts"].aria == "ascending"
    assert (heads["Notes"].href, heads["Notes"].aria) == (None, None)
    assert "Its number" not in heads
    assert table.file == "/staff/ships.csv?tenant=acme&sort=masts&order=asc&q=masts&rig=big"
    assert table.everything == "/staff/ships?tenant=acme&sort=masts&order=asc"
    assert table.hidden == {"tenant": "acme", "sort": "masts", "order": "asc", "rig": "big"}
    assert table.narrowed
    assert not look(sort="masts").narrowed


def test_a_second_click_turns_a_column_round() -> None:
    [ship, masts, *_] = look().headings
    assert (ship.href, ship.aria) == ("/staff/ships?tenant=acme&order=desc", "ascending")
    assert (masts.href, masts.aria) == ("/staff/ships?tenant=acme&sort=masts", None)
    assert look(order="desc").headings[0].href == "/staff/ships?tenant=acme"


def test_options_say_how_many_rows_they_would_show() -> None:
    [rig] = look(q="r", rig="small").filters
    assert [(one.words, one.count, one.chosen) for one in rig.options] == [
        ("All", 3, False),
        ("Three masts", 1, False),
        ("Fewer", 2, True),
    ]
    assert rig.options[0].href == "/staff/ships?tenant=acme&q=r"


def test_pages_lead_on_and_back() -> None:
    first, second = look(), look(page="2")
    assert (first.first, first.page, first.pages, first.found) == (1, 1, 2, 4)
    assert (first.previous, first.next) == (None, "/staff/ships?tenant=acme&page=2")
    assert (second.first, second.previous, second.next) == (4, "/staff/ships?tenant=acme", None)
    assert look(q="nothing at all").rows == []


def test_rows_that_were_chosen_by_whoever_loaded_them_are_shown_as_they_are() -> None:
    table = shown_part(TABLE, TABLE.asked({"page": "2", "sort": "masts"}), FLEET[:1], 4)
    assert (names(table), table.first, table.pages) == (["Ægir"], 4, 2)
    assert [one.count for one in table.filters[0].options] == [None, None, None]


def test_the_file_has_all_rows_that_are_asked_for() -> None:
    asked = TABLE.asked({"sort": "masts", "page": "2"})
    answer = TABLE.file("ships", TABLE.arranged(asked, FLEET))
    assert answer.headers["content-disposition"] == 'attachment; filename="ships.csv"'
    assert answer.headers["cache-control"] == "no-store"
    [head, *lines] = csv.reader(io.StringIO(bytes(answer.body).decode("utf-8-sig"), newline=""))
    assert head == ["Ship", "Masts", "Last seen", "Notes", "Its number"]
    assert lines[0] == ["Ægir", "3", "2025-01-14T18:30:00Z", "", "7"]
    assert len(lines) == 4
