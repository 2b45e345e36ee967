"""Tools from the npm registry that only these tests use; `make test` installs them into node_modules/."""

import os
from functools import cache
from pathlib import Path

import pytest

MODULES = Path(__file__).parent / "node_modules"


def tool(path: str) -> Path:
    """A file below node_modules. Without it the test that asks is skipped, with the reason; on CI it fails."""
    found = MODULES / path
    if not found.exists():
        reason = "tools for tests of the pages are missing: install npm, then `make test` installs them"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@cache
def axe() -> str:
    """axe-core, to be evaluated in a page: our policies forbid it as a script."""
    return tool("axe-core/axe.min.js").read_text("utf-8")
