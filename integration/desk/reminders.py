"""Staff are reminded before a target is missed, and at the miss; in open hours only.

30 open minutes before the target whoever has the request is reminded, 10 minutes before and at the miss the channel
too; at the miss the asker hears that we are late. Of several stages that are due at once, only the most urgent is told.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from integration.desk import telling
from integration.desk.models import ResponseClock, SupportRequest
from integration.notifications import service
from integration.notifications.kinds import Payload
from integration.notifications.models import UNREACHED, Notification, State
from integration.notifications.staff import PLACE
from integration.tenants.preferences import wants
from integration.vault import Vault
from kb import support_hours
from kb.calendar import Calendar

REMINDER = "support_request.reminder"
STAGES = (30, 10, 0)  # open minutes before the target at which staff are reminded; 0: it was missed
MISSED = 0
BEFORE_THE_MISS = tuple(stage for stage in STAGES if stage != MISSED)
CHANNEL, CLAIMER, ASKER = "channel", "claimer", "asker"
MOST_AT_ONCE = 100


def owe_due(session: Session, vault: Vault, now: datetime, calendar: Calendar | None = None) -> int:
    """A worker's duty: owe what is due by now, and return of how many targets. While closed, what nobody was told
    yet waits until we open.
    """
    if not support_hours.is_open(now, calendar):
        return _postpone(session, support_hours.next_opening(now, calendar))
    found = 0
    for stage in sorted(STAGES):
        for clock, request in _due(session, stage, now, calendar):
            clock.reminded = stage
            # A less urgent one that no bot has delivered yet would come on top of this one.
            settle(session, vault, clock, now, [other for other in STAGES if other > stage])
            _owe(session, vault, clock, request, now)
            found += 1
        session.flush()
    return found


def settle(session: Session, vault: Vault, clock: ResponseClock, now: datetime, stages: Sequence[int] = STAGES) -> None:
    """Nobody needs to hear any more of what these stages were about."""
    service.settle(session, vault, about=_abouts(clock, stages), now=now)


def take_back(session: Session, clock: ResponseClock) -> None:
    """Another has the request now, or it is snoozed: what is near and nobody was told yet is owed anew, to whom it
    concerns then and when it may be told. The clock must be locked.
    """
    if service.take_back(session, about=_abouts(clock, BEFORE_THE_MISS)):
        clock.reminded = None


def ended(session: Session, vault: Vault, row: Notification, said: Payload, now: datetime) -> None:
    """A reminder that cannot reach whoever has the request (they left, or are no staff any more): the channel hears
    of that stage, unless it does anyway.
    """
    if row.state not in UNREACHED or said.get("to", CHANNEL) == CHANNEL:
        return
    to_channel = row.about.replace(f"/{CLAIMER}/", f"/{CHANNEL}/")
    payload = {**said, "to": CHANNEL}
    service.owe(session, vault, kind=REMINDER, about=to_channel, payload=payload, now=now, place=PLACE)


def _about(clock: ResponseClock, stage: int, to: str) -> str:
    """What a reminder tells of. With the target: when the calendar moves that, there is something new to tell."""
    return f"{clock.id}/{stage}/{to}/{int(clock.respond_by.timestamp())}"


def _abouts(clock: ResponseClock, stages: Sequence[int]) -> Sequence[str]:
    return [_about(clock, stage, to) for stage in stages for to in (CHANNEL, CLAIMER, ASKER)]


def _due(
    session: Session, stage: int, now: datetime, calendar: Calendar | None
) -> Iterator[tuple[ResponseClock, SupportRequest]]:
    """The running clocks that have come to this stage (or past it), and were not told of it or a more urgent one."""
    clock, request = ResponseClock, SupportRequest
    due = (
        select(clock, request)
        .join(request, request.id == clock.request_id)
        .where(
            clock.stopped_at.is_(None),
            or_(clock.reminded.is_(None), clock.reminded > stage),
            *_reached(stage, now, calendar),
        )
        .order_by(clock.respond_by, clock.id)
        .limit(MOST_AT_ONCE)
        .with_for_update(of=clock, skip_locked=True)
    )
    for row in session.execute(due).all():
        yield row.ResponseClock, row.SupportRequest


def _reached(stage: int, now: datetime, calendar: Calendar | None) -> Sequence[ColumnElement[bool]]:
    """A miss is told in any case; before that, snoozed means not now, and after it, that it is near is old news."""
    if stage == MISSED:
        return (ResponseClock.respond_by < now,)
    nearest = support_hours.after(now, timedelta(minutes=stage), calendar)
    snoozed = SupportRequest.snoozed_until
    return ResponseClock.respond_by.between(now, nearest), or_(snoozed.is_(None), snoozed <= now)


def _owe(session: Session, vault: Vault, clock: ResponseClock, request: SupportRequest, now: datetime) -> None:
    stage = clock.reminded
    assert stage is not None  # noqa: S101 - it was set to the stage that is told
    payload = {
        "request": request.id,
        "tenant": request.tenant_id,  # so that it goes when that goes
        "clock": clock.id,
        "stage": stage,
        "respond_by": clock.respond_by.isoformat(),
    }
    hearers = _told(stage, request.claimed_by, wanted=_wants_reminders(session, request.claimed_by))
    for place, to in enumerate(hearers):
        service.owe(
            session,
            vault,
            kind=REMINDER,
            about=_about(clock, stage, CHANNEL if to == CHANNEL else CLAIMER),
            payload=payload | {"to": to},
            now=now,
            place=PLACE,
            due=now + place * timedelta(microseconds=1),  # handed out in this order
        )

    if stage == MISSED:
        telling.late(session, vault, request, about=_about(clock, MISSED, ASKER), now=now)


def _told(stage: int, claimer: str | None, *, wanted: bool) -> Sequence[str]:
    """Who is told: the claimer first, then the channel. A miss comes to the claimer, wanted or not."""
    if claimer is None:
        return (CHANNEL,)
    if stage == STAGES[0]:
        return (claimer,) if wanted else (CHANNEL,)
    return (claimer, CHANNEL) if wanted or stage == MISSED else (CHANNEL,)


def _wants_reminders(session: Session, actor: str | None) -> bool:
    return actor is None or wants(session, actor).reminders


def _postpone(session: Session, opening: datetime) -> int:
    """Let what is still owed wait until then; what a bot has in hand right now, it may still say to have delivered."""
    kinds = Notification.kind.in_((REMINDER, telling.LATE))
    waiting = (kinds, Notification.state == State.OPEN, Notification.due_at < opening)
    later = update(Notification).where(*waiting).values(due_at=opening).returning(Notification.id)
    return len(session.scalars(later, execution_options={"synchronize_session": False}).all())
