"""The Web API's front door: arguments, faults, tokens, scopes, rates; then the method."""

import asyncio
import json
from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from bot.sandbox import methods_assistant, methods_chat, methods_history, methods_people, methods_views
from bot.sandbox.errors import ActionError, ApiError
from bot.sandbox.faults import Fault
from bot.sandbox.method import Call, Method, missing_scope
from bot.sandbox.model import ApiCall, App, Json
from bot.sandbox.rates import Rates
from bot.sandbox.world import World

METHODS: dict[str, Method] = {
    **methods_people.METHODS,
    **methods_chat.METHODS,
    **methods_history.METHODS,
    **methods_views.METHODS,
    **methods_assistant.METHODS,
}
KEPT_CALLS = 2000


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
            return _answer(world, rates, method, token, args)
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
    """The token, from the header or the arguments, where it does not stay."""
    given = str(args.pop("token", "") or "")
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    return value.strip() if scheme.lower() == "bearer" else given


def _answer(world: World, rates: Rates, name: str, token: str, args: dict[str, Any]) -> JSONResponse:
    app = world.app_by_token(token) if token else None
    fault = world.faults.take(name)
    if fault is None or fault.after:
        status, answer, headers = _run(world, rates, name, token, app, args)
    if fault is not None:
        status, answer, headers = _trouble(fault)
    messages = tuple((answer.get("response_metadata") or {}).get("messages", ()))
    record = ApiCall(
        world.clock(), app.team_id if app else None, name, args, status, answer["ok"], answer.get("error"), messages
    )
    world.calls.append(record)
    del world.calls[:-KEPT_CALLS]
    if app:
        headers = headers | {"x-oauth-scopes": ",".join(sorted(app.manifest.scopes))}
    return JSONResponse(answer, status, headers)


def _trouble(fault: Fault) -> tuple[int, Json, dict[str, str]]:
    headers = {"Retry-After": str(fault.retry_after)} if fault.retry_after is not None else {}
    return fault.status, {"ok": False, "error": fault.error}, headers


def _run(
    world: World, rates: Rates, name: str, token: str, app: App | None, args: dict[str, Any]
) -> tuple[int, Json, dict[str, str]]:
    try:
        method = METHODS.get(name)
        if method is None:
            raise ApiError("unknown_method", req_method=name)
        allowed = _authorized(world, method, token, app)
        if wait := _rate(world, rates, name, method, allowed, args):
            return 429, {"ok": False, "error": "ratelimited"}, {"Retry-After": str(wait)}
        return 200, {"ok": True} | method.run(Call(world, allowed, args)), {}
    except ApiError as failure:
        return 200, {"ok": False, "error": failure.error} | failure.extra, {}
    except ActionError:  # a person without what was asked for: an external one has no direct message
        return 200, {"ok": False, "error": "channel_not_found"}, {}


def _authorized(world: World, method: Method, token: str, app: App | None) -> App:
    if method.caller == "none":
        return app or next(iter(world.apps.values()))
    if not token:
        raise ApiError("not_authed")
    if app is None:
        raise ApiError("invalid_auth")
    kind = "app" if token == app.tokens.app else "bot"
    if method.caller not in ("any", kind):
        raise ApiError("not_allowed_token_type")
    if method.scopes and not app.manifest.scopes.intersection(method.scopes):
        raise missing_scope(app, method.scopes[0])
    return app


def _rate(world: World, rates: Rates, name: str, method: Method, app: App, args: dict[str, Any]) -> int:
    if not world.rate_limits:
        return 0
    now = world.clock().timestamp()
    return rates.check(app.team_id, name, method.per_minute, str(args.get("channel", "")), now)
