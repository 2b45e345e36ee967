"""The meetings behind a number of the report, page by page."""

import base64
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from integration.errors import Invalid
from integration.meetings.knowledge import AnyRow, Knowledge
from integration.meetings.models import CalendarEvent, EventCustomer
from integration.meetings.opening import customers_of, details_of, shown_text, title_of
from integration.meetings.reasons import counted_column, counted_of, reason_column, reason_of
from integration.meetings.words import Reason
from integration.reports.filters import Scope, counted_in
from integration.reports.views import MeetingRow, Meetings, Sums
from integration.reports.whose import Whose
from integration.vault import Vault

PAGE = 100
LATEST_FIRST = (CalendarEvent.start_at.desc(), CalendarEvent.id.desc())

SortedBy = Literal["start", "scheduled", "counted", "difference", "reason"]


def read_meetings(
    session: Session,
    vault: Vault,
    scope: Scope,
    *,
    reason: Reason | None = None,
    uncounted: bool = False,
    after: str | None = None,
    limit: int = PAGE,
) -> Meetings:
    """The meetings that `read_hours` adds up, the latest first; of them those with a `reason`, or the `uncounted` ones.

    `after`: the `next` of the page before. The sum over all pages is the report's number. Raises Invalid for a page
    that cannot be.
    """
    rules = _rules(scope, reason=reason, uncounted=uncounted)
    total = _total(session, rules, scope)
    if after is not None:
        rules.append(_later_than(after))
    rows = session.connection().execute(_found(rules, scope.whose).order_by(*LATEST_FIRST).limit(limit + 1)).all()
    following = _cursor(rows[limit - 1]) if len(rows) > limit else None
    meetings = _opened(session, vault, scope, rows[:limit])
    return Meetings.model_construct(meetings=meetings, total=total, next=following)


def total_of(session: Session, scope: Scope, *, reason: Reason | None = None, uncounted: bool = False) -> Sums:
    """What those add up to that `read_meetings` finds."""
    return _total(session, _rules(scope, reason=reason, uncounted=uncounted), scope)


def read_sorted(
    session: Session,
    vault: Vault,
    scope: Scope,
    by: SortedBy,
    *,
    descending: bool,
    offset: int,
    limit: int,
    reason: Reason | None = None,
    uncounted: bool = False,
) -> list[MeetingRow]:
    """Some of those that `read_meetings` finds, in another order; of those alike the latest first."""
    column = _columns(scope)[by]
    found = _found(_rules(scope, reason=reason, uncounted=uncounted), scope.whose)
    some = found.order_by(column.desc() if descending else column.asc(), *LATEST_FIRST).offset(offset).limit(limit)
    return _opened(session, vault, scope, session.connection().execute(some).all())


def _columns(scope: Scope) -> Mapping[SortedBy, ColumnElement[Any]]:
    event = CalendarEvent
    adjusted = reason_column(scope.about.knowledge, scope.now) == Reason.ADJUSTED
    counted = case((adjusted, event.actual_seconds), else_=event.scheduled_seconds)
    return {
        "start": event.start_at.expression,
        "scheduled": event.scheduled_seconds.expression,
        "counted": counted,
        "difference": counted - event.scheduled_seconds,
        "reason": reason_column(scope.about.knowledge, scope.now),
    }


def _rules(scope: Scope, *, reason: Reason | None, uncounted: bool) -> list[ColumnElement[bool]]:
    rules, why = counted_in(scope), reason_column(scope.about.knowledge, scope.now)
    if reason is not None:
        rules.append(why == reason)
    if uncounted:
        rules.append(why != Reason.ADJUSTED)
    return rules


def _total(session: Session, rules: Sequence[ColumnElement[bool]], scope: Scope) -> Sums:
    event = CalendarEvent
    reason = reason_column(scope.about.knowledge, scope.now).label("reason")
    judged = _of(select(reason, event.scheduled_seconds, event.actual_seconds).where(*rules), scope.whose).subquery().c
    sums = (func.coalesce(func.sum(one), 0) for one in (judged.scheduled_seconds, counted_column(judged)))
    meetings, scheduled, counted = session.connection().execute(select(func.count(judged.reason), *sums)).one()
    return Sums(meetings=meetings, scheduled_seconds=scheduled, counted_seconds=counted)


def _of(found: Select[*tuple[Any, ...]], whose: Whose) -> Select[*tuple[Any, ...]]:
    """What one customer's events are found by."""
    return found if whose.customer is None else found.join(EventCustomer, EventCustomer.event_id == CalendarEvent.id)


def _found(rules: Sequence[ColumnElement[bool]], whose: Whose) -> Select[*tuple[Any, ...]]:
    event = CalendarEvent
    found = select(
        event.id,
        event.meeting_id,
        event.meeting_hash,
        event.organizer,
        event.details,
        event.start_at,
        event.end_at,
        event.scheduled_seconds,
        event.actual_seconds,
        event.running,
        event.asked_at,
        event.forgotten_at,
    ).where(*rules)
    return _of(found, whose)


def _opened(session: Session, vault: Vault, scope: Scope, rows: Sequence[AnyRow]) -> list[MeetingRow]:
    customers = customers_of(session, vault, [row.id for row in rows])
    return [_row(vault, row, customers, scope.about.knowledge, scope.now) for row in rows]


def _row(
    vault: Vault,
    row: AnyRow,
    customers: Mapping[str, Sequence[str]],
    known: Knowledge,
    now: datetime,
) -> MeetingRow:
    reason = reason_of(row, known, now)
    return MeetingRow.model_construct(
        occurrence=row.id,
        meeting_id=shown_text(vault, "meeting_id", row.id, row.meeting_id),
        title=title_of(details_of(vault, row.id, row.details)),
        start=row.start_at,
        end=row.end_at,
        organizer=shown_text(vault, "organizer", row.id, row.organizer),
        customers=list(customers.get(row.id, ())),
        scheduled_seconds=row.scheduled_seconds,
        counted_seconds=counted_of(row, reason),
        reason=reason,
    )


def _cursor(row: AnyRow) -> str:
    return base64.urlsafe_b64encode(f"{int(row.start_at.timestamp())} {row.id}".encode()).decode("ascii")


def _later_than(cursor: str) -> ColumnElement[bool]:
    """SQL for what comes after a page; events start on whole seconds. Raises Invalid for what no page was."""
    try:
        start, row_id = base64.b64decode(cursor, altchars=b"-_", validate=True).decode("ascii").split(" ")
        moment = datetime.fromtimestamp(int(start), UTC)
        if not row_id.isalnum():
            raise ValueError("no row's id")
    except (ValueError, OverflowError, OSError):
        raise Invalid(
            "This is not the `next` of a page.", field="after", remedy="Start anew without it; pages name the next one."
        ) from None
    event = CalendarEvent
    return or_(event.start_at < moment, and_(event.start_at == moment, event.id < row_id))
