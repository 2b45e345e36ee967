"""Asking Zoom, and storing what it tells: a batch of calls at a time, each in a transaction of its own."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from integration.backfill.days import DAY, Days
from integration.backfill.errors import NotAllowed
from integration.backfill.holding import Held, confirm
from integration.backfill.progress import NOT_ALLOWED
from integration.batches import batches
from integration.connections import refresh
from integration.connections.verify import ASK_AGAIN, verify
from integration.meetings.models import UUID, Evidence, MeetingSession, SessionState
from integration.meetings.sessions import Seen, record
from integration.meetings.settling import settle
from integration.runtime import Runtime
from integration.zoom import meetings
from integration.zoom.errors import ZoomError
from integration.zoom.meetings import Instance, PastMeeting

log = logging.getLogger(__name__)

T = TypeVar("T")
AT_ONCE = 8  # calls that are asked for one by one are stored in batches of so many


@dataclass(frozen=True)
class Batch:
    """Some of the calls that Zoom told of; of how many more nothing could be read, and the starts of those of which
    Zoom would not say how long they were.
    """

    calls: list[Seen]
    unread: int = 0
    unclear: tuple[datetime, ...] = ()


@dataclass(frozen=True)
class Answer:
    """What was left open by all batches together."""

    unread: int
    unclear: tuple[datetime, ...]


Note = Callable[[Session, int, int], object]  # calls told of so far; those of this batch that nobody had told us of


def with_token(runtime: Runtime, tenant_id: str, ask: Callable[[str], T]) -> T:
    """What `ask` gives with an access token of the tenant's; once more with a new one when the first is refused.

    Call it with no transaction open. Raises ZoomError, Unavailable, VaultError, and what `ask` raises.
    """
    token = refresh.access_token(runtime, tenant_id)
    try:
        return ask(token)
    except ZoomError as error:
        if error.cause.code not in ASK_AGAIN:
            _note(runtime, tenant_id, error)
            raise
    token = refresh.renew(runtime, tenant_id)
    try:
        return ask(token)
    except ZoomError as error:
        _note(runtime, tenant_id, error)
        raise


def history(runtime: Runtime, held: Held, days: Days, note: Note) -> bool:
    """Take in the account's calls that began on these days. False: not all of what Zoom told could be read, and so
    nobody may say that they are complete. Raises as `take_in`.
    """

    def ask(token: str) -> Iterator[Batch]:
        for page in meetings.history(runtime.zoom, token, days.first, days.last):
            yield Batch([seen(past) for past in page.items], page.unread)

    unread = take_in(runtime, held, ask, note).unread
    if unread:
        log.error("Zoom's history has calls that we cannot read", extra={"tenant": held.tenant_id, "calls": unread})
    return not unread


def one_meeting(runtime: Runtime, held: Held, meeting_id: str, days: Days, note: Note) -> Answer:
    """Take in the calls of one meeting on these days that we do not know yet.

    Raises as `take_in` (ZoomError also when Zoom knows nothing of the meeting).
    """

    def ask(token: str) -> Iterator[Batch]:
        told = meetings.instances(runtime.zoom, token, meeting_id, days.first - DAY, days.last + DAY)
        yield Batch([], told.unread)
        for batch in batches(_unknown(runtime, held.tenant_id, told.items), AT_ONCE):
            asked = [(one, meetings.past_meeting(runtime.zoom, token, one.uuid)) for one in batch]
            unclear = tuple(one.start for one, past in asked if past is None)
            yield Batch([seen(past) for _, past in asked if past is not None], unclear=unclear)

    return take_in(runtime, held, ask, note)


def seen(past: PastMeeting) -> Seen:
    """What Zoom's API says of a call."""
    return Seen(
        uuid=past.uuid,
        meeting_id=past.meeting_id,
        started_at=past.start,
        ended_at=past.end,
        evidence=Evidence.REPORTED,
        topic=past.topic,
    )


def take_in(runtime: Runtime, held: Held, ask: Callable[[str], Iterator[Batch]], note: Note) -> Answer:
    """Ask (with an access token), and store and settle batch after batch; begun anew, it stores nothing twice.

    `note` is called in each storing transaction. Raises as `with_token`, NotAllowed, and Lost: then the rest is not
    stored.
    """

    def read(token: str) -> Answer:
        found, unread, unclear = 0, 0, list[datetime]()
        for batch in _allowed(ask(token)):
            found, unread, unclear = found + len(batch.calls), unread + batch.unread, [*unclear, *batch.unclear]
            with runtime.database.writing() as session:
                confirm(session, held)
                recorded = record(session, runtime.vault, held.tenant_id, batch.calls, runtime.clock())
                settle(session, runtime.vault, recorded.spans)
                note(session, found, recorded.fresh)
        return Answer(unread, tuple(unclear))

    return with_token(runtime, held.tenant_id, read)


def _note(runtime: Runtime, tenant_id: str, error: ZoomError) -> None:
    """The connection must say so too when it is refused for good."""
    if error.cause.final:
        verify(runtime, tenant_id, actor=None)


def _allowed(batches: Iterator[Batch]) -> Iterator[Batch]:
    """The same. Raises NotAllowed where Zoom refuses this kind of question."""
    try:
        yield from batches
    except ZoomError as error:
        if not meetings.is_not_allowed(error):
            raise
        raise NotAllowed(error.cause.code if error.cause.final else NOT_ALLOWED) from None


def _unknown(runtime: Runtime, tenant_id: str, found: Sequence[Instance]) -> list[Instance]:
    """Those of which we do not know yet how they ended."""
    vault, known = runtime.vault, set[str]()
    hashes = [each for one in found for each in vault.lookup_hashes(UUID, one.uuid)]
    with runtime.database.reading() as session:
        for batch in batches(hashes):
            ended = select(MeetingSession.uuid_hash).where(
                MeetingSession.tenant_id == tenant_id,
                MeetingSession.uuid_hash.in_(batch),
                MeetingSession.state == SessionState.ENDED,
            )
            known.update(session.scalars(ended))
    return [one for one in found if known.isdisjoint(vault.lookup_hashes(UUID, one.uuid))]
