"""A server that answers everything alike: whatever may stand behind an address."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler

from tests.support import http_server


@dataclass
class Other:
    """A server that answers everything alike, and keeps what it was sent."""

    status: int = 200
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)
    date: datetime | None = None
    url: str = ""
    sent: list[tuple[str, str]] = field(default_factory=list)


@contextmanager
def answering(other: Other) -> Iterator[Other]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            other.sent.append((self.path, self.headers.get("Authorization", "")))
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response_only(other.status)
            self.send_header("Date", format_datetime(other.date or datetime.now(UTC), usegmt=True))
            for name, value in other.headers.items():
                self.send_header(name, value)
            text = json.dumps(other.body).encode()
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(text)

        do_POST = do_HEAD = do_GET  # noqa: N815 - the names that the base class looks for

    with http_server.serving(Handler) as other.url:
        yield other
