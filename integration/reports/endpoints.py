"""Meeting hours of a tenant, as JSON and CSV, and the meetings behind each number."""

from datetime import date
from typing import Annotated, Literal

from fastapi import Header, Query, Request, Response

from integration.auth import v1_router
from integration.fields import Name
from integration.meetings.reasons import Reason
from integration.reports.hours import read_hours
from integration.reports.meetings import PAGE, read_meetings
from integration.reports.spreadsheet import as_csv, file_name
from integration.reports.views import GroupBy, Hours, Meetings
from integration.runtime import Now, runtime_of
from integration.tenants.fields import TenantId

router = v1_router("")

CSV = "text/csv"
MONTH = r"^20[0-9]{2}-(0[1-9]|1[0-2])$"

First = Annotated[
    date | None, Query(alias="from", description="The first day, in the tenant's zone. Default: of this month.")
]
Last = Annotated[date | None, Query(alias="to", description="Last day, included. Default: today.")]
Customer = Annotated[Name | None, Query(description="The key or the name of a customer.")]
Organizer = Annotated[Name | None, Query(description="The key or the address of an organizer; `none`: without one.")]


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
    first: First = None,
    last: Last = None,
    group_by: GroupBy = "customer",
    customer: Customer = None,
    organizer: Organizer = None,
    format: Annotated[Literal["json", "csv"] | None, Query(description="Instead of an Accept header.")] = None,
    accept: Annotated[str, Header(include_in_schema=False)] = "",
) -> Response:
    """The meetings with customers that began on these days. CSV by `Accept: text/csv`, or `format=csv` in a link."""
    runtime = runtime_of(request)
    with runtime.database.reading() as session:
        report = read_hours(
            session,
            runtime.vault,
            tenant,
            first=first,
            last=last,
            group_by=group_by,
            now=now,
            customer=customer,
            organizer=organizer,
        )
    if format == "csv" or (format is None and CSV in accept):
        attachment = {"Content-Disposition": f'attachment; filename="{file_name(report)}"'}
        return Response(as_csv(report), media_type=CSV, headers=attachment)
    return Response(report.model_dump_json(by_alias=True), media_type="application/json")


@router.get(
    "/tenants/{tenant}/meetings", summary="The meetings behind a number, the latest first", response_model=Meetings
)
def meetings(
    tenant: TenantId,
    request: Request,
    now: Now,
    first: First = None,
    last: Last = None,
    customer: Customer = None,
    organizer: Organizer = None,
    month: Annotated[str | None, Query(pattern=MONTH, description="Of them, those of a month such as 2025-01.")] = None,
    reason: Annotated[Reason | None, Query(description="Of them, those that count as they do for this reason.")] = None,
    uncounted: Annotated[bool, Query(description="Of them, those that count as scheduled for want of Zoom's.")] = False,
    after: Annotated[Name | None, Query(description="The `next` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = PAGE,
) -> Response:
    """Page by page. The sum over all pages is the number of the report with the same days and filters."""
    runtime = runtime_of(request)
    with runtime.database.reading() as session:
        page = read_meetings(
            session,
            runtime.vault,
            tenant,
            first=first,
            last=last,
            now=now,
            customer=customer,
            organizer=organizer,
            month=date.fromisoformat(f"{month}-01") if month else None,
            reason=reason,
            uncounted=uncounted,
            after=after,
            limit=limit,
        )
    return Response(page.model_dump_json(), media_type="application/json")
