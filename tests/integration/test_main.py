"""The operators' command line."""

import os

import pytest
from sqlalchemy import make_url
from sqlalchemy.engine import URL
from typer.testing import CliRunner

from integration import migrations
from integration.__main__ import app
from integration.callers import ApiKeys
from integration.db import Database
from integration.vault import EncryptionKeys, Vault
from tests.integration.serving import environment, process

NOWHERE = make_url("postgresql+psycopg://user:pass-word@127.0.0.1:1/db")


def said(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code == 0, result.output
    return result.output


def run(*command: str, url: URL) -> tuple[int, str]:
    with process("integration", *command, env=environment(url)) as running:
        output, _ = running.communicate(timeout=60)
        return running.returncode, output


def test_a_generated_encryption_key_seals_and_opens() -> None:
    vault = Vault(EncryptionKeys.parse(said("keys", "generate").strip()))
    place = {"table": "t", "column": "c", "row": "1"}
    assert vault.open(vault.seal("text", **place), **place) == "text"


def test_no_two_generated_secrets_are_alike() -> None:
    for command in (("generate",), ("secret",), ("api", "bot")):
        assert said("keys", *command) != said("keys", *command)


def test_two_generated_encryption_keys_can_stand_side_by_side() -> None:
    entries = ",".join(said("keys", "generate").strip() for _ in range(2))
    assert len(EncryptionKeys.parse(entries).by_id) == 2


def test_a_generated_api_key_is_known() -> None:
    entry = said("keys", "api", "bot").strip()
    assert ApiKeys.parse(entry).caller(entry.removeprefix("bot:")) == "bot"


def test_a_name_that_cannot_stand_in_api_keys_is_refused() -> None:
    result = CliRunner().invoke(app, ["keys", "api", "My Bot"])
    assert result.exit_code == 2
    assert "such as `bot`" in result.output


def test_a_generated_secret_is_long_enough() -> None:
    assert len(said("keys", "secret").strip()) >= 32


@pytest.mark.parametrize("arguments", [[], ["--help"], ["-h"], ["keys", "--help"], ["db", "--help"], ["worker", "-h"]])
def test_help_says_what_to_do(arguments: list[str]) -> None:
    result = CliRunner().invoke(app, arguments)
    assert "Usage:" in result.output
    assert "Traceback" not in result.output


def test_db_upgrade_makes_the_tables_and_may_be_repeated(empty_database_url: URL) -> None:
    for _ in range(2):
        code, output = run("db", "upgrade", url=empty_database_url)
        assert (code, output) == (0, "The database is up to date.\n")
    database = Database(empty_database_url)
    assert migrations.at_head(database)
    database.close()


def test_two_upgrades_at_once_take_turns(empty_database_url: URL) -> None:
    env = environment(empty_database_url)
    with (
        process("integration", "db", "upgrade", env=env) as one,
        process("integration", "db", "upgrade", env=env) as other,
    ):
        outputs = [running.communicate(timeout=60)[0] for running in (one, other)]
        assert [one.returncode, other.returncode] == [0, 0], outputs


def test_a_database_that_is_away_is_said_in_words() -> None:
    code, output = run("db", "upgrade", url=NOWHERE)
    assert code == 1
    assert "The database cannot be upgraded" in output
    assert "Check DATABASE_URL" in output
    assert "Traceback" not in output
    assert "pass-word" not in output


@pytest.mark.parametrize("command", [("worker",), ("db", "upgrade")])
def test_a_process_without_settings_ends_with_code_2_and_no_traceback(command: tuple[str, ...]) -> None:
    with process("integration", *command, env={"PATH": os.environ["PATH"]}) as running:
        output, _ = running.communicate(timeout=60)
    assert running.returncode == 2
    assert "7 settings need attention" in output
    assert "Traceback" not in output
