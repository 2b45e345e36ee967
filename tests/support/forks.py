"""`python -m tests.support.forks`: bots and workers as processes that begin at once, to be killed one after the other.

This process imports everything and learns the knowledge base, and forks: each order is a line of JSON on stdin, each
answer the new process's id.
"""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from bot.__main__ import run
from bot.config import load_settings as bot_settings
from integration import work
from integration.config import load_settings
from integration.db import Database
from integration.runtime import make_runtime
from kb.clock import clock_from
from kb.library import load_library
from kb.search import Search
from kb.settings import SiteSettings
from tests.integration.connecting.mortal import Life, MortalDatabase

READY = "ready"


@dataclass
class Doom(Life):
    """Ends its process by SIGKILL, at the moment number `ends_at`."""

    def reach(self, moment: str) -> None:
        self.moments.append(moment)
        if len(self.moments) == self.ends_at:
            os.kill(os.getpid(), signal.SIGKILL)


@dataclass
class Forks:
    """The process that forks."""

    process: "subprocess.Popen[str]"
    log: Path

    def start(self, name: str, env: Mapping[str, str], **more: int) -> int:
        """Start a "bot", a "worker", or a "round" of the worker's duties that dies at its commit `ends_at`. Its id."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        order = {"name": name, "env": dict(env), "log": str(self.log), **more}
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


@contextmanager
def forking(log: Path) -> Iterator[Forks]:
    """Something to start processes with, which print into `log`; whoever starts them ends them."""
    command = [sys.executable, "-m", "tests.support.forks"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == READY
        yield Forks(process, log)
        assert process.stdin is not None
        process.stdin.close()


def alive(pid: int) -> bool:
    """Whether a process is still there. (The dead do not wait for anybody here.)"""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def main() -> None:
    """Fork what is ordered, until stdin ends."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead are not waited for
    search = Search(load_library())
    say(READY)
    for line in sys.stdin:
        order = json.loads(line)
        if (pid := os.fork()) == 0:
            become(order, search)
            os._exit(0)
        say(str(pid))


def say(words: str) -> None:
    """To whoever ordered."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def become(order: Mapping[str, object], search: Search) -> None:
    """What the new process is."""
    log = os.open(str(order["log"]), os.O_CREAT | os.O_APPEND | os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(log, stream)
    os.environ.clear()
    os.environ.update(cast("Mapping[str, str]", order["env"]))
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    if order["name"] == "bot":
        run(bot_settings(os.environ), SiteSettings.from_env(os.environ), stop, search, clock_from(os.environ))
        return
    runtime = make_runtime(load_settings(), clock_from(os.environ))
    if order["name"] == "worker":
        work.run(runtime, stop)
        return
    doom = Doom(int(str(order["ends_at"])))
    doomed = replace(runtime, database=cast("Database", MortalDatabase(runtime.database, doom)))
    work.Worker(doomed, work.HERE).round(stop)


if __name__ == "__main__":
    main()
