"""The Web API's front door: arguments, faults, tokens, scopes, rates; then the method."""

import asyncio
import base64
import json
import secrets
from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from bot.sandbox import methods_assistant, methods_chat, methods_history, methods_oauth, methods_people, methods_views
from bot.sandbox.errors import ActionError, ApiError
from bot.sandbox.faults import Fault
from bot.sandbox.method import Call, Caller, Method, missing_scope
from bot.sandbox.model import ApiCall, Json
from bot.sandbox.rates import Rates
from bot.sandbox.world import World

METHODS: dict[str, Method] = {
    **methods_people.METHODS,
    **methods_chat.METHODS,
    **methods_history.METHODS,
    **methods_views.METHODS,
    **methods_assistant.METHODS,
    **methods_oauth.METHODS,
}
KEPT_CALLS = 2000
SECRET_ARGUMENTS = frozenset({"client_secret", "code"})
NO_CALLERS = {"none": "not_authed", "unknown": "invalid_auth", "revoked": "account_inactive"}


def routes(world: World) -> APIRouter:
    """`/api/{method}`, by POST or GET, with a form or JSON."""
    router, rates = APIRouter(), Rates()

    @router.api_route("/api/{method}", methods=["GET", "POST"])
    async def call_method(request: Request, method: str) -> JSONResponse:
        args = await _arguments(request)
        token = _token(request, args)
        world.running_calls += 1
        try:
            await asyncio.sleep(world.faults.delay(method))
            hold = world.faults.take_hold(method)
            if hold is None:
                return _answer(world, rates, method, token, args)
            answer = _answer(world, rates, method, token, args) if hold.after else _never_sent()
            world.changed()
            await hold.let_go.wait()
            return answer
        finally:
            world.running_calls -= 1
            world.changed()

    return router


async def _arguments(request: Request) -> dict[str, Any]:
    args: dict[str, Any] = dict(request.query_params)
    body = await request.body()
    if not request.headers.get("content-type", "").startswith("application/json"):
        return args | dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    try:
        found = json.loads(body) if body else {}
    except json.JSONDecodeError:
        found = {}
    return args | (found if isinstance(found, dict) else {})


def _token(request: Request, args: dict[str, Any]) -> str:
    """The token, from the header or the arguments, where it does not stay. Basic credentials become arguments."""
    given = str(args.pop("token", "") or "")
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        client_id, _, secret = base64.b64decode(value).decode("utf-8", "replace").partition(":")
        args |= {"client_id": client_id, "client_secret": secret}
    return value.strip() if scheme.lower() == "bearer" else given


def _caller(world: World, token: str) -> Caller:
    if not token:
        return Caller("none")
    given = token.encode()
    if secrets.compare_digest(given, world.registration.app_token.encode()):
        return Caller("app")
    for app in world.apps.values():
        if secrets.compare_digest(given, app.tokens.bot.encode()):
            return Caller("bot", app)
        if secrets.compare_digest(given, app.tokens.app.encode()):
            return Caller("app", app)
    return Caller("revoked" if token in world.revoked else "unknown")


def _answer(world: World, rates: Rates, name: str, token: str, args: dict[str, Any]) -> JSONResponse:
    caller = _caller(world, token)
    app = caller.installation
    fault = world.faults.take(name)
    if fault is None or fault.after:
        status, answer, headers = _run(world, rates, name, caller, args)
    if fault is not None:
        status, answer, headers = _trouble(fault)
    messages = tuple((answer.get("response_metadata") or {}).get("messages", ()))
    shown = {key: value for key, value in args.items() if key not in SECRET_ARGUMENTS}
    record = ApiCall(
        world.clock(), app.team_id if app else None, name, shown, status, answer["ok"], answer.get("error"), messages
    )
    world.calls.append(record)
    del world.calls[:-KEPT_CALLS]
    if app:
        headers = headers | {"x-oauth-scopes": ",".join(sorted(app.scopes))}
    return JSONResponse(answer, status, headers)


def _never_sent() -> JSONResponse:
    """To a call that was held before it took effect; mostly nobody is there any more to hear it."""
    return JSONResponse({"ok": False, "error": "internal_error"}, 500)


def _trouble(fault: Fault) -> tuple[int, Json, dict[str, str]]:
    headers = {"Retry-After": str(fault.retry_after)} if fault.retry_after is not None else {}
    return fault.status, {"ok": False, "error": fault.error}, headers


def _run(
    world: World, rates: Rates, name: str, caller: Caller, args: dict[str, Any]
) -> tuple[int, Json, dict[str, str]]:
    try:
        method = METHODS.get(name)
        if method is None:
            raise ApiError("unknown_method", req_method=name)
        _authorize(method, caller)
        if wait := _rate(world, rates, name, method, caller, args):
            return 429, {"ok": False, "error": "ratelimited"}, {"Retry-After": str(wait)}
        return 200, {"ok": True} | method.run(Call(world, caller.installation, args)), {}
    except ApiError as failure:
        return 200, {"ok": False, "error": failure.error} | failure.extra, {}
    except ActionError:  # a person without what was asked for: an external one has no direct message
        return 200, {"ok": False, "error": "channel_not_found"}, {}


def _authorize(method: Method, caller: Caller) -> None:
    """Raises ApiError when this token may not call the method."""
    if method.caller == "none":
        return
    if caller.kind in NO_CALLERS:
        raise ApiError(NO_CALLERS[caller.kind])
    if method.caller not in ("any", caller.kind):
        raise ApiError("not_allowed_token_type")
    app = caller.installation
    if app and method.scopes and not app.scopes.intersection(method.scopes):
        raise missing_scope(app, method.scopes[0])


def _rate(world: World, rates: Rates, name: str, method: Method, caller: Caller, args: dict[str, Any]) -> int:
    if not world.rate_limits:
        return 0
    team = caller.installation.team_id if caller.installation else ""
    return rates.check(team, name, method.per_minute, str(args.get("channel", "")), world.clock().timestamp())
