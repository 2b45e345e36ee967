"""Keeps the sandbox to this machine: no foreign Host (DNS rebinding), no posts from other sites."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
SAFE_HEADERS = [
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
]


class Guard:
    """ASGI middleware around the whole sandbox."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        problem = _problem(Headers(scope=scope))
        if problem is None:
            await self._app(scope, receive, _with_safe_headers(send))
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await JSONResponse({"ok": False, "error": problem}, 403)(scope, receive, send)


def _problem(headers: Headers) -> str | None:
    host = headers.get("host", "")
    if urlsplit(f"//{host}").hostname not in LOOPBACK_NAMES:
        return "The sandbox answers to 127.0.0.1 and localhost only. Open it under that address."
    origin = headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != host:
        return "The sandbox takes nothing from other sites. Use its own page."
    return None


def _with_safe_headers(send: Send) -> Send:
    """Adds the headers that an answer does not bring itself."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = list(message.get("headers", []))
            named = {name.lower() for name, _ in given}
            message["headers"] = given + [header for header in SAFE_HEADERS if header[0] not in named]
        await send(message)

    return sending
