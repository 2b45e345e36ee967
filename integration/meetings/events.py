"""Storing what calendars say: which meetings were planned, when, and with whom."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self
from uuid import uuid4

from sqlalchemy import ColumnElement, RowMapping, Table, bindparam, insert, select, update
from sqlalchemy.orm import Session

from integration.db import take_turns
from integration.meetings.attending import batches, sort_events
from integration.meetings.calendar import Entry, Refusal, read_event
from integration.meetings.models import MEETING, CalendarEvent
from integration.meetings.rooms import resolve_all
from integration.meetings.settling import Span, settle
from integration.tenants.finding import tenant_of
from integration.vault import Vault

MOST_ITEMS = 2_500  # as many as Google gives at a time
TABLE = CalendarEvent.__tablename__
GOOGLE, UID, ORGANIZER = "calendar_event", "calendar_uid", "organizer"  # purposes of look-up hashes
DETAILS = ("title", "join_url", "html_link", "attendees")


@dataclass(frozen=True)
class ItemError:
    """Why one item was not stored. `index` counts from 0; `id` is the event's, where it has one."""

    index: int
    id: str | None
    field: str
    detail: str
    remedy: str

    def moved(self, by: int) -> Self:
        """The same, where the items are part of more."""
        return replace(self, index=self.index + by)


@dataclass(frozen=True)
class Stored:
    """How many items changed something, how many did not, and what is wrong with the others."""

    stored: int
    unchanged: int
    errors: list[ItemError]


@dataclass
class _Kept:
    """An event's row, opened. `before`: as it is stored; None for a new one."""

    row_id: str
    before: Entry | None
    now: Entry


def put_events(session: Session, vault: Vault, tenant_id: str, items: Sequence[Any], now: datetime) -> Stored:
    """Store a tenant's calendar events: Google Calendar `events` resources as they came, up to `MOST_ITEMS`.

    Repeatable and in any order: what is older than what is stored, by Google's `updated`, changes nothing. Of one
    meeting in several calendars one copy is kept. An item that cannot be kept is told, and the others are stored.
    Sessions are tied anew (`settle`) where events changed. Raises NotFound.
    """
    tenant = tenant_of(session, tenant_id)
    take_turns(session, [tenant_id])
    entries: list[Entry] = []
    errors: list[ItemError] = []
    for index, item in enumerate(items):
        read = read_event(item)
        if isinstance(read, Refusal):
            errors.append(ItemError(index, _id_of(item), read.field, read.detail, read.remedy))
        else:
            entries.append(read)
    entries = _with_rooms(session, vault, tenant_id, entries)
    shelf = _Shelf([_opened(vault, row) for row in _rows(session, vault, tenant_id, entries)], now)
    stored = sum(shelf.put(entry) for entry in entries)
    changed = shelf.changed()
    _write(session, vault, tenant_id, changed)
    sort_events(session, vault, tenant, {one.row_id: () if one.now.all_day else one.now.attendees for one in changed})
    settle(session, vault, list(_spans(tenant_id, changed)))
    return Stored(stored, len(entries) - stored, errors)


def _id_of(item: Any) -> str | None:
    given = item.get("id") if isinstance(item, Mapping) else None
    return given[:1024].encode("utf-8", "replace").decode() if isinstance(given, str) else None


def _with_rooms(session: Session, vault: Vault, tenant_id: str, entries: Sequence[Entry]) -> list[Entry]:
    """The same, with the meeting ids of personal links where Zoom has told them."""
    ids = resolve_all(session, vault, tenant_id, {entry.meeting_id for entry in entries if entry.meeting_id})
    return [replace(entry, meeting_id=ids[entry.meeting_id]) if entry.meeting_id else entry for entry in entries]


class _Shelf:
    """The events that a batch is about: those that are stored, and what the batch makes of them."""

    def __init__(self, kept: Sequence[_Kept], now: datetime) -> None:
        self._now = now
        self._by_id = {one.now.google_id: one for one in kept}
        self._by_uid: dict[str, list[_Kept]] = {}
        for one in kept:
            self._shelve(one)

    def changed(self) -> list[_Kept]:
        """What is to be written."""
        return [one for one in self._by_id.values() if one.now != one.before]

    def put(self, entry: Entry) -> bool:
        """Take one more in; False when it changes nothing."""
        there = self._by_id.get(entry.google_id)
        if self._is_copy(entry, there) or (there and _is_older(entry, there.now)):
            return False
        if entry.cancelled:
            entry = _tombstone(entry, there.now if there else None, self._now)
        elif there:
            entry = replace(entry, updated_at=entry.updated_at or there.now.updated_at)
        if there is None:
            there = self._by_id[entry.google_id] = _Kept(uuid4().hex, None, entry)
            self._shelve(there)
            return True
        if entry == there.now:
            return False
        there.now = entry
        return True

    def _shelve(self, one: _Kept) -> None:
        if one.now.uid:
            self._by_uid.setdefault(one.now.uid, []).append(one)

    def _is_copy(self, entry: Entry, there: _Kept | None) -> bool:
        """Is the same meeting kept under another id? A copy of one that was cancelled must be newer than that."""
        if entry.uid is None or (there and not there.now.cancelled):
            return False
        others = [one.now for one in self._by_uid.get(entry.uid, ()) if one is not there]
        return any(not one.cancelled or entry.cancelled or _is_older(entry, one) for one in others)


def _is_older(entry: Entry, stored: Entry) -> bool:
    """Does it say less than what is stored? What was cancelled comes back by something newer alone."""
    if entry.updated_at is None or stored.updated_at is None:
        return False
    if stored.cancelled:
        return entry.updated_at <= stored.updated_at
    return entry.updated_at < stored.updated_at


def _tombstone(entry: Entry, stored: Entry | None, now: datetime) -> Entry:
    """What is kept of a cancelled event. One that does not say when it was cancelled was so now."""
    if stored and stored.cancelled and entry.updated_at is None:
        return stored
    place = stored or replace(entry, start=entry.start or now, end=entry.end or entry.start or now)
    return Entry(
        google_id=entry.google_id,
        uid=entry.uid or place.uid,
        updated_at=entry.updated_at or now,
        cancelled=True,
        all_day=place.all_day,
        start=place.start,
        end=place.end,
    )


def _rows(session: Session, vault: Vault, tenant_id: str, entries: Sequence[Entry]) -> list[RowMapping]:
    """The rows of these events and of their copies, whatever key they are on."""
    table: Table = CalendarEvent.metadata.tables[TABLE]
    asked = (
        (table.c.google_hash, GOOGLE, {entry.google_id for entry in entries}),
        (table.c.uid_hash, UID, {entry.uid for entry in entries if entry.uid}),
    )
    found: dict[str, RowMapping] = {}
    for column, purpose, texts in asked:
        for batch in batches(texts):
            hashes = [known for text in batch for known in vault.lookup_hashes(purpose, text)]
            theirs: ColumnElement[bool] = (table.c.tenant_id == tenant_id) & column.in_(hashes)
            found |= {row["id"]: row for row in session.execute(select(table).where(theirs)).mappings()}
    return list(found.values())


def _opened(vault: Vault, row: RowMapping) -> _Kept:
    texts = {
        name: vault.open(row[name], table=TABLE, column=name, row=row["id"]) if row[name] is not None else None
        for name in ("google_id", "uid", "meeting_id", "organizer", "details")
    }
    details = json.loads(texts.pop("details") or "{}")
    entry = Entry(
        **texts,  # type: ignore[arg-type]  # google_id is never null
        updated_at=row["updated_at"],
        cancelled=row["cancelled"],
        all_day=row["all_day"],
        start=row["start_at"],
        end=row["end_at"],
        **{name: details.get(name) for name in DETAILS} | {"attendees": tuple(details.get("attendees", ()))},
    )
    return _Kept(row["id"], entry, entry)


def _write(session: Session, vault: Vault, tenant_id: str, changed: Sequence[_Kept]) -> None:
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


def _columns(vault: Vault, one: _Kept) -> dict[str, Any]:
    entry = one.now
    details = {name: value for name in DETAILS if (value := getattr(entry, name))}
    texts = {
        "google_id": (entry.google_id, GOOGLE),
        "uid": (entry.uid, UID),
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


def _spans(tenant_id: str, changed: Sequence[_Kept]) -> Iterator[Span]:
    """Where sessions may belong elsewhere now."""
    for one in changed:
        places = {_span(tenant_id, entry) for entry in (one.before, one.now) if entry}
        if len(places) > 1 or one.before is None:
            yield from filter(None, places)


def _span(tenant_id: str, entry: Entry) -> Span | None:
    if entry.meeting_id is None or entry.start is None or entry.end is None or entry.all_day or entry.cancelled:
        return None
    return Span(tenant_id, entry.meeting_id, entry.start, entry.end)
