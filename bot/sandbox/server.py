"""The ASGI app of the sandbox and its server, which listens on this machine only."""

import asyncio
import ipaddress
import socket
from contextlib import suppress
from pathlib import Path

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.staticfiles import StaticFiles

from bot.sandbox import chat, consent, installs, response_url, socket_mode, web_api
from bot.sandbox.errors import ActionError, SettingError
from bot.sandbox.guard import Guard
from bot.sandbox.kept import read_messages, write_messages
from bot.sandbox.world import World


def create_app(world: World) -> FastAPI:
    """The whole sandbox as one app: `/api/…`, `/link/`, response URLs, the chat page at `/`."""
    app = FastAPI(title="Slack sandbox", docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(web_api.routes(world))
    app.include_router(socket_mode.routes(world))
    app.include_router(chat.routes(world))
    app.include_router(consent.routes(world))
    app.include_router(response_url.routes(world))
    app.mount("/static", StaticFiles(directory=chat.STATIC, packages=[("kb", "design")]), name="static")
    app.add_exception_handler(ActionError, _refused)
    app.add_middleware(Guard)
    return app


async def _refused(_request: Request, error: Exception) -> JSONResponse:
    """What a person cannot do, in words for the page."""
    remedy = error.remedy if isinstance(error, ActionError) else None
    return JSONResponse({"error": str(error), "remedy": remedy}, 400)


class Server(uvicorn.Server):
    """Uvicorn that first ends live pages and sockets, so that stopping does not wait for them.

    `kept`: the file of the installations, if all is to be there again next time.
    """

    def __init__(self, config: uvicorn.Config, world: World, kept: Path | None = None) -> None:
        super().__init__(config)
        self._world, self._kept = world, kept

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._world.close()
        await super().shutdown(sockets)
        if self._kept:  # here: a signal that ended us ends the process as soon as we have shut down
            write_messages(self._world, self._kept)


def bind(host: str = "127.0.0.1", port: int = 0) -> socket.socket:
    """A listening socket on a loopback address; port 0 takes any free one.

    Raises SettingError for any other address: the sandbox has no passwords.
    """
    if not ipaddress.ip_address("127.0.0.1" if host == "localhost" else host).is_loopback:
        raise SettingError(f"The sandbox may not listen on {host}.", field="host", remedy="Use 127.0.0.1.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named, or asyncio leaves Nagle on: 40 ms for each answer.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen()  # so that whoever is quicker than the server waits instead of being refused
    except OSError as error:
        listening.close()
        remedy = "Stop what is using it, or choose another port."
        raise SettingError(f"Port {port} cannot be used ({error.strerror}).", field="port", remedy=remedy) from error
    return listening


def make_server(world: World, listening: socket.socket, kept: Path | None = None) -> Server:
    """A server for a bound socket; it sets the world's `base_url`. `kept` as for `Server`."""
    host, port = listening.getsockname()[:2]
    world.base_url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    config = uvicorn.Config(
        create_app(world),
        ws=socket_mode.Protocol,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=2,
        lifespan="off",
    )
    return Server(config, world, kept)


def serve(world: World, host: str = "127.0.0.1", port: int = 0, kept: Path | None = None) -> None:
    """Runs the sandbox until it is interrupted; what is installed and was said is kept in files, if one is given."""
    listening = bind(host, port)
    server = make_server(world, listening, kept)
    if kept:
        read_messages(world, kept)

    async def serving() -> None:
        keeping = [asyncio.create_task(installs.keep(world, kept))] if kept else []  # not ended by a reset
        await server.serve(sockets=[listening])
        await asyncio.gather(*keeping)

    with suppress(KeyboardInterrupt):  # uvicorn has shut down by then, and hands the signal on
        asyncio.run(serving())
