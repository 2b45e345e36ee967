"""What `make run` starts its processes with."""

import socket
from contextlib import closing
from pathlib import Path

import pytest

from bot.sandbox.environment import ENV_FILE, Port, sandbox_environment, tokens_from


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_secrets_are_made_once_and_kept(elsewhere: Path) -> None:
    first, second = sandbox_environment(1, 2), sandbox_environment(1, 2)
    assert first["SECRET_KEY"] == second["SECRET_KEY"]
    assert first["API_KEYS"] == f"bot:{first['INTEGRATION_API_KEY']}"
    assert len({first[f"{name}_BOT_TOKEN"] for name in ("ACME", "GLOBEX", "RETAIN")}) == 3


def test_a_secret_that_is_missing_is_added_and_the_others_stay(elsewhere: Path) -> None:
    made = sandbox_environment(1, 2)
    lines = [line for line in ENV_FILE.read_text("utf-8").splitlines() if not line.startswith("SECRET_KEY=")]
    ENV_FILE.write_text("\n".join(lines), encoding="utf-8")
    again = sandbox_environment(1, 2)
    assert again["SECRET_KEY"] not in ("", made["SECRET_KEY"])
    assert again["ENCRYPTION_KEYS"] == made["ENCRYPTION_KEYS"]


def test_real_settings_of_the_shell_stay_out(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-real")
    monkeypatch.setenv("DATABASE_URL", "postgresql://production/")
    env = sandbox_environment(1, 2)
    assert "SLACK_BOT_TOKEN" not in env
    assert env["DATABASE_URL"].startswith(f"sqlite:///{elsewhere.resolve()}")


def test_a_port_in_use_is_passed_over() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = taken.getsockname()[1]
        with closing(Port(number)) as port:
            assert port.number > number


def test_two_sandboxes_that_start_at_once_get_different_ports() -> None:
    with closing(Port(22_000)) as first, closing(Port(22_000)) as second:
        assert first.number != second.number


def test_tokens_are_read_by_workspace_and_half_a_pair_is_none() -> None:
    tokens = tokens_from({"ACME_BOT_TOKEN": "xoxb-a", "ACME_APP_TOKEN": "xapp-a", "GLOBEX_BOT_TOKEN": "xoxb-g"})
    assert set(tokens) == {"acme"}
    assert tokens["acme"].bot == "xoxb-a"
    assert "xoxb-a" not in repr(tokens)
