"""Webhooks stored per second, and how long an answer takes, beside a bare endpoint that makes one insert on the same
database: durable on SQLite; on PostgreSQL, which the tests start without fsync, not.
"""

import asyncio
import os
import secrets
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit
from uuid import uuid4

from fastapi import Depends, FastAPI, Request, Response
from sqlalchemy import Column, MetaData, String, Table, Text, create_engine, insert, make_url
from sqlalchemy.engine import URL

from integration import migrations
from integration.db import make_engine
from tests.bench.load import CONNECTIONS, SECONDS, WARM_UP_SECONDS, serving
from tests.integration.serving import environment
from tests.integration.webhooks.steps import about
from tests.integration.webhooks.zoom_says import signed
from tests.support.postgres import PostgresUnavailable, shared_cluster

TURNS = 4
BARE, OURS = "a bare endpoint, one insert", "POST /webhooks/zoom"
NOT_DURABLE = "PostgreSQL runs without fsync here: neither endpoint waits for its disk. On SQLite both do."
DATABASE = "BARE_DATABASE_URL"
ROWS = Table("bare", MetaData(), Column("id", String(32), primary_key=True), Column("body", Text))

numbers = count()


def run() -> list[str]:
    """A table: per database how many a second, the ratio, and the answers' median and 99th percentile."""
    lines = [f"{'webhooks stored':45}{'per second':>12}{'ratio':>8}{'p50 ms':>8}{'p99 ms':>8}"]
    with tempfile.TemporaryDirectory() as folder, _engines(Path(folder)) as urls:
        for url in urls:
            lines += _measured(url)
    return [*lines, *([NOT_DURABLE] if len(lines) > 3 else [])]


def main() -> None:
    print("\n".join(run()))


def create_bare_app() -> FastAPI:
    """Stores each body in a row of its own, and nothing else; the database is set as ours is."""
    engine = make_engine(make_url(os.environ[DATABASE]))
    app = FastAPI(openapi_url=None)

    async def raw_body(request: Request) -> bytes:
        return await request.body()

    @app.post("/bare", status_code=204)
    def store(body: Annotated[bytes, Depends(raw_body)]) -> Response:
        with engine.begin() as connection:
            connection.execute(insert(ROWS).values(id=uuid4().hex, body=body.decode()))
        return Response(status_code=204)

    return app


@contextmanager
def _engines(folder: Path) -> Iterator[list[URL]]:
    """A fresh database on each engine that there is."""
    sqlite = make_url(f"sqlite:///{folder / 'bench.db'}")
    try:
        with shared_cluster(folder / "postgres") as socket:
            server = URL.create("postgresql+psycopg", "postgres", database="postgres", query={"host": str(socket)})
            yield [sqlite, server]
    except PostgresUnavailable:
        yield [sqlite]


def _measured(url: URL) -> list[str]:
    """In turns, so that what else the machine does falls on both alike."""
    migrations.upgrade(url)
    engine = create_engine(url)
    ROWS.create(engine)
    engine.dispose()
    env = {**environment(url), DATABASE: url.render_as_string(hide_password=False)}
    with (
        serving("tests.bench.webhooks:create_bare_app", env) as bare,
        serving("integration.app:create_app", env) as ours,
    ):
        turns = [(_answers(f"{bare}/bare"), _answers(f"{ours}/webhooks/zoom")) for _ in range(TURNS)]
    ratio = statistics.median(len(ours) / len(bare) for bare, ours in turns)
    theirs, mine = zip(*turns, strict=True)
    name = url.get_backend_name()
    return [_line(f"{BARE}, {name}", theirs, 1), _line(f"{OURS}, {name}", mine, ratio)]


def _line(what: str, turns: Sequence[Sequence[float]], ratio: float) -> str:
    rate = statistics.median(len(turn) / SECONDS for turn in turns)
    waits = statistics.quantiles([wait for turn in turns for wait in turn], n=100)
    return f"{what:45}{rate:12.0f}{ratio:8.2f}{waits[49] * 1000:8.1f}{waits[98] * 1000:8.1f}"


def _answers(url: str) -> list[float]:
    """How long each answer took, in seconds: signed events, each another one, over connections that stay open. Raises
    RuntimeError on any answer but 204.
    """
    asyncio.run(_all(url, WARM_UP_SECONDS))
    return asyncio.run(_all(url, SECONDS))


async def _all(url: str, seconds: float) -> list[float]:
    until = time.perf_counter() + seconds
    return [wait for waits in await asyncio.gather(*(_one(url, until) for _ in range(CONNECTIONS))) for wait in waits]


async def _one(url: str, until: float) -> list[float]:
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection("127.0.0.1", parts.port)
    waits = []
    while time.perf_counter() < until:
        request, sent_at = _request(parts.path, parts.netloc), time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        waits.append(time.perf_counter() - sent_at)
        if not head.startswith(b"HTTP/1.1 204"):
            raise RuntimeError(head.decode("latin-1"))
    writer.close()
    return waits


def _request(path: str, host: str) -> bytes:
    """The end of a meeting, as Zoom sends it."""
    times = {"start_time": "2026-11-24T17:00:00Z", "end_time": "2026-11-24T17:45:00Z"}
    host_of_it = {"host_id": "x1yCzABCDEfg23HiJKl4mN", "host_email": "jonas.weber@acme.example", "type": 2}
    call = {"uuid": secrets.token_urlsafe(16), "timezone": "America/Los_Angeles", "duration": 60} | host_of_it | times
    body = about("meeting.ended", account=f"account-{next(numbers) % 50}", **call)
    headers = {**signed(body, datetime.now(UTC)), "Host": host, "Content-Length": str(len(body))}
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


if __name__ == "__main__":
    main()
