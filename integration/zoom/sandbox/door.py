"""What every call to OAuth and the API passes: a fault if one is on, the effect, the record."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, timedelta

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from integration.zoom.sandbox import scopes
from integration.zoom.sandbox.answers import Cut, HalfWritten, caller_gave_up, json_answer, refusal
from integration.zoom.sandbox.errors import Refused, api_error, dead_refresh_token, invalid_client, oauth_error
from integration.zoom.sandbox.faults import GROUP_OF, Fault
from integration.zoom.sandbox.model import Call, User
from integration.zoom.sandbox.world import World

# What a call does, without the scopes that are taken away; raises Refused.
Work = Callable[[frozenset[str]], Response]
LOST = frozenset({scopes.LOST_SCOPE})
NOTHING: frozenset[str] = frozenset()
WEB_PAGE = "<!doctype html><title>Just a moment</title><p>We are making Zoom better for you.</p>"


def world_of(request: Request) -> World:
    world: World = request.app.state.world
    return world


async def through(request: Request, call: str, user: User | None, work: Work) -> Response:
    """The answer to a call of the kind `call` in the name of `user`, and the record of it."""
    world = world_of(request)
    with world.lock:
        fault = world.faults.take(call, user.account.slug if user else None)
    if fault is None:
        answer = _done(world, work)
    else:
        answer = await _with_trouble(request, fault, call, work)
    person, struck = user.key if user else None, fault.kind.key if fault else None
    status = answer.status_code
    with world.lock:
        world.record(Call(world.clock(), call, request.method, request.url.path, status, person, struck))
    return answer


def _done(world: World, work: Work, without: frozenset[str] = NOTHING) -> Response:
    with world.lock:
        try:
            return work(without)
        except Refused as error:
            return refusal(error)


async def _with_trouble(request: Request, fault: Fault, call: str, work: Work) -> Response:
    world, kind = world_of(request), fault.kind.key
    if kind == "cut_before":
        return Cut()
    if kind in ("timeout", "timeout_after"):
        if kind == "timeout_after":
            _done(world, work)
        await _hang(request, world)
        return Cut()
    if kind == "slow":
        await asyncio.sleep(fault.seconds)
        return _done(world, work)
    if kind == "scopes_changed" and GROUP_OF[call] == "oauth":
        return _done(world, work, LOST)
    if kind in AFTERWARDS:
        return AFTERWARDS[kind](_done(world, work))
    if kind == "unreadable":
        return HTMLResponse(WEB_PAGE)
    return refusal(INSTEAD[kind](world, call))


async def _hang(request: Request, world: World) -> None:
    """Until the caller hangs up, all faults are switched off, or the stand-in stops."""
    with world.lock:
        cleared = world.faults.cleared
        world.hanging += 1
        world.changed.notify_all()
    try:
        await caller_gave_up(request, lambda: world.faults.cleared == cleared and not world.closing)
    finally:
        with world.lock:
            world.hanging -= 1


def _server_error(_world: World, call: str) -> Refused:
    if GROUP_OF[call] == "oauth":
        return oauth_error("Internal server error", "server_error", status=500)
    return api_error(500, "Internal server error.", status=500)


def _rate_limited(world: World, call: str) -> Refused:
    category = scopes.CATEGORY.get(call, "Light")
    headers = limit_headers(category, "QPS", scopes.LIMIT[category], 0) | {"X-RateLimit-Reset": "1"}
    message = "You have reached the maximum per-second rate limit for this API. Try again later."
    return api_error(int(world.habits["limit_code"]), message, status=429, headers=headers)


def _rate_limited_today(world: World, call: str) -> Refused:
    now = world.clock().astimezone(UTC)
    midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    headers = limit_headers(scopes.CATEGORY.get(call, "Light"), "Daily-limit", 6000, 0)
    if world.habits["retry_after"] == "date":
        headers["Retry-After"] = f"{midnight:%Y-%m-%dT%H:%M:%SZ}"
    elif world.habits["retry_after"] == "seconds":
        headers["Retry-After"] = str(int((midnight - now).total_seconds()) + 1)
    message = (
        "You have reached the maximum daily rate limit for this API. "
        "Refer to the response header for details on when you can make another request."
    )
    return api_error(int(world.habits["limit_code"]), message, status=429, headers=headers)


def _scopes_changed(_world: World, _call: str) -> Refused:
    return lacks_scope(scopes.LOST_SCOPE)


def _app_disabled(_world: World, call: str) -> Refused:
    if GROUP_OF[call] == "oauth":
        return oauth_error("The app has been disabled by the account admin.", "invalid_request", code=4738)
    return api_error(4717, "The app has been disabled.")


def _user_removed(_world: World, call: str) -> Refused:
    message = "The user who added the app has been removed from the account."
    if GROUP_OF[call] == "oauth":
        return oauth_error(message, "invalid_request", code=4735)
    return api_error(4735, message)


def lacks_scope(scope: str) -> Refused:
    return api_error(4711, f"Invalid access token, does not contain scopes:[{scope}].")


def limit_headers(category: str, kind: str, limit: int, remaining: int) -> dict[str, str]:
    return {
        "X-RateLimit-Category": category,
        "X-RateLimit-Type": kind,
        "X-RateLimit-Limit": str(limit),
        "X-RateLimit-Remaining": str(remaining),
    }


# What is answered instead of the effect.
INSTEAD: Mapping[str, Callable[[World, str], Refused]] = {
    "server_error": _server_error,
    "rate_limited": _rate_limited,
    "rate_limited_today": _rate_limited_today,
    "invalid_grant": lambda world, _call: dead_refresh_token(world.habits["dead_refresh"]),
    "invalid_client": lambda _world, _call: invalid_client(),
    "scopes_changed": _scopes_changed,
    "app_disabled": _app_disabled,
    "user_removed": _user_removed,
}
# What becomes of the answer, once the call took effect.
AFTERWARDS: Mapping[str, Callable[[Response], Response]] = {
    "half_written": HalfWritten,
    "cut_after": lambda _answer: Cut(),
    "error_after": lambda _answer: json_answer({"reason": "Internal server error", "error": "server_error"}, 500),
}
