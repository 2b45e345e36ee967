"""`make run` twice in a row, and after Ctrl-C, keeps its secrets, its data and what was said."""

from pathlib import Path

import requests

from tests.support.stack import running_stack


def test_it_starts_again_after_ctrl_c_with_the_same_secrets(tmp_path: Path) -> None:
    with running_stack(tmp_path) as first:
        said = {"person": "maya", "channel": "D0MAYA", "text": "Good morning"}
        requests.post(f"{first.chat}sandbox/say", json=said, timeout=10).raise_for_status()
    assert first.process.returncode == 0
    secrets = (tmp_path / ".env.sandbox").read_text("utf-8")
    assert (tmp_path / ".env.sandbox").stat().st_mode & 0o077 == 0
    with running_stack(tmp_path) as second:
        assert requests.get(f"{second.help_centre}/readyz", timeout=10).json()["ready"] is True
        assert said["text"] in requests.get(f"{second.chat}sandbox/picture", {"person": "maya"}, timeout=10).text
    assert second.process.returncode == 0
    assert (tmp_path / ".env.sandbox").read_text("utf-8") == secrets


def test_two_run_side_by_side_on_ports_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    with running_stack(tmp_path / "a") as a, running_stack(tmp_path / "b") as b:
        assert a.chat != b.chat
        assert requests.get(b.chat, timeout=10).ok
