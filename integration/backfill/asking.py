"""Asking Zoom, and storing what it tells: a batch of calls at a time, each in a transaction of its own."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from integration.backfill.errors import NotAllowed
from integration.backfill.holding import Held, confirm
from integration.backfill.progress import NOT_ALLOWED
from integration.connections import refresh
from integration.connections.verify import ASK_AGAIN, verify
from integration.meetings.models import UUID, Evidence, MeetingSession, SessionState
from integration.meetings.sessions import Recorded, Seen, record
from integration.meetings.settling import settle
from integration.runtime import Runtime
from integration.vault import Vault
from integration.zoom import meetings
from integration.zoom.errors import ZoomError
from integration.zoom.meetings import Instance, PastMeeting

log = logging.getLogger(__name__)

T = TypeVar("T")
AT_ONCE = 8  # calls that are asked for one by one are stored in batches of so many
DAY = timedelta(days=1)


@dataclass(frozen=True)
class OneMeeting:
    """What is asked of one meeting. `unclear` is filled on the way: when it was held for nobody knows how long."""

    meeting_id: str
    first_day: date
    last_day: date
    unclear: list[datetime] = field(default_factory=list)


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


def history(runtime: Runtime, token: str, first_day: date, last_day: date) -> Iterator[list[Seen]]:
    """The account's calls that began on these days, page by page. Raises NotAllowed."""
    with _refused_in_kind():
        for page in meetings.history(runtime.zoom, token, first_day, last_day):
            yield [seen(past) for past in page]


def one_meeting(runtime: Runtime, token: str, tenant_id: str, about: OneMeeting) -> Iterator[list[Seen]]:
    """The calls of one meeting that we do not know yet; none when Zoom knows nothing of it. Raises NotAllowed."""
    first, last = about.first_day - DAY, about.last_day + DAY
    with _refused_in_kind():
        found = meetings.instances(runtime.zoom, token, about.meeting_id, first, last)
        for batch in meetings.batches(_unknown(runtime, tenant_id, found), AT_ONCE):
            yield [seen(past) for one in batch if (past := _ended(runtime, token, one, about)) is not None]


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


def store(session: Session, vault: Vault, held: Held, batch: list[Seen], now: datetime) -> Recorded:
    """Record and settle what Zoom told. Raises Lost, and then nothing is stored."""
    confirm(session, held)
    recorded = record(session, vault, held.tenant_id, batch, now)
    settle(session, vault, recorded.spans)
    return recorded


def _note(runtime: Runtime, tenant_id: str, error: ZoomError) -> None:
    """The connection must say so too when it is refused for good."""
    if error.cause.final:
        verify(runtime, tenant_id, actor=None)


@contextmanager
def _refused_in_kind() -> Iterator[None]:
    try:
        yield
    except ZoomError as error:
        if not meetings.is_not_allowed(error):
            raise
        raise NotAllowed(error.cause.code if error.cause.final else NOT_ALLOWED) from None


def _ended(runtime: Runtime, token: str, one: Instance, about: OneMeeting) -> PastMeeting | None:
    past = meetings.past_meeting(runtime.zoom, token, one.uuid)
    if past is None:
        about.unclear.append(one.start)
    return past


def _unknown(runtime: Runtime, tenant_id: str, found: list[Instance]) -> list[Instance]:
    """Those of which we do not know yet how they ended."""
    vault, known = runtime.vault, set[str]()
    hashes = [each for one in found for each in vault.lookup_hashes(UUID, one.uuid)]
    with runtime.database.reading() as session:
        for batch in meetings.batches(hashes, 500):
            ended = select(MeetingSession.uuid_hash).where(
                MeetingSession.tenant_id == tenant_id,
                MeetingSession.uuid_hash.in_(batch),
                MeetingSession.state == SessionState.ENDED,
            )
            known.update(session.scalars(ended))
    return [one for one in found if known.isdisjoint(vault.lookup_hashes(UUID, one.uuid))]
