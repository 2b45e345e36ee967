"""`/staff/queue`: the support requests that wait, or were answered or resolved, as a table and as a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import get_args

from fastapi import APIRouter, Request, Response

from integration.desk import finding, page_words, showing
from integration.desk.colleagues import Colleagues, colleagues
from integration.desk.finding import Listed
from integration.desk.views import RequestView
from integration.pages.shown_tables import shown
from integration.pages.tables import Asked, Column, Filter, Table
from integration.pages.views import READ
from integration.runtime import runtime_of
from integration.signing_in.service import Reader
from integration.signing_in.staff_only import TheStaff, staff_page

router = APIRouter(include_in_schema=False)

PATH = "/staff/queue"
MOST = 500  # of one list
STATES: Mapping[str, str] = {"open": "Waiting", "answered": "Answered", "resolved": "Resolved"}
WHOSE = {"": "Everybody’s", "mine": "Mine", "free": "Nobody’s"}


@dataclass(frozen=True)
class View:
    """What the address asks for, and what there is of that."""

    table: Table[RequestView]
    asked: Asked
    state: Listed
    requests: Sequence[RequestView]
    staff: Colleagues
    now: datetime


@router.api_route(PATH, methods=READ)
def queue(request: Request, reader: TheStaff) -> Response:
    """The ones that wait, by the time that is left, unless the address asks for others."""
    view = _view(request, reader)
    return staff_page(
        request,
        reader,
        "staff_queue.html",
        table=shown(view.table, view.asked, view.requests),
        state=view.state,
        overdue=sum(page_words.is_overdue(one, view.now) for one in view.requests),
        is_cut=len(view.requests) == MOST,
        most=MOST,
        staff=view.staff,
        words=page_words,
    )


@router.api_route(f"{PATH}.csv", methods=READ)
def queue_file(request: Request, reader: TheStaff) -> Response:
    """The same, for spreadsheets."""
    view = _view(request, reader)
    name = f"support-requests-{view.state}-{view.now:%Y-%m-%d}"
    return view.table.file(name, view.table.arranged(view.asked, view.requests))


def _view(request: Request, reader: Reader) -> View:
    runtime, given = runtime_of(request), request.query_params
    now = runtime.clock()
    state: Listed = next((one for one in get_args(Listed) if one == given.get("state")), "open")
    with runtime.database.reading() as session:
        found = showing.shown(session, runtime.vault, finding.listed(session, state, now, MOST), now)
        staff = colleagues(session, runtime.vault, reader.actor, (one.claimed_by for one in found))
    table = _table(state, staff, now)
    return View(table, table.asked(given), state, found, staff, now)


def _table(state: Listed, staff: Colleagues, now: datetime) -> Table[RequestView]:
    """Open ones are sorted as they must be answered, the others by when they were asked."""
    return Table(
        path=PATH,
        columns=(
            Column("asker", "Who asks", page_words.full_name),
            Column("text", "Question", lambda one: one.text, sorts=False),
            Column("state", "State", lambda one: page_words.mark(one, now).words),
            Column("asked", "Asked", lambda one: one.asked_at, most_first=True),
            Column("due", "Answer by", lambda one: one.respond_by, partial(_urgency, now=now), drawn=state == "open"),
            Column("ended", "Answered or closed", lambda one: one.stopped_at, most_first=True, drawn=state != "open"),
            Column("left", "Support minutes left", lambda one: one.minutes_left, drawn=False),
            Column("has", "Who has it", lambda one: one.claimed_by and staff.called(one.claimed_by)),
            Column("via", "Came by", lambda one: one.via, drawn=False),
            Column("id", "Id", lambda one: one.id, drawn=False),
        ),
        sort="due" if state == "open" else "asked",
        filters=(
            Filter("state", "State", STATES),
            Filter("whose", "Whose", WHOSE, partial(_whose, reader=staff.reader)),
        ),
        texts=partial(_texts, now=now),
    )


def _texts(one: RequestView, *, now: datetime) -> Sequence[str]:
    """Not people's names: what is looked for stands in the address."""
    return [page_words.organisation(one) or "", one.text, one.more or "", page_words.mark(one, now).words]


def _urgency(one: RequestView, *, now: datetime) -> tuple[bool, datetime]:
    """What must be answered first comes first; what is snoozed, last."""
    return page_words.snoozed_until(one, now) is not None, one.respond_by


def _whose(one: RequestView, *, reader: str) -> Sequence[str]:
    return ["free"] if one.claimed_by is None else ["mine"] if one.claimed_by == reader else []
