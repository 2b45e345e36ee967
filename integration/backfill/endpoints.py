"""`/v1/tenants/{tenant}/backfill`: have Zoom asked about the past, and see how far that is."""

from fastapi import Request

from integration.auth import TheCaller, v1_router
from integration.backfill.progress import Progress, progress_of
from integration.backfill.service import start
from integration.problems import Problem
from integration.runtime import Now, WritingSession, runtime_of
from integration.tenants import finding
from integration.tenants.fields import TenantId

router = v1_router("")


@router.post(
    "/tenants/{tenant}/backfill",
    status_code=202,
    summary="Ask Zoom about the past: the worker does it, newest first",
    responses={409: {"model": Problem, "description": "Zoom is not connected"}},
)
def ask(tenant: TenantId, principal: TheCaller, session: WritingSession, now: Now) -> Progress:
    """Repeatable: what goes on already is not begun anew, and what is known already changes nothing."""
    finding.tenant_of(session, tenant)
    start(session, tenant, "asked", principal.actor, now)
    return progress_of(session, tenant) or Progress(state="none")


@router.get("/tenants/{tenant}/backfill", summary="How far the newest back-fill is")
def read(tenant: TenantId, request: Request) -> Progress:
    with runtime_of(request).database.reading() as session:
        finding.tenant_of(session, tenant)
        return progress_of(session, tenant) or Progress(state="none")
