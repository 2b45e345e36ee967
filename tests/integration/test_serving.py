"""What only a real server shows: waiting, hanging up, stopping, dying."""

import asyncio
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx2 as httpx
import pytest
from sqlalchemy.engine import URL

from integration.app import create_app
from integration.config import Settings
from integration.db import utcnow
from integration.questions.models import Question
from integration.questions.service import PATIENCE
from integration.runtime import Runtime
from tests.integration.asking import ASKED, notifications, work
from tests.integration.conftest import TestClock
from tests.integration.serving import BOT, Served, environment, post, process, serving, wait_for_line

CLAIM = "/v1/notifications/claim"


@pytest.fixture
def served(settings: Settings, clock: TestClock) -> Iterator[Served]:
    with serving(create_app(settings, clock=clock)) as running:
        yield running


def eventually(true: Callable[[], bool]) -> None:
    """Return as soon as it is true; the test's own timeout ends a wait in vain."""
    while not true():
        threading.Event().wait(0.02)


def test_of_bots_that_claim_one_key_at_once_one_gets_it(served: Served) -> None:
    with ThreadPoolExecutor(8) as bots:
        answers = list(bots.map(lambda _: post(served.url, "/v1/questions", **ASKED), range(16)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 15
    assert len({answer.json()["id"] for answer in answers}) == 1


def test_a_waiting_bot_gets_a_notification_as_soon_as_there_is_one(
    served: Served, runtime: Runtime, clock: TestClock
) -> None:
    with ThreadPoolExecutor(1) as bot:
        waiting = bot.submit(post, served.url, f"{CLAIM}?wait=30")
        eventually(lambda: served.requests_at_hand() == 1)
        post(served.url, "/v1/questions", **ASKED)
        clock.move(PATIENCE.total_seconds())
        work(runtime)
        (one,) = waiting.result().json()["notifications"]
    assert one["payload"]["question"]["text"] == ASKED["text"]


def test_a_hundred_waiting_bots_keep_nobody_else_from_being_served(served: Served) -> None:
    async def scene() -> list[int]:
        limits = httpx.Limits(max_connections=None)
        async with httpx.AsyncClient(base_url=served.url, headers=BOT, timeout=60, limits=limits) as client:
            bots = [asyncio.create_task(client.post(f"{CLAIM}?wait=30")) for _ in range(100)]
            while served.requests_at_hand() < 100:
                await asyncio.sleep(0.02)
            asked = await client.post("/v1/questions", json=ASKED)
            assert not any(bot.done() for bot in bots)
            served.stop_waiting()
            return [asked.status_code, *[answer.status_code for answer in await asyncio.gather(*bots)]]

    assert asyncio.run(scene()) == [201] + [200] * 100


def test_a_bot_that_hung_up_is_not_given_anything(served: Served, runtime: Runtime, clock: TestClock) -> None:
    address = ("127.0.0.1", int(served.url.rsplit(":", 1)[1]))
    with socket.create_connection(address) as bot:
        head = f"POST {CLAIM}?wait=30 HTTP/1.1\r\nHost: x\r\nAuthorization: {BOT['Authorization']}\r\n"
        bot.sendall(f"{head}Content-Length: 0\r\n\r\n".encode())
        eventually(lambda: served.requests_at_hand() == 1)
    eventually(lambda: served.requests_at_hand() == 0)
    post(served.url, "/v1/questions", **ASKED)
    clock.move(PATIENCE.total_seconds())
    work(runtime)
    assert [one.attempts for one in notifications(runtime)] == [0]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_server_told_to_stop_answers_those_who_wait(database_url: URL, number: signal.Signals) -> None:
    port = free_port()
    command = ("uvicorn", "--factory", "integration.app:create_app", "--port", str(port), "--no-access-log")
    with process(*command, env=environment(database_url)) as web, ThreadPoolExecutor(1) as bot:
        wait_for_line(web, "Uvicorn running")
        url = f"http://127.0.0.1:{port}"
        waiting = bot.submit(post, url, f"{CLAIM}?wait=30")
        post(url, f"{CLAIM}?wait=1")  # by the time this was waited for, the other waits too
        web.send_signal(number)
        assert waiting.result(timeout=15).json() == {"notifications": []}
        wait_for_line(web, "Finished server process")
        web.wait(timeout=15)


def test_a_web_process_without_settings_ends_with_code_2_and_no_traceback() -> None:
    command = ("uvicorn", "--factory", "integration.app:create_app")
    with process(*command, env={"PATH": os.environ["PATH"]}) as web:
        said, _ = web.communicate(timeout=30)
    assert web.returncode == 2
    assert "7 settings need attention" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_told_to_stop_ends_cleanly(database_url: URL, number: signal.Signals) -> None:
    with process("integration", "worker", env=environment(database_url)) as worker:
        wait_for_line(worker, "worker started")
        worker.send_signal(number)
        wait_for_line(worker, "worker stopped")
        assert worker.wait(timeout=15) == 0


def test_a_killed_worker_loses_and_doubles_nothing(runtime: Runtime, database_url: URL) -> None:
    now = utcnow()  # the worker's clock is the real one, and it forgets what is too old
    with runtime.database.writing() as session:
        for number in range(200):
            row = f"{number:032x}"
            text = runtime.vault.seal(f"Question {number}?", table="questions", column="text", row=row)
            asked = {"asked_at": now, "owed_at": now, "actor": "a", "place": "p"}
            session.add(Question(id=row, key=row, text=text, **asked))
    # All of them are due. Killed wherever it happens to be.
    with process("integration", "worker", env=environment(database_url)) as worker:
        wait_for_line(worker, "worker started")
        eventually(lambda: len(notifications(runtime)) > 0)
        worker.kill()
    with process("integration", "worker", env=environment(database_url)):
        eventually(lambda: len(notifications(runtime)) >= 200)
    assert sorted(one.about for one in notifications(runtime)) == [f"{number:032x}" for number in range(200)]
