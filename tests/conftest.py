"""What all tests share."""

import gc
import os
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from integration import db
from tests.support.engines import create_learned_engine
from tests.support.order import Scheduling, place

# A slow machine is no failing test; timings belong in benchmarks.
settings.register_profile("ours", deadline=None)
settings.load_profile("ours")

# Nothing here outlives the run, so nothing needs to reach the disk.
db.SYNCHRONOUS = "OFF"
# Each test has a database, and compiling its statements anew took a fifth of all tests' time.
vars(db)["create_engine"] = create_learned_engine

# So many new objects, not Python's 700, before garbage is looked for: tests make much and keep little.
GARBAGE = 10_000

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The reference material beside the project; absent on most machines, never on CI's."""
    if SHARED.is_dir():
        return SHARED
    if os.environ.get("CI") == "true":
        pytest.fail(f"{SHARED} is absent, and CI must have it")
    pytest.skip(f"{SHARED} is absent: reference material is not part of the project")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is collected stays until the end: neither now nor later is it looked through for garbage."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()
        gc.set_threshold(GARBAGE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files in an order that is the same each time. Within a file the order stays."""
    items.sort(key=lambda item: place(item.path.relative_to(ROOT)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling | None:
    """Ours for `--dist loadfile`."""
    return Scheduling(config, log) if config.getoption("dist") == "loadfile" else None
