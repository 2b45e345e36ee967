"""`calendar`: bring in what calendars were exported."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress

from integration.batches import batches
from integration.commands.common import checked, fail, group, running
from integration.meetings.events import MOST_ITEMS, Stored, put_events
from integration.runtime import Runtime
from integration.tenants.fields import Slug

app = group("""Bring in calendar events. Retain's calendar sync sends them by itself; this is for exports.""")


@app.command("import")
def import_file(
    tenant: Annotated[str, typer.Argument(metavar="TENANT", parser=checked(Slug), help="Its id, such as acme.")],
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", exists=True, dir_okay=False, readable=True, help="JSON, as Google gives it."),
    ],
    whose: Annotated[
        str | None,
        typer.Option("--calendar", metavar="ADDRESS", help="Whose calendar it is."),
    ] = None,
) -> None:
    """Store the events of an export, as long as it may be. Doing it again changes nothing.

    FILE holds a list of Google Calendar events, an answer of Google's events.list (an object with `items`), or
    several such answers, in a list or one after the other. What cannot be stored is named, and the exit code is 1.

    \b
    Example:
      python -m integration calendar import acme events.json
    """
    items = read_items(file)
    with running() as runtime:
        done = _store(runtime, tenant, items, whose)
    typer.echo(f"{tenant}: {done.stored} stored, {done.unchanged} unchanged, {_refused(len(done.errors))}.")
    for error in done.errors:
        which = f" ({error.id})" if error.id else ""
        typer.echo(f"Item {error.index}{which}: {error.detail} {error.remedy}", err=True)
    if done.errors:
        raise typer.Exit(1)


def _refused(count: int) -> str:
    return "1 not stored" if count == 1 else f"{count} not stored"


def read_items(file: Path) -> list[Any]:
    """The events of an export, in order. Ends the command with code 1 where it cannot be read."""
    return list(_items(_documents(file)))


def _documents(file: Path) -> list[Any]:
    """The JSON values in the file, one after the other."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        fail(f"{file} cannot be read: {error}.")
    found, position, decoder = [], 0, json.JSONDecoder()
    while rest := text[position : position + 1]:
        if rest.isspace():
            position += 1
            continue
        try:
            value, position = decoder.raw_decode(text, position)
        except (ValueError, RecursionError) as error:
            if text[position : position + 15].upper() == "BEGIN:VCALENDAR":
                fail(f"{file} is an iCalendar export (.ics). We read what Google's API gives: JSON, from events.list.")
            fail(f"{file} is not JSON: {error}. Export it again, or mend it there.")
        found.append(value)
    if not found:
        fail(f"{file} is empty. Export it again.")
    return found


def _items(documents: Sequence[Any]) -> Iterator[Any]:
    """The events in these: each is one, a page of them, or a list of either."""
    for document in documents:
        if isinstance(document, list):
            yield from _items(document)
        elif isinstance(document, Mapping) and isinstance(document.get("items"), list):
            yield from document["items"]
        else:
            yield document


def _store(runtime: Runtime, tenant: str, items: Sequence[Any], whose: str | None) -> Stored:
    """Some at a time, each in a transaction of its own: interrupted, it goes on where it was when it is run again."""
    stored = unchanged = 0
    errors = []
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Storing events", total=len(items))
        for batch in batches(enumerate(items), MOST_ITEMS):
            with runtime.database.writing() as session:
                some = [item for _, item in batch]
                done = put_events(session, runtime.vault, tenant, some, runtime.clock(), whose)
            stored, unchanged = stored + done.stored, unchanged + done.unchanged
            errors += [error.moved(by=batch[0][0]) for error in done.errors]
            progress.advance(task, len(batch))
    return Stored(stored, unchanged, errors)
