"""`/staff/tenants/{tenant}`: one of them, as it stands now or stood then; and asking Zoom now."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from integration import policy
from integration.connecting.pending import pending
from integration.connections.chronicle import Happened, chronicle
from integration.connections.endpoints import check_moment
from integration.connections.status import read_status
from integration.connections.status_view import Checked, Status
from integration.connections.verify import verify_once
from integration.connections.wording import is_fine
from integration.desk import page_words, showing
from integration.desk.models import WAITING, ResponseClock, SupportRequest
from integration.desk.views import RequestView
from integration.errors import Invalid
from integration.meetings.duration import spoken
from integration.pages.forms import TheForm
from integration.pages.views import READ
from integration.runtime import Runtime, runtime_of
from integration.signing_in.service import Reader
from integration.signing_in.staff_only import TheStaff, staff_page
from integration.staff import attention, standings, words
from integration.staff.people import Belonging, belonging
from integration.tenants import finding
from integration.tenants.calling import names
from integration.tenants.fields import TenantId
from kb.spans import ago
from kb.support_hours import PACIFIC

router = APIRouter(include_in_schema=False)

ACTION = "status_details"
MOST_WAITING, MOST_OTHERS = 20, 3  # requests: the queue has all of them


@dataclass(frozen=True)
class TenantLook:
    """One look at a tenant: who looks, and at which moment; `checked` after a live check."""

    request: Request
    reader: Reader
    tenant: str
    at: datetime | None = None
    checked: Checked | None = None
    just_checked: bool = False

    @property
    def runtime(self) -> Runtime:
        return runtime_of(self.request)


@router.api_route("/staff/tenants/{tenant}", methods=READ)
def tenant(
    request: Request,
    reader: TheStaff,
    tenant: TenantId,
    at: Annotated[str | None, Query(max_length=40)] = None,
) -> Response:
    """The tenant now; with `at`, its connection as it stood then (in Pacific time, unless it says another)."""
    reader.require(ACTION, tenant)
    return _page(TenantLook(request, reader, tenant, _moment(at, runtime_of(request).clock())))


@router.post("/staff/tenants/{tenant}")
def check(request: Request, reader: TheStaff, tenant: TenantId, _sent: TheForm) -> Response:
    """The button "Check with Zoom now": the same page, with what came of it."""
    reader.require(ACTION, tenant)
    checked = verify_once(runtime_of(request), tenant, actor=reader.actor)
    return _page(TenantLook(request, reader, tenant, checked=checked, just_checked=True))


def _page(look: TenantLook) -> Response:
    runtime, now = look.runtime, look.runtime.clock()
    with runtime.database.reading() as session:
        status = _status(session, look, now)
        found = finding.tenant_of(session, look.tenant)
        events, theirs = chronicle(session, runtime.vault, look.tenant), belonging(session, look.tenant)
        waits = pending(session, runtime.vault, look.tenant, now)
        actors = (*_actors(status, events, theirs), waits.actor if waits else None)
        [standing] = standings.every(session, now, only=look.tenant)
        return staff_page(
            look.request,
            look.reader,
            "staff_tenant.html",
            tenant=found,
            status=status,
            at=look.at,
            just_checked=look.just_checked,
            mark=words.mark(status.state, status.verified_at, look.at or now),
            last_worked=words.last_worked(status.state, status.verified_at, look.at or now),
            need=attention.need_of(standing, now),
            can_check="verify" in status.may,
            fine=is_fine(status),
            waits=waits,
            events=events,
            requests=_requests(session, runtime, look.tenant, now),
            requests_in_all=_how_many(session, look.tenant),
            belonging=theirs,
            names=names(session, runtime.vault, actors, look.reader.actor, by_staff=True, organisation=found.name),
            who_acts=words.WHO[status.who_must_act],
            local_time=f"{now.astimezone(ZoneInfo(found.time_zone)):%a %H:%M}",
            words=page_words,
            ago=ago,
            spoken=spoken,
        )


def _actors(status: Status, events: Sequence[Happened], theirs: Belonging) -> Iterator[str | None]:
    """All whom the page names."""
    yield from (one.actor for one in events)
    yield from (one.actor for one in theirs.people)
    if status.connected_by is not None:
        yield status.connected_by.actor


def _status(session: Session, look: TenantLook, now: datetime) -> Status:
    def allowed(action: str) -> bool:
        return policy.allowed(action, look.reader.role, look.reader.tenant, look.tenant)

    return read_status(
        session, look.runtime.vault, look.tenant, now=now, allowed=allowed, as_of=look.at, checked=look.checked
    )


def _requests(session: Session, runtime: Runtime, tenant: str, now: datetime) -> list[RequestView]:
    """Those that wait, the first target first; then the latest few of the others."""
    clock = (ResponseClock.request_id == SupportRequest.id) & ResponseClock.stopped_at.is_(None)
    theirs = select(SupportRequest).where(SupportRequest.tenant_id == tenant)
    waiting = theirs.where(SupportRequest.state.in_(WAITING)).join(ResponseClock, clock)
    others = theirs.where(SupportRequest.state.not_in(WAITING)).order_by(SupportRequest.asked_at.desc())
    first, latest = waiting.order_by(ResponseClock.respond_by).limit(MOST_WAITING), others.limit(MOST_OTHERS)
    found = [*session.scalars(first), *session.scalars(latest)]
    return showing.shown(session, runtime.vault, found, now)


def _how_many(session: Session, tenant: str) -> int:
    return session.scalar(select(func.count()).where(SupportRequest.tenant_id == tenant)) or 0


def _moment(text: str | None, now: datetime) -> datetime | None:
    """The moment that was typed or clicked on; None: now. Raises Invalid in words for people."""
    if not text:
        return None
    try:
        typed = datetime.fromisoformat(text)
        moment = (typed if typed.tzinfo else typed.replace(tzinfo=PACIFIC)).astimezone(UTC)
    except (ValueError, OverflowError):  # the first and the last day there is are not days everywhere
        raise Invalid(
            f"“{text[:30]}” is not a moment.", field="at", remedy="Write one like 2025-01-14T15:00, or choose it."
        ) from None
    check_moment(moment, now, field="at")
    return moment
