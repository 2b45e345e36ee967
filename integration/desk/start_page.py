"""`/staff`: what needs somebody of Retain's support now, all on one page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from integration.connections import incidents
from integration.desk import finding, page_words, showing, statistics
from integration.desk.colleagues import Colleagues, colleagues
from integration.desk.statistics import Tally
from integration.desk.views import RequestView
from integration.incidents import service as notices
from integration.notifications import undelivered
from integration.notifications import words as messages
from integration.pages.views import READ
from integration.runtime import Runtime, runtime_of
from integration.signing_in.service import Reader
from integration.signing_in.staff_only import TheStaff, staff_page
from integration.staff.attention import Need, needing
from integration.staff.standings import TenantNow

router = APIRouter(include_in_schema=False)

MOST = 500  # requests that are looked at
SHOWN = 5  # of each kind


@dataclass(frozen=True)
class Queued:
    """Who waits, the most urgent first, and who has their requests."""

    requests: Sequence[RequestView]
    staff: Colleagues
    now: datetime

    @property
    def overdue(self) -> int:
        return sum(page_words.is_overdue(one, self.now) for one in self.requests)

    @property
    def soon(self) -> int:
        return sum(page_words.is_due_soon(one, self.now) for one in self.requests)

    @property
    def free(self) -> int:
        return sum(one.claimed_by is None for one in self.requests)


@router.api_route("/staff", methods=READ)
def start(request: Request, reader: TheStaff) -> Response:
    """Requests, organisations, trouble of many, and messages that reached nobody: the most urgent of each."""
    runtime = runtime_of(request)
    now = runtime.clock()
    with runtime.database.reading() as session:
        waiting, tenants = _waiting(session, runtime, reader, now), needing(session, now)
        incident, notice = incidents.at(session, now), notices.standing(session, now)
        lost = undelivered.latest(session, now)
        month = statistics.month_asked(None, now)
        kept = Tally(statistics.runs_of(session, month), now)
    return staff_page(
        request,
        reader,
        "staff_home.html",
        waiting=waiting,
        first=waiting.requests[:SHOWN],
        tenants=tenants[:SHOWN],
        tenants_in_all=len(tenants),
        incident=incident,
        incident_text=incidents.text_of(incident, "staff") if incident else "",
        notice=notice,
        lost=lost[:SHOWN],
        lost_in_all=len(lost),
        share=statistics.percent(kept.kept, kept.counted),
        words=page_words,
        messages=messages,
        summary=summary(waiting, tenants, len(lost)),
    )


def summary(waiting: Queued, tenants: Sequence[tuple[TenantNow, Need]], lost: int) -> str:
    """In a sentence what there is to do."""
    late, soon = waiting.overdue, waiting.soon
    told = (
        (late, "request is overdue", "requests are overdue"),
        (soon, "request is due soon", "requests are due soon"),
        (len(waiting.requests) - late - soon, "request waits with time left", "requests wait with time left"),
        (len(tenants), "organisation needs attention", "organisations need attention"),
        (lost, "message may have reached nobody", "messages may have reached nobody"),
    )
    there = [f"{number:,} {one if number == 1 else several}" for number, one, several in told if number]
    return f"{', '.join(there)}." if there else "Nothing needs anybody just now. Enjoy it."


def _waiting(session: Session, runtime: Runtime, reader: Reader, now: datetime) -> Queued:
    found = showing.shown(session, runtime.vault, finding.listed(session, "open", now, MOST), now)
    staff = colleagues(session, runtime.vault, reader.actor, (one.claimed_by for one in found))
    return Queued(found, staff, now)
