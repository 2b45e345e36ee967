"""What `make run` starts its processes with."""

import socket
from contextlib import closing
from pathlib import Path

import pytest

from bot.config import load_settings
from bot.sandbox.environment import ENV_FILE, Port, Ports, links_from, registration_from, sandbox_environment
from integration.callers import ApiKeys

PORTS = Ports(web=1, slack=2, zoom=3, bot=4)


@pytest.fixture(scope="module")
def first_start(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, str], str]:
    """What the first start in an empty folder makes: the environment, and the file that keeps its secrets."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("first"))
        return sandbox_environment(PORTS), ENV_FILE.read_text("utf-8")


@pytest.fixture
def made(first_start: tuple[dict[str, str], str]) -> dict[str, str]:
    return first_start[0]


@pytest.fixture
def elsewhere(first_start: tuple[dict[str, str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of each test's own, after the first start."""
    monkeypatch.chdir(tmp_path)
    ENV_FILE.write_text(first_start[1], encoding="utf-8")
    return tmp_path


def test_secrets_are_made_once_and_kept(elsewhere: Path, made: dict[str, str]) -> None:
    again = sandbox_environment(PORTS)
    assert made["SECRET_KEY"] == again["SECRET_KEY"]
    assert made["API_KEYS"] == f"bot:{made['INTEGRATION_API_KEY']},calendar-sync:{made['CALENDAR_SYNC_API_KEY']}"
    assert made["ENCRYPTION_KEYS"] != made["BOT_ENCRYPTION_KEYS"]


def test_a_secret_that_is_missing_is_added_and_the_others_stay(elsewhere: Path, made: dict[str, str]) -> None:
    lines = [line for line in ENV_FILE.read_text("utf-8").splitlines() if not line.startswith("SECRET_KEY=")]
    ENV_FILE.write_text("\n".join(lines), encoding="utf-8")
    again = sandbox_environment(PORTS)
    assert again["SECRET_KEY"] not in ("", made["SECRET_KEY"])
    assert again["ENCRYPTION_KEYS"] == made["ENCRYPTION_KEYS"]


def test_the_keys_of_an_earlier_sandbox_are_completed(elsewhere: Path, made: dict[str, str]) -> None:
    of_then = [
        f"API_KEYS=bot:{made['INTEGRATION_API_KEY']}" if line.startswith("API_KEYS=") else line
        for line in ENV_FILE.read_text("utf-8").splitlines()
        if not line.startswith("CALENDAR_SYNC_API_KEY=")
    ]
    ENV_FILE.write_text("\n".join(of_then), encoding="utf-8")
    again = sandbox_environment(PORTS)
    assert again["INTEGRATION_API_KEY"] == made["INTEGRATION_API_KEY"]
    callers = ApiKeys.parse(again["API_KEYS"]).by_name
    assert callers == {"bot": made["INTEGRATION_API_KEY"], "calendar-sync": again["CALENDAR_SYNC_API_KEY"]}
    assert sandbox_environment(PORTS)["API_KEYS"] == again["API_KEYS"]


def test_real_settings_of_the_shell_stay_out(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-real")
    monkeypatch.setenv("CALENDAR_SYNC_URL", "https://retain.example")
    monkeypatch.setenv("DATABASE_URL", "postgresql://production/")
    env = sandbox_environment(PORTS)
    assert "SLACK_BOT_TOKEN" not in env
    assert env["CALENDAR_SYNC_URL"] == "http://127.0.0.1:1"
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


def test_the_bot_and_the_stand_in_are_told_of_one_app(elsewhere: Path) -> None:
    env = sandbox_environment(PORTS)
    settings, registration = load_settings(env), registration_from(env)
    assert settings.slack_client_id == registration.client_id
    assert settings.slack_app_token
    assert settings.slack_app_token.get_secret_value() == registration.app_token
    assert (registration.install_url, registration.redirect_url) == (
        "http://localhost:4/slack/install",
        "http://localhost:4/slack/oauth_redirect",
    )


def test_the_page_leads_to_what_is_there() -> None:
    assert links_from({}) == ()
    addresses = [url for _, url in links_from({"ZOOM_OAUTH_URL": "http://zoom", "PUBLIC_URL": "http://web"})]
    at_zoom = [f"http://zoom/{path}" for path in ("calendar", "meetings", "marketplace", "faults")]
    assert addresses == [*at_zoom, "http://web/"]


def test_credentials_that_are_missing_are_random_ones() -> None:
    assert registration_from({}).client_id != registration_from({}).client_id
