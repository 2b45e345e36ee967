"""Personal links (`my/name`): which meeting they lead to. Zoom's list of users says so."""

import json
import logging
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from integration.batches import batches
from integration.db import take_turns
from integration.errors import VaultError
from integration.meetings.join_links import meeting_of
from integration.meetings.models import MEETING, CalendarEvent, PersonalRoom
from integration.meetings.settling import Span
from integration.vault import Vault

log = logging.getLogger(__name__)

PERSONAL = "my/"


def is_personal(link: str | None) -> bool:
    """Is this link, or meeting id, somebody's personal one?"""
    return (meeting_of(link or "") or "").startswith(PERSONAL)


def resolve(session: Session, vault: Vault, tenant_id: str, meeting_id: str) -> str:
    """The digits that a personal link leads to, where they are known; else the meeting id as it is."""
    return resolve_all(session, vault, tenant_id, {meeting_id})[meeting_id]


def resolve_all(session: Session, vault: Vault, tenant_id: str, meeting_ids: Collection[str]) -> dict[str, str]:
    """The same for many."""
    personal = [one for one in meeting_ids if one.startswith(PERSONAL)]
    return {one: one for one in meeting_ids} | {
        name: _open(vault, row, "meeting_id") for name, row in _known(session, vault, tenant_id, personal).items()
    }


def store_rooms(session: Session, vault: Vault, tenant_id: str, rooms: Mapping[str, str], now: datetime) -> list[Span]:
    """Store where personal links lead: by name, as `join_links.meeting_of` gives it (`my/jonas`), the digits.

    Events that waited for it get the digits at once. Where a room has another id than before, events that begin
    after `now` follow; past ones were held under the old id. Returns what is to be settled.
    """
    take_turns(session, [tenant_id])
    known = _known(session, vault, tenant_id, rooms)
    before = {name: _open(vault, row, "meeting_id") for name, row in known.items()}
    fresh = [_new(vault, tenant_id, name, digits) for name, digits in rooms.items() if name not in known]
    if fresh:
        session.execute(insert(PersonalRoom), fresh)
    for name, row in known.items():
        if before[name] != rooms[name]:
            row.meeting_id = vault.seal(rooms[name], table=PersonalRoom.__tablename__, column="meeting_id", row=row.id)
    moved = {name: old for name, old in before.items() if old != rooms[name]}
    new = {name: digits for name, digits in rooms.items() if name not in known}
    return [*_arrive(session, vault, tenant_id, new), *_move(session, vault, tenant_id, rooms, moved, now)]


def forget_rooms(session: Session, vault: Vault, tenant_id: str) -> int:
    """Forget where personal links lead; events have the link alone again. Returns how many were known.

    The caller settles, or forgets the calls as well.
    """
    rooms = session.scalars(select(PersonalRoom).where(PersonalRoom.tenant_id == tenant_id)).all()
    for _, event in _events(session, vault, tenant_id, set(_digits(vault, rooms))):
        try:
            name = meeting_of(json.loads(_open(vault, event, "details")).get("join_url") or "")
        except VaultError as error:
            log.error("a calendar event does not open: %s", error.message, extra={"event": event.id})
            continue
        if is_personal(name):
            _lead(vault, event, name or "")
    session.flush()
    for room in rooms:
        session.delete(room)
    return len(rooms)


def _digits(vault: Vault, rooms: Iterable[PersonalRoom]) -> Iterator[str]:
    for room in rooms:
        try:
            yield _open(vault, room, "meeting_id")
        except VaultError as error:
            log.error("a personal room does not open: %s", error.message, extra={"room": room.id})


def _known(session: Session, vault: Vault, tenant_id: str, names: Collection[str]) -> dict[str, PersonalRoom]:
    found: dict[str, PersonalRoom] = {}
    for batch in batches(names):
        by_hash = {known: name for name in batch for known in vault.lookup_hashes(MEETING, name)}
        theirs = select(PersonalRoom).where(PersonalRoom.tenant_id == tenant_id, PersonalRoom.name_hash.in_(by_hash))
        found |= {by_hash[row.name_hash]: row for row in session.scalars(theirs)}
    return found


def _new(vault: Vault, tenant_id: str, name: str, digits: str) -> dict[str, Any]:
    row_id = uuid4().hex
    place = {"table": PersonalRoom.__tablename__, "row": row_id}
    return {
        "id": row_id,
        "tenant_id": tenant_id,
        "name": vault.seal(name, column="name", **place),
        "name_hash": vault.lookup_hash(MEETING, name),
        "meeting_id": vault.seal(digits, column="meeting_id", **place),
    }


def _arrive(session: Session, vault: Vault, tenant_id: str, rooms: Mapping[str, str]) -> list[Span]:
    """Give the events that waited for these rooms their digits."""
    spans = []
    for name, event in _events(session, vault, tenant_id, rooms):
        _lead(vault, event, rooms[name])
        spans.append(Span(tenant_id, rooms[name], event.start_at, event.end_at))
    return spans


def _move(
    session: Session, vault: Vault, tenant_id: str, rooms: Mapping[str, str], moved: Mapping[str, str], now: datetime
) -> list[Span]:
    """Give the coming events of these rooms (name -> digits before) their new digits."""
    spans = []
    names = {digits: name for name, digits in moved.items()}
    for old, event in _events(session, vault, tenant_id, names, since=now):
        details = json.loads(_open(vault, event, "details"))
        name = meeting_of(details.get("join_url") or "")
        if name is not None and name in moved:
            _lead(vault, event, rooms[name])
            spans += [Span(tenant_id, one, event.start_at, event.end_at) for one in (old, rooms[name])]
    return spans


def _events(
    session: Session, vault: Vault, tenant_id: str, meeting_ids: Collection[str], since: datetime | None = None
) -> Iterator[tuple[str, CalendarEvent]]:
    """The events of these meetings, with the meeting's id; those that begin after `since`."""
    for batch in batches(meeting_ids):
        by_hash = {known: one for one in batch for known in vault.lookup_hashes(MEETING, one)}
        theirs = select(CalendarEvent).where(
            CalendarEvent.tenant_id == tenant_id, CalendarEvent.meeting_hash.in_(by_hash)
        )
        if since is not None:
            theirs = theirs.where(CalendarEvent.start_at > since)
        for event in session.scalars(theirs).all():
            yield by_hash[event.meeting_hash or ""], event


def _lead(vault: Vault, event: CalendarEvent, digits: str) -> None:
    event.asked_at = event.forgotten_at = None  # Zoom was asked about another meeting, if at all
    event.meeting_id = vault.seal(digits, table=CalendarEvent.__tablename__, column="meeting_id", row=event.id)
    event.meeting_hash = vault.lookup_hash(MEETING, digits)


def _open(vault: Vault, row: PersonalRoom | CalendarEvent, column: str) -> str:
    return vault.open(getattr(row, column), table=row.__tablename__, column=column, row=row.id)
