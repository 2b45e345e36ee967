"""The app behind a real server, in this process or in one of its own."""

import asyncio
import os
import socket
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import httpx2 as httpx
import uvicorn
from fastapi import FastAPI
from sqlalchemy.engine import URL

from tests.integration.conftest import API_KEY
from tests.support.settings import SETTINGS, as_environment
from tests.support.warm import Warm

BOT = {"Authorization": f"Bearer {API_KEY}"}


@dataclass
class Served:
    """A running server; `stop_waiting` ends its long polls, as a signal would."""

    url: str
    server: uvicorn.Server
    app: FastAPI

    def stop_waiting(self) -> None:
        loop = self.server.servers[0].get_loop()
        loop.call_soon_threadsafe(self.app.state.stopping.set)

    def requests_at_hand(self) -> int:
        return len(self.server.server_state.tasks)


@contextmanager
def serving(app: FastAPI, port: int = 0) -> Iterator[Served]:
    """Serve the app on a free port from a thread."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", port))
        config = uvicorn.Config(app, log_config=None, access_log=False, ws="none", lifespan="on")
        server = uvicorn.Server(config)
        started = threading.Event()

        async def serve() -> None:
            task = asyncio.create_task(server.serve(sockets=[listener]))
            while not server.started and not task.done():
                await asyncio.sleep(0.01)
            started.set()
            await task

        thread = threading.Thread(target=asyncio.run, args=(serve(),))
        thread.start()
        assert started.wait(20)
        served = Served(f"http://127.0.0.1:{listener.getsockname()[1]}", server, app)
        try:
            yield served
        finally:
            served.stop_waiting()
            server.should_exit = True
            thread.join()


def environment(url: URL, **more: str) -> Mapping[str, str]:
    """The environment of a process of ours."""
    own = {"API_KEYS": f"bot:{API_KEY}", "DATABASE_URL": url.render_as_string(hide_password=False)}
    return {**os.environ, **as_environment(SETTINGS), **own, **more}


@contextmanager
def process(*command: str, env: Mapping[str, str]) -> Iterator[Warm]:
    """Run `python -m …` until the end of the block; it is killed there if it still runs."""
    running = Warm(command, env)
    try:
        yield running
    finally:
        running.close()


def wait_for_line(running: "Warm | subprocess.Popen[str]", part: str) -> str:
    """The next line of its output that holds `part`; fails when the process ends without one."""
    assert running.stdout is not None
    for line in running.stdout:
        if part in line:
            return line
    raise AssertionError(f"the process ended without saying {part!r}")


def post(url: str, path: str, **body: object) -> httpx.Response:
    return httpx.post(f"{url}{path}", json=body, headers=BOT, timeout=60)
