"""`/staff/queue`: the support requests that wait, or were answered or resolved, as a table and as a file."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

from fastapi import APIRouter, Request, Response

from integration.desk import finding, page_words, showing
from integration.desk.finding import Listed
from integration.desk.views import Request as Asking
from integration.pages.shown_tables import shown
from integration.pages.signing_in import Reader
from integration.pages.staff_pages import TheStaff, staff_page
from integration.pages.tables import Asked, Column, Filter, Table
from integration.runtime import Runtime, runtime_of

router = APIRouter(include_in_schema=False)

PATH = "/staff/queue"
MOST = 500  # of one list; whoever looks for older ones knows their tenant
STATES: Mapping[Listed, str] = {"open": "Waiting", "answered": "Answered", "resolved": "Resolved"}
WHOSE = {"": "Everybody’s", "mine": "Mine", "free": "Nobody’s yet"}


@router.api_route(PATH, methods=["GET", "HEAD"])
def queue(request: Request, reader: TheStaff) -> Response:
    """The ones that wait, by the time that is left, unless the address asks for others."""
    runtime = runtime_of(request)
    now = runtime.clock()
    table, asked = _asked(request, reader, now)
    found = _listed(runtime, asked, now)
    return staff_page(
        request,
        reader,
        "staff_queue.html",
        table=shown(table, asked, found),
        state=asked.chosen["state"],
        overdue=sum(page_words.is_overdue(one, now) for one in found),
        is_cut=len(found) == MOST,
        most=MOST,
        words=page_words,
    )


@router.api_route(f"{PATH}.csv", methods=["GET", "HEAD"])
def queue_file(request: Request, reader: TheStaff) -> Response:
    """The same, for spreadsheets."""
    runtime = runtime_of(request)
    now = runtime.clock()
    table, asked = _asked(request, reader, now)
    name = f"support-requests-{asked.chosen['state']}-{now:%Y-%m-%d}"
    return table.file(name, table.arranged(asked, _listed(runtime, asked, now)))


def _asked(request: Request, reader: Reader, now: datetime) -> tuple[Table[Asking], Asked]:
    given = request.query_params
    table = _table(given.get("state") in (None, "open"), reader.actor, now)
    return table, table.asked(given)


def _listed(runtime: Runtime, asked: Asked, now: datetime) -> Sequence[Asking]:
    which = next(state for state in STATES if state == asked.chosen["state"])
    with runtime.database.reading() as session:
        return showing.shown(session, runtime.vault, finding.listed(session, which, now, MOST), now)


def _table(open_ones: bool, reader: str, now: datetime) -> Table[Asking]:
    """Open ones are sorted as they must be answered, the others by when they were asked."""
    return Table(
        path=PATH,
        columns=(
            Column("asker", "Who asks", page_words.full_name),
            Column("text", "Question", lambda one: one.text, sorts=False),
            Column("state", "State", lambda one: page_words.mark(one, now).words),
            Column("asked", "Asked", lambda one: one.asked_at, most_first=True),
            Column("due", "Answer by", lambda one: one.respond_by, partial(_urgency, now=now)),
            Column("left", "Support minutes left", lambda one: one.minutes_left, drawn=False),
            Column("has", "Who has it", lambda one: page_words.holder(one, reader)),
            Column("via", "Came by", lambda one: one.via, drawn=False),
            Column("id", "Id", lambda one: one.id, drawn=False),
        ),
        sort="due" if open_ones else "asked",
        filters=(Filter("state", "State", STATES), Filter("whose", "Whose", WHOSE, partial(_whose, reader=reader))),
        texts=lambda one: (page_words.full_name(one), one.text, one.more or ""),
    )


def _urgency(one: Asking, *, now: datetime) -> tuple[bool, datetime]:
    """What must be answered first comes first; what is snoozed, last."""
    return page_words.snoozed_until(one, now) is not None, one.respond_by


def _whose(one: Asking, *, reader: str) -> Sequence[str]:
    return ["free"] if one.claimed_by is None else ["mine"] if one.claimed_by == reader else []
