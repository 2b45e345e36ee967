"""`/calendar`: planning, moving and cancelling meetings; each change is sent to the service, and its answer shown."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from integration.zoom.sandbox import calendar, forms
from integration.zoom.sandbox.door import world_of
from integration.zoom.sandbox.meetings import KIM
from integration.zoom.sandbox.model import User, personal_id
from integration.zoom.sandbox.oauth import form_of
from integration.zoom.sandbox.views import page
from integration.zoom.sandbox.world import World

SHOWN = 20
AN_HOUR = timedelta(hours=1)
OVER = timedelta(minutes=65)  # how long ago an hour's meeting began that is just over
# Where one joins, in words; another choice is a meeting's id.
LINKS: Mapping[str, tuple[str, Callable[[World, User], str]]] = {
    "new": ("a new Zoom meeting", lambda world, host: calendar.join_link(host, world.meetings.new_id())),
    "my": ("the organizer's personal link", lambda _world, host: calendar.personal_link(host)),
    "pmi": (
        "the organizer's personal room, by its id",
        lambda _, host: calendar.join_link(host, str(personal_id(host))),
    ),
    "none": ("none: it is not on Zoom", lambda _world, _host: ""),
}


async def show(request: Request) -> Response:
    world = world_of(request)
    with world.lock:
        events = world.calendar.all()
        used = {session.meeting_id: session.topic for session in world.meetings}
    return page(
        request,
        "calendar.html",
        events=events if "all" in request.query_params else events[:SHOWN],
        count=len(events),
        used=used,
        links=LINKS,
        guest=KIM.email,
        planned=forms.earlier(world.real(), OVER),
    )


async def add(request: Request) -> Response:
    """`title`, `organizer`, `attendees` (addresses in any order), `start`, `minutes`, `link` (of LINKS, or an id)."""
    world, form = world_of(request), await form_of(request)
    start, length = forms.moment(form, "start"), timedelta(minutes=forms.minutes(form, "minutes"))
    people = tuple(form.get("attendees", "").replace(",", " ").split())
    return await _planned(world, form, start, length, form.get("title", "").strip(), people)


async def plan(request: Request) -> Response:
    """The meeting that one tries first: an hour with a customer, just over, with a Zoom link of its own."""
    world = world_of(request)
    form = {"organizer": "jonas", "link": "new"}
    start = forms.earlier(world.real(), OVER)
    return await _planned(world, form, start, AN_HOUR, "Review with Globex", (KIM.email,))


async def _planned(
    world: World, form: Mapping[str, str], start: datetime, length: timedelta, title: str, people: tuple[str, ...]
) -> Response:
    with world.lock:
        host = world.user(form.get("organizer", ""))
        chosen = form.get("link", "none")
        link = LINKS[chosen][1](world, host) if chosen in LINKS else calendar.join_link(host, chosen)
        world.calendar.plan(host, title, start, length, attendees=people, link=link, now=world.real())
    return await _told(world)


async def move(request: Request) -> Response:
    """`event`, `start`, `minutes`."""
    world, form = world_of(request), await form_of(request)
    start, length = forms.moment(form, "start"), timedelta(minutes=forms.minutes(form, "minutes"))
    with world.lock:
        world.calendar.move(world.calendar.find(form.get("event", "")), start, length, world.real())
    return await _told(world)


async def cancel(request: Request) -> Response:
    world, form = world_of(request), await form_of(request)
    with world.lock:
        world.calendar.cancel(world.calendar.find(form.get("event", "")), world.real())
    return await _told(world)


async def send_again(request: Request) -> Response:
    """Everything, from the beginning."""
    world = world_of(request)
    with world.lock:
        world.calendar.forget_what_was_told()
    return await _told(world)


async def _told(world: World) -> Response:
    await asyncio.to_thread(world.push_calendar)
    return RedirectResponse("/calendar", 303)


ROUTES = (
    Route("/calendar", show),
    Route("/calendar/add", add, methods=["POST"]),
    Route("/calendar/plan", plan, methods=["POST"]),
    Route("/calendar/move", move, methods=["POST"]),
    Route("/calendar/cancel", cancel, methods=["POST"]),
    Route("/calendar/send", send_again, methods=["POST"]),
)
