"""`keys list` and `keys rotate`; what they do is tested in tests/integration/test_rotation.py."""

import base64

import pytest
from sqlalchemy.engine import URL

from integration.db import Database
from integration.runtime import Runtime
from integration.sealed import values_by_key
from tests.integration.conftest import KEY_ENTRY
from tests.integration.serving import environment, process
from tests.integration.tenants.rows import fill

NEW_ENTRY = "k_2:" + base64.b64encode(bytes(range(100, 132))).decode()
NEWEST_FIRST = f"{NEW_ENTRY},{KEY_ENTRY}"


@pytest.fixture(autouse=True)
def _filled(runtime: Runtime) -> None:
    with runtime.database.writing() as session:
        fill(session, runtime.vault, "acme")


def run(command: str, url: URL, keys: str) -> tuple[int, str]:
    with process("integration", "keys", command, env=environment(url, ENCRYPTION_KEYS=keys)) as running:
        output, _ = running.communicate(timeout=60)
        return running.returncode, output


def keys_in_use(url: URL) -> set[str]:
    database = Database(url)
    with database.reading() as session:
        used = {key for of_table in values_by_key(session).values() for key in of_table}
    database.close()
    return used


def test_rotating_says_when_the_old_key_can_go(database_url: URL) -> None:
    code, output = run("list", database_url, NEWEST_FIRST)
    assert (code, "k_2  0       encrypts, decrypts" in output) == (0, True)
    code, output = run("rotate", database_url, NEWEST_FIRST)
    assert code == 0, output
    assert "Everything is on k_2" in output
    assert "Take k1 out of ENCRYPTION_KEYS" in output
    assert keys_in_use(database_url) == {"k_2"}
    code, output = run("rotate", database_url, NEW_ENTRY)
    assert (code, "Everything is on k_2; nothing is left on another key." in output) == (0, True)


def test_rotating_fails_where_a_key_is_gone(database_url: URL) -> None:
    code, output = run("rotate", database_url, NEW_ENTRY)
    assert code == 1
    assert "sealed with the key k1" in output
    assert "Not everything is on k_2 yet" in output
    assert NEW_ENTRY[4:14] not in output
    code, output = run("list", database_url, NEW_ENTRY)
    assert "missing in ENCRYPTION_KEYS" in output
    assert keys_in_use(database_url) == {"k1"}
