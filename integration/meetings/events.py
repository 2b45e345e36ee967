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


def put_events(
    session: Session, vault: Vault, tenant_id: str, items: Sequence[Any], now: datetime, calendar: str | None = None
) -> Stored:
    """Store a tenant's calendar events: Google Calendar `events` resources as they came, up to `MOST_ITEMS`.

    Repeatable and in any order: what is older than what is stored, by Google's `updated`, changes nothing. Of one
    meeting in several calendars one copy is kept, until its organizer cancels it or the last guest's copy goes; whose
    they are is said by `calendar` (an address) or by the items. An item that cannot be kept is told, and the others
    are stored.
    Sessions are tied anew (`settle`) where events changed, and Zoom is asked soon. Raises NotFound.
    """
    tenant = tenant_of(session, tenant_id)
    take_turns(session, [tenant_id])
    read, errors = _read(items, calendar)
    entries = _with_rooms(session, vault, tenant_id, read)
    shelf = _Shelf(find_kept(session, vault, tenant_id, entries), now)
    stored = sum(shelf.put(entry) for entry in entries)
    changed = shelf.changed()
    write(session, vault, tenant_id, changed)
    sort_events(session, vault, tenant, {one.row_id: () if one.now.all_day else one.now.attendees for one in changed})
    settle(session, vault, list(_spans(tenant_id, changed)))
    ask_soon(session, tenant_id, [span for one in changed if one.moved and (span := _span(tenant_id, one.now))], now)
    return Stored(stored, len(entries) - stored, errors)


def _read(items: Sequence[Any], calendar: str | None) -> tuple[list[Entry], list[ItemError]]:
    entries: list[Entry] = []
    errors: list[ItemError] = []
    for index, item in enumerate(items):
        read = read_event(item, calendar)
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
        """Take one more in; False when it changes nothing that anybody would see."""
        there = self._by_id.get(entry.google_id)
        if there is None or there.now.cancelled:
            copy = self._live_copy(entry, there)
            if copy is None:
                return False if self._is_over(entry, there) else self._take(there, entry)
            if not (entry.cancelled and entry.calendars):
                return self._held_by(copy, entry)
            there = copy
        if _is_older(entry, there.now):
            return self._held_by(there, entry)
        return self._take(there, entry)

    def _take(self, there: Kept | None, entry: Entry) -> bool:
        return self._cancel(there, entry) if entry.cancelled else self._plan(there, entry)

    def _plan(self, there: Kept | None, entry: Entry) -> bool:
        if there is None:
            return self._new(entry)
        self._held_by(there, entry)
        entry = self._where_it_was(entry, there.now)
        updated_at = entry.updated_at or there.now.updated_at
        entry = replace(entry, updated_at=updated_at, calendars=there.now.calendars, of_guest=False)
        changes, there.now = entry != there.now, entry
        return changes

    def _cancel(self, there: Kept | None, entry: Entry) -> bool:
        if there is None:
            return self._new(_tombstone(entry, None, self._now))
        before = there.now
        if entry.of_guest and before.organizer not in entry.calendars:
            gone = entry.calendars or before.calendars[:1]  # where it is not said whose it is, it is the only one's
            left = tuple(one for one in before.calendars if one not in gone)
            if left or (entry.calendars and not before.calendars):
                there.now = replace(before, calendars=left) if entry.calendars else before
                return False  # somebody left; the meeting is still planned
            if gone:
                entry = replace(entry, updated_at=before.updated_at)  # a copy that comes after this brings it back
        there.now = _tombstone(replace(entry, google_id=before.google_id), before, self._now)
        return there.now != before

    def _new(self, entry: Entry) -> bool:
        made = self._by_id[entry.google_id] = Kept(uuid4().hex, None, replace(entry, of_guest=False))
        self._shelve(made)
        return True

    def _held_by(self, there: Kept, entry: Entry) -> bool:
        """It stands in this calendar as well."""
        if not entry.cancelled:
            known = there.now.calendars if not there.now.cancelled else ()
            there.now = replace(there.now, calendars=tuple(sorted({*known, *entry.calendars})))
        return False

    def _where_it_was(self, entry: Entry, stored: Entry) -> Entry:
        """A past event of a personal link stays where it was held, also when that leads elsewhere by now."""
        same = (stored.join_url, stored.start) == (entry.join_url, entry.start)
        if not same or not is_personal(entry.join_url) or stored.start is None or stored.start > self._now:
            return entry
        return replace(entry, meeting_id=entry.meeting_id if is_personal(stored.meeting_id) else stored.meeting_id)

    def _shelve(self, one: Kept) -> None:
        if one.now.uid:
            self._by_uid.setdefault(one.now.uid, []).append(one)

    def _live_copy(self, entry: Entry, there: Kept | None) -> Kept | None:
        """The same meeting, planned under another id."""
        return next((one for one in self._others(entry, there) if not one.now.cancelled), None)

    def _is_over(self, entry: Entry, there: Kept | None) -> bool:
        """Was it cancelled after this was written, here or under another id; or has somebody left, and no more?"""
        others = self._others(entry, there)
        if entry.cancelled:
            return entry.of_guest or bool(others) or (there is not None and _is_older(entry, there.now))
        return any(_is_older(entry, one.now) for one in [*others, *([there] if there else [])])

    def _others(self, entry: Entry, there: Kept | None) -> list[Kept]:
        return [one for one in self._by_uid.get(entry.uid or "", ()) if one is not there]


def _is_older(entry: Entry, stored: Entry) -> bool:
    """Does it say less than what is stored? A meeting that is planned and one that is cancelled may be as old as one
    another, for each calendar has a copy: then it is planned.
    """
    if entry.updated_at is None or stored.updated_at is None:
        return False
    if entry.cancelled and not stored.cancelled and not entry.of_guest:
        return entry.updated_at <= stored.updated_at
    return entry.updated_at < stored.updated_at


def _tombstone(entry: Entry, stored: Entry | None, now: datetime) -> Entry:
    """What is kept of a cancelled event. One that does not say when it was cancelled is as old as what it cancels:
    that, sent once more, brings it back.
    """
    place = stored or replace(entry, start=entry.start or now, end=entry.end or entry.start or now)
    return Entry(
        google_id=entry.google_id,
        uid=entry.uid or place.uid,
        updated_at=entry.updated_at or place.updated_at,
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
