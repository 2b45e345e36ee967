"""The meetings behind a number of the report, page by page, each with what counts of it and why."""

from collections.abc import Iterator
from datetime import date
from functools import partial

from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field

from integration.fields import Name
from integration.meetings.knowledge import knowledge_of
from integration.meetings.reasons import Reason, words_for
from integration.reports.called import customer_name, organizer_name
from integration.reports.choices import chosen_period, days_of
from integration.reports.meetings import read_meetings
from integration.reports.names import month_name
from integration.reports.period import Period
from integration.reports.visiting import Visit


class MeetingsQuery(BaseModel):
    """Which meetings: the filters of the report, and one more step into it."""

    model_config = ConfigDict(populate_by_name=True)

    first: str | None = Field(None, alias="from", max_length=40)
    last: str | None = Field(None, alias="to", max_length=40)
    customer: Name | None = None
    organizer: Name | None = None
    month: str | None = Field(None, pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")
    reason: Reason | None = None
    uncounted: bool = False
    after: Name | None = None


def meetings_page(visit: Visit, query: MeetingsQuery) -> Response:
    """One page of them, the latest first. Raises Invalid for days, filters or a page that cannot be."""
    period = chosen_period(query.first, query.last, visit.tenant_zone, visit.now)
    found = read_meetings(
        visit.session,
        visit.runtime.vault,
        visit.tenant.id,
        first=period.first,
        last=period.last,
        now=visit.now,
        customer=query.customer,
        organizer=query.organizer,
        month=date.fromisoformat(f"{query.month}-01") if query.month else None,
        reason=query.reason,
        uncounted=query.uncounted,
        after=query.after,
    )
    return visit.page(
        "report_meetings.html",
        meetings=found.meetings,
        next=_address(visit, query, period, after=found.next) if found.next else None,
        first=_address(visit, query, period, after=None) if query.after else None,
        report=visit.link("meeting-hours", from_=period.first, to=period.last),
        days=days_of(period),
        filters=list(_filters(visit, query, period)),
        words=partial(words_for, knowledge=knowledge_of(visit.session, visit.tenant.id)),
        adjusted=Reason.ADJUSTED,
    )


def _address(visit: Visit, query: MeetingsQuery, period: Period, **changes: str | None) -> str:
    chosen = query.model_dump(exclude={"first", "last", "uncounted"})
    same = {"from": period.first, "to": period.last, **chosen, "uncounted": "true" if query.uncounted else None}
    return visit.link("meetings", **(same | changes))


def _filters(visit: Visit, query: MeetingsQuery, period: Period) -> Iterator[tuple[str, str]]:
    """What the list is narrowed to, in words, each with the address of the list without it."""
    known = knowledge_of(visit.session, visit.tenant.id)
    named = {
        "customer": query.customer and customer_name(visit, query.customer),
        "organizer": query.organizer and organizer_name(visit, query.organizer),
        "month": query.month and month_name(query.month),
        "reason": query.reason and words_for(query.reason, known).title,
        "uncounted": "Counted as scheduled" if query.uncounted else None,
    }
    for field, name in named.items():
        if name:
            yield name, _address(visit, query, period, **{field: None, "after": None})
