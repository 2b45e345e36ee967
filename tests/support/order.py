"""In which order files of tests are run, and which of them by the same process."""

import hashlib
from pathlib import Path

from xdist.scheduler import LoadFileScheduling  # type: ignore[import-untyped]  # has no types

# Begun first, so that no worker is left alone with one at the end; what waits for others between what computes.
LONG = (
    "tests/e2e",
    "tests/integration/test_openapi.py",
    "tests/browser",
    "tests/integration/meetings/test_year.py",
    "tests/e2e/test_killed.py",
    "tests/integration/webhooks/test_burst.py",
    "tests/integration/test_serving.py",
    "tests/integration/test_policy.py",
)
# Folders whose files share what takes long to start: all by one process.
TOGETHER = ("tests/e2e", "tests/browser")
APART = ("tests/e2e/test_killed.py",)  # shares nothing


def part_of(file: str) -> str:
    """What is run by one process: a file, or the folder that it is of."""
    folder = file.rpartition("/")[0]
    return folder if folder in TOGETHER and file not in APART else file


def place(file: Path) -> tuple[int, str, str]:
    """Where it stands in the order, which is the same each time and mixes folders after the long ones."""
    part = part_of(file.as_posix())
    turn = LONG.index(part) if part in LONG else len(LONG)
    return turn, hashlib.sha256(part.encode()).hexdigest(), file.as_posix()


class Scheduling(LoadFileScheduling):  # type: ignore[misc]  # has no types
    """`--dist loadfile`, with some folders for files."""

    def _split_scope(self, nodeid: str) -> str:
        return part_of(super()._split_scope(nodeid))
