"""The chat page and the control interface behind it (`/sandbox/…`), for the page and the driver only."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Literal

from fastapi import APIRouter, Body
from fastapi.responses import FileResponse, JSONResponse, StreamingResponse
from pydantic import BaseModel

from bot.sandbox import actions, clock, messages, methods_oauth
from bot.sandbox.errors import ActionError
from bot.sandbox.model import Channel, Json, Message, Person, View
from bot.sandbox.picture import picture, state
from bot.sandbox.reading import Control, controls
from bot.sandbox.world import World

STATIC = Path(__file__).with_name("static")
HEARTBEAT = 15.0
Filled = dict[str, dict[str, Any]]


class Said(BaseModel):
    person: str
    channel: str
    text: str
    thread_ts: str | None = None


class Pressed(BaseModel):
    """A control used: in a message (channel and ts) or in a view (view_id)."""

    person: str
    block_id: str
    action_id: str
    side: Literal["positive_button", "negative_button"] | None = None
    value: Any = None
    channel: str | None = None
    ts: str | None = None
    view_id: str | None = None
    filled: Filled = {}


class Shortcut(BaseModel):
    person: str
    callback_id: str
    channel: str | None = None
    ts: str | None = None


class Submitted(BaseModel):
    person: str
    view_id: str
    filled: Filled = {}


class Removal(BaseModel):
    person: str


class Trouble(BaseModel):
    kind: Literal["drop", "fail", "rate_limit", "redeliver"]


class Change(BaseModel):
    kind: Literal["leave", "archive"]
    person: str
    channel: str


class Later(BaseModel):
    step: clock.Step


def routes(world: World) -> APIRouter:
    """`/`, what it shows and what it does. Functions are `async` so that they run on the event loop."""
    router = APIRouter()
    router.add_api_route("/", _page, include_in_schema=False)
    _reading(router, world)
    _doing(router, world)
    _trouble(router, world)
    _changing(router, world)
    return router


async def _page() -> FileResponse:
    return FileResponse(STATIC / "chat.html", headers={"Cache-Control": "no-store"})


def _reading(router: APIRouter, world: World) -> None:
    @router.get("/sandbox/state")
    async def who_is_here() -> Json:
        return state(world)

    @router.get("/sandbox/ready")
    async def ready() -> JSONResponse:
        """200 once the app is reached wherever it is installed."""
        there = bool(world.apps) and all(world.connected(team) for team in world.apps)
        return JSONResponse({"ready": there}, 200 if there else 503)

    @router.get("/sandbox/picture")
    async def what_one_sees(person: str) -> Json:
        return picture(world, world.person(person))

    @router.get("/sandbox/live")
    async def live() -> StreamingResponse:
        return StreamingResponse(_news(world), media_type="text/event-stream", headers={"Cache-Control": "no-store"})


async def _news(world: World) -> AsyncIterator[str]:
    """A line whenever something changed, so that the page looks again."""
    seen = -1
    while not world.closing:
        if seen != world.version:
            seen = world.version
            yield f"data: {seen}\n\n"
            continue
        try:
            await asyncio.wait_for(world.signal.wait(), HEARTBEAT)
        except TimeoutError:
            yield ": still here\n\n"


def _doing(router: APIRouter, world: World) -> None:
    @router.post("/sandbox/say")
    async def say(said: Said) -> Json:
        person, channel = _place(world, said.person, said.channel)
        if said.text.startswith("/") and said.thread_ts is None:
            name, _, rest = said.text.partition(" ")
            await actions.command(world, person, channel, name, rest.strip())
            return {}
        return {"ts": actions.say(world, person, channel, said.text, said.thread_ts).ts}

    @router.post("/sandbox/click")
    async def click(pressed: Pressed) -> Json:
        where = _where(world, pressed)
        control = _control(where, pressed)
        person = world.person(pressed.person)
        return {"ok": await actions.click(world, person, where, control, pressed.value, pressed.filled)}

    @router.post("/sandbox/shortcut")
    async def shortcut(used: Shortcut) -> Json:
        message = _message(world, used.channel, used.ts) if used.ts else None
        return {"ok": await actions.shortcut(world, world.person(used.person), used.callback_id, message)}

    @router.post("/sandbox/submit")
    async def submit(given: Submitted) -> Json:
        person = world.person(given.person)
        await actions.submit(world, person, _modal(world, person, given.view_id), given.filled)
        return {}

    @router.post("/sandbox/close")
    async def close(person: str = Body(embed=True)) -> Json:
        await actions.close(world, world.person(person))
        return {}

    @router.post("/sandbox/home")
    async def home(person: str = Body(), tab: str = Body()) -> Json:
        actions.open_home(world, world.person(person), tab)
        return {}


def _trouble(router: APIRouter, world: World) -> None:
    @router.post("/sandbox/trouble")
    async def trouble(wanted: Trouble) -> Json:
        match wanted.kind:
            case "drop":
                return {"dropped": world.sockets.drop()}
            case "fail":
                world.faults.fail("chat.postMessage", 500)
            case "rate_limit":
                world.faults.rate_limit("chat.postMessage", retry_after=2)
            case "redeliver":
                world.faults.redeliver(3)
        return {}


def _changing(router: APIRouter, world: World) -> None:
    @router.post("/sandbox/clock")
    async def later(by: Later) -> Json:
        clock.forward(world, by.step)
        return {}

    @router.post("/sandbox/change")
    async def change(wanted: Change) -> Json:
        person, channel = _place(world, wanted.person, wanted.channel)
        if wanted.kind == "leave":
            actions.leave(world, person)
        else:
            actions.archive(world, channel, archived=not channel.archived)
        return {}

    @router.post("/sandbox/uninstall")
    async def uninstall(by: Removal) -> Json:
        methods_oauth.remove(world, world.app_of(world.person(by.person).workspace))
        return {}

    @router.post("/sandbox/reset")
    async def reset() -> Json:
        world.reset()
        return {}


def _place(world: World, person: str, channel: str) -> tuple[Person, Channel]:
    found = world.channels.get(channel)
    if found is None:
        raise ActionError("That channel is not here.", field="channel")
    return world.person(person), found


def _message(world: World, channel: str | None, ts: str | None) -> Message:
    if message := messages.find(world, str(channel), str(ts)):
        return message
    raise ActionError("That message is gone.", field="ts")


def _where(world: World, pressed: Pressed) -> Message | View:
    if pressed.ts:
        return _message(world, pressed.channel, pressed.ts)
    person = world.person(pressed.person)
    home = world.homes.get(person.id)
    if home is not None and home.id == pressed.view_id:
        return home
    return _modal(world, person, str(pressed.view_id))


def _modal(world: World, person: Person, view_id: str) -> View:
    for view in world.modals.get(person.id, []):
        if view.id == view_id:
            return view
    raise ActionError("That window is closed.", field="view_id")


def _control(where: Message | View, pressed: Pressed) -> Control:
    """What was pressed, also where the app has redrawn it since the page did: its block is called otherwise then."""
    same = [one for one in controls(where.blocks) if (one.action_id, one.side) == (pressed.action_id, pressed.side)]
    for control in same:
        if control.block_id == pressed.block_id or len(same) == 1:
            return control
    raise ActionError("That button is gone.", field="action_id", remedy="Look at the newest message.")
