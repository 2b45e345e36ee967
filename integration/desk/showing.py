"""Support requests read for those who may see them. What does not open is shown as such: the rest is still worth it."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, get_args

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from integration.desk import opening, recording
from integration.desk.models import Ending, RequestEvent, RequestState, ResponseClock, SupportRequest
from integration.desk.opening import Contact
from integration.desk.telling import ANSWERED
from integration.desk.views import MOST_SAID, Delivery, Own, RequestView, Said, SaidKind, ZoomThen
from integration.meetings.opening import UNREADABLE, text_of
from integration.notifications.models import Notification, State
from integration.tenants.models import Tenant
from integration.vault import Vault
from kb.support_hours import business_minutes

# Shown as they are kept.
PLAIN = (
    *("id", "version", "via", "actor", "place", "time_zone", "question_id", "article", "asked_at"),
    *("claimed_by", "claimed_at", "snoozed_until", "card"),
)
DELIVERIES: Mapping[str, Delivery] = {
    State.OPEN: "on_its_way",
    State.DELIVERED: "delivered",
    State.POSSIBLY: "possibly_delivered",
    State.GAVE_UP: "not_delivered",
    State.PARKED: "not_delivered",
    State.SETTLED: "not_delivered",
}


def own(session: Session, vault: Vault, requests: Sequence[SupportRequest]) -> list[Own]:
    """Requests as their asker sees them, in the same order."""
    clocks = _clocks(session, requests)
    return [
        Own(
            id=one.id,
            state=RequestState(one.state),
            text=_text(vault, one, "text") or UNREADABLE,
            asked_at=one.asked_at,
            claimed=one.claimed_by is not None,
            **_measured(clocks[one.id][-1]),
        )
        for one in requests
    ]


def shown(session: Session, vault: Vault, requests: Sequence[SupportRequest], now: datetime) -> list[RequestView]:
    """Requests as the staff see them, in the same order."""
    clocks, said, names = _clocks(session, requests), _said(session, vault, requests), _names(session, requests)
    return [
        RequestView(
            **{name: getattr(one, name) for name in PLAIN},
            state=RequestState(one.state),
            tenant=one.tenant_id,
            tenant_name=names.get(one.tenant_id),
            contact=_contact(vault, one),
            text=_text(vault, one, "text") or UNREADABLE,
            more=_text(vault, one, "more"),
            link=_text(vault, one, "link"),
            zoom=ZoomThen(state=one.zoom_state, cause=one.zoom_cause) if one.zoom_state else None,
            started_at=clocks[one.id][-1].started_at,
            minutes_left=_minutes_left(clocks[one.id][-1], now),
            openings=len(clocks[one.id]),
            said=said[one.id],
            **_measured(clocks[one.id][-1]),
        )
        for one in requests
    ]


def _clocks(session: Session, requests: Sequence[SupportRequest]) -> Mapping[str, list[ResponseClock]]:
    """Those of each request, the first one first."""
    theirs = select(ResponseClock).where(ResponseClock.request_id.in_([one.id for one in requests]))
    clocks: dict[str, list[ResponseClock]] = defaultdict(list)
    for clock in session.scalars(theirs.order_by(ResponseClock.number)):
        clocks[clock.request_id].append(clock)
    return clocks


def _measured(clock: ResponseClock) -> dict[str, Any]:
    ended = Ending(clock.ended) if clock.ended else None
    return {"respond_by": clock.respond_by, "stopped_at": clock.stopped_at, "ended": ended}


def _minutes_left(clock: ResponseClock, now: datetime) -> float | None:
    return round(business_minutes(now, clock.respond_by), 2) if clock.stopped_at is None else None


def _names(session: Session, requests: Sequence[SupportRequest]) -> Mapping[str | None, str]:
    theirs = select(Tenant.id, Tenant.name).where(Tenant.id.in_({one.tenant_id for one in requests}))
    return dict(session.execute(theirs).all())


def _text(vault: Vault, request: SupportRequest, column: str) -> str | None:
    sealed = getattr(request, column)
    return sealed and text_of(vault, opening.TABLE, column, request.id, sealed)


def _contact(vault: Vault, request: SupportRequest) -> Contact | None:
    text = _text(vault, request, "contact")
    if text is None:
        return None
    return Contact(name=UNREADABLE) if text == UNREADABLE else Contact(**json.loads(text))


def _said(session: Session, vault: Vault, requests: Sequence[SupportRequest]) -> Mapping[str, list[Said]]:
    events = _latest_events(session, [one.id for one in requests])
    told = select(Notification.about, Notification.state, Notification.reason).where(
        Notification.kind == ANSWERED, Notification.about.in_([event.id for event in events])
    )
    outcomes = {about: (DELIVERIES[state], reason) for about, state, reason in session.execute(told)}
    said: dict[str, list[Said]] = defaultdict(list)
    for event in events:
        delivery, reason = outcomes.get(event.id, (None, None))
        text = event.text and text_of(vault, recording.TABLE, "text", event.id, event.text)
        said[event.request_id].append(
            Said(
                id=event.id,
                at=event.at,
                kind=event.kind,
                actor=event.actor,
                text=text,
                delivery=delivery,
                reason=reason,
            )
        )
    return said


def latest_said(session: Session, request_id: str) -> RequestEvent | None:
    """The last of what a request as the staff see it says was said."""
    theirs = select(RequestEvent).where(
        RequestEvent.request_id == request_id, RequestEvent.kind.in_(get_args(SaidKind))
    )
    return session.scalars(theirs.order_by(RequestEvent.number.desc()).limit(1)).first()


def _latest_events(session: Session, request_ids: Sequence[str]) -> Sequence[RequestEvent]:
    """What is worth reading, at most `MOST_SAID` of each request, in order: somebody may write all day."""
    from_the_end = func.row_number().over(partition_by=RequestEvent.request_id, order_by=RequestEvent.number.desc())
    theirs = select(RequestEvent, from_the_end.label("from_the_end")).where(
        RequestEvent.request_id.in_(request_ids), RequestEvent.kind.in_(get_args(SaidKind))
    )
    counted = theirs.subquery()
    event = aliased(RequestEvent, counted)
    latest = select(event).where(counted.c.from_the_end <= MOST_SAID)
    return session.scalars(latest.order_by(event.request_id, event.number)).all()
