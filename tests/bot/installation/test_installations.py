"""Installations on SQLite and PostgreSQL: sealed, found by workspace, replaced, removed once."""

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from slack_sdk.oauth.installation_store import Bot
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, Engine, make_url

from bot.errors import VaultError
from bot.installation.installations import Installations
from bot.installation.vault import EncryptionKeys, Vault
from tests.bot.installation.test_vault import FIRST, SECOND
from tests.support.postgres import PostgresUnavailable, shared_cluster

NOW = datetime(2025, 1, 14, 18, 30, tzinfo=UTC)
TOKEN = "xoxb-123-456-secretsecretsecret"


def bot(team: str = "T1", token: str = TOKEN, at: datetime = NOW, enterprise: str | None = None) -> Bot:
    return Bot(
        app_id="A1",
        enterprise_id=enterprise,
        team_id=team,
        team_name=f"Team {team}",
        bot_token=token,
        bot_id="B1",
        bot_user_id="U1",
        bot_scopes=["chat:write", "commands"],
        installed_at=at.timestamp(),
    )


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[URL]:
    """A database of this module's own."""
    root = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent  # each worker has its own folder in that of the run
    name = f"bot_{uuid4().hex}"
    try:
        with shared_cluster(root / "postgres") as socket:
            url = URL.create("postgresql+psycopg", "postgres", database="postgres", query={"host": str(socket)})
            engine = create_engine(url, isolation_level="AUTOCOMMIT")
            with engine.connect() as connection:
                connection.execute(text(f"CREATE DATABASE {name}"))
            yield url.set(database=name)
            with engine.connect() as connection:
                connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
            engine.dispose()
    except PostgresUnavailable as error:
        if os.environ.get("CI") == "true":
            pytest.fail(f"CI must test on PostgreSQL: {error}")
        pytest.skip(f"not tested on PostgreSQL: {error}")


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database, on each engine in turn."""
    url = make_url(f"sqlite:///{tmp_path / 'bot.db'}")
    made = create_engine(url if request.param == "sqlite" else request.getfixturevalue("postgres"))
    with made.begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS slack_bots"))
    yield made
    made.dispose()


def store(engine: Engine, keys: str = FIRST, client_id: str = "1.2") -> Installations:
    made = Installations(client_id, engine, Vault(EncryptionKeys.parse(keys)))
    made.prepare()
    return made


@pytest.fixture
def installations(engine: Engine) -> Installations:
    return store(engine)


def rows(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.scalars(text("SELECT bot_token FROM slack_bots ORDER BY team_id")))


@pytest.mark.parametrize("enterprise", [None, "E1"])
def test_a_workspace_is_found_with_its_token_and_another_is_not(
    installations: Installations, enterprise: str | None
) -> None:
    installations.save(bot(enterprise=enterprise))
    found = installations.find("T1")
    assert found is not None
    assert (found.bot_token, found.bot_id, found.bot_user_id) == (TOKEN, "B1", "U1")
    assert found.enterprise_id == enterprise
    assert installations.find("T2") is None
    assert installations.names() == {"T1": "Team T1"}


def test_another_app_in_the_same_database_is_another_matter(engine: Engine, installations: Installations) -> None:
    installations.save(bot())
    other = store(engine, client_id="3.4")
    assert other.find("T1") is None
    assert not other.remove("T1", NOW + timedelta(days=1))
    assert installations.find("T1")


def test_the_token_reaches_the_database_sealed_only(
    installations: Installations, engine: Engine, tmp_path: Path
) -> None:
    installations.save(bot())
    assert rows(engine)[0].startswith("v1.k1.")
    files = [path.read_bytes() for path in tmp_path.glob("bot.db*")]
    assert not any(TOKEN.encode() in content for content in files)


def test_the_longest_token_of_slacks_fits(installations: Installations) -> None:
    longest = "x" * 255  # https://docs.slack.dev/authentication/tokens
    installations.save(bot(token=longest))
    found = installations.find("T1")
    assert found is not None
    assert found.bot_token == longest


def test_installing_again_replaces_the_token(installations: Installations, engine: Engine) -> None:
    installations.save(bot())
    installations.save(bot(token="xoxb-newer", at=NOW + timedelta(hours=1)))
    found = installations.find("T1")
    assert found is not None
    assert found.bot_token == "xoxb-newer"
    assert len(rows(engine)) == 1


def test_a_token_copied_to_another_workspace_does_not_open(installations: Installations, engine: Engine) -> None:
    installations.save(bot("T1"))
    installations.save(bot("T2", token="xoxb-other"))
    with engine.begin() as connection:
        connection.execute(text("UPDATE slack_bots SET bot_token = :taken"), {"taken": rows(engine)[0]})
    assert installations.find("T1")
    with pytest.raises(VaultError, match="T2 does not open"):
        installations.find("T2")


def test_a_new_key_alone_does_not_open_what_the_old_one_sealed(installations: Installations, engine: Engine) -> None:
    installations.save(bot())
    with pytest.raises(VaultError, match="BOT_ENCRYPTION_KEYS"):
        store(engine, SECOND).find("T1")


def test_a_start_with_a_new_key_in_front_moves_all_to_it_so_that_the_old_one_can_go(
    installations: Installations, engine: Engine
) -> None:
    installations.save(bot("T1"))
    installations.save(bot("T2", token="xoxb-other"))
    store(engine, f"{SECOND},{FIRST}")
    assert all(sealed.startswith("v1.k2.") for sealed in rows(engine))
    renewed = store(engine, SECOND)
    found = [renewed.find(team) for team in ("T1", "T2")]
    assert [one.bot_token for one in found if one] == [TOKEN, "xoxb-other"]


def test_what_an_older_process_sealed_meanwhile_is_moved_when_it_is_found(
    installations: Installations, engine: Engine
) -> None:
    renewed = store(engine, f"{SECOND},{FIRST}")
    installations.save(bot())
    for _ in range(2):
        found = renewed.find("T1")
        assert found is not None
        assert found.bot_token == TOKEN
        assert rows(engine)[0].startswith("v1.k2.")


def test_one_that_does_not_open_keeps_no_other_from_being_moved(
    installations: Installations, engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    for team in ("T1", "T2", "T3"):
        installations.save(bot(team))
    with engine.begin() as connection:
        connection.execute(text("UPDATE slack_bots SET bot_token = 'v1.gone.AAAA' WHERE team_id = 'T2'"))
    store(engine, f"{SECOND},{FIRST}")
    assert [sealed.split(".")[1] for sealed in rows(engine)] == ["k2", "gone", "k2"]
    assert "T2" in caplog.text
    assert TOKEN not in caplog.text


def test_moving_does_not_undo_an_installation_made_meanwhile(
    installations: Installations, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    installations.save(bot())
    opened = Vault.open

    def slow(vault: Vault, sealed: str, **place: str) -> str:
        token = opened(vault, sealed, **place)
        installations.save(bot(token="xoxb-newer", at=NOW + timedelta(hours=1)))
        return token

    with monkeypatch.context() as patch:
        patch.setattr(Vault, "open", slow)
        store(engine, f"{SECOND},{FIRST}")
    found = installations.find("T1")
    assert found is not None
    assert found.bot_token == "xoxb-newer"


def test_a_removal_is_done_once_and_twice_is_harmless(installations: Installations, engine: Engine) -> None:
    installations.save(bot("T1"))
    installations.save(bot("T2"))
    later = NOW + timedelta(minutes=5)
    assert installations.remove("T1", later)
    assert not installations.remove("T1", later)
    assert installations.find("T1") is None
    assert installations.find("T2")
    assert len(rows(engine)) == 1


def test_late_news_does_not_touch_an_installation_made_since(installations: Installations) -> None:
    installations.save(bot(at=NOW))
    assert not installations.remove("T1", NOW - timedelta(seconds=2))
    assert installations.find("T1")


def test_news_of_the_same_second_counts(installations: Installations) -> None:
    installations.save(bot(at=NOW + timedelta(milliseconds=700)))
    assert installations.remove("T1", NOW)  # Slack's events carry whole seconds


def test_several_bots_may_prepare_a_database_at_once(engine: Engine) -> None:
    made = [Installations("1.2", engine, Vault(EncryptionKeys.parse(FIRST))) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(Installations.prepare, made))
    made[0].save(bot())
    assert made[-1].find("T1")


def test_times_are_utc_wherever_the_process_runs(installations: Installations, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    time.tzset()
    try:
        installations.save(bot(at=NOW))
        assert not installations.remove("T1", NOW - timedelta(minutes=1))
        assert installations.remove("T1", NOW + timedelta(minutes=1))
    finally:
        monkeypatch.undo()
        time.tzset()
