"""What all tests share."""

import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import settings

from integration import db

# A slow machine is no failing test; timings belong in benchmarks.
settings.register_profile("ours", deadline=None)
settings.load_profile("ours")

# Nothing here outlives the run, so nothing needs to reach the disk.
db.SYNCHRONOUS = "OFF"

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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files in an order that is the same each time and mixes folders: those that mostly wait (the bot's) beside those
    that compute. Within a file the order stays.
    """
    items.sort(key=lambda item: hashlib.sha256(str(item.path.relative_to(ROOT)).encode()).digest())
