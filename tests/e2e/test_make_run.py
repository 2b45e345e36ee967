"""`make run` beside another one, and again after Ctrl-C: it keeps its secrets, its data and what was said."""

from pathlib import Path

import requests

from tests.support.stack import Stack, running_stack


def test_it_has_ports_of_its_own_and_starts_again_after_ctrl_c_as_it_was(stack: Stack, tmp_path: Path) -> None:
    with running_stack(tmp_path) as first:
        said = {"person": "maya", "channel": "D0MAYA", "text": "Good morning"}
        requests.post(f"{first.chat}sandbox/say", json=said, timeout=10).raise_for_status()
        assert first.chat != stack.chat
        assert requests.get(stack.chat, timeout=10).ok
    assert first.process.returncode == 0
    secrets = (tmp_path / ".env.sandbox").read_text("utf-8")
    assert (tmp_path / ".env.sandbox").stat().st_mode & 0o077 == 0
    with running_stack(tmp_path) as second:
        assert requests.get(f"{second.help_centre}/readyz", timeout=10).json()["ready"] is True
        assert said["text"] in requests.get(f"{second.chat}sandbox/picture", {"person": "maya"}, timeout=10).text
    assert second.process.returncode == 0
    assert (tmp_path / ".env.sandbox").read_text("utf-8") == secrets
