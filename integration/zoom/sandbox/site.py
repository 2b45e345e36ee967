"""The pages for people: what this is, the Marketplace, trouble, events. Each form comes back to its page."""

import asyncio
import json
from collections.abc import Mapping
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from integration.zoom.sandbox import faults, habits
from integration.zoom.sandbox.door import world_of
from integration.zoom.sandbox.errors import NotPossible
from integration.zoom.sandbox.model import Json
from integration.zoom.sandbox.oauth import form_of
from integration.zoom.sandbox.views import page
from integration.zoom.sandbox.webhooks import NOT_LATE
from integration.zoom.sandbox.world import World

SHOWN = 50
AN_HOUR = timedelta(hours=1)


async def home(request: Request) -> Response:
    calls = list(world_of(request).calls)[-SHOWN:][::-1]
    return page(request, "home.html", calls=calls)


async def marketplace(request: Request) -> Response:
    return page(request, "marketplace.html")


async def uninstall(request: Request) -> Response:
    """Kills the account's tokens, and tells the service by webhook: at once, or (`later`) when a person says so."""
    world, form = world_of(request), await form_of(request)
    account = world.accounts.get(form.get("account", ""))
    if account is None:
        raise NotPossible("There is no such account at this Zoom.")
    with world.lock:
        removed = world.uninstall(account)
    for user in removed:
        await asyncio.to_thread(world.webhooks.send_deauthorized, user, held="later" in form)
    return _back_to("/marketplace")


async def trouble(request: Request) -> Response:
    world = world_of(request)
    return page(
        request,
        "faults.html",
        kinds=faults.KINDS,
        places=faults.PLACES,
        habits=habits.HABITS,
        changed=world.habits != habits.Habits(),
        ahead=world.clock.ahead,
    )


async def switch(request: Request) -> Response:
    """`kind`, `where`, `account` (empty: all), `times` (empty: until switched off), `seconds`."""
    world, form = world_of(request), await form_of(request)
    account = form.get("account") or None
    if account and account not in world.accounts:
        raise NotPossible("There is no such account at this Zoom.")
    try:
        times = int(form["times"]) if form.get("times") else None
        seconds = float(form.get("seconds") or 2)
    except ValueError:
        raise NotPossible("How often, and how many seconds, must be numbers.") from None
    with world.lock:
        world.faults.switch_on(
            form.get("kind", ""), where=form.get("where", "all"), account=account, times=times, seconds=seconds
        )
    return _back_to("/faults")


async def switch_off(request: Request) -> Response:
    """One fault by its `number`; without it everything, habits included, goes back to normal."""
    world, form = world_of(request), await form_of(request)
    with world.lock:
        if number := form.get("number", ""):
            world.faults.switch_off(int(number) if number.isdigit() else 0)
        else:
            world.faults.clear()
            world.habits.reset()
    return _back_to("/faults")


async def choose_habits(request: Request) -> Response:
    world, form = world_of(request), await form_of(request)
    with world.lock:
        world.habits.choose(**form)
    return _back_to("/faults")


async def forward(request: Request) -> Response:
    """Sets Zoom's clock forward by `seconds`."""
    world, form = world_of(request), await form_of(request)
    seconds = form.get("seconds", "")
    if not seconds.isdigit() or not 0 < int(seconds) <= 400 * 86_400:
        raise NotPossible("The clock goes forward by seconds, at most 400 days at a time.")
    with world.lock:
        world.clock.forward(int(seconds))
    return _back_to("/faults")


async def events(request: Request) -> Response:
    return page(request, "events.html", deliveries=list(world_of(request).webhooks.deliveries)[-SHOWN:][::-1])


async def send_event(request: Request) -> Response:
    """`url`: where events go from now on; `event` with `payload` (a JSON object): a new one; `again`: the number of one
    to send once more, with `old` stamped an hour before; `validate`: a URL validation."""
    world, form = world_of(request), await form_of(request)
    if "url" in form:
        world.webhooks.aim(form["url"].strip())
    elif name := form.get("event", "").strip():
        await asyncio.to_thread(world.webhooks.send_event, name, _json_object(form.get("payload", "")))
    elif form.get("again", "").isdigit():
        older = AN_HOUR if form.get("old") else NOT_LATE
        await asyncio.to_thread(world.webhooks.send_again, int(form["again"]), older=older)
    elif form.get("validate"):
        await asyncio.to_thread(world.webhooks.send_validation)
    return _back_to("/events")


async def state(request: Request) -> Response:
    """What there is to know from outside, without a secret."""
    world = world_of(request)
    with world.lock:
        return JSONResponse(state_of(world))


def state_of(world: World) -> Mapping[str, object]:
    return {
        "live_pairs": sorted(pair.grant.user.key for pair in world.tokens.live()),
        "refreshes": dict(world.tokens.refreshes),
        "faults": [
            {"number": fault.number, "kind": fault.kind.key, "where": fault.where, "account": fault.account,
             "times": fault.times}
            for fault in world.faults.on
        ],
        "habits": dict(world.habits),
        "calls": [
            {"kind": call.kind, "method": call.method, "path": call.path, "status": call.status,
             "person": call.person, "fault": call.fault}
            for call in list(world.calls)[-SHOWN:]
        ],
        "events": [
            {"number": one.number, "event": one.event, "statuses": [attempt.status for attempt in one.attempts]}
            for one in world.webhooks.deliveries
        ],
    }  # fmt: skip


async def not_possible(request: Request, error: Exception) -> Response:
    return page(request, "problem.html", 400, problem=str(error))


def _json_object(text: str) -> Json:
    try:
        found = json.loads(text or "{}")
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise NotPossible('The payload must be a JSON object, such as {"object": {}}.')
    return found


def _back_to(path: str) -> Response:
    return RedirectResponse(path, 303)


ROUTES = (
    Route("/", home),
    Route("/marketplace", marketplace),
    Route("/marketplace/uninstall", uninstall, methods=["POST"]),
    Route("/faults", trouble),
    Route("/faults/on", switch, methods=["POST"]),
    Route("/faults/off", switch_off, methods=["POST"]),
    Route("/faults/habits", choose_habits, methods=["POST"]),
    Route("/faults/clock", forward, methods=["POST"]),
    Route("/events", events),
    Route("/events/send", send_event, methods=["POST"]),
    Route("/state", state),
)
