"""What is known of calls, put together from everybody who says something of them: in any order the same comes out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from integration.batches import batches
from integration.db import take_turns
from integration.meetings.models import MEETING, UUID, Evidence, MeetingSession, SessionState
from integration.meetings.settling import Span
from integration.vault import Vault

TABLE = MeetingSession.__tablename__
# Hardly any call is longer: one that runs for this long is asked about.
LONGEST = timedelta(hours=12)


@dataclass(frozen=True)
class Seen:
    """What somebody says of one call. Times are aware; an end before the start is taken for the start.

    `meeting_id`: digits. Whoever knows of an end is believed as `Evidence.ENDED` at least, and whoever knows of none
    as `Evidence.STARTED` at most.
    """

    uuid: str
    meeting_id: str
    started_at: datetime
    ended_at: datetime | None
    evidence: Evidence
    topic: str = ""


@dataclass(frozen=True)
class Recorded:
    """How many calls were named, how many of them nobody had told us of, and what is to be settled."""

    found: int
    fresh: int
    spans: list[Span]


@dataclass(frozen=True)
class _Known:
    """A call as far as it is known; the columns of its row, opened."""

    meeting_id: str
    started_at: datetime
    started_by: int
    ended_at: datetime | None
    ended_by: int | None
    topic: str

    def joined(self, other: "_Known") -> "_Known":
        """Both together. The better evidence is believed; of equal one, the longer call.

        An end never comes before the start: it has the start of whoever says it beside it, and what has a lower rank
        than an end knows of no end.
        """
        first = min(self, other, key=lambda one: (-one.started_by, one.started_at))
        ended = [one for one in (self, other) if one.ended_at is not None]
        last = max(ended, key=lambda one: (one.ended_by, one.ended_at), default=self)
        return _Known(
            meeting_id=min(self, other, key=lambda one: (-one.started_by, one.meeting_id)).meeting_id,
            started_at=first.started_at,
            started_by=first.started_by,
            ended_at=last.ended_at,
            ended_by=last.ended_by,
            topic=max(self.topic, other.topic),  # any rule will do that asks for no order
        )

    def times(self) -> "_Known":
        """What the length of a meeting depends on."""
        return replace(self, topic="", started_by=0, ended_by=None)


def record(session: Session, vault: Vault, tenant_id: str, seen: Sequence[Seen], now: datetime) -> Recorded:
    """Store what is said of a tenant's calls. What is known already changes nothing.

    It does not settle: call `settle` with the spans in the same transaction. One at a time records for a tenant, until
    its transaction ends. Where the connection may be ended meanwhile, hold its row's lock first: what is deleted then
    must not come back.
    """
    said = _by_uuid(seen)
    if not said:
        return Recorded(0, 0, [])
    take_turns(session, [tenant_id])
    rows = _rows(session, vault, tenant_id, list(said))
    spans = [span for uuid, row in rows.items() for span in _improve(vault, row, said[uuid], now)]
    fresh = {uuid: known for uuid, known in said.items() if uuid not in rows}
    if fresh:
        session.execute(insert(MeetingSession), [_new(vault, tenant_id, *one) for one in fresh.items()])
    spans += [_span(tenant_id, known.meeting_id, [known], now) for known in fresh.values()]
    return Recorded(len(said), len(fresh), spans)


def _by_uuid(seen: Iterable[Seen]) -> dict[str, _Known]:
    said: dict[str, _Known] = {}
    for one in seen:
        known = _known(one)
        said[one.uuid] = said[one.uuid].joined(known) if one.uuid in said else known
    return said


def _known(seen: Seen) -> _Known:
    start = _exact(seen.started_at)
    if seen.ended_at is None:
        return _Known(seen.meeting_id, start, min(seen.evidence, Evidence.STARTED), None, None, seen.topic)
    rank = max(seen.evidence, Evidence.ENDED)
    return _Known(seen.meeting_id, start, rank, max(start, _exact(seen.ended_at)), rank, seen.topic)


def _exact(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)


def _rows(session: Session, vault: Vault, tenant_id: str, uuids: Sequence[str]) -> dict[str, MeetingSession]:
    """The rows there are, by uuid; on whatever key they are."""
    found = {}
    for some in batches(uuids):
        by_hash = {one: uuid for uuid in some for one in vault.lookup_hashes(UUID, uuid)}
        mine = select(MeetingSession).where(
            MeetingSession.tenant_id == tenant_id, MeetingSession.uuid_hash.in_(by_hash)
        )
        fresh_from_the_database = {"populate_existing": True}
        for row in session.scalars(mine, execution_options=fresh_from_the_database):
            found[by_hash[row.uuid_hash]] = row
    return found


def _improve(vault: Vault, row: MeetingSession, said: _Known, now: datetime) -> list[Span]:
    before = _opened(vault, row)
    after = before.joined(said)
    if after == before:
        return []
    row.started_at, row.started_by = after.started_at, after.started_by
    row.ended_at, row.ended_by = after.ended_at, after.ended_by
    if after.ended_at is not None:
        row.state, row.check_due_at = SessionState.ENDED, None
    if after.meeting_id != before.meeting_id:
        row.meeting_id = _seal(vault, row.id, "meeting_id", after.meeting_id)
        row.meeting_hash = vault.lookup_hash(MEETING, after.meeting_id)
    if after.topic != before.topic:
        row.topic = _seal(vault, row.id, "topic", after.topic)
    if after.times() == before.times():
        return []
    return [_span(row.tenant_id, one, [before, after], now) for one in sorted({before.meeting_id, after.meeting_id})]


def _opened(vault: Vault, row: MeetingSession) -> _Known:
    return _Known(
        meeting_id=vault.open(row.meeting_id, table=TABLE, column="meeting_id", row=row.id),
        started_at=row.started_at,
        started_by=row.started_by,
        ended_at=row.ended_at,
        ended_by=row.ended_by,
        topic=vault.open(row.topic, table=TABLE, column="topic", row=row.id),
    )


def _new(vault: Vault, tenant_id: str, uuid: str, known: _Known) -> dict[str, Any]:
    row = uuid4().hex
    running = known.ended_at is None
    return {
        "id": row,
        "tenant_id": tenant_id,
        "uuid": _seal(vault, row, "uuid", uuid),
        "uuid_hash": vault.lookup_hash(UUID, uuid),
        "meeting_id": _seal(vault, row, "meeting_id", known.meeting_id),
        "meeting_hash": vault.lookup_hash(MEETING, known.meeting_id),
        "topic": _seal(vault, row, "topic", known.topic),
        "state": SessionState.RUNNING if running else SessionState.ENDED,
        "started_at": known.started_at,
        "started_by": known.started_by,
        "ended_at": known.ended_at,
        "ended_by": known.ended_by,
        "check_due_at": known.started_at + LONGEST if running else None,
    }


def _span(tenant_id: str, meeting_id: str, known: Sequence[_Known], now: datetime) -> Span:
    start = min(one.started_at for one in known)
    return Span(tenant_id, meeting_id, start, max(start, *(one.ended_at or now for one in known)))


def _seal(vault: Vault, row: str, column: str, text: str) -> str:
    return vault.seal(text, table=TABLE, column=column, row=row)
