"""`calendar import`: exports of any shape and length."""

import json
from pathlib import Path
from typing import Any

import pytest

from integration.commands import calendar
from integration.runtime import Runtime
from tests.integration.commands.conftest import Command
from tests.integration.meetings.planning import Books, google_event


@pytest.fixture
def books(runtime: Runtime) -> Books:
    return Books(runtime)


def events(*numbers: int) -> list[dict[str, Any]]:
    return [google_event(f"e{number}", number * 60, number * 60 + 30) for number in numbers]


def page(*numbers: int) -> dict[str, Any]:
    return {"kind": "calendar#events", "nextPageToken": "x", "items": events(*numbers)}


SHAPES = {
    "a list": json.dumps(events(1, 2, 3)),
    "an answer": json.dumps(page(1, 2, 3), indent=2),
    "pages": json.dumps([page(1), page(2), page(3)]),
    "answers one after the other": f"{json.dumps(page(1))}\n{json.dumps(page(2, 3))}\n",
    "an event on each line": "\n".join(map(json.dumps, events(1, 2, 3))),
    "with a mark in front": "\ufeff" + json.dumps(events(1, 2, 3)),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_file_may_have_each_of_these_shapes(tmp_path: Path, shape: str) -> None:
    file = tmp_path / "events.json"
    file.write_text(SHAPES[shape], encoding="utf-8")
    assert [one["id"] for one in calendar.read_items(file)] == ["e1", "e2", "e3"]


def test_events_are_stored_some_at_a_time_and_counted_together(
    command: Command, books: Books, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calendar, "MOST_ITEMS", 2)
    file = tmp_path / "events.json"
    file.write_text(json.dumps([*events(1, 2, 3), events(1)[0], {"id": "bare"}, 7]))
    said = command("calendar", "import", "acme", str(file))
    assert said.code == 1
    assert "acme: 3 stored, 1 unchanged, 2 not stored." in said.text
    assert "Item 4 (bare): start: there is neither" in said.text
    assert "Item 5: It is not an event" in said.text
    assert len(books.rows()) == 3
    file.write_text(json.dumps(events(1, 2, 3)))
    said = command("calendar", "import", "acme", str(file))
    assert (said.code, said.text.strip().splitlines()[-1]) == (0, "acme: 0 stored, 3 unchanged, 0 not stored.")


@pytest.mark.parametrize("content", [b"{", b"[1, 2", b"\xff\xfe", b"[]]", b"", b" \n"])
def test_a_file_that_is_not_json_is_said(command: Command, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "events.json"
    file.write_bytes(content)
    said = command("calendar", "import", "acme", str(file))
    assert said.code == 1
    assert "events.json" in said.text
    assert "Traceback" not in said.text


def test_what_calendars_export_by_themselves_is_named(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "events.ics"
    file.write_text("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    said = command("calendar", "import", "acme", str(file))
    assert said.code == 1
    assert "iCalendar" in said.text


def test_whose_calendar_it_is_can_be_said(command: Command, books: Books, tmp_path: Path) -> None:
    file = tmp_path / "events.json"
    cancelled = json.dumps([{"id": f"e{number}", "status": "cancelled"} for number in (1, 2, 3)])
    for content, left in ((SHAPES["a list"], {False}), (cancelled, {True})):
        file.write_text(content)
        for whose, gone in (("kim@acme.example", {False}), ("jonas@acme.example", left)):
            assert command("calendar", "import", "acme", str(file), "--calendar", whose).code == 0
            assert {row.cancelled for row in books.rows()} == gone


def test_a_tenant_or_a_file_that_is_not_there_is_said(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "events.json"
    assert command("calendar", "import", "acme", str(file)).code == 2
    file.write_text(SHAPES["a list"])
    said = command("calendar", "import", "acme", str(file))
    assert said.code == 1
    assert "no tenant acme" in said.text
