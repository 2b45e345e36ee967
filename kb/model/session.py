"""Graphs that run in onnxruntime: on one core, and nothing leaves the machine."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from onnxruntime import InferenceSession


def session_of(graph: Path | bytes) -> "InferenceSession":
    """What runs a graph. Import onnxruntime nowhere else: it reports to Microsoft unless told not to before.

    It takes a quarter of a second and 35 MB, which whoever has no encoder need not spend.
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # its own disable_telemetry_events() comes too late
    from onnxruntime import InferenceSession, SessionOptions  # noqa: PLC0415

    options = SessionOptions()
    # One core is enough, and a process without threads of its own can be forked.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return InferenceSession(graph if isinstance(graph, bytes) else str(graph), options, ["CPUExecutionProvider"])
