"""How long one meeting was: what was asked for is found, and one of its times is chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from integration.errors import Invalid, NotFound
from integration.meetings import asked, knowledge, missing, occasions, rooms
from integration.meetings.answering import answer, other
from integration.meetings.days import FIRST_DAY, end_of, start_of
from integration.meetings.knowledge import About
from integration.meetings.models import MEETING
from integration.meetings.occasions import AnyRow, Held, Occasion
from integration.meetings.opening import event_text
from integration.meetings.sessions import UUID
from integration.meetings.views import DurationAnswer
from integration.vault import Vault

MOST_OTHERS = 20
NOTHING = Held((), None)


@dataclass(frozen=True)
class _Sought:
    """A meeting. `occasion`: the one that was named, if one was."""

    meeting_id: str | None
    hashes: Sequence[str]
    occasion: Occasion | None = None


def find_duration(
    session: Session,
    vault: Vault,
    tenant: str,
    meeting: str | None,
    on: date | None,
    now: datetime,
    *,
    occurrence: str | None = None,
) -> DurationAnswer:
    """How long a meeting was, what counts and why.

    `meeting`: its id as people type it, a call's uuid, a join link, or `my/name`. Of several times it is the latest
    that has begun, or the latest of the day `on` in the tenant's zone, or the one that `occurrence` names (as an answer
    gave it; `meeting` may be None then). Raises NotFound, whose `extra` has `cause` and `others`, and Invalid.
    """
    about = knowledge.about(session, tenant)
    connection = session.connection()
    _check_day(about, on, now)
    sought = _sought(session, vault, about, meeting, on, now, occurrence)
    held = occasions.held(connection, tenant, sought.hashes, until=now) if sought.hashes else NOTHING
    chosen = sought.occasion or _choose(connection, about, sought, held, on, now)
    rest = [one for one in held.occasions if chosen is None or one.id != chosen.id]
    others = [other(vault, about, one, now) for one in rest[:MOST_OTHERS]]
    if chosen is None:
        raise missing.not_on_that_day(others)
    return answer(
        connection,
        vault,
        about,
        chosen,
        _calls(connection, chosen, held),
        meeting_id=sought.meeting_id,
        others=others,
        more=len(rest) > MOST_OTHERS,
        now=now,
    )


def _check_day(about: About, on: date | None, now: datetime) -> None:
    today = now.astimezone(about.zone).date()
    if on is not None and not FIRST_DAY <= on <= today:
        raise Invalid(
            f"on is {'in the future' if on > today else 'too long ago'}.",
            field="on",
            remedy="Ask about a meeting that has begun: name a day until today, such as 2025-01-31.",
        )


def _sought(
    session: Session,
    vault: Vault,
    about: About,
    meeting: str | None,
    on: date | None,
    now: datetime,
    occurrence: str | None,
) -> _Sought:
    if occurrence is not None:
        return _named(session.connection(), vault, about, occurrence)
    if meeting is None:
        raise Invalid("meeting is missing.", field="meeting", remedy="Name the meeting by its id, uuid or join link.")
    typed = asked.read(meeting)
    if typed.meeting_id is not None:
        meeting_id = rooms.resolve(session, vault, about.tenant_id, typed.meeting_id)
        names = {typed.meeting_id, meeting_id}
        return _Sought(meeting_id, [known for one in sorted(names) for known in vault.lookup_hashes(MEETING, one)])
    hashes = vault.lookup_hashes(UUID, typed.uuid or "")
    call = occasions.call_with(session.connection(), about.tenant_id, hashes)
    if call is None:
        raise missing.unknown_meeting(about, on, now)
    found = _of_call(session.connection(), vault, about, call)
    return found if on is None else _Sought(found.meeting_id, found.hashes)


def _named(connection: Connection, vault: Vault, about: About, occurrence: str) -> _Sought:
    """Raises NotFound for one that there is not, or no longer."""
    event = occasions.event_of(connection, about.tenant_id, occurrence)
    if event is not None:
        meeting_id = event_text(vault, "meeting_id", event.id, event.meeting_id)
        hashes = vault.lookup_hashes(MEETING, meeting_id) if meeting_id else ()
        return _Sought(meeting_id, hashes, occasions.of_event(event))
    call = occasions.call_of(connection, about.tenant_id, occurrence)
    if call is None:
        raise NotFound(
            "There is no such occurrence any more.",
            field="occurrence",
            remedy="Ask for the meeting again, without an occurrence.",
            extra={"cause": "never_seen", "others": []},
        )
    return _of_call(connection, vault, about, call)


def _of_call(connection: Connection, vault: Vault, about: About, call: AnyRow) -> _Sought:
    """The meeting of a call, and the occasion that the call is of."""
    meeting_id = vault.open(call.meeting_id, table="meeting_sessions", column="meeting_id", row=call.id)
    hashes = vault.lookup_hashes(MEETING, meeting_id)
    if call.event_id is not None:
        event = occasions.event_of(connection, about.tenant_id, call.event_id)
        if event is not None:
            return _Sought(meeting_id, hashes, occasions.of_event(event))
    near = occasions.held(connection, about.tenant_id, hashes, until=call.started_at)
    [occasion, *_] = [one for one in near.occasions if one.has(call.id)] or occasions.in_no_event([call])
    return _Sought(meeting_id, hashes, occasion)


def _choose(
    connection: Connection, about: About, sought: _Sought, held: Held, on: date | None, now: datetime
) -> Occasion | None:
    """The latest, or the latest of a day (None: there is none on that day). Raises NotFound where there are none."""
    if not held.occasions:
        planned = occasions.planned_for(connection, about.tenant_id, sought.hashes, now)
        raise missing.unknown_meeting(about, on, now) if planned is None else missing.not_begun(about, planned)
    if on is None:
        return held.occasions[0]
    until = end_of(on, about.zone) - timedelta.resolution
    latest = occasions.held(connection, about.tenant_id, sought.hashes, until=min(until, now)).occasions[:1]
    return next((one for one in latest if one.start >= start_of(on, about.zone)), None)


def _calls(connection: Connection, chosen: Occasion, held: Held) -> Sequence[AnyRow]:
    """The calls of an occasion: often they were read already."""
    if chosen.event is None:
        return chosen.calls
    latest = next((one for one in held.occasions if one.event is not None), None)
    if held.tied is not None and latest is not None and latest.id == chosen.id:
        return held.tied
    return occasions.calls_of(connection, chosen.id)
