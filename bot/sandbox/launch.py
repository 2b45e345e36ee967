"""`make run`: the whole product on this machine, against stand-ins for Slack and Zoom."""

import threading
import time
from collections.abc import Mapping
from contextlib import ExitStack, closing
from pathlib import Path

import requests
from honcho.environ import parse_procfile
from honcho.manager import Manager
from honcho.printer import Printer

from bot.sandbox import seed
from bot.sandbox.environment import (
    BOT_PORT,
    FOLDER,
    SLACK_PORT,
    WEB_PORT,
    ZOOM_PORT,
    Port,
    Ports,
    sandbox_environment,
)
from bot.sandbox.errors import SandboxError

PROCFILE = Path("Procfile.sandbox")
LOG = FOLDER / "log"
PATIENCE_SECONDS = 90
STOPPED_BY_A_PERSON = (130, 143)  # Ctrl-C, SIGTERM
START_ANEW = "Remedy: delete .sandbox and .env.sandbox, then try again."


def run() -> int:
    """Start everything, say where, and stay until stopped. The exit code: 0 when a person stopped it."""
    if not PROCFILE.exists():
        print(f"{PROCFILE} is not here. Remedy: run this in the project's folder, as `make run` does.")
        return 2
    if seed.needed():
        print("First start: making secrets, a database and two tenants ...")
    with ExitStack() as held:
        web, slack, zoom, bot = (
            held.enter_context(closing(Port(preferred))).number
            for preferred in (WEB_PORT, SLACK_PORT, ZOOM_PORT, BOT_PORT)
        )
        env = sandbox_environment(Ports(web, slack, zoom, bot))
        return _run_with(env) if _prepared(env) else 1


def _prepared(env: Mapping[str, str]) -> bool:
    """Whether the database is migrated and has its tenants; says why not."""
    try:
        seed.database(env)
    except SandboxError as error:
        print(f"{error}\n{START_ANEW}")
        return False
    return True


def _run_with(env: Mapping[str, str]) -> int:
    with LOG.open("w", encoding="utf-8") as log:
        manager = Manager(Printer(log, colour=False))
        for name, command in parse_procfile(PROCFILE.read_text("utf-8")).processes.items():
            manager.add_process(name, command, env=env)
        threading.Thread(target=_announce, args=(env,), daemon=True).start()
        manager.loop()
    if manager.returncode in STOPPED_BY_A_PERSON:
        print("\nStopped.")
        return 0
    print(f"A process ended, so all were stopped. The last lines of {LOG}:\n{_last_lines()}")
    return 1


def _announce(env: Mapping[str, str]) -> None:
    """Say the addresses once everything answers, and what to try: what a person waits for."""
    web, slack, zoom = env["INTEGRATION_URL"], env["SLACK_API_URL"].removesuffix("api/"), env["ZOOM_OAUTH_URL"]
    bot = env["SLACK_INSTALL_URL"].removesuffix("slack/install")
    deadline = time.monotonic() + PATIENCE_SECONDS
    if all(_answers(url, deadline) for url in (f"{web}/readyz", f"{slack}sandbox/state", f"{bot}healthz", f"{zoom}/")):
        try:
            if seed.needed():
                seed.installations(env)
        except SandboxError as error:
            print(error)
        if _answers(f"{slack}sandbox/ready", deadline):
            print(
                f"Open {slack} and ask as anyone; the help centre is at {web}/ and the Zoom stand-in at {zoom}/ "
                f"(Ctrl-C stops, {LOG} tells more)\n"
                f"Durations: plan a meeting at {zoom}/calendar, hold it, and type /retain duration and /retain hours"
            )
            return
    print(f"Not ready after {PATIENCE_SECONDS} s. The last lines of {LOG}:\n{_last_lines()}")


def _answers(url: str, deadline: float) -> bool:
    """Whether an address answers well before the deadline (monotonic)."""
    with requests.Session() as session:
        session.trust_env = False  # everything is on this machine: no proxy
        while time.monotonic() < deadline:
            try:
                if session.get(url, timeout=2).ok:
                    return True
            except requests.RequestException:
                pass
            time.sleep(0.3)
    return False


def _last_lines(number: int = 15) -> str:
    return "\n".join(LOG.read_text("utf-8", errors="replace").splitlines()[-number:])
