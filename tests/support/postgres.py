"""A private PostgreSQL server for one test run: shared by the workers of pytest-xdist, gone when the last leaves."""

import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

USER = "postgres"
# Nothing here outlives the run, so nothing needs to reach the disk.
OPTIONS = (
    "-c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200 "
    "-c shared_buffers=32MB"
)


class PostgresUnavailable(Exception):
    """There is no PostgreSQL on this machine, or it cannot be run; says why."""


@contextmanager
def shared_cluster(meeting_place: Path) -> Iterator[Path]:
    """The directory of the server's socket. All who name the same `meeting_place` share one server.

    Raises PostgresUnavailable.
    """
    meeting_place.mkdir(parents=True, exist_ok=True)
    me = meeting_place / f"user-{uuid4().hex}"  # a process may be several users at once
    with _locked(meeting_place):
        here = meeting_place / "cluster"
        if not here.exists():
            here.write_text(str(_start()))
        cluster = Path(here.read_text())
        me.touch()
    try:
        yield cluster / "socket"
    finally:
        with _locked(meeting_place):
            me.unlink()
            if not list(meeting_place.glob("user-*")):
                _stop(cluster)
                here.unlink()


@contextmanager
def _locked(meeting_place: Path) -> Iterator[None]:
    with (meeting_place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _start() -> Path:
    binaries = _binaries()
    cluster = Path(tempfile.mkdtemp(prefix="retain-pg-", dir="/tmp"))  # a socket's path must be short
    (cluster / "socket").mkdir()
    try:
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            for path in (cluster, cluster / "socket"):
                shutil.chown(path, USER)
        data = str(cluster / "data")
        _run([f"{binaries}/initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"])
        options = f"{OPTIONS} -c unix_socket_directories='{cluster / 'socket'}'"
        _run([f"{binaries}/pg_ctl", "-D", data, "-w", "-l", f"{cluster}/log", "-o", options, "start"])
    except (PostgresUnavailable, LookupError) as error:
        shutil.rmtree(cluster, ignore_errors=True)
        raise PostgresUnavailable(str(error)) from error  # LookupError: there is no such user to run it
    return cluster


def _stop(cluster: Path) -> None:
    _run([f"{_binaries()}/pg_ctl", "-D", str(cluster / "data"), "-m", "immediate", "-w", "stop"])
    shutil.rmtree(cluster)


def _binaries() -> Path:
    places = [Path(found).parent for found in (shutil.which("initdb"),) if found]
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for place in places:
        if (place / "initdb").exists() and (place / "pg_ctl").exists():
            return place
    raise PostgresUnavailable("PostgreSQL is not installed (Debian: apt-get install postgresql)")


def _run(command: Sequence[str]) -> None:
    as_user = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--init-groups"] if os.geteuid() == 0 else []
    try:
        # Output goes to files: the server inherits them, and a pipe would stay open as long as it lives.
        with tempfile.TemporaryFile() as output:
            done = subprocess.run(
                [*as_user, *command], stdout=output, stderr=output, stdin=subprocess.DEVNULL, cwd="/", check=False
            )
            output.seek(0)
            said = output.read().decode("utf-8", "replace")
    except OSError as error:
        raise PostgresUnavailable(f"PostgreSQL cannot be run: {error}") from error
    if done.returncode:
        raise PostgresUnavailable(f"{Path(command[0]).name} failed: {said.strip()[-600:]}")
