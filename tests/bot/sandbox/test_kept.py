"""The stand-in is stopped and started again, as `make run` is: what was said and installed is there."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from tests.support.bot import wait_for_http
from tests.support.processes import unused_port

INSTALLED = {team: {"bot": f"xoxb-{team}", "app": f"xapp-1-{team}"} for team in ("T0ACME", "T0GLOBEX")}


@contextmanager
def serving(kept: Path) -> Iterator[str]:
    """The control interface of a process of its own, which is stopped as Ctrl-C stops it."""
    port = unused_port()
    command = [sys.executable, "-m", "bot.sandbox", "serve", "--port", str(port), "--kept", str(kept)]
    with subprocess.Popen(command) as process:
        try:
            wait_for_http(f"http://127.0.0.1:{port}/sandbox/state")
            yield f"http://127.0.0.1:{port}/sandbox"
        finally:
            process.send_signal(signal.SIGTERM)


def do(sandbox: str, deed: str, **given: str) -> None:
    requests.post(f"{sandbox}/{deed}", json=given, timeout=10).raise_for_status()


def test_what_was_said_and_installed_is_there_again(tmp_path: Path) -> None:
    kept = tmp_path / "slack.json"
    kept.write_text(json.dumps(INSTALLED), "utf-8")
    with serving(kept) as sandbox:
        do(sandbox, "say", person="maya", channel="D0MAYA", text="Forgotten")
        do(sandbox, "reset")
        do(sandbox, "say", person="maya", channel="D0MAYA", text="Remembered & kept")
        do(sandbox, "say", person="maya", channel="D0MAYA", text="/nothing")  # Slackbot tells Maya alone
        do(sandbox, "uninstall", person="haruka")
    assert list(json.loads(kept.read_text("utf-8"))) == ["T0ACME"]
    with serving(kept) as sandbox:
        seen = requests.get(f"{sandbox}/picture", {"person": "maya"}, timeout=10).json()
    (direct,) = [one for one in seen["channels"] if one["kind"] == "im"]
    assert [one["text"] for one in direct["messages"]] == ["Remembered &amp; kept"]
    assert all(file.stat().st_mode & 0o077 == 0 for file in tmp_path.glob("*messages*"))
