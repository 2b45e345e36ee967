"""`/staff/queue/{id}`: one support request, and what the staff can do about it. Works without any script.

All its buttons belong to one form, so that whatever is pressed, an answer that was begun is not lost: it is shown
again, beside what happened meanwhile.
"""

from datetime import datetime
from http import HTTPStatus
from uuid import uuid4
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response

from integration.desk import acting, finding, page_words, showing, views
from integration.desk.colleagues import Colleagues, colleagues
from integration.desk.conversation import conversation, is_cut
from integration.desk.models import WAITING, RequestState
from integration.desk.request_form import DOINGS, READ_FIRST, SAID_MEANWHILE, Form, snoozes
from integration.desk.suggesting import suggested
from integration.errors import Conflict, Invalid, NotFound, RequestError
from integration.fields import MAX_TEXT, RowId
from integration.pages.addresses import address
from integration.pages.forms import NotFromHere, TheSent, is_of_this_browser
from integration.pages.views import READ, private_page, rendered, see_other
from integration.runtime import Runtime, runtime_of
from integration.signing_in.service import Reader
from integration.signing_in.staff_only import TheStaff

router = APIRouter(include_in_schema=False)

LEAVE_IT = "Leave it to them, or answer anyway if you agreed on that."


@router.api_route("/staff/queue/{id}", methods=READ)
def show(request: Request, reader: TheStaff, id: RowId, done: str = "", version: str = "") -> Response:
    """`done`: the button that led here; it is said until the request has another `version`."""
    return _page(request, reader, id, done=done, version=version)


@router.post("/staff/queue/{id}")
def press(request: Request, reader: TheStaff, id: RowId, sent: TheSent) -> Response:
    """A button. What the rules do not allow is said on the page itself, with what was typed still there."""
    form = Form.of(sent)
    try:
        version = _do(request, reader, id, form, genuine=is_of_this_browser(request, sent))
    except (Conflict, Invalid, NotFromHere) as error:
        return _page(request, reader, id, written=form.text, trouble=error)
    if form.text and form.do != "answer":
        return _page(request, reader, id, written=form.text, done=form.do, version=version)
    return see_other(address(f"/staff/queue/{id}", {"done": form.do, "version": version}))


def _do(request: Request, reader: Reader, request_id: str, form: Form, *, genuine: bool) -> str:
    """By the same rules as a button in Slack; who does it is the reader. Returns the version that the request has then.

    Raises as `acting` does, and NotFromHere.
    """
    runtime, doing = runtime_of(request), DOINGS.get(form.do)
    if not genuine:
        raise NotFromHere
    if doing is None:
        raise Invalid("Nothing was done: no button was pressed.", remedy="Please press one.")
    now = runtime.clock()
    act = doing.act(form, request_id, reader.actor, now)
    with runtime.database.writing() as session:
        return f"{acting.perform(session, runtime.vault, request_id, reader.actor, now, act).version}"


def _page(
    request: Request,
    reader: Reader,
    request_id: str,
    *,
    written: str = "",
    trouble: RequestError | None = None,
    done: str = "",
    version: str = "",
) -> Response:
    runtime = runtime_of(request)
    now = runtime.clock()
    found, staff = _read(runtime, reader, request_id, now)
    running = found.state in WAITING
    html = rendered(
        request,
        "staff_request.html",
        reader=reader,
        one=found,
        words=page_words,
        running=running,
        resolved=found.state == RequestState.RESOLVED,
        mine=found.claimed_by == reader.actor,
        has_it=staff.has_it(found.claimed_by) if running or found.claimed_by else "",
        conversation=conversation(found, staff),
        is_cut=is_cut(found),
        article=runtime.article(found.article),
        suggested=suggested(found) if running else (),
        snoozes=snoozes(now, is_snoozed=page_words.snoozed_until(found, now) is not None),
        key=uuid4().hex,
        longest=MAX_TEXT,
        link=found.link if found.link and found.link.startswith("https://") else None,
        their_time=_their_time(found.time_zone, now),
        written=written,
        trouble=_in_words(trouble, found, staff),
        done=DOINGS[done].done if done in DOINGS and version == f"{found.version}" else None,
    )
    return private_page(request, html, status=trouble.status if trouble else HTTPStatus.OK)


def _read(runtime: Runtime, reader: Reader, request_id: str, now: datetime) -> tuple[views.RequestView, Colleagues]:
    """The request, and who had to do with it."""
    try:
        with runtime.database.reading() as session:
            found = showing.shown(session, runtime.vault, [finding.request_of(session, request_id)], now)[0]
            actors = [found.claimed_by, *(one.actor for one in found.said)]
            return found, colleagues(session, runtime.vault, reader.actor, actors)
    except NotFound as error:
        raise NotFound(
            "This support request is not there any more.",
            remedy="It may have been deleted with its organisation. The queue has the others.",
        ) from error


def _in_words(trouble: RequestError | None, found: views.RequestView, staff: Colleagues) -> RequestError | None:
    """A colleague who was quicker is named, with what they did."""
    cause = trouble.extra.get("cause") if trouble else None
    if cause == SAID_MEANWHILE and found.said:
        return Conflict(f"{conversation(found, staff)[-1].what} meanwhile.", remedy=READ_FIRST)
    if cause == "claimed":
        return Conflict(f"{staff.called(found.claimed_by)} took it on meanwhile.", remedy=LEAVE_IT)
    return trouble


def _their_time(zone: str | None, now: datetime) -> str | None:
    """What time it is where the asker is, such as "Mon 18:40 (Europe/Berlin)"."""
    return f"{now.astimezone(ZoneInfo(zone)):%a %H:%M} ({zone})" if zone else None
