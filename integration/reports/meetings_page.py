"""The meetings behind a number of the report, page by page, each with what counts of it and why."""

from functools import partial
from typing import Any

from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field

from integration.fields import Name
from integration.meetings.reasons import words_for
from integration.meetings.words import Reason
from integration.reports.choices import day_of, days_of
from integration.reports.filters import Filters, Scope, scope_of
from integration.reports.meetings import read_meetings
from integration.reports.period import Period
from integration.reports.visiting import Visit


class MeetingsQuery(BaseModel):
    """Which meetings: the filters of the report, and one more step into it."""

    model_config = ConfigDict(populate_by_name=True)

    first: str | None = Field(None, alias="from", max_length=40)
    last: str | None = Field(None, alias="to", max_length=40)
    customer: Name | None = None
    organizer: Name | None = None
    reason: Reason | None = None
    uncounted: bool = False
    after: Name | None = None


def meetings_page(visit: Visit, query: MeetingsQuery) -> Response:
    """One page of them, the latest first. Raises Invalid for days, filters or a page that cannot be."""
    vault = visit.runtime.vault
    days = day_of("from", query.first), day_of("to", query.last)
    filters = Filters(*days, query.customer, query.organizer)
    scope = scope_of(visit.session, vault, visit.about, filters, visit.now)
    narrowed: dict[str, Any] = query.model_dump(include={"reason", "uncounted", "after"})
    found = read_meetings(visit.session, vault, scope, **narrowed)
    address = partial(_address, visit, query, scope.period)
    return visit.page(
        "report_meetings.html",
        meetings=found.meetings,
        total=found.total,
        next=address(after=found.next) if found.next else None,
        first=address(after=None) if query.after else None,
        report=visit.link("meeting-hours", from_=scope.period.first, to=scope.period.last),
        days=days_of(scope.period),
        filters=[(name, address(**{field: None, "after": None})) for field, name in _filters(query, scope).items()],
        words=partial(words_for, knowledge=visit.about.knowledge),
        adjusted=Reason.ADJUSTED,
    )


def _address(visit: Visit, query: MeetingsQuery, period: Period, **changes: str | None) -> str:
    chosen = query.model_dump(exclude={"first", "last", "uncounted"})
    same = {"from": period.first, "to": period.last, **chosen, "uncounted": "true" if query.uncounted else None}
    return visit.link("meetings", **(same | changes))


def _filters(query: MeetingsQuery, scope: Scope) -> dict[str, str]:
    """What the list is narrowed to, in words."""
    reason = {"reason": words_for(query.reason, scope.about.knowledge).title} if query.reason else {}
    return {**scope.whose.names, **reason, **({"uncounted": "Counted as scheduled"} if query.uncounted else {})}
