"""The integration service over real HTTP, with a worker, and a clock that can be set forward."""

import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import requests
import uvicorn
from fastapi import FastAPI
from sqlalchemy import make_url, select
from sqlalchemy.orm import Session

from integration import migrations, work
from integration.app import create_app, equip
from integration.config import Settings
from integration.questions.models import Feedback, Question
from integration.runtime import Runtime, make_runtime
from tests.support.settings import SETTINGS

NOWHERE = "http://127.0.0.1:9"  # refuses at once, where a test has no Zoom of its own
API_KEY = "a-test-key-for-the-bot-0123456789"


class ClockInMemory:
    """The real time, set forward by as many seconds as a test says, for one process: a file is not needed."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def forward(self, seconds: float) -> None:
        self._ahead += timedelta(seconds=seconds)


@dataclass
class Service:
    """A running service; `stop` and `start` make an outage on the same port and database."""

    runtime: Runtime
    clock: ClockInMemory
    port: int
    settings: Settings
    _app: FastAPI | None = field(default=None, init=False)
    _server: uvicorn.Server | None = field(default=None, init=False)
    _thread: threading.Thread | None = field(default=None, init=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        # Named, or asyncio leaves Nagle's delay on: 40 ms for each answer.
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", self.port))
        listening.listen(128)  # who calls before the server is up waits, and is not refused
        self.port = listening.getsockname()[1]
        self._app = _idle_app(self.settings)
        equip(self._app, make_runtime(self.settings, self.clock))
        config = uvicorn.Config(self._app, log_level="error", timeout_graceful_shutdown=2)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([listening],), daemon=True)
        self._thread.start()
        with requests.Session() as session:
            session.trust_env = False
            assert session.get(f"{self.url}/healthz", timeout=10).ok

    def stop(self) -> None:
        if self._app and self._server and self._thread:
            self._app.state.stopping.set()  # as a signal does: long polls end
            self._server.should_exit = True
            self._thread.join(10)
            if not self._thread.is_alive():
                _idle_apps.append(self._app)
        self._server = self._app = None

    def questions(self) -> list[Question]:
        """All rows, oldest first, detached."""
        with Session(self.runtime.database.engine, expire_on_commit=False) as session:
            return list(session.scalars(select(Question).order_by(Question.asked_at)))

    def feedback(self) -> list[Feedback]:
        with Session(self.runtime.database.engine, expire_on_commit=False) as session:
            return list(session.scalars(select(Feedback)))


# Building an app takes longer than most tests do. Nothing of it belongs to a service but what `equip` puts in.
_idle_apps: list[FastAPI] = []


def _idle_app(settings: Settings) -> FastAPI:
    assert settings.public_url.startswith("http:")  # an app is built for one of the two
    return _idle_apps.pop() if _idle_apps else create_app(settings)


@cache
def empty_database() -> bytes:
    """A migrated database without rows, as SQLite keeps it in a file."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "empty.db"
        migrations.upgrade(make_url(f"sqlite:///{file}"))
        return file.read_bytes()


@contextmanager
def running_service(folder: Path, **changes: object) -> Iterator[Service]:
    """A service with a fresh SQLite database in `folder`, and a worker. `changes` are settings by their field names."""
    file = folder / "service.db"
    if not file.exists():
        file.write_bytes(empty_database())
    url = make_url(f"sqlite:///{file}")
    own = {
        "api_keys": f"bot:{API_KEY}",
        "zoom_oauth_url": NOWHERE,
        "zoom_api_url": NOWHERE,
        "database_url": url.render_as_string(hide_password=False),
    }
    settings = Settings.model_validate({**SETTINGS, **own, **changes})
    clock = ClockInMemory()
    runtime = make_runtime(settings, clock)
    service = Service(runtime, clock, 0, settings)
    stop = threading.Event()
    worker = threading.Thread(target=work.run, args=(runtime, stop), daemon=True)
    service.start()
    worker.start()
    try:
        yield service
    finally:
        stop.set()
        worker.join(10)
        service.stop()
        runtime.database.close()
