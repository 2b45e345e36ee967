"""How long one meeting was: what was asked for is found, and one of its times is chosen."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from integration.errors import Invalid
from integration.meetings import asked, missing, occasions, rooms
from integration.meetings.answering import answer, other
from integration.meetings.days import FIRST_DAY, end_of, start_of
from integration.meetings.knowledge import About, AnyRow
from integration.meetings.models import MEETING, UUID
from integration.meetings.occasions import Found, Occasion
from integration.meetings.opening import UNREADABLE, shown_text, text_of
from integration.meetings.views import DurationAnswer
from integration.vault import Vault

MOST_OTHERS = 20


@dataclass(frozen=True)
class _Sought:
    """A meeting. `occasion`: the one that was named, if one was."""

    meeting_id: str | None
    hashes: Sequence[str]
    occasion: Occasion | None = None


UNKNOWN = _Sought(None, ())


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
    sought = _sought(session, vault, tenant, meeting, on, occurrence)
    held = occasions.held(session, tenant, sought.hashes, until=now)
    _check_day(held.about, on, now)
    chosen = sought.occasion or _choose(session, sought, held, on, now)
    rest = [one for one in held.occasions if chosen is None or one.id != chosen.id]
    others = [other(vault, held.about, one, now) for one in rest[:MOST_OTHERS]]
    if chosen is None:
        raise missing.nothing_found(held.about, on, others, now)
    return answer(
        session,
        vault,
        held.about,
        chosen,
        _calls(session, chosen, held),
        meeting_id=sought.meeting_id,
        others=others,
        more=len(rest) > MOST_OTHERS,
        now=now,
    )


def _check_day(about: About, on: date | None, now: datetime) -> None:
    today = now.astimezone(about.zone).date()
    if on is not None and not FIRST_DAY <= on <= today:
        raise Invalid(
            f"That day is {'in the future' if on > today else 'too long ago'}.",
            field="on",
            remedy="Ask about a meeting that has begun: name a day until today, such as 2025-01-31.",
        )


def _sought(
    session: Session, vault: Vault, tenant_id: str, meeting: str | None, on: date | None, occurrence: str | None
) -> _Sought:
    if occurrence is not None:
        return _named(session, vault, tenant_id, occurrence)
    if meeting is None:
        raise Invalid("meeting is missing.", field="meeting", remedy="Name the meeting by its id, uuid or join link.")
    typed = asked.read(meeting)
    if typed.uuid is not None:
        call = occasions.call_with(session, tenant_id, vault.lookup_hashes(UUID, typed.uuid))
        found = _of_call(session, vault, tenant_id, call) if call is not None else UNKNOWN
        return found if on is None else replace(found, occasion=None)
    meeting_id = rooms.resolve(session, vault, tenant_id, typed.meeting_id or "")
    names = {typed.meeting_id or "", meeting_id}
    return _Sought(meeting_id, [known for one in sorted(names) for known in vault.lookup_hashes(MEETING, one)])


def _named(session: Session, vault: Vault, tenant_id: str, occurrence: str) -> _Sought:
    """Raises NotFound for one that there is not, or no longer."""
    event = occasions.event_of(session, tenant_id, occurrence)
    if event is not None:
        meeting_id = shown_text(vault, "meeting_id", event.id, event.meeting_id)
        return _Sought(meeting_id, _hashes(vault, meeting_id, event.meeting_hash), occasions.of_event(event))
    call = occasions.call_of(session, tenant_id, occurrence)
    if call is None:
        raise missing.no_such_occurrence()
    return _of_call(session, vault, tenant_id, call)


def _of_call(session: Session, vault: Vault, tenant_id: str, call: AnyRow) -> _Sought:
    """The meeting of a call, and the occasion that the call is of."""
    meeting_id = text_of(vault, "meeting_sessions", "meeting_id", call.id, call.meeting_id)
    hashes = _hashes(vault, meeting_id, call.meeting_hash)
    event = occasions.event_of(session, tenant_id, call.event_id) if call.event_id is not None else None
    if event is not None:
        return _Sought(meeting_id, hashes, occasions.of_event(event))
    near = occasions.held(session, tenant_id, hashes, until=call.started_at).occasions
    # Between the two queries it may have been tied to an event.
    alone = occasions.in_no_event([call])[0]
    return _Sought(meeting_id, hashes, next((one for one in near if one.has(call.id)), alone))


def _hashes(vault: Vault, meeting_id: str | None, its_own: str | None) -> Sequence[str]:
    """By all keys; where the id does not open, by the one that its row has."""
    if meeting_id is None or its_own is None:
        return ()
    return [its_own] if meeting_id == UNREADABLE else vault.lookup_hashes(MEETING, meeting_id)


def _choose(session: Session, sought: _Sought, held: Found, on: date | None, now: datetime) -> Occasion | None:
    """The latest, or the latest of a day (None: there is none on that day). Raises NotFound where there are none."""
    about = held.about
    if not held.occasions:
        planned = occasions.planned_for(session, about.tenant_id, sought.hashes, now)
        raise missing.nothing_found(about, on, (), now) if planned is None else missing.not_begun(about, planned)
    if on is None:
        return held.occasions[0]
    until = min(end_of(on, about.zone) - timedelta.resolution, now)
    begun = occasions.held(session, about.tenant_id, sought.hashes, until=until).occasions
    return next((one for one in begun if one.is_of(start_of(on, about.zone))), None)


def _calls(session: Session, chosen: Occasion, held: Found) -> Sequence[AnyRow]:
    """The calls of an occasion: often they were read already."""
    if chosen.event is None:
        return chosen.calls
    latest = next((one for one in held.occasions if one.event is not None), None)
    if held.tied is not None and latest is not None and latest.id == chosen.id:
        return held.tied
    return occasions.calls_of(session, chosen.id)
