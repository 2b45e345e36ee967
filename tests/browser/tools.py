"""Tools from the npm registry that only these tests use; `make test` installs them into node_modules/."""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

# The W3C's own checker: what it finds is what the standard says, and it brings no other package. Java 11 or newer.
CHECKER = ("java", "-Xss8m", "-XX:TieredStopAtLevel=1", "-jar")
CHECKER_SAYS = ("--format", "json", "--stdout", "--exit-zero-always")
MODULES = Path(__file__).parent / "node_modules"


def tool(path: str) -> Path:
    """A file below node_modules. Without it the test that asks is skipped, with the reason; on CI it fails."""
    found = MODULES / path
    _require(found.exists(), "tools for tests of the pages are missing: install npm, then `make test` installs them")
    return found


@cache
def axe() -> str:
    """axe-core, to be evaluated in a page: our policies forbid it as a script."""
    return tool("axe-core/axe.min.js").read_text("utf-8")


def invalid(pages: Mapping[str, bytes], folder: Path) -> list[str]:
    """What in the HTML of these pages is not as the standard says. They are put into `folder`."""
    _require(shutil.which("java") is not None, "Java is missing, which checks HTML (Debian: default-jre-headless)")
    files = [folder / f"{name}.html" for name in pages]
    for file, html in zip(files, pages.values(), strict=True):
        file.write_bytes(html)
    command = [*CHECKER, str(tool("vnu-jar/build/dist/vnu.jar")), *CHECKER_SAYS, *map(str, files)]
    checked = subprocess.run(command, capture_output=True, text=True, check=True)
    found = json.loads(checked.stdout)["messages"]
    return [f"{Path(one['url']).stem}:{one['lastLine']}: {one['message']}" for one in found]


def _require(there: bool, reason: str) -> None:
    if not there:
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
