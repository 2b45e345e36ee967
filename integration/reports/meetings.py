"""The meetings behind a number of the report, page by page."""

import base64
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
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
    known, now = scope.about.knowledge, scope.now
    rules = counted_in(scope)
    if reason is not None:
        rules.append(reason_column(known, now) == reason)
    if uncounted:
        rules.append(reason_column(known, now) != Reason.ADJUSTED)
    total = _total(session, rules, scope)
    if after is not None:
        rules.append(_later_than(after))
    rows = session.connection().execute(_found(rules, scope.whose).limit(limit + 1)).all()
    shown = rows[:limit]
    customers = customers_of(session, vault, [row.id for row in shown])
    meetings = [_row(vault, row, customers, known, now) for row in shown]
    following = _cursor(shown[-1]) if len(rows) > limit else None
    return Meetings.model_construct(meetings=meetings, total=total, next=following)


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
    return _of(found, whose).order_by(event.start_at.desc(), event.id.desc())


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
