"""Meeting hours by customer, month or organizer: one aggregate over the events, and the names of its groups."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, func, literal_column, select
from sqlalchemy.orm import Session

from integration.meetings import knowledge
from integration.meetings.duration import RULE
from integration.meetings.knowledge import About
from integration.meetings.models import CalendarEvent, EventCustomer
from integration.meetings.reasons import Reason, counted_column, reason_column
from integration.reports.filters import Wanted, counted_in, wanted
from integration.reports.names import Names, month_name, names_of
from integration.reports.period import Month, Period, period_of
from integration.reports.views import Group, GroupBy, Hours, Sums
from integration.vault import Vault

AnyRow = Row[*tuple[Any, ...]]


@dataclass
class Tally:
    """What is added up."""

    meetings: int = 0
    scheduled: int = 0
    counted: int = 0
    reasons: dict[Reason, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, row: AnyRow) -> None:
        """One row of the aggregate."""
        self.meetings += row.meetings
        self.scheduled += row.scheduled
        self.counted += row.counted
        if row.reason != Reason.ADJUSTED:
            self.reasons[Reason(row.reason)] += row.meetings

    def sums(self) -> Sums:
        """For the reader."""
        return Sums(meetings=self.meetings, scheduled_seconds=self.scheduled, counted_seconds=self.counted)


def read_hours(
    session: Session,
    vault: Vault,
    tenant: str,
    *,
    first: date | None = None,
    last: date | None = None,
    group_by: GroupBy = "customer",
    now: datetime,
    customer: str | None = None,
    organizer: str | None = None,
) -> Hours:
    """The report about a tenant's meetings with customers that began on the days from `first` to `last`.

    Without days: this month until today, in the tenant's zone. `customer` and `organizer` are keys of groups, or a
    name and an address. Raises NotFound for the tenant, Invalid for days or a filter that cannot be.
    """
    tenant_facts = knowledge.about(session, tenant)
    period = period_of(tenant_facts.zone, first, last, now)
    whose = wanted(session, vault, tenant, customer, organizer)
    months = period.months()
    rows = session.connection().execute(_aggregate(tenant_facts, period, months, group_by, whose, now)).all()
    begun = [month.key for month in months if month.start <= now] if group_by == "month" else []
    once = whose.customer is not None or group_by != "customer"
    total, again = Tally(), Tally()
    for row in rows:
        (total if once or row.first else again).add(row)
    return Hours.model_construct(
        tenant=tenant,
        time_zone=tenant_facts.zone.key,
        first=period.first,
        last=period.last,
        group_by=group_by,
        groups=_groups(rows, names_of(session, vault, tenant, group_by, rows), begun),
        total=total.sums(),
        counted_more_than_once=again.sums() if group_by == "customer" else None,
        uncounted=dict(sorted(total.reasons.items(), key=lambda item: -item[1])),
        pending=_pending(session, tenant_facts),
        rule=RULE,
    )


def _aggregate(
    tenant: About, period: Period, months: Sequence[Month], group_by: GroupBy, whose: Wanted, now: datetime
) -> Select[*tuple[Any, ...]]:
    """Sums by group and reason. By customer also by whether a meeting counts here first: totals are made of those.

    Each event is judged in a subquery of its own (`offset` keeps databases from undoing that): what is sorted for
    grouping is a few short columns then.
    """
    event = CalendarEvent
    keys: Mapping[GroupBy, Any] = {
        "customer": EventCustomer.customer_id,
        "month": _month(months),
        "organizer": event.organizer_hash,
    }
    columns = [keys[group_by].label("key"), reason_column(tenant.knowledge, now).label("reason")]
    columns += [event.scheduled_seconds, event.actual_seconds]
    if group_by == "customer":
        columns.append((EventCustomer.position == 0).label("first"))
    if group_by == "organizer":
        columns.append(event.id)
    judged = select(*columns).where(*counted_in(tenant.tenant_id, period, now, whose))
    if group_by == "customer" or whose.customer is not None:
        judged = judged.join(EventCustomer, EventCustomer.event_id == event.id)
    one = judged.offset(0).subquery().c
    grouped = [one.key, one.reason] + ([one.first] if group_by == "customer" else [])
    return select(
        *grouped,
        func.count().label("meetings"),
        func.sum(one.scheduled_seconds).label("scheduled"),
        func.sum(counted_column(one)).label("counted"),
        *([func.min(one.id).label("example")] if group_by == "organizer" else []),
    ).group_by(*grouped)


def _month(months: Sequence[Month]) -> ColumnElement[Any]:
    """Which month an event began in: the zone's midnights are worked out here, for databases differ about zones."""
    last: ColumnElement[str] = literal_column(f"'{months[-1].key}'")
    before: list[tuple[ColumnElement[bool], ColumnElement[str]]] = [
        (CalendarEvent.start_at < following.start, literal_column(f"'{month.key}'"))
        for month, following in pairwise(months)
    ]
    return case(*before, else_=last) if before else last


def _groups(rows: Iterable[AnyRow], names: Names, begun: Sequence[str]) -> list[Group]:
    """Most counted first; months (`begun`: their keys) in their order, also those without meetings."""
    tallies = {key: Tally() for key in begun}
    named = {key: month_name(key) for key in begun}
    for row in rows:
        key, named[key] = names[row.key]
        tallies.setdefault(key, Tally()).add(row)
    groups = [
        Group(key=key, name=named[key], uncounted=sum(tally.reasons.values()), **tally.sums().model_dump())
        for key, tally in tallies.items()
    ]
    return groups if begun else sorted(groups, key=lambda one: (-one.counted_seconds, one.name.casefold(), one.key))


def _pending(session: Session, tenant: About) -> int:
    """Events whose customers were told apart by older rules."""
    event = CalendarEvent
    older = select(func.count()).where(
        event.tenant_id == tenant.tenant_id, event.customer_rules < tenant.customer_rules
    )
    return session.connection().execute(older.where(~event.cancelled, ~event.all_day)).scalar_one()
