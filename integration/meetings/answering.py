"""The answer about one meeting: what counts and why, with the proof."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from integration.meetings.duration import RULE, gaps, overlaps, union_seconds
from integration.meetings.knowledge import About, AnyRow
from integration.meetings.models import SessionState
from integration.meetings.occasions import Occasion, ended
from integration.meetings.opening import customers_of, details_of, shown_text, text_of, title_of
from integration.meetings.reasons import counted_of, reason_of, words_for
from integration.meetings.views import DurationAnswer, EventView, IntervalView, OtherView, SessionView
from integration.meetings.words import Reason, Words
from integration.vault import Vault

IN_NO_EVENT = Words(
    "In no calendar event",
    "This call belongs to no calendar event (one that was cancelled has no calls), so it counts nowhere.",
    "If it was with a customer, put it into the calendar with its join link: that can be done afterwards.",
    "meeting-durations",
)
NOT_OVER = Words(
    "Not over yet",
    "The planned time is not over, and we have heard of no call yet; the scheduled time counts until then.",
    "Look again afterwards.",
    "meeting-durations",
)
END_UNKNOWN = Words(
    "End unknown",
    "The Zoom call began, and nobody has told us when it ended, so the scheduled time counts.",
    "You need not do anything: if Zoom tells it after all, the hours are mended.",
    "meeting-durations",
)
NO_CUSTOMER = "Nobody of another organisation is in the event, so it is in no report."


def answer(
    session: Session,
    vault: Vault,
    about: About,
    chosen: Occasion,
    calls: Sequence[AnyRow],
    *,
    meeting_id: str | None,
    others: list[OtherView],
    more: bool,
    now: datetime,
) -> DurationAnswer:
    """The answer about this occasion, to which these calls belong."""
    event = chosen.event
    reason = None if event is None else reason_of(event, about.knowledge, now)
    intervals = ended(calls)
    counted = _counted(event, reason)
    words = _words(about, event, calls, reason, now)
    shown = None if event is None else _event(session, vault, event)
    return DurationAnswer.model_construct(
        tenant=about.tenant_id,
        time_zone=about.zone.key,
        meeting_id=meeting_id,
        title=_topic(vault, calls) if shown is None else shown.title,
        event=shown,
        scheduled_seconds=None if event is None else event.scheduled_seconds,
        actual_seconds=union_seconds(intervals) if intervals else None,
        counted_seconds=counted,
        adjustment_seconds=counted - event.scheduled_seconds if event and reason is Reason.ADJUSTED else None,
        reason=reason,
        explanation=words.explanation,
        next_step=words.next_step,
        article=words.article,
        rule=RULE,
        sessions=[_session(vault, call) for call in sorted(calls, key=lambda call: (call.started_at, call.id))],
        gaps=[IntervalView(start=one.start, end=one.end) for one in gaps(intervals)],
        overlaps=[IntervalView(start=one.start, end=one.end) for one in overlaps(intervals)],
        occurrence=chosen.id,
        others=others,
        more=more,
    )


def other(vault: Vault, about: About, occasion: Occasion, now: datetime) -> OtherView:
    """One that may be chosen instead."""
    event = occasion.event
    reason = None if event is None else reason_of(event, about.knowledge, now)
    intervals = ended(occasion.calls)
    of_calls = union_seconds(intervals) if intervals else None
    return OtherView.model_construct(
        occurrence=occasion.id,
        start=occasion.start,
        end=occasion.end,
        title=_topic(vault, occasion.calls) if event is None else title_of(details_of(vault, event.id, event.details)),
        actual_seconds=of_calls if event is None else event.actual_seconds,
        counted_seconds=_counted(event, reason),
        reason=reason,
    )


def _topic(vault: Vault, calls: Sequence[AnyRow]) -> str | None:
    """What Zoom calls the meeting: of the latest call that has a topic."""
    latest_first = sorted(calls, key=lambda call: (call.started_at, call.id), reverse=True)
    topics = (text_of(vault, "meeting_sessions", "topic", call.id, call.topic) for call in latest_first)
    return next((topic for topic in topics if topic), None)


def _counted(event: AnyRow | None, reason: Reason | None) -> int:
    return 0 if event is None or reason is None else counted_of(event, reason)


def _words(about: About, event: AnyRow | None, calls: Sequence[AnyRow], reason: Reason | None, now: datetime) -> Words:
    if event is None or reason is None:
        return IN_NO_EVENT
    words = words_for(reason, about.knowledge)
    if reason is Reason.AWAITING_ZOOM and now < event.end_at:
        words = NOT_OVER
    if reason is Reason.STILL_RUNNING and all(call.state != SessionState.RUNNING for call in calls):
        words = END_UNKNOWN
    if not event.customers:
        return Words(words.title, f"{words.explanation} {NO_CUSTOMER}", words.next_step, words.article)
    return words


def _event(session: Session, vault: Vault, event: AnyRow) -> EventView:
    details = details_of(vault, event.id, event.details)
    customers = customers_of(session, vault, [event.id])[event.id] if event.customers else []
    return EventView(
        id=event.id,
        title=title_of(details),
        start=event.start_at,
        end=event.end_at,
        organizer=shown_text(vault, "organizer", event.id, event.organizer),
        customers=customers,
        html_link=details.get("html_link"),
    )


def _session(vault: Vault, call: AnyRow) -> SessionView:
    return SessionView(
        uuid=text_of(vault, "meeting_sessions", "uuid", call.id, call.uuid),
        start=call.started_at,
        end=call.ended_at,
        state=SessionState(call.state),
    )
