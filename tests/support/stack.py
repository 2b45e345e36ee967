"""`make run` in a folder of its own: all processes of Procfile.sandbox, as a person starts them."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
READY = re.compile(r"Open (\S+) and ask as anyone; the help centre is at (\S+)/ and the Zoom stand-in at (\S+)/ ")


@dataclass(frozen=True)
class Stack:
    """Where the chat page, the help centre and the Zoom stand-in are.

    `process` is the launcher, `folder` its working directory.
    """

    chat: str
    help_centre: str
    zoom: str
    process: "subprocess.Popen[str]"
    folder: Path


@contextmanager
def running_stack(folder: Path) -> Iterator[Stack]:
    """Start everything in `folder`, and stop it as Ctrl-C does. Raises AssertionError when it does not come up."""
    shutil.copy(ROOT / "Procfile.sandbox", folder)
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "bot.sandbox", "run"]
    process = subprocess.Popen(
        command, cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        yield Stack(*_addresses(process), process, folder)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)


def _addresses(process: "subprocess.Popen[str]") -> tuple[str, str, str]:
    assert process.stdout is not None
    printed = []
    for line in process.stdout:
        printed.append(line)
        if found := READY.search(line):
            return found[1], found[2], found[3]
        if "Not ready after" in line:
            break
    raise AssertionError(f"make run did not come up (exit code {process.poll()}):\n" + "".join(printed))
