"""Meeting hours of a tenant, as JSON and CSV, and the meetings behind each number."""

from datetime import date
from typing import Annotated, Literal

from fastapi import Depends, Header, Query, Request, Response

from integration.auth import v1_router
from integration.fields import Name
from integration.meetings import knowledge
from integration.meetings.words import Reason
from integration.reports.accepting import prefers
from integration.reports.filters import Filters, scope_of
from integration.reports.hours import read_hours
from integration.reports.meetings import PAGE, read_meetings
from integration.reports.spreadsheet import file_name, hours_csv
from integration.reports.views import GroupBy, Hours, Meetings
from integration.runtime import Now, runtime_of
from integration.tenants.fields import TenantId

router = v1_router("")

CSV, JSON = "text/csv", "application/json"


def _filters(
    first: Annotated[
        date | None, Query(alias="from", description="The first day, in the tenant's zone. Default: of this month.")
    ] = None,
    last: Annotated[date | None, Query(alias="to", description="Last day, included. Default: today.")] = None,
    customer: Annotated[Name | None, Query(description="The key or the name of a customer.")] = None,
    organizer: Annotated[
        Name | None, Query(description="The key or the address of an organizer; `none`: without one.")
    ] = None,
) -> Filters:
    return Filters(first, last, customer, organizer)


TheFilters = Annotated[Filters, Depends(_filters)]


@router.get(
    "/tenants/{tenant}/meeting-hours",
    summary="Meeting hours by customer, month or organizer",
    response_model=Hours,
    responses={200: {"content": {CSV: {"schema": {"type": "string"}}}, "description": "JSON, or CSV where asked"}},
)
def hours(
    tenant: TenantId,
    request: Request,
    now: Now,
    filters: TheFilters,
    group_by: GroupBy = "customer",
    format: Annotated[Literal["json", "csv"] | None, Query(description="Instead of an Accept header.")] = None,
    accept: Annotated[str, Header(include_in_schema=False)] = "",
) -> Response:
    """The meetings with customers that began on these days. CSV by `Accept: text/csv`, or `format=csv` in a link."""
    runtime = runtime_of(request)
    with runtime.database.reading() as session:
        scope = scope_of(session, runtime.vault, knowledge.about(session, tenant), filters, now)
        report = read_hours(session, runtime.vault, scope, group_by)
    headers = {"Vary": "Accept"}
    if format == "csv" or (format is None and prefers(accept, CSV, to=JSON)):
        headers["Content-Disposition"] = f'attachment; filename="{file_name(report)}"'
        return Response(hours_csv(report), media_type=CSV, headers=headers)
    return Response(report.model_dump_json(by_alias=True), media_type=JSON, headers=headers)


@router.get(
    "/tenants/{tenant}/meetings", summary="The meetings behind a number, the latest first", response_model=Meetings
)
def meetings(
    tenant: TenantId,
    request: Request,
    now: Now,
    filters: TheFilters,
    reason: Annotated[Reason | None, Query(description="Of them, those that count as they do for this reason.")] = None,
    uncounted: Annotated[bool, Query(description="Of them, those that count as scheduled for want of Zoom's.")] = False,
    after: Annotated[Name | None, Query(description="The `next` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = PAGE,
) -> Response:
    """Page by page. The sum over all pages is the number of the report with the same days and filters."""
    runtime = runtime_of(request)
    with runtime.database.reading() as session:
        scope = scope_of(session, runtime.vault, knowledge.about(session, tenant), filters, now)
        page = read_meetings(
            session, runtime.vault, scope, reason=reason, uncounted=uncounted, after=after, limit=limit
        )
    return Response(page.model_dump_json(), media_type=JSON)
