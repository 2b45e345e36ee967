"""Status requests against a bare endpoint that reads one row; a worker's refreshes against the stand-in's ceiling."""

import secrets
import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy import make_url, select, update

from integration import migrations
from integration.config import Settings
from integration.connections.due import AT_ONCE, refresh_due
from integration.connections.models import Connection
from integration.runtime import Runtime, make_runtime
from tests.bench.load import requests_per_second, serving
from tests.integration.connections.steps import connect_many
from tests.support.settings import SETTINGS, as_environment
from tests.support.zoom import reached_at, running_zoom

CONNECTIONS = 200
ROUNDS = 3
API_KEY = secrets.token_urlsafe(32)
READER = {"Authorization": f"Bearer {API_KEY}", "X-Actor": "slack:T1/U1"}
READERS = {"member": {"X-Role": "member", "X-Tenant": "tenant0"}, "staff": {"X-Role": "staff"}}


def main() -> None:
    """Print requests and refreshes per second, each with its ratio to the floor or ceiling of the same run."""
    with tempfile.TemporaryDirectory() as folder, running_zoom() as zoom:
        own = {"api_keys": f"bench:{API_KEY}", "database_url": f"sqlite:///{Path(folder) / 'bench.db'}"}
        settings = {**SETTINGS, **reached_at(zoom), **own}
        migrations.upgrade(make_url(own["database_url"]))
        runtime = make_runtime(Settings.model_validate(settings))
        connect_many(runtime, zoom, CONNECTIONS)
        _print_status(as_environment(settings))
        _print_refreshes(runtime)
        runtime.database.close()


def _print_status(env: dict[str, str]) -> None:
    """In turns, so that what else the machine does falls on all of them alike."""
    bare = serving("tests.bench.bare:create_app", {"BARE_DATABASE_URL": env["DATABASE_URL"]})
    with bare as floor_url, serving("integration.app:create_app", env) as url:
        status = f"{url}/v1/tenants/tenant0/zoom/status"
        asked: dict[str, tuple[str, dict[str, str]]] = {
            "a bare endpoint that reads one row": (f"{floor_url}/row/tenant0", {})
        }
        asked |= {f"status, asked by {who}": (status, READER | headers) for who, headers in READERS.items()}
        turns = [{name: requests_per_second(*target) for name, target in asked.items()} for _ in range(ROUNDS)]
    print(f"{'requests':34}{'per second':>12}{'ratio':>8}")
    floor = statistics.median(turn["a bare endpoint that reads one row"] for turn in turns)
    for name in asked:
        median = statistics.median(turn[name] for turn in turns)
        print(f"{name:34}{median:12.0f}{median / floor:8.2f}")


def _print_refreshes(runtime: Runtime) -> None:
    """The ceiling is the same calls by as many threads. It leaves the rows' tokens behind, so it comes last."""
    worker = _per_second(lambda: _all_refreshed(runtime))
    with runtime.database.reading() as session:
        sealed = session.execute(select(Connection.id, Connection.refresh_token)).all()
    held = {
        row: runtime.vault.open(token or "", table="connections", column="refresh_token", row=row)
        for row, token in sealed
    }

    def all_called() -> None:
        with ThreadPoolExecutor(AT_ONCE) as threads:
            for row, pair in zip(held, threads.map(runtime.zoom_oauth.refresh, held.values()), strict=True):
                held[row] = pair.refresh_token

    ceiling = _per_second(all_called)
    print(f"{'refreshes':34}{'per second':>12}{'ratio':>8}")
    print(f"{'the calls alone':34}{ceiling:12.0f}{1:8.2f}")
    print(f"{'one worker':34}{worker:12.0f}{worker / ceiling:8.2f}")


def _all_refreshed(runtime: Runtime) -> None:
    with runtime.database.writing() as session:
        session.execute(update(Connection).values(check_due_at=runtime.clock()))
    done = 0
    while done < CONNECTIONS:
        done += refresh_due(runtime)


def _per_second(do: Callable[[], None]) -> float:
    started = time.perf_counter()
    for _ in range(ROUNDS):
        do()
    return ROUNDS * CONNECTIONS / (time.perf_counter() - started)


if __name__ == "__main__":
    main()
