"""What a reader must know about the numbers before they rely on them, and what to do about it."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import exists, select

from integration.backfill import progress
from integration.connections.models import ALIVE, ConnectionState
from integration.meetings.models import CalendarEvent
from integration.meetings.reasons import words_for
from integration.meetings.words import Reason
from integration.reports.views import Hours
from integration.reports.visiting import Visit
from integration.tenants.models import Tenant


@dataclass(frozen=True)
class Notice:
    """One of them. `article`: a slug of the help centre; `share`: how far something is, 0 to 1."""

    title: str
    text: str
    article: str | None = None
    share: float | None = None


NO_CALENDAR = Notice(
    "No calendar events have come in yet",
    "The hours are made of the meetings in your calendar, and none of them has reached us. A new calendar takes up to"
    " an hour; if it takes longer, talk to us.",
    "meeting-durations",
)


def has_calendar(visit: Visit) -> bool:
    """Has any event of the tenant's calendar come in?"""
    return visit.session.scalar(select(exists().where(CalendarEvent.tenant_id == visit.about.tenant_id))) is True


def notices(visit: Visit, hours: Hours, *, calendar: bool) -> list[Notice]:
    """What is incomplete just now, the gravest first. `calendar`: as `has_calendar` says."""
    missing = [] if calendar else [NO_CALENDAR]
    return [*missing, *_connection(visit), *_own_domains(visit), *_pending(hours), *_backfill(visit)]


def _connection(visit: Visit) -> Iterator[Notice]:
    knowledge = visit.about.knowledge
    if knowledge.state in ALIVE:
        return
    deleted = knowledge.state == ConnectionState.DEAUTHORIZED
    words = words_for(Reason.ZOOM_DATA_DELETED if deleted else Reason.NOT_CONNECTED, knowledge)
    yield Notice(words.title, f"{words.explanation} {words.next_step}", words.article)


def _own_domains(visit: Visit) -> Iterator[Notice]:
    if not visit.session.scalar(select(Tenant.domains).where(Tenant.id == visit.about.tenant_id)):
        yield Notice(
            "We do not know your organisation's own e-mail domains",
            "Until we do, your colleagues count as customers. Tell us the domains, and the hours are mended.",
        )


def _pending(hours: Hours) -> Iterator[Notice]:
    if hours.pending:
        meetings = f"{hours.pending:,} meetings are" if hours.pending > 1 else "One meeting is"
        yield Notice(
            "Customers are being told apart anew",
            f"Who is which customer was changed, and {meetings} still sorted as before. Look again in a few minutes.",
        )


def _backfill(visit: Visit) -> Iterator[Notice]:
    found = progress.progress_of(visit.session, visit.about.tenant_id)
    if found is not None and found.state in ("running", "waiting"):
        yield Notice(
            "Past calls are still being fetched from Zoom",
            f"{found.share:.0%} is done. Until then some meetings count as scheduled. {found.explanation}".strip(),
            share=found.share,
        )
