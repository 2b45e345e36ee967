"""Storing what calendars say: which meetings were planned, when, and with whom."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self
from uuid import uuid4

from sqlalchemy.orm import Session

from integration.backfill.coverage import ask_soon
from integration.db import take_turns
from integration.meetings.attending import sort_events
from integration.meetings.calendar import Entry, Refusal, read_event
from integration.meetings.event_rows import Kept, find_kept, write
from integration.meetings.rooms import is_personal, resolve_all
from integration.meetings.settling import Span, settle
from integration.tenants.finding import tenant_of
from integration.vault import Vault

MOST_ITEMS = 2_500  # as many as Google gives at a time


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


def put_events(session: Session, vault: Vault, tenant_id: str, items: Sequence[Any], now: datetime) -> Stored:
    """Store a tenant's calendar events: Google Calendar `events` resources as they came, up to `MOST_ITEMS`.

    Repeatable and in any order: what is older than what is stored, by Google's `updated`, changes nothing. Of one
    meeting in several calendars one copy is kept. An item that cannot be kept is told, and the others are stored.
    Sessions are tied anew (`settle`) where events changed, and Zoom is asked soon. Raises NotFound.
    """
    tenant = tenant_of(session, tenant_id)
    take_turns(session, [tenant_id])
    read, errors = _read(items)
    entries = _with_rooms(session, vault, tenant_id, read)
    shelf = _Shelf(find_kept(session, vault, tenant_id, entries), now)
    stored = sum(shelf.put(entry) for entry in entries)
    changed = shelf.changed()
    write(session, vault, tenant_id, changed)
    sort_events(session, vault, tenant, {one.row_id: () if one.now.all_day else one.now.attendees for one in changed})
    settle(session, vault, list(_spans(tenant_id, changed)))
    if any(one.moved for one in changed):
        ask_soon(session, tenant_id, now, rooms=any(is_personal(one.now.meeting_id) for one in changed))
    return Stored(stored, len(entries) - stored, errors)


def _read(items: Sequence[Any]) -> tuple[list[Entry], list[ItemError]]:
    entries: list[Entry] = []
    errors: list[ItemError] = []
    for index, item in enumerate(items):
        read = read_event(item)
        if isinstance(read, Refusal):
            errors.append(ItemError(index, _id_of(item), read.field, read.detail, read.remedy))
        else:
            entries.append(read)
    return entries, errors


def _id_of(item: Any) -> str | None:
    given = item.get("id") if isinstance(item, Mapping) else None
    return given[:1024].encode("utf-8", "replace").decode() if isinstance(given, str) else None


def _with_rooms(session: Session, vault: Vault, tenant_id: str, entries: Sequence[Entry]) -> list[Entry]:
    """The same, with the meeting ids of personal links where Zoom has told them."""
    ids = resolve_all(session, vault, tenant_id, {entry.meeting_id for entry in entries if entry.meeting_id})
    return [replace(entry, meeting_id=ids[entry.meeting_id]) if entry.meeting_id else entry for entry in entries]


class _Shelf:
    """The events that a batch is about: those that are stored, and what the batch makes of them."""

    def __init__(self, kept: Sequence[Kept], now: datetime) -> None:
        self._now = now
        self._by_id = {one.now.google_id: one for one in kept}
        self._by_uid: dict[str, list[Kept]] = {}
        for one in kept:
            self._shelve(one)

    def changed(self) -> list[Kept]:
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
            entry = self._where_it_was(entry, there.now)
            entry = replace(entry, updated_at=entry.updated_at or there.now.updated_at)
        if there is None:
            there = self._by_id[entry.google_id] = Kept(uuid4().hex, None, entry)
            self._shelve(there)
            return True
        if entry == there.now:
            return False
        there.now = entry
        return True

    def _where_it_was(self, entry: Entry, stored: Entry) -> Entry:
        """A past event of a personal link stays where it was held, also when that leads elsewhere by now."""
        same = (stored.join_url, stored.start) == (entry.join_url, entry.start)
        if not same or not is_personal(entry.join_url) or stored.start is None or stored.start > self._now:
            return entry
        return replace(entry, meeting_id=entry.meeting_id if is_personal(stored.meeting_id) else stored.meeting_id)

    def _shelve(self, one: Kept) -> None:
        if one.now.uid:
            self._by_uid.setdefault(one.now.uid, []).append(one)

    def _is_copy(self, entry: Entry, there: Kept | None) -> bool:
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


def _spans(tenant_id: str, changed: Sequence[Kept]) -> Iterator[Span]:
    """Where sessions may belong elsewhere now."""
    for one in changed:
        if one.moved:
            yield from filter(None, {_span(tenant_id, entry) for entry in (one.before, one.now) if entry})


def _span(tenant_id: str, entry: Entry) -> Span | None:
    if entry.meeting_id is None or entry.start is None or entry.end is None or entry.all_day or entry.cancelled:
        return None
    return Span(tenant_id, entry.meeting_id, entry.start, entry.end)
