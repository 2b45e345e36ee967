"""onnxruntime runs our graphs and tells nobody."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

_RUNS_A_GRAPH = """
from pathlib import Path
from kb.model.onnx_format import Graph, value
from kb.model.session import session_of

graph = Graph()
graph.add("Gelu", ["x"], ["y"], own=True)
session_of(graph.serialised("test", [value("x", "float32", (1, "n"))], [value("y", "float32", (1, "n"))]))
print(len(list(Path("/proc/self/task").iterdir())))
"""


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="threads are counted as Linux shows them")
def test_onnxruntime_keeps_nothing_to_report_and_has_no_thread_that_would(tmp_path: Path) -> None:
    """It would report ten seconds after the start, from a thread of its own; where `CI` is set it does not anyway."""
    env = {name: value for name, value in os.environ.items() if name not in {"CI", "ORT_DISABLE_TELEMETRY"}}
    env |= {"XDG_CACHE_HOME": str(tmp_path / "cache"), "HOME": str(tmp_path / "home")}
    env["OPENBLAS_NUM_THREADS"] = "1"  # numpy's threads are not meant
    for name in ("cache", "home"):
        (tmp_path / name).mkdir()
    command = [sys.executable, "-c", _RUNS_A_GRAPH]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True, cwd=ROOT)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["cache", "home"]
    assert done.stdout == "1\n"
    assert done.stderr == ""


def test_onnxruntime_is_imported_in_one_place_alone() -> None:
    files = [file for folder in ("bot", "integration", "kb", "tests") for file in (ROOT / folder).rglob("*.py")]
    importing = re.compile(r"^\s*(import|from) onnxruntime\b", re.MULTILINE)
    assert [str(file.relative_to(ROOT)) for file in files if importing.search(file.read_text("utf-8"))] == [
        "kb/model/session.py"
    ]
