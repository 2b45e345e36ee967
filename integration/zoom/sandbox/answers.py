"""Answers, and the ways in which there is none."""

import asyncio
import json
from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from integration.zoom.sandbox.errors import Refused
from integration.zoom.sandbox.model import Json

NO_ANSWER = 0
LOOK_SECONDS = 0.1


def json_answer(body: Json, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    content = json.dumps(body, separators=(",", ":"))
    return Response(content, status, dict(headers or {}), media_type="application/json;charset=UTF-8")


def refusal(error: Refused) -> Response:
    return json_answer(error.body, error.status, error.headers)


class Cut(Response):
    """Drops the connection without a byte. Works under `server.Protocol`, which hands over the transport."""

    def __init__(self) -> None:
        super().__init__(status_code=200)
        self.status_code = NO_ANSWER

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's form
        scope["state"]["transport"].abort()
        await _gone(receive)


class HalfWritten(Response):
    """The head and half of the body of another answer; then the connection is closed."""

    def __init__(self, whole: Response) -> None:
        super().__init__(whole.body, whole.status_code)
        self.raw_headers = whole.raw_headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        half = bytes(self.body)[: len(self.body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})
        scope["state"]["transport"].close()  # once it is sent
        await _gone(receive)


async def caller_gave_up(request: Request, still: Callable[[], bool]) -> None:
    """Returns when the caller hangs up, or when `still` is no longer true."""
    while still():
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                await _gone(request.receive)
                return
        except TimeoutError:
            continue


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
