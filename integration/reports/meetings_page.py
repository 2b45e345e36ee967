"""The meetings behind a number of the report, each with what counts of it and why; and a file of them."""

from dataclasses import dataclass
from functools import partial
from typing import Any, get_args

from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field

from integration.errors import Invalid
from integration.fields import Name
from integration.meetings.reasons import words_for
from integration.meetings.words import Reason
from integration.pages.shown_tables import shown_part
from integration.pages.tables import Asked, Column, Table
from integration.reports.choices import day_of, days_of
from integration.reports.filters import Filters, Scope, scope_of
from integration.reports.meetings import SortedBy, read_sorted, total_of
from integration.reports.views import MeetingRow
from integration.reports.visiting import Visit

MOST_IN_FILE = 20_000


class MeetingsQuery(BaseModel):
    """Which meetings: the filters of the report, and one more step into it."""

    model_config = ConfigDict(populate_by_name=True)

    first: str | None = Field(None, alias="from", max_length=40)
    last: str | None = Field(None, alias="to", max_length=40)
    customer: Name | None = None
    organizer: Name | None = None
    reason: Reason | None = None
    uncounted: bool = False

    @property
    def narrowed(self) -> dict[str, Any]:
        """The further step."""
        return {"reason": self.reason, "uncounted": self.uncounted}


def _table(visit: Visit) -> Table[MeetingRow]:
    number = partial(Column[MeetingRow], number=True, most_first=True)

    def why(one: MeetingRow) -> str:
        return words_for(one.reason, visit.about.knowledge).title

    return Table(
        path="/reports/meetings",
        columns=(
            Column("title", "Meeting", lambda one: one.title, sorts=False),
            Column("organizer", "Organizer", lambda one: one.organizer, sorts=False, drawn=False),
            Column("start", "Scheduled for", lambda one: one.start, most_first=True),
            Column("customers", "Customers", lambda one: ", ".join(one.customers), sorts=False),
            number("scheduled", "Scheduled", lambda one: one.scheduled_seconds, in_file="Scheduled seconds"),
            number("counted", "Counted", lambda one: one.counted_seconds, in_file="Counted seconds"),
            number(
                "difference",
                "Difference",
                lambda one: one.counted_seconds - one.scheduled_seconds,
                in_file="Difference in seconds",
            ),
            Column("reason", "Why", why),
            Column("meeting_id", "Meeting id", lambda one: one.meeting_id, drawn=False),
        ),
        sort="start",
    )


@dataclass(frozen=True)
class _List:
    """The list that is asked for."""

    visit: Visit
    query: MeetingsQuery
    scope: Scope
    table: Table[MeetingRow]
    asked: Asked

    def rows(self, offset: int, limit: int) -> list[MeetingRow]:
        by: SortedBy = next(one for one in get_args(SortedBy) if one == self.asked.sort)
        visit, down = self.visit, self.asked.descending
        return read_sorted(
            visit.session,
            visit.runtime.vault,
            self.scope,
            by,
            descending=down,
            offset=offset,
            limit=limit,
            **self.query.narrowed,
        )


def meetings_page(visit: Visit, query: MeetingsQuery) -> Response:
    """One page of them. Raises Invalid for days or filters that cannot be."""
    found = _list(visit, query)
    table, asked, scope = found.table, found.asked, found.scope
    total = total_of(visit.session, scope, **query.narrowed)
    rows = found.rows(table.offset(asked, total.meetings), table.page)
    address = partial(table.link, asked)
    return visit.page(
        "report_meetings.html",
        table=shown_part(table, asked, rows, total.meetings),
        total=total,
        most=MOST_IN_FILE,
        report=visit.link("meeting-hours", {"from": scope.period.first, "to": scope.period.last}),
        days=days_of(scope.period),
        filters=[(name, address(**{field: None})) for field, name in _filters(query, scope).items()],
        words=partial(words_for, knowledge=visit.about.knowledge),
    )


def meetings_file(visit: Visit, query: MeetingsQuery) -> Response:
    """All of them, for spreadsheets: lengths in seconds. Raises Invalid for too many, too."""
    found = _list(visit, query)
    rows = found.rows(0, MOST_IN_FILE + 1)
    if len(rows) > MOST_IN_FILE:
        raise Invalid(
            f"These are more than {MOST_IN_FILE:,} meetings, too many for one file.",
            field="from",
            remedy="Choose fewer days, one customer or one organizer.",
        )
    period = found.scope.period
    return found.table.file(f"meetings-{visit.about.tenant_id}-{period.first}-{period.last}", rows)


def _list(visit: Visit, query: MeetingsQuery) -> _List:
    days = day_of("from", query.first), day_of("to", query.last)
    filters = Filters(*days, query.customer, query.organizer)
    scope = scope_of(visit.session, visit.runtime.vault, visit.about, filters, visit.now)
    same = {
        **visit.carried,
        "from": scope.period.first,
        "to": scope.period.last,
        **query.model_dump(include={"customer", "organizer", "reason"}, exclude_none=True),
        **({"uncounted": "true"} if query.uncounted else {}),
    }
    table = _table(visit)
    carried = {name: str(value) for name, value in same.items()}
    return _List(visit, query, scope, table, table.asked(visit.asked.request.query_params, carried))


def _filters(query: MeetingsQuery, scope: Scope) -> dict[str, str]:
    """What the list is narrowed to, in words."""
    reason = {"reason": words_for(query.reason, scope.about.knowledge).title} if query.reason else {}
    return {**scope.whose.names, **reason, **({"uncounted": "Counted as scheduled"} if query.uncounted else {})}
