"""A tenant's connection to Zoom: where it stands, what happened to it, and its end."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Query, Request, Response
from pydantic import AwareDatetime

from integration.auth import TheCaller, v1_router
from integration.connections import history
from integration.connections.disconnect import disconnect
from integration.connections.status import read_status
from integration.connections.status_view import Status
from integration.connections.verify import verify
from integration.connections.views import EventList, ReceiptView, view_of
from integration.errors import Invalid
from integration.runtime import Now, runtime_of
from integration.tenants import finding
from integration.tenants.fields import TenantId

router = v1_router("")

MAX_EVENTS = 200
FIRST_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)


@router.get("/tenants/{tenant}/zoom/status", summary="What is true of the connection", response_model=Status)
def read(
    tenant: TenantId,
    request: Request,
    principal: TheCaller,
    now: Now,
    live: Annotated[bool, Query(description="Ask Zoom first, and record what comes of it.")] = False,
    as_of: Annotated[AwareDatetime | None, Query(description="A past moment, such as 2026-11-03T15:00:00Z.")] = None,
) -> Response:
    """State, cause, who must act, and how fresh that is. Details are for the tenant's admins and for staff."""
    checked = None
    if as_of is not None:
        if live:
            remedy = "Leave out either `live` or `as_of`."
            raise Invalid("The past cannot be checked live.", field="as_of", remedy=remedy)
        check_moment(as_of, now)
    if live:
        principal.require("status_details", tenant)
        checked = verify(runtime_of(request), tenant, actor=principal.actor)
        now = runtime_of(request).clock()
    runtime = runtime_of(request)
    with runtime.database.reading() as session:
        principal.listed_in(session)
        status = read_status(
            session,
            runtime.vault,
            tenant,
            now=now,
            allowed=lambda action: principal.may(action, tenant),
            as_of=as_of,
            checked=checked,
        )
    return Response(status.model_dump_json(), media_type="application/json")


def check_moment(as_of: datetime, now: datetime, *, field: str = "as_of") -> None:
    """Raises Invalid, naming the `field`, for a moment of which nothing can be known."""
    if not FIRST_MOMENT <= as_of <= now:
        raise Invalid(f"{field} is not a moment in the past.", field=field, remedy="Name one since 2000, up to now.")


@router.get("/tenants/{tenant}/zoom/events", summary="What happened to the connection, newest first")
def read_events(tenant: TenantId, request: Request) -> EventList:
    runtime = runtime_of(request)
    with runtime.database.reading() as session:
        finding.tenant_of(session, tenant)
        found = history.events(session, tenant, limit=MAX_EVENTS)
        return EventList(events=[view_of(session, runtime.vault, event) for event in found])


@router.delete("/tenants/{tenant}/zoom/connection", summary="Disconnect: delete what Zoom gave us, and say so to Zoom")
def end(tenant: TenantId, request: Request, principal: TheCaller) -> ReceiptView:
    """Repeatable: the receipt stays the same. `revoked` says whether Zoom has confirmed it; until then it is tried."""
    receipt = disconnect(runtime_of(request), tenant, cause="disconnected", actor=principal.actor)
    return ReceiptView.of(receipt)
