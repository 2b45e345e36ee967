"""Meeting hours by customer, month or organizer: one aggregate over the events, and the names of its groups."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, literal_column, select
from sqlalchemy.orm import Session

from integration.meetings.duration import RULE
from integration.meetings.knowledge import About, AnyRow
from integration.meetings.models import MEETINGS, CalendarEvent, EventCustomer
from integration.meetings.reasons import counted_column, reason_column
from integration.meetings.words import Reason
from integration.reports.filters import Scope, counted_in
from integration.reports.names import Names, month_name, names_of
from integration.reports.period import Period
from integration.reports.views import Group, GroupBy, Hours, Sums
from integration.vault import Vault


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


def read_hours(session: Session, vault: Vault, scope: Scope, group_by: GroupBy = "customer") -> Hours:
    """The report about these meetings, in days and months of the tenant's zone."""
    tenant, period = scope.about, scope.period
    months = period.months()
    rows = session.connection().execute(_aggregate(scope, months, group_by)).all()
    begun = [key for key, month in months.items() if month.start <= scope.now] if group_by == "month" else []
    total, again = _totals(rows, once=group_by != "customer" or scope.whose.customer is not None)
    return Hours.model_construct(
        tenant=tenant.tenant_id,
        time_zone=tenant.zone.key,
        first=period.first,
        last=period.last,
        group_by=group_by,
        groups=_groups(rows, names_of(session, vault, tenant.tenant_id, group_by, rows), begun),
        total=total.sums(),
        counted_more_than_once=again.sums() if group_by == "customer" else None,
        uncounted=dict(sorted(total.reasons.items(), key=lambda item: -item[1])),
        pending=_pending(session, tenant),
        rule=RULE,
    )


def _totals(rows: Iterable[AnyRow], *, once: bool) -> tuple[Tally, Tally]:
    """Each meeting once, and what counts again for a second customer and so on. `once`: nothing does."""
    total, again = Tally(), Tally()
    for row in rows:
        if once or row.first:
            total.add(row)
        else:
            again.add(row)
    return total, again


def _aggregate(scope: Scope, months: Mapping[str, Period], group_by: GroupBy) -> Select[*tuple[Any, ...]]:
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
    columns = [keys[group_by].label("key"), reason_column(scope.about.knowledge, scope.now).label("reason")]
    columns += [event.scheduled_seconds, event.actual_seconds]
    if group_by == "customer":
        columns.append((EventCustomer.position == 0).label("first"))
    if group_by == "organizer":
        columns.append(event.id)
    judged = select(*columns).where(*counted_in(scope))
    if group_by == "customer" or scope.whose.customer is not None:
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


def _month(months: Mapping[str, Period]) -> ColumnElement[Any]:
    """Which month an event began in: the zone's midnights are worked out here, for databases differ about zones."""
    *earlier, last = months
    before: list[tuple[ColumnElement[bool], ColumnElement[str]]] = [
        (CalendarEvent.start_at < months[key].end, _constant(key)) for key in earlier
    ]
    return case(*before, else_=_constant(last)) if before else _constant(last)


def _constant(key: str) -> ColumnElement[str]:
    return literal_column(f"'{key}'")


def _groups(rows: Iterable[AnyRow], names: Names, begun: Sequence[str]) -> list[Group]:
    """Most counted first; months (`begun`: their keys) in their order, also those without meetings."""
    tallies = {key: Tally() for key in begun}
    named = {key: month_name(key) for key in begun}
    for row in rows:
        key, name = names[row.key]
        named[key] = name
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
        event.tenant_id == tenant.tenant_id, event.customer_rules < tenant.customer_rules, *MEETINGS
    )
    return session.connection().execute(older).scalar_one()
