"""What surrounds every request: its id, its one line in the log, security headers, and the end of every bug."""

import logging
import re
import time
from collections.abc import Callable, Mapping
from uuid import uuid4

from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.body_limit import RequestBodyLimitMiddleware, RequestBodyLimitResponder
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from integration import problems
from integration.logs import request_id
from integration.runtime import runtime_of

log = logging.getLogger(__name__)

MAX_BODY_BYTES = 256 * 1024
MAX_CALENDAR_BYTES = 32 * 1024 * 1024  # 2,500 events with long descriptions
CALENDAR = re.compile(r"/v1/tenants/[^/]+/calendar-events")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
SANE_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")

# Pages load what they need from here alone, and carry no code within themselves. "same-origin" keeps addresses from
# other sites, and still lets a form say where it was sent from.
SECURITY_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; "
    "img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
HSTS = "max-age=31536000"


class Envelope:
    """ASGI middleware, the outermost. `https` says whether people reach us over https alone."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self.app = app
        self.headers = dict(SECURITY_HEADERS)
        if https:
            self.headers["Strict-Transport-Security"] = HSTS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        token = request_id.set(_request_id(scope))
        started = time.perf_counter()
        status = 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._add_headers(MutableHeaders(scope=message), scope)
            await send(message)

        try:
            await self._answer(scope, receive, send_with_headers, lambda: status != 0)
        finally:
            _record(scope, status, time.perf_counter() - started)
            request_id.reset(token)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, has_started: Callable[[], bool]) -> None:
        request = Request(scope)
        limit = body_limit(scope)
        if _declared_length(scope) > limit:
            await problems.refuse_size(request, limit)(scope, receive, send)
            return
        try:
            await self.app(scope, receive, send)
        except Exception:  # the outermost edge: whatever arrives here is a bug
            log.exception("a request failed")
            if has_started():
                raise  # half an answer was sent: the server must break the connection off
            await problems.broken(request)(scope, receive, send)

    def _add_headers(self, headers: MutableHeaders, scope: Scope) -> None:
        headers["X-Request-ID"] = request_id.get()
        for name, value in self.headers.items():
            headers.setdefault(name, value)
        if problems.is_for_programs(scope["path"]):
            headers.setdefault("Cache-Control", "no-store")


class BodyLimit(RequestBodyLimitMiddleware):
    """Starlette's limiter, with more room for calendars. What declares too much, the envelope has answered before."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(app, MAX_BODY_BYTES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        await RequestBodyLimitResponder(self.app, body_limit(scope))(scope, receive, send)


def body_limit(scope: Scope) -> int:
    """How many bytes the body of this request may have. Much only for callers we know: anybody could send it."""
    if scope["method"] != "PUT" or not CALENDAR.fullmatch(scope["path"]):
        return MAX_BODY_BYTES
    kind, _, key = Headers(scope=scope).get("authorization", "").partition(" ")
    known = kind.lower() == "bearer" and runtime_of(Request(scope)).settings.api_keys.caller(key)
    return MAX_CALENDAR_BYTES if known else MAX_BODY_BYTES


def _request_id(scope: Scope) -> str:
    given = Headers(scope=scope).get("x-request-id", "")
    return given if SANE_REQUEST_ID.fullmatch(given) else uuid4().hex


def _declared_length(scope: Scope) -> int:
    declared = Headers(scope=scope).get("content-length", "")
    return int(declared) if declared.isascii() and declared.isdigit() else 0


def _record(scope: Scope, status: int, seconds: float) -> None:
    """One line in the log, and one more in the counters."""
    method = scope["method"] if scope["method"] in METHODS else "(other)"
    # The route's own path, with {names} for what it carries: that may be a one-use token.
    path = getattr(scope.get("route"), "path", "(no route)")
    state = scope.get("state", {})
    runtime_of(Request(scope)).metrics.answered(method, path, status, seconds)
    log.info(
        "request",
        extra={
            "method": method,
            "path": path,
            "status": status,
            "ms": round(seconds * 1000, 1),
            "caller": state.get("caller"),
            **state.get("decided", {}),  # who may do what is logged with what they did
        },
    )
