"""The Socket Mode endpoint: hello, envelopes out, acknowledgements in."""

import asyncio
import json
import socket as network
import struct
from contextlib import suppress
from uuid import uuid4

from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from bot.sandbox.model import APP_ID, App, Json
from bot.sandbox.socket_hub import NotAcknowledged, Socket
from bot.sandbox.world import World

TRANSPORT = "sandbox.transport"
ENVELOPE_TYPES = {"event": "events_api", "command": "slash_commands", "interaction": "interactive"}


def routes(world: World) -> APIRouter:
    """The websocket that `apps.connections.open` points to."""
    router = APIRouter()

    @router.websocket("/link/")
    async def link(websocket: WebSocket, ticket: str = "") -> None:
        hears = world.sockets.redeem(ticket)
        if hears is None or world.sockets.full(hears):
            await websocket.close(1008)
            return
        await websocket.accept()
        await _serve(world, websocket, Socket(hears))

    return router


async def _serve(world: World, websocket: WebSocket, socket: Socket) -> None:
    """Runs one connection until either side ends it."""
    world.sockets.add(socket)
    socket.outbox.put_nowait(_hello(world, socket))
    work = {
        asyncio.create_task(_read(websocket, socket)),
        asyncio.create_task(_write(websocket, socket)),
        asyncio.create_task(_until_ended(socket)),
        asyncio.create_task(_close_when_retired(world, websocket, socket)),
    }
    world.changed()
    try:
        await asyncio.wait(work, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)
        if socket.ended.is_set():
            _cut(websocket)
        world.sockets.remove(socket)
        world.changed()


class Protocol(WebSocketsSansIOProtocol):
    """Uvicorn's websocket protocol, which also lets the endpoint reach the TCP connection."""

    async def run_asgi(self) -> None:
        self.scope["extensions"] = {TRANSPORT: {"transport": self.transport}}
        await super().run_asgi()


def _cut(websocket: WebSocket) -> None:
    """Breaks the TCP connection with a reset and without a close frame, as a failing network does."""
    extensions = websocket.scope.get("extensions") or {}
    if transport := extensions.get(TRANSPORT, {}).get("transport"):
        wire = transport.get_extra_info("socket")
        wire.setsockopt(network.SOL_SOCKET, network.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()


async def _until_ended(socket: Socket) -> None:
    await socket.ended.wait()


async def _close_when_retired(world: World, websocket: WebSocket, socket: Socket) -> None:
    """Closes a connection that Slack renews, in good order, for an app that did not do it itself."""
    await socket.retired.wait()
    await asyncio.sleep(world.timing.disconnect)
    with suppress(WebSocketDisconnect, RuntimeError):  # the other side closed meanwhile
        await websocket.close(1000)


async def _read(websocket: WebSocket, socket: Socket) -> None:
    with suppress(WebSocketDisconnect):
        while True:
            text = await websocket.receive_text()
            with suppress(json.JSONDecodeError):
                message = json.loads(text)
                if isinstance(message, dict):
                    socket.acknowledge(message)


async def _write(websocket: WebSocket, socket: Socket) -> None:
    with suppress(WebSocketDisconnect, RuntimeError):  # RuntimeError: either side closed meanwhile
        while True:
            await websocket.send_text(json.dumps(await socket.outbox.get()))


def _hello(world: World, socket: Socket) -> Json:
    return {
        "type": "hello",
        "num_connections": world.sockets.count(socket.hears),
        "connection_info": {"app_id": APP_ID},
        "debug_info": {
            "host": "sandbox",
            "started": world.clock().isoformat(),
            "build_number": 1,
            "approximate_connection_time": 18060,
        },
    }


async def send(world: World, app: App, kind: str, payload: Json, attempt: int, reason: str) -> Json | None:
    """Hands a payload to any of the app's connections; returns what the acknowledgement carried.

    Raises NotAcknowledged when there is no connection, it breaks, or three seconds pass.
    """
    socket = world.sockets.pick(app.team_id)
    if socket is None:
        raise NotAcknowledged("connection_failed")
    envelope = {
        "envelope_id": str(uuid4()),
        "payload": payload,
        "type": ENVELOPE_TYPES[kind],
        "accepts_response_payload": kind != "event",
    }
    if kind == "event":
        envelope |= {"retry_attempt": attempt, "retry_reason": reason}
    return await socket.send(envelope, world.timing.ack)
