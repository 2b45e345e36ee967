"""Processes of ours that begin at once: forked from one that has imported everything, which takes seconds each time.

They differ from `python -m …` in nothing else: own environment, own output, signals as they are at a start.
"""

import multiprocessing
import os
import runpy
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from typing import Any

_forking = multiprocessing.get_context("forkserver")
_forking.set_forkserver_preload(["tests.support.preloaded"])


class Warm:
    """A running `python -m …`, with as much of `subprocess.Popen` as tests need. `stdout` has its errors, too."""

    def __init__(self, command: Sequence[str], env: Mapping[str, str]) -> None:
        ours, its = os.pipe()
        writing = Connection(its, readable=False)
        self._process: ForkServerProcess = _forking.Process(target=_become, args=(command, dict(env), writing))
        self._process.start()
        writing.close()
        self.stdout = os.fdopen(ours, encoding="utf-8")
        self.args = command

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    @property
    def returncode(self) -> int | Any:
        """None while it runs."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        code = self.returncode
        if code is None:
            raise subprocess.TimeoutExpired(self.args, timeout or 0)
        return int(code)

    def communicate(self, timeout: float | None = None) -> tuple[str, None]:
        """All that it says; the test's own timeout ends a wait in vain."""
        said = self.stdout.read()
        self.wait(timeout)
        return said, None

    def send_signal(self, number: int) -> None:
        if self.returncode is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def close(self) -> None:
        """Kill it if it still runs."""
        self.kill()
        self.wait()
        self.stdout.close()


def _become(command: Sequence[str], env: Mapping[str, str], writing: Connection) -> None:
    """What the new process is: a module that is run, with its arguments."""
    os.environ.clear()
    os.environ.update(env)
    for number in (1, 2):
        os.dup2(writing.fileno(), number)
    writing.close()
    sys.stdout = open(1, "w", 1, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", 1, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.argv = list(command)
    sys.modules.pop(f"{command[0]}.__main__", None)  # what is run as a program is not imported before
    runpy.run_module(command[0], run_name="__main__", alter_sys=True)
