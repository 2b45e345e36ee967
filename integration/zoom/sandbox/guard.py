"""Keeps the stand-in to this machine: no foreign Host (DNS rebinding), no posts from other sites."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})


class Guard:
    """ASGI middleware around everything."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        problem = _problem(Headers(scope=scope)) if scope["type"] == "http" else None
        if problem is None:
            await self._app(scope, receive, send)
        else:
            await PlainTextResponse(problem, 403)(scope, receive, send)


def _problem(headers: Headers) -> str | None:
    host = headers.get("host", "")
    if urlsplit(f"//{host}").hostname not in LOOPBACK_NAMES:
        return "The Zoom stand-in answers to 127.0.0.1 and localhost only. Open it under that address."
    origin = headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != host:
        return "The Zoom stand-in takes nothing from other sites. Use its own pages."
    return None
