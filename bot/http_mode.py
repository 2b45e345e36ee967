"""What the bot serves over HTTP: Slack's signed requests in that mode, and the pages of an installation."""

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import uvicorn
from fastapi import APIRouter, FastAPI, Request, Response
from slack_bolt import App, BoltRequest
from starlette.concurrency import run_in_threadpool
from starlette.middleware.body_limit import RequestBodyLimitMiddleware

from bot.errors import ConfigError

MOST_BYTES = 1024 * 1024  # Slack sends far less; it is read before its signature is known
QUEUE = 128


def create_web(routers: Sequence[APIRouter]) -> FastAPI:
    """A web application with these routes and `/healthz`."""
    web = FastAPI(title="Retain bot", docs_url=None, redoc_url=None, openapi_url=None)
    web.add_middleware(RequestBodyLimitMiddleware, max_body_size=MOST_BYTES)
    for router in routers:
        web.include_router(router)

    @web.get("/healthz")
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    return web


def events(app: App) -> APIRouter:
    """`/slack/events`, where Slack posts events, commands and clicks. Bolt verifies each signature on the raw body.

    Bolt's own adapter runs listeners' middleware on the event loop, where one slow claim would hold up all others.
    """
    router = APIRouter()

    @router.post("/slack/events")
    async def take(request: Request) -> Response:
        body = (await request.body()).decode("utf-8", errors="replace")  # a wrong byte fails the signature
        headers: dict[str, str | Sequence[str]] = dict(request.headers.items())
        answer = await run_in_threadpool(app.dispatch, BoltRequest(body=body, headers=headers))
        return Response(answer.body, answer.status, headers=answer.first_headers_without_set_cookie())

    return router


@contextmanager
def listening(web: FastAPI, host: str, port: int) -> Iterator[None]:
    """Serve while the block runs. Raises ConfigError when the port cannot be used."""
    # The protocol is named, or asyncio leaves Nagle on: 40 ms for each answer.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as bound:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind((host, port))
        except OSError:
            raise ConfigError(
                f"PORT {port} cannot be used.", field="PORT", remedy="Is something else listening there?"
            ) from None
        bound.listen(QUEUE)
        server = uvicorn.Server(uvicorn.Config(web, log_level="warning", access_log=False))
        serving = threading.Thread(target=server.run, args=([bound],), name="http")
        serving.start()
        try:
            yield
        finally:
            server.should_exit = True
            serving.join()
