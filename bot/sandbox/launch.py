"""`make run`: the whole product on this machine, against stand-ins for Slack and Zoom."""

import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import requests
from honcho.environ import parse_procfile
from honcho.manager import Manager
from honcho.printer import Printer

from bot.sandbox.environment import FOLDER, SLACK_PORT, WEB_PORT, Port, sandbox_environment

PROCFILE = Path("Procfile.sandbox")
LOG = FOLDER / "log"
PATIENCE_SECONDS = 60
STOPPED_BY_A_PERSON = (130, 143)  # Ctrl-C, SIGTERM


def run() -> int:
    """Start everything, say where, and stay until stopped. The exit code: 0 when a person stopped it."""
    if not PROCFILE.exists():
        print(f"{PROCFILE} is not here. Remedy: run this in the project's folder, as `make run` does.")
        return 2
    with closing(Port(WEB_PORT)) as web, closing(Port(SLACK_PORT)) as slack:
        return _run_with(sandbox_environment(web.number, slack.number))


def _run_with(env: Mapping[str, str]) -> int:
    migrated = subprocess.run(
        [sys.executable, "-m", "integration", "db", "upgrade"], env=env, capture_output=True, text=True, check=False
    )
    if migrated.returncode:
        print(migrated.stdout + migrated.stderr)
        print("The sandbox's database could not be prepared. Remedy: delete .sandbox and .env.sandbox, then try again.")
        return 1
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
    """Say the address once everything answers; the one line that a person waits for."""
    web, slack = env["INTEGRATION_URL"], env["SLACK_API_URL"].removesuffix("api/")
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if _get(f"{web}/readyz") and _bots_connected(_get(f"{slack}sandbox/state")):
            print(f"Open {slack} and ask as anyone; the help centre is at {web}/ (Ctrl-C stops, {LOG} tells more)")
            return
        time.sleep(0.3)
    print(f"Not ready after {PATIENCE_SECONDS} s. The last lines of {LOG}:\n{_last_lines()}")


def _bots_connected(state: dict[str, Any] | None) -> bool:
    return state is not None and all(workspace["connected"] for workspace in state["workspaces"])


def _get(url: str) -> dict[str, Any] | None:
    try:
        response = requests.get(url, timeout=2, proxies={"http": "", "https": ""})
        body: dict[str, Any] = response.json()
    except (requests.RequestException, ValueError):
        return None
    return body if response.ok else None


def _last_lines(number: int = 15) -> str:
    return "\n".join(LOG.read_text("utf-8", errors="replace").splitlines()[-number:])
