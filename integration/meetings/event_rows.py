"""The rows of calendar events, sealed and opened."""

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import RowMapping, Table, bindparam, insert, select, update
from sqlalchemy.orm import Session

from integration.batches import batches
from integration.errors import VaultError
from integration.meetings.calendar import Entry
from integration.meetings.models import GOOGLE_ID, ICAL_UID, MEETING, ORGANIZER, CalendarEvent
from integration.vault import Vault

log = logging.getLogger(__name__)

TABLE = CalendarEvent.__tablename__
DETAILS = ("title", "join_url", "html_link", "attendees", "calendars")
LISTS = ("attendees", "calendars")


@dataclass
class Kept:
    """An event's row, opened. `before`: as it is stored; None for a new one. `now`: as it is to be."""

    row_id: str
    before: Entry | None
    now: Entry

    @property
    def moved(self) -> bool:
        """May other calls be its own than before?"""
        return self.before is None or _place(self.before) != _place(self.now)


def find_kept(session: Session, vault: Vault, tenant_id: str, entries: Sequence[Entry]) -> list[Kept]:
    """What is stored of these events and of their copies, whatever key it is on.

    A row that does not open is as if it said nothing: what is stored next mends it.
    """
    table: Table = CalendarEvent.metadata.tables[TABLE]
    ids = _by_hash(vault, GOOGLE_ID, {entry.google_id for entry in entries})
    uids = _by_hash(vault, ICAL_UID, {entry.uid for entry in entries if entry.uid})
    found: dict[str, RowMapping] = {}
    for column, hashes in ((table.c.google_hash, ids), (table.c.uid_hash, uids)):
        for batch in batches(hashes):
            theirs = select(table).where(table.c.tenant_id == tenant_id, column.in_(batch))
            found |= {row["id"]: row for row in session.execute(theirs).mappings()}
    kept = (_kept(vault, row, ids) for row in found.values())
    return [one for one in kept if one]


def write(session: Session, vault: Vault, tenant_id: str, changed: Sequence[Kept]) -> None:
    """Store these as they are to be. Their customers, and how long they were, are for others."""
    table: Table = CalendarEvent.metadata.tables[TABLE]
    fresh = [
        {"id": one.row_id, "tenant_id": tenant_id, "customers": 0, "customer_rules": 0, "running": False}
        | _columns(vault, one)
        for one in changed
        if one.before is None
    ]
    if fresh:
        session.execute(insert(table), fresh)
    others = [{"row_id": one.row_id, **_columns(vault, one)} for one in changed if one.before is not None]
    if others:
        session.execute(update(table).where(table.c.id == bindparam("row_id")), others)

    for batch in batches([one.row_id for one in changed if one.moved and one.before]):
        # Zoom was asked about another time, or another meeting.
        session.execute(update(table).where(table.c.id.in_(batch)).values(asked_at=None, forgotten_at=None))


def _place(entry: Entry) -> tuple[object, ...]:
    return entry.meeting_id, entry.start, entry.end, entry.all_day, entry.cancelled


def _by_hash(vault: Vault, purpose: str, texts: set[str]) -> dict[str, str]:
    return {known: text for text in texts for known in vault.lookup_hashes(purpose, text)}


def _kept(vault: Vault, row: RowMapping, ids: Mapping[str, str]) -> Kept | None:
    try:
        entry = _opened(vault, row)
    except VaultError as error:
        log.error("a calendar event does not open: %s", error.message, extra={"event": row["id"]})
        if row["google_hash"] not in ids:
            return None
        plain = {name: row[name] for name in ("cancelled", "all_day")}
        entry = Entry(ids[row["google_hash"]], None, None, start=row["start_at"], end=row["end_at"], **plain)
    return Kept(row["id"], entry, entry)


def _opened(vault: Vault, row: RowMapping) -> Entry:
    texts = {
        name: vault.open(row[name], table=TABLE, column=name, row=row["id"]) if row[name] is not None else None
        for name in ("google_id", "uid", "meeting_id", "organizer", "details")
    }
    details = json.loads(texts.pop("details") or "{}")
    return Entry(
        **texts,  # type: ignore[arg-type]  # google_id is never null
        updated_at=row["updated_at"],
        cancelled=row["cancelled"],
        all_day=row["all_day"],
        start=row["start_at"],
        end=row["end_at"],
        **{name: details.get(name) for name in DETAILS} | {name: tuple(details.get(name, ())) for name in LISTS},
    )


def _columns(vault: Vault, one: Kept) -> dict[str, Any]:
    entry = one.now
    details = {name: value for name in DETAILS if (value := getattr(entry, name))}
    texts = {
        "google_id": (entry.google_id, GOOGLE_ID),
        "uid": (entry.uid, ICAL_UID),
        "meeting_id": (entry.meeting_id, MEETING),
        "organizer": (entry.organizer, ORGANIZER),
        "details": (json.dumps(details), None),
    }
    columns: dict[str, Any] = {
        "start_at": entry.start,
        "end_at": entry.end,
        "scheduled_seconds": _seconds(entry),
        "all_day": entry.all_day,
        "cancelled": entry.cancelled,
        "updated_at": entry.updated_at,
    }
    for name, (text, purpose) in texts.items():
        columns[name] = vault.seal(text, table=TABLE, column=name, row=one.row_id) if text is not None else None
        if purpose:
            hashed = f"{name.removesuffix('_id')}_hash"
            columns[hashed] = vault.lookup_hash(purpose, text) if text is not None else None
    return columns


def _seconds(entry: Entry) -> int:
    """Its length, between the instants: an hour in which clocks are put back is two."""
    if entry.start is None or entry.end is None or entry.all_day or entry.cancelled:
        return 0
    return int((entry.end - entry.start).total_seconds())
