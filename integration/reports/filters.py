"""Which meetings a report is about: those with customers that began on some days, of one customer or organizer."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from integration.meetings.knowledge import About
from integration.meetings.models import MEETINGS, CalendarEvent, EventCustomer
from integration.reports.period import Period, period_of
from integration.reports.whose import Whose, find_whose
from integration.vault import Vault


@dataclass(frozen=True)
class Filters:
    """What somebody asks for: days in the tenant's zone, both included, and of whom.

    Without days: this month until today. `customer` and `organizer` are keys of groups, or a name and an address.
    """

    first: date | None = None
    last: date | None = None
    customer: str | None = None
    organizer: str | None = None


@dataclass(frozen=True)
class Scope:
    """Which meetings these are, of which tenant, as of `now`."""

    about: About
    period: Period
    whose: Whose
    now: datetime


def scope_of(session: Session, vault: Vault, about: About, filters: Filters, now: datetime) -> Scope:
    """Which meetings are asked for. Raises Invalid for days, a customer or an organizer that cannot be."""
    period = period_of(about.zone, filters.first, filters.last, now)
    whose = find_whose(session, vault, about.tenant_id, filters.customer, filters.organizer)
    return Scope(about, period, whose, now)


def counted_in(scope: Scope) -> list[ColumnElement[bool]]:
    """SQL for the events of a report. For one customer the statement must join `EventCustomer`."""
    event, whose = CalendarEvent, scope.whose
    rules: list[ColumnElement[bool]] = [
        event.tenant_id == scope.about.tenant_id,
        event.start_at >= scope.period.start,
        event.start_at <= min(scope.period.end - timedelta.resolution, scope.now),
        event.customers > 0,
        *MEETINGS,
    ]
    if whose.customer is not None:
        rules.append(EventCustomer.customer_id == whose.customer)
    if whose.organizer is not None:
        is_theirs = event.organizer_hash.in_(whose.organizer)
        rules.append(is_theirs if whose.organizer else event.organizer_hash.is_(None))
    return rules
