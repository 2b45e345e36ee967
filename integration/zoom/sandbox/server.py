"""The ASGI app and its server, which listens on this machine only."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from uvicorn.protocols.http.h11_impl import H11Protocol

from integration.zoom.sandbox import (
    api,
    calendar_pages,
    consent,
    meeting_pages,
    memory,
    oauth,
    past,
    past_weeks,
    reports,
    site,
)
from integration.zoom.sandbox.errors import NotPossible
from integration.zoom.sandbox.guard import Guard
from integration.zoom.sandbox.views import STATIC
from integration.zoom.sandbox.world import World

HOST = "127.0.0.1"
UPKEEP_SECONDS = 2.0


def create_app(world: World) -> Starlette:
    """The whole stand-in as one app."""
    app = Starlette(
        routes=[
            *oauth.ROUTES,
            *past.ROUTES,
            *reports.ROUTES,
            *api.ROUTES,
            *consent.ROUTES,
            *site.ROUTES,
            *meeting_pages.ROUTES,
            *calendar_pages.ROUTES,
            Mount("/static", StaticFiles(directory=STATIC, packages=[("kb", "design")]), name="static"),
        ],
        middleware=[Middleware(Guard)],
        exception_handlers={NotPossible: site.not_possible},
    )
    app.state.world = world
    return app


class Protocol(H11Protocol):
    """HTTP that hands the transport to the app, so that a fault can cut the connection."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}


class Server(uvicorn.Server):
    """Uvicorn that first ends the calls which a fault keeps waiting."""

    def __init__(self, config: uvicorn.Config, world: World) -> None:
        super().__init__(config)
        self._world = world

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._world.closing = True
        await super().shutdown(sockets)


def bind(port: int = 0) -> socket.socket:
    """A listening socket of this machine; port 0 takes any free one. Raises NotPossible."""
    # Named as TCP, or asyncio does not switch Nagle's delay off, and each answer takes 40 ms.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
        listening.listen(512)  # so that whoever is quicker than the server waits instead of being refused
    except OSError as error:
        listening.close()
        raise NotPossible(f"Port {port} cannot be used ({error.strerror}). Choose another port.") from error
    return listening


def make_server(world: World, listening: socket.socket) -> Server:
    """A server for a bound socket; it sets the world's `base_url`."""
    world.base_url = f"http://{HOST}:{listening.getsockname()[1]}"
    config = uvicorn.Config(
        create_app(world),
        http=Protocol,
        ws="none",
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=2,
        lifespan="off",
    )
    return Server(config, world)


def serve(world: World, port: int, kept: Path | None = None, weeks: int = 0) -> None:
    """Runs the stand-in, retries of webhooks included, until it is interrupted; `kept` outlasts a restart. Where that
    knows of no calls yet, so many `weeks` are behind Acme.

    Raises NotPossible when the port is taken or the file cannot be read.
    """
    listening = bind(port)
    known = kept is not None and memory.load(world, kept)
    if weeks and not known:
        past_weeks.remember(world, weeks)
    with _upkeep(world, kept), suppress(KeyboardInterrupt):  # uvicorn has shut down by then, and hands the signal on
        make_server(world, listening).run(sockets=[listening])


@contextmanager
def running(world: World, port: int = 0) -> Iterator[None]:
    """The stand-in in a thread; retries of webhooks are sent when asked for only."""
    listening = bind(port)
    server = make_server(world, listening)
    thread = threading.Thread(target=server.run, args=([listening],), name="zoom", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(10)
        listening.close()


@contextmanager
def _upkeep(world: World, kept: Path | None) -> Iterator[None]:
    """Every two seconds what is due is sent, and what shall last is written down; the latter at the end, too."""
    stop = threading.Event()

    def keep() -> None:
        while not stop.wait(UPKEEP_SECONDS):
            world.webhooks.send_due()
            world.push_calendar(unasked=True)
            if kept:
                memory.save(world, kept)

    thread = threading.Thread(target=keep, name="zoom-upkeep", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(10)
        if kept:
            memory.save(world, kept)
