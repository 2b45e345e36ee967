"""The worker's duty: calls that run for very long, as far as we know. Did they end, and nobody told us?"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from integration.backfill import asking
from integration.backfill.errors import Lost
from integration.backfill.holding import standing
from integration.db import take_turns
from integration.errors import Unavailable, VaultError
from integration.meetings.models import MeetingSession, SessionState
from integration.meetings.sessions import record
from integration.meetings.settling import Span, settle
from integration.runtime import Runtime
from integration.zoom import meetings
from integration.zoom.errors import ZoomError
from integration.zoom.meetings import PastMeeting

log = logging.getLogger(__name__)

LONGEST_CALL = timedelta(hours=30)  # support.zoom.com, "Meeting duration limits"
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=15), timedelta(hours=4)
PASSES = ("zoom_unavailable", "rate_limited", "rate_limited_today")  # what Zoom says of itself, not of the call
BATCH = 10
TABLE = MeetingSession.__tablename__


@dataclass(frozen=True)
class Call:
    """One that runs, as far as we know. `connected_at` None: there is no connection that Zoom can be asked with."""

    id: str
    tenant_id: str
    uuid: str
    meeting_id: str
    started_at: datetime
    connected_at: datetime | None


def check_running(runtime: Runtime) -> int:
    """Ask Zoom about calls that are due to be looked at. Returns how many."""
    with runtime.database.reading() as session:
        if session.scalars(_due(runtime.clock()).limit(1)).first() is None:
            return 0  # nearly always; it has taken no write lock
    with runtime.database.writing() as session:
        calls = _take(session, runtime)
    for call in calls:
        _check(runtime, call)
    return len(calls)


def _due(now: datetime) -> Select[MeetingSession]:
    running = MeetingSession.state == SessionState.RUNNING
    return select(MeetingSession).where(running, MeetingSession.check_due_at <= now)


def _take(session: Session, runtime: Runtime) -> Sequence[Call]:
    """Some of them, put off right away, longer each time: whoever dies on the way holds up nobody."""
    now = runtime.clock()
    due = _due(now).order_by(MeetingSession.check_due_at, MeetingSession.id).limit(BATCH)
    calls = []
    for row in session.scalars(due.with_for_update(skip_locked=True)).all():
        row.check_due_at = now + min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(row.checks, 10))
        row.checks += 1
        try:
            calls.append(_opened(session, runtime, row))
        except VaultError as error:
            log.error("a call cannot be looked at: %s", error, extra={"session": row.id})
    return calls


def _opened(session: Session, runtime: Runtime, row: MeetingSession) -> Call:
    vault = runtime.vault
    return Call(
        id=row.id,
        tenant_id=row.tenant_id,
        uuid=vault.open(row.uuid, table=TABLE, column="uuid", row=row.id),
        meeting_id=vault.open(row.meeting_id, table=TABLE, column="meeting_id", row=row.id),
        started_at=row.started_at,
        connected_at=standing(session, row.tenant_id).connected_at,
    )


def _check(runtime: Runtime, call: Call) -> None:
    try:
        past = _ask(runtime, call)
        if past is not None:
            _end(runtime, call, past)
        elif runtime.clock() - call.started_at > LONGEST_CALL:
            _lose(runtime, call)
    except Lost as error:
        log.info("%s", error, extra={"tenant": call.tenant_id})
    except (ZoomError, Unavailable, VaultError) as error:
        log.info("a call cannot be looked at: %s", error, extra={"tenant": call.tenant_id})


def _ask(runtime: Runtime, call: Call) -> PastMeeting | None:
    """How it ended; None: Zoom does not say, or refuses to speak of it."""
    if call.connected_at is None:
        return None
    try:
        return asking.with_token(
            runtime, call.tenant_id, lambda token: meetings.past_meeting(runtime.zoom, token, call.uuid)
        )
    except ZoomError as error:
        if error.cause.code in PASSES:
            raise
        log.info("Zoom does not speak of a call: %s", error, extra={"tenant": call.tenant_id})
        return None


def _end(runtime: Runtime, call: Call, past: PastMeeting) -> None:
    with runtime.database.writing() as session:
        now = runtime.clock()
        if standing(session, call.tenant_id, lock=True).connected_at != call.connected_at:
            raise Lost("The connection is not the one that this began with.")
        recorded = record(session, runtime.vault, call.tenant_id, [asking.seen(past)], now)
        settle(session, runtime.vault, recorded.spans)
    log.info("a call had ended, and no webhook told us", extra={"tenant": call.tenant_id})


def _lose(runtime: Runtime, call: Call) -> None:
    """No call is as long as that: it ended, and nobody will ever know when."""
    with runtime.database.writing() as session:
        now = runtime.clock()
        take_turns(session, [call.tenant_id])
        row = session.get(MeetingSession, call.id, with_for_update=True)
        if row is None or row.state != SessionState.RUNNING:
            return
        row.state, row.check_due_at = SessionState.LOST, None
        session.flush()
        settle(session, runtime.vault, [Span(call.tenant_id, call.meeting_id, call.started_at, now)])
    log.warning("nobody knows how a call ended", extra={"tenant": call.tenant_id})
