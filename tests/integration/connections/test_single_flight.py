"""Real processes that need one token at the same time, on both engines."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime

import pytest
from sqlalchemy.engine import URL

from integration.connections import refresh
from integration.connections.due import refresh_due
from integration.runtime import Runtime, make_runtime
from integration.zoom.sandbox.driver import ZoomStandIn
from tests.integration.conftest import make_settings
from tests.integration.connections.steps import connect, found, row, stands
from tests.integration.serving import environment, process, wait_for_line
from tests.support.zoom import reached_at, running_zoom

PROCESSES, REQUESTS = 3, 200


@pytest.fixture
def zoom() -> Iterator[ZoomStandIn]:
    """By the real clock: the processes have no other."""
    with running_zoom() as zoom:
        yield zoom


@pytest.fixture
def runtime(database_url: URL, zoom: ZoomStandIn) -> Iterator[Runtime]:
    made = make_runtime(make_settings(database_url, **reached_at(zoom)))
    yield made
    made.database.close()


def variables(url: URL, zoom: ZoomStandIn) -> dict[str, str]:
    return dict(
        environment(
            url,
            ZOOM_CLIENT_ID=zoom.client_id,
            ZOOM_CLIENT_SECRET=zoom.client_secret,
            ZOOM_OAUTH_URL=zoom.oauth_url,
            ZOOM_API_URL=zoom.api_url,
        )
    )


@contextmanager
def talking(command: list[str], env: dict[str, str]) -> Iterator["subprocess.Popen[str]"]:
    with subprocess.Popen(
        command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as running:
        try:
            yield running
        finally:
            running.kill()


def grow_old(runtime: Runtime) -> None:
    """The access token is about to run out."""
    with runtime.database.writing() as session:
        connection = found(session)
        assert connection is not None
        connection.access_expires_at = datetime.now(UTC)


def refreshes_tried(zoom: ZoomStandIn) -> int:
    return sum(call.kind == "refresh" for call in zoom.calls)


def test_two_hundred_requests_in_three_processes_make_one_refresh(
    database_url: URL, runtime: Runtime, zoom: ZoomStandIn
) -> None:
    connect(runtime, zoom)
    grow_old(runtime)
    zoom.faults.switch_on("slow", where="refresh", seconds=0.5)
    env = variables(database_url, zoom)
    share = -(-REQUESTS // PROCESSES)
    program = [sys.executable, "-m", "tests.integration.connections.asking_process", str(share)]
    with ExitStack() as stack:
        running = [stack.enter_context(talking(program, env)) for _ in range(PROCESSES)]
        for one in running:
            wait_for_line(one, "ready")
        for one in running:
            assert one.stdin is not None
            one.stdin.write("go\n")
            one.stdin.flush()
        hashes = [each for one in running for each in json.loads(wait_for_line(one, "["))]
    assert len(hashes) == share * PROCESSES >= REQUESTS
    assert len(set(hashes)) == 1
    assert refreshes_tried(zoom) == 1
    assert stands(runtime) == ("connected", "connected")
    assert row(runtime).lease_owner is None


# Where a process is killed while it refreshes, and what is left of it.
STEPS = ("leased", "at_zoom", "answered", "stored")


@pytest.mark.parametrize("step", STEPS)
def test_a_process_that_is_killed_while_it_refreshes_leaves_what_the_next_one_can_go_on_with(
    database_url: URL, runtime: Runtime, zoom: ZoomStandIn, step: str
) -> None:
    zoom.faults.habits(old_refresh="lingers")
    connect(runtime, zoom)
    grow_old(runtime)
    die_at(step, database_url, zoom)
    left = row(runtime)
    if step == "stored":
        assert left.lease_owner is None
    else:
        assert left.lease_owner is not None
        assert left.refresh_began_at is not None
        run_out(runtime)
    assert runtime.zoom.me(refresh.access_token(runtime, "acme")).email == "jonas@acme.example"
    assert stands(runtime)[0] == "connected"
    after = row(runtime)
    assert (after.lease_owner, after.refresh_began_at, after.failures) == (None, None, 0)


def test_killed_after_zoom_answered_nobody_is_asked_to_connect_again_even_if_zoom_wants_the_lost_token(
    database_url: URL, runtime: Runtime, zoom: ZoomStandIn
) -> None:
    connect(runtime, zoom)
    grow_old(runtime)
    die_at("answered", database_url, zoom)
    run_out(runtime)
    with runtime.database.writing() as session:
        connection = found(session)
        assert connection is not None
        connection.check_due_at = datetime.now(UTC)  # as it is when the time comes
    assert refresh_due(runtime) == 1
    assert stands(runtime) == ("degraded", "refresh_interrupted")


def die_at(step: str, url: URL, zoom: ZoomStandIn) -> None:
    with process("tests.integration.connections.dying_process", step, env=variables(url, zoom)) as dying:
        assert dying.wait(60) == -9, dying.stdout.read() if dying.stdout else ""


def run_out(runtime: Runtime) -> None:
    with runtime.database.writing() as session:
        connection = found(session)
        assert connection is not None
        connection.lease_until_ms = 0
