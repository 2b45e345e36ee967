"""`/meetings`: the calls there were, and holding one in a moment. Each form comes back to the page."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from integration.zoom.sandbox import forms, holding
from integration.zoom.sandbox.door import world_of
from integration.zoom.sandbox.errors import NotPossible
from integration.zoom.sandbox.meetings import ENDED, PERSONAL, STARTED, Session
from integration.zoom.sandbox.model import personal_id
from integration.zoom.sandbox.oauth import form_of
from integration.zoom.sandbox.views import page
from integration.zoom.sandbox.world import World

SHOWN = 20
NEW = "new"
# What the product is told of a call, in words.
TELLING: Mapping[str, tuple[str, frozenset[str]]] = {
    "all": ("everything", holding.EVERYTHING),
    "nothing": ("nothing: the events are lost", holding.NOTHING),
    "no_end": ("all but that it ended", holding.EVERYTHING - {ENDED}),
    "no_start": ("all but that it began", holding.EVERYTHING - {STARTED}),
}


@dataclass(frozen=True)
class Suggested:
    """What the form is filled in with."""

    host: str
    meeting: str
    topic: str
    began: datetime
    minutes: int = 45
    planned: int = 60


async def meetings(request: Request) -> Response:
    """`event`: hold what the calendar has planned; `again`: hold once more under an id."""
    world, query = world_of(request), request.query_params
    with world.lock:
        sessions = [one for account in world.accounts.values() for one in world.meetings.of(account)]
        sessions.sort(key=lambda session: session.began, reverse=True)
        suggested, ids = _suggested(world, query.get("event"), query.get("again")), _ids(world, sessions)
    return page(
        request,
        "meetings.html",
        running=[session for session in sessions if not session.ended],
        held=[session for session in sessions if session.ended][: None if "all" in query else SHOWN],
        count=sum(1 for session in sessions if session.ended),
        ids=ids,
        telling=TELLING,
        suggested=suggested,
        now=world.real(),
    )


def _suggested(world: World, event_id: str | None, again: str | None) -> Suggested:
    now = world.real()
    if event_id:
        event = world.calendar.find(event_id)
        own = event.meeting_id == str(personal_id(event.organizer))
        meeting = holding.PERSONAL_ROOM if own else event.meeting_id or NEW
        shorter = max(event.minutes - 15, 1)  # 45 of 60
        return Suggested(event.organizer.key, meeting, event.title, event.start, shorter, event.minutes)
    for session in world.meetings:
        if again and session.meeting_id == again:
            meeting = holding.PERSONAL_ROOM if session.type == PERSONAL else again
            return Suggested(session.host.key, meeting, session.topic, forms.earlier(now, timedelta(minutes=50)))
    return Suggested("jonas", NEW, "", forms.earlier(now, timedelta(minutes=50)))


def _ids(world: World, sessions: list[Session]) -> dict[str, str]:
    """The ids that were planned or used, with what they were for; personal rooms have a choice of their own."""
    rooms = {str(personal_id(user)) for user in world.people.values()}
    used = {session.meeting_id: session.topic for session in reversed(sessions)}
    planned = {event.meeting_id: event.title for event in reversed(world.calendar.all()) if event.meeting_id}
    return {one: topic for one, topic in reversed((used | planned).items()) if one not in rooms}


async def hold(request: Request) -> Response:
    """`host`, `meeting` (new, pmi or an id), `began`, `minutes`, drops `after1`, `gone1` and so on, `topic`, `tell`."""
    world, form = world_of(request), await form_of(request)
    drops = [(forms.minutes(form, f"after{n}"), forms.minutes(form, f"gone{n}")) for n in (1, 2)]
    parts = forms.segments(forms.minutes(form, "minutes"), [drop for drop in drops if drop != (0, 0)])
    began = forms.moment(form, "began")
    if began + timedelta(seconds=sum(parts[-1])) > world.real():
        raise NotPossible("This call would not be over yet. Let it begin earlier, or use Start now.")
    held = holding.hold(
        world,
        form.get("host", ""),
        _meeting(form),
        began,
        parts,
        topic=form.get("topic", "").strip(),
        planned_minutes=forms.minutes(form, "planned"),
    )
    await asyncio.to_thread(holding.tell, world, held, _telling(form))
    return RedirectResponse("/meetings", 303)


async def start(request: Request) -> Response:
    """A call that runs from now on."""
    world, form = world_of(request), await form_of(request)
    topic, planned = form.get("topic", "").strip(), forms.minutes(form, "planned")
    session = holding.begin(
        world, form.get("host", ""), _meeting(form), world.real(), topic=topic, planned_minutes=planned
    )
    await asyncio.to_thread(holding.tell, world, [session], _telling(form))
    return RedirectResponse("/meetings", 303)


async def end(request: Request) -> Response:
    world, form = world_of(request), await form_of(request)
    session = _session(world, form)
    holding.end(world, session, max(world.real(), session.began))
    await asyncio.to_thread(holding.tell, world, [session], _telling(form) - {STARTED, *session.told})
    return RedirectResponse("/meetings", 303)


async def tell(request: Request) -> Response:
    """Sends what there is to say of a call, though it may have been said."""
    world, form = world_of(request), await form_of(request)
    await asyncio.to_thread(holding.tell, world, [_session(world, form)])
    return RedirectResponse("/meetings", 303)


def _session(world: World, form: Mapping[str, str]) -> Session:
    session = world.meetings.find(form.get("uuid", ""))
    if session is None:
        raise NotPossible("There is no such call.")
    return session


def _meeting(form: Mapping[str, str]) -> str | None:
    chosen = form.get("meeting", NEW)
    return None if chosen == NEW else chosen


def _telling(form: Mapping[str, str]) -> frozenset[str]:
    return TELLING.get(form.get("tell", "all"), TELLING["all"])[1]


ROUTES = (
    Route("/meetings", meetings),
    Route("/meetings/hold", hold, methods=["POST"]),
    Route("/meetings/start", start, methods=["POST"]),
    Route("/meetings/end", end, methods=["POST"]),
    Route("/meetings/tell", tell, methods=["POST"]),
)
