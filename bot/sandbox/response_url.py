"""response_url: how an app answers a command or a click, five times within half an hour."""

import json
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from bot.sandbox import messages
from bot.sandbox.errors import ApiError
from bot.sandbox.method import Call
from bot.sandbox.methods_chat import content
from bot.sandbox.model import ApiCall, Json, Message
from bot.sandbox.records import ResponseUrl
from bot.sandbox.world import World

USES = 5
NAME = "response_url"


def routes(world: World) -> APIRouter:
    """The addresses that commands and interactions carry."""
    router = APIRouter()

    @router.post("/hooks/{kind}/{team}/{number}/{secret}")
    async def respond(request: Request, kind: str, team: str, number: str, secret: str) -> Response:
        target = world.response_urls.get(f"/hooks/{kind}/{team}/{number}/{secret}")
        try:
            given = json.loads(await request.body())
        except json.JSONDecodeError:
            return JSONResponse({"ok": False, "error": "invalid_payload"}, 400)
        return _respond(world, target, given)

    return router


def _respond(world: World, target: ResponseUrl | None, given: Any) -> Response:
    team = target.team_id if target else None
    try:
        found = _usable(world, target)
        answer(world, found, given)
        result: Response = PlainTextResponse("ok")
        error: ApiError | None = None
    except ApiError as failure:
        error = failure
        status = 404 if failure.error in ("used_url", "expired_url") else 400
        result = JSONResponse({"ok": False, "error": failure.error} | failure.extra, status)
    notes = tuple(error.extra.get("response_metadata", {}).get("messages", ())) if error else ()
    args = given if isinstance(given, dict) else {}
    code = error.error if error else None
    world.calls.append(ApiCall(world.clock(), team, NAME, args, result.status_code, error is None, code, notes))
    world.changed()
    return result


def _usable(world: World, target: ResponseUrl | None) -> ResponseUrl:
    if target is None:
        raise ApiError("expired_url")
    if (world.clock() - target.made_at).total_seconds() > world.timing.response_url:
        raise ApiError("expired_url")
    if target.uses >= USES:
        raise ApiError("used_url")
    target.uses += 1
    return target


def answer(world: World, target: ResponseUrl, given: Any) -> Message | None:
    """Does what an app's answer says: posts, replaces or deletes. Raises ApiError."""
    if not isinstance(given, dict):
        raise ApiError("invalid_payload")
    call = Call(world, world.app_of(target.team_id), given)
    original = messages.find(world, target.channel, target.message_ts) if target.message_ts else None
    if call.flag("delete_original"):
        if original:
            messages.remove(world, original)
        return None
    body, blocks = content(call)
    if call.flag("replace_original") and original:
        return messages.edit(world, original, body, blocks)
    return _post(call, target, body, blocks)


def _post(call: Call, target: ResponseUrl, body: str, blocks: list[Json]) -> Message:
    public = call.text("response_type") == "in_channel"
    return messages.from_app(
        call.world,
        call.app,
        call.world.channels[target.channel],
        body=body,
        blocks=blocks,
        thread_ts=call.text("thread_ts") or target.thread_ts,
        ephemeral_to=None if public else target.user,
        unfurl=(call.flag("unfurl_links"), call.flag("unfurl_media")),
    )
