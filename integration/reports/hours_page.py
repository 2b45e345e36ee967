"""The page of meeting hours: totals, charts, a table that sorts, and why some meetings count as scheduled."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Literal

from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field

from integration.errors import Invalid
from integration.fields import Name
from integration.meetings.reasons import words_for
from integration.meetings.words import Words
from integration.pages.shown_tables import shown
from integration.pages.tables import Column, Table
from integration.reports import charts
from integration.reports.charts import Bars
from integration.reports.choices import choices, day_of, days_of, over_time
from integration.reports.filters import Filters, Scope, scope_of
from integration.reports.hours import read_hours
from integration.reports.notices import has_calendar, notices
from integration.reports.period import Period, period_of
from integration.reports.spreadsheet import FIRST_COLUMN
from integration.reports.views import Group, GroupBy, Hours
from integration.reports.visiting import Visit

PATH = "/reports/meeting-hours"


class HoursQuery(BaseModel):
    """What the page can be asked for. Days are texts: an empty one is none, and a wrong one is told in words."""

    model_config = ConfigDict(populate_by_name=True)

    first: str | None = Field(None, alias="from", max_length=40)
    last: str | None = Field(None, alias="to", max_length=40)
    by: Literal["customer", "organizer"] = "customer"
    customer: Name | None = None
    organizer: Name | None = None


@dataclass(frozen=True)
class Line:
    """A line of a table, with the addresses of the meetings behind it, and of those of them that count as scheduled.

    None: they are no meetings of their own.
    """

    group: Group
    href: str | None
    uncounted: str | None


def table_of(by: GroupBy) -> Table[Line]:
    """The table of groups: who meets most comes first."""
    number = partial(Column[Line], number=True, most_first=True)
    return Table(
        path=PATH,
        columns=(
            Column("name", FIRST_COLUMN[by], lambda line: line.group.name),
            number("counted", "Counted", lambda line: line.group.counted_seconds),
            number("scheduled", "Scheduled", lambda line: line.group.scheduled_seconds),
            number("difference", "Difference", lambda line: line.group.counted_seconds - line.group.scheduled_seconds),
            number("meetings", "Meetings", lambda line: line.group.meetings),
            number("uncounted", "As scheduled", lambda line: line.group.uncounted),
        ),
        sort="counted",
        anchor="groups",
    )


@dataclass(frozen=True)
class Why:
    """How many meetings count as scheduled for one reason, and where they are."""

    count: int
    words: Words
    href: str


def scope_asked(visit: Visit, query: HoursQuery) -> Scope:
    """Which meetings a page or a file is about. Raises Invalid for days or filters that cannot be."""
    days = day_of("from", query.first), day_of("to", query.last)
    filters = Filters(*days, query.customer, query.organizer)
    return scope_of(visit.session, visit.runtime.vault, visit.about, filters, visit.now)


def hours_of(visit: Visit, scope: Scope, group_by: GroupBy) -> Hours:
    """The report that a page or a file is made of."""
    return read_hours(visit.session, visit.runtime.vault, scope, group_by)


def hours_page(visit: Visit, query: HoursQuery) -> Response:
    """The whole page; for days or filters that cannot be, what to do."""
    try:
        scope = scope_asked(visit, query)
    except Invalid as error:
        return _ask_again(visit, query, error)
    period = scope.period
    longer = over_time(period)
    hours, months = hours_of(visit, scope, query.by), hours_of(visit, replace(scope, period=longer), "month")
    to = partial(_behind, visit, query)
    lines = [to(period, one, **{query.by: one.key}) for one in hours.groups]
    by_month = [to(longer.months()[one.key], one) for one in months.groups]
    table, calendar = table_of(query.by), has_calendar(visit)
    asked = table.asked(visit.asked.request.query_params, _same(visit, query, period))
    return visit.page(
        "report_hours.html",
        hours=hours,
        query=query,
        period=period,
        longer=longer,
        days=days_of,
        today=visit.now.astimezone(visit.about.zone).date(),
        here=partial(_here, visit, table.query(asked)),
        hidden=_hidden(visit, query),
        choices=choices(period, visit.now),
        has_calendar=calendar,
        notices=notices(visit, hours, calendar=calendar),
        chosen=scope.whose.names,
        table=shown(table, asked, lines),
        most_bars=charts.MOST_BARS,
        shared=_shared(hours),
        total=to(period, _total(hours)),
        months=by_month,
        months_total=to(longer, _total(months)),
        group_chart=charts.by_group(_bars(lines), f"Scheduled and counted hours by {query.by}, as in the table"),
        month_chart=charts.over_time(
            _bars(by_month, _short_month), "Scheduled and counted hours by month, as in the table"
        ),
        reasons=_reasons(visit, query, period, hours),
    )


def _ask_again(visit: Visit, query: HoursQuery, problem: Invalid) -> Response:
    """What cannot be, said above the days that were typed; a customer or organizer that there is not is left out."""
    usual = period_of(visit.about.zone, None, None, visit.now)
    kept = query.model_copy(update={problem.field: None} if problem.field in ("customer", "organizer") else {})
    here = partial(_here, visit, _same(visit, kept, usual))
    hidden, offered = _hidden(visit, kept), choices(usual, visit.now)
    days = {"first": _day_typed(query.first), "last": _day_typed(query.last)}
    context = {"problem": problem, "here": here, "hidden": hidden, "choices": offered}
    return visit.page("report_hours_again.html", problem.status, **context, **days)


def _day_typed(text: str | None) -> str:
    """For the form again; browsers refuse what is no day."""
    try:
        return str(day_of("from", text) or "")
    except Invalid:
        return ""


def _hidden(visit: Visit, query: HoursQuery) -> dict[str, str]:
    """What goes along when other days are typed."""
    return visit.carried | _filters(query) | ({"by": query.by} if query.by != "customer" else {})


def _same(visit: Visit, query: HoursQuery, period: Period) -> dict[str, str]:
    """What stays in every link of the page; what is as usual is left out."""
    return {
        **visit.carried,
        "from": f"{period.first}",
        "to": f"{period.last}",
        **({"by": query.by} if query.by != "customer" else {}),
        **_filters(query),
    }


def _here(visit: Visit, same: Mapping[str, str], changes: Mapping[str, object]) -> str:
    """The address of this page with other choices."""
    return visit.link("meeting-hours", {**same, **changes})


def _filters(query: HoursQuery) -> dict[str, str]:
    """Of whom the page is, when it is not of all."""
    given = {"customer": query.customer, "organizer": query.organizer}
    return {name: value for name, value in given.items() if value}


def _behind(visit: Visit, query: HoursQuery, period: Period, group: Group, **more: str) -> Line:
    filters = {**_filters(query), "from": period.first, "to": period.last, **more}
    return Line(group, visit.link("meetings", filters), visit.link("meetings", {**filters, "uncounted": "true"}))


def _total(hours: Hours) -> Group:
    return Group(key="", name="Total", uncounted=sum(hours.uncounted.values()), **hours.total.model_dump())


def _shared(hours: Hours) -> Line | None:
    """By how much the customers' sums are more than the total, for meetings with several of them."""
    again = hours.counted_more_than_once
    if again is None or not again.meetings:
        return None
    uncounted = sum(one.uncounted for one in hours.groups) - sum(hours.uncounted.values())
    return Line(Group(key="", name="", uncounted=uncounted, **again.model_dump()), None, None)


def _bars(lines: Sequence[Line], label: Callable[[Group], str] = lambda group: group.name) -> list[Bars]:
    return [
        Bars(label(one.group), one.group.scheduled_seconds, one.group.counted_seconds, one.href or "") for one in lines
    ]


def _short_month(group: Group) -> str:
    """`Nov 2026`."""
    return f"{date.fromisoformat(f'{group.key}-01'):%b %Y}"


def _reasons(visit: Visit, query: HoursQuery, period: Period, hours: Hours) -> list[Why]:
    same, known = {"from": period.first, "to": period.last, **_filters(query)}, visit.about.knowledge
    return [
        Why(count, words_for(reason, known), visit.link("meetings", {**same, "reason": reason}))
        for reason, count in hours.uncounted.items()
    ]
