"""A server that answers what a test tells it to, on a real socket, and keeps what it was asked."""

import base64
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Asked:
    """A request as it came over the socket."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> Mapping[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.target).query).items()}

    @property
    def form(self) -> Mapping[str, str]:
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}

    @property
    def basic(self) -> str:
        return base64.b64decode(self.headers["Authorization"].removeprefix("Basic ")).decode()


@dataclass(frozen=True)
class Reply:
    """An answer. `declared` is the length it claims; `hang_up` ends the connection without a word."""

    body: object = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    declared: int | None = None
    hang_up: bool = False
    waits_for: threading.Event | None = None
    drips: bool = False

    @property
    def raw(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


class Scripted:
    """Answers with `replies` in turn; the last one stays."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.asked: list[Asked] = []
        self.replies: list[Reply] = []
        self.stopping = threading.Event()

    def will(self, *replies: Reply) -> "Scripted":
        self.replies = list(replies)
        return self

    def next_reply(self) -> Reply:
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "_Server"

    def _answer(self) -> None:
        script = self.server.script
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        script.asked.append(Asked(self.command, self.path, dict(self.headers), body))
        reply = script.next_reply()
        if reply.waits_for:
            reply.waits_for.wait(20)
        if reply.hang_up:
            self.close_connection = True
            return
        self.send_response(reply.status)
        for name, value in {"Content-Type": "application/json", **reply.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.raw) if reply.declared is None else reply.declared))
        self.end_headers()
        self._write(reply)
        if reply.declared is not None:
            self.close_connection = True

    def _write(self, reply: Reply) -> None:
        if not reply.drips:
            self.wfile.write(reply.raw)
            return
        try:
            while not self.server.script.stopping.wait(0.05):
                self.wfile.write(b" ")
        except OSError:
            return

    do_GET = do_POST = _answer  # noqa: N815 - the names that http.server asks for

    def log_message(self, *args: Any) -> None:
        """Quiet."""


class _Server(ThreadingHTTPServer):
    script: Scripted

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Who hangs up on us is part of the tests."""


@contextmanager
def scripted(*replies: Reply) -> Iterator[Scripted]:
    """A running server on a free port."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.script = Scripted(f"http://127.0.0.1:{server.server_address[1]}").will(*replies)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.script
        finally:
            server.script.stopping.set()
            server.shutdown()
            thread.join()


class MovingClock:
    """A clock that moves only while somebody sleeps by it."""

    def __init__(self, now: Any) -> None:
        self.now = now
        self.slept: list[float] = []

    def __call__(self) -> Any:
        return self.now

    def sleep(self, seconds: float) -> None:
        from datetime import timedelta

        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)
