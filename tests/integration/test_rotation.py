"""Everything sealed moves to the newest key, whatever happens meanwhile, and nothing opens with the old one after."""

import base64
import itertools
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import event, func, select, text, update
from sqlalchemy.engine import URL

from integration import rotation
from integration.connections.models import Connection
from integration.db import Database
from integration.errors import VaultError
from integration.sealed import SealedTable, sealed_tables, values_by_key
from integration.vault import EncryptionKeys, Vault
from tests.integration.conftest import KEY_ENTRY
from tests.integration.serving import environment, process
from tests.integration.tenants.rows import fill, text_of

NEW_ENTRY = "k_2:" + base64.b64encode(bytes(range(100, 132))).decode()
OLD = Vault(EncryptionKeys.parse(KEY_ENTRY))
NEW = Vault(EncryptionKeys.parse(NEW_ENTRY))
BOTH = Vault(EncryptionKeys.parse(f"{NEW_ENTRY},{KEY_ENTRY}"))
OLD_FIRST = Vault(EncryptionKeys.parse(f"{KEY_ENTRY},{NEW_ENTRY}"))
TENANTS = ("acme", "globex", "initech")


@pytest.fixture
def database(database_url: URL) -> Iterator[Database]:
    """Three tenants' rows in every table, all on the old key."""
    made = Database(database_url)
    with made.writing() as session:
        for tenant in TENANTS:
            fill(session, OLD, tenant)
    yield made
    made.close()


@dataclass(frozen=True)
class Value:
    """One sealed text where it stands."""

    place: dict[str, str]
    sealed: str


def values(database: Database) -> list[Value]:
    found = []
    with database.reading() as session:
        for one in sealed_tables():
            for row in session.execute(select(one.table)).mappings():
                for column in one.sealed:
                    place = {"table": one.table.name, "column": column.name, "row": one.row_id(row)}
                    found.append(Value(place, row[column.name]))
    return found


def opens(vault: Vault, value: Value) -> bool:
    try:
        vault.open(value.sealed, **value.place)
    except VaultError:
        return False
    return True


def assert_all_is_moved(database: Database) -> None:
    for value in values(database):
        assert not opens(OLD, value)
        words = NEW.open(value.sealed, **value.place)
        assert words in {text_of(tenant, value.place["table"], value.place["column"]) for tenant in TENANTS}
    with database.reading() as session:
        for one, row in hashed_rows(session):
            for column, of, purpose in one.hashes:
                place = {"table": one.table.name, "column": of, "row": one.row_id(row)}
                assert row[column.name] == NEW.lookup_hash(purpose, NEW.open(row[of], **place))


def hashed_rows(session: Any) -> Iterator[tuple[SealedTable, Any]]:
    for one in sealed_tables():
        if one.hashes:
            for row in session.execute(select(one.table)).mappings():
                yield one, row


def test_every_table_with_something_sealed_is_found() -> None:
    names = {one.table.name for one in sealed_tables()}
    assert {"questions", "question_feedback", "notifications", "connections", "grants", "webhooks"} <= names
    hashes = {column.name for one in sealed_tables() for column, _, _ in one.hashes}
    assert {"account_hash", "user_hash", "uuid_hash", "meeting_hash", "google_hash", "domain_hash"} <= hashes


def test_everything_moves_and_nothing_opens_with_the_old_key_alone(database: Database) -> None:
    assert all(opens(OLD, value) for value in values(database))
    outcome = rotation.rotate(database, BOTH)
    assert outcome.complete
    assert not outcome.stuck
    assert outcome.moved == len(sealed_tables()) * len(TENANTS)
    assert_all_is_moved(database)


def test_it_may_be_repeated_and_does_nothing_then(database: Database) -> None:
    rotation.rotate(database, BOTH)
    before = values(database)
    again = rotation.rotate(database, BOTH)
    assert (again.moved, again.complete) == (0, True)
    assert values(database) == before


def test_it_tells_how_far_it_is(database: Database) -> None:
    with database.reading() as session:
        rows = rotation.rows_to_move(session, "k_2")
    told: list[int] = []
    rotation.rotate(database, BOTH, told=told.append, batch=2)
    assert sum(told) == rows == len(sealed_tables()) * len(TENANTS)


def test_values_are_counted_by_table_and_key(database: Database) -> None:
    with database.reading() as session:
        before = values_by_key(session)
    assert before["connections"] == {"k1": 7 * len(TENANTS)}
    rotation.rotate(database, BOTH)
    with database.reading() as session:
        after = values_by_key(session)
    assert after == {name: {"k_2": counts["k1"]} for name, counts in before.items()}


class Interrupted(Exception):
    """What a test ends a rotation with."""


def test_interrupted_at_every_step_it_goes_on_with_the_rest(database: Database) -> None:
    """Each run dies before one more statement than the run before; what it has kept stays moved."""
    left_before = None
    for step in itertools.count(1):
        countdown = itertools.count(1)

        @event.listens_for(database.engine, "before_cursor_execute")
        def die(*_: Any, step: int = step, countdown: Iterator[int] = countdown) -> None:
            if next(countdown) == step:
                raise Interrupted

        try:
            outcome = rotation.rotate(database, BOTH, batch=1)
        except Interrupted:
            pass
        else:
            assert outcome.complete
            break
        finally:
            event.remove(database.engine, "before_cursor_execute", die)
        with database.reading() as session:
            left = rotation.rows_to_move(session, "k_2")
        assert left_before is None or left <= left_before
        left_before = left
        assert all(opens(BOTH, value) for value in values(database))
    assert step > 3 * len(sealed_tables())
    assert_all_is_moved(database)


def test_killed_at_any_moment_it_goes_on_with_the_rest(database: Database, database_url: URL) -> None:
    env = environment(database_url, ENCRYPTION_KEYS=f"{NEW_ENTRY},{KEY_ENTRY}")
    for batches in (1, 2, 3):
        with process("tests.integration.rotating", env=env) as running:
            assert running.stdout is not None
            for _ in range(batches):
                assert running.stdout.readline() == "a batch is kept\n"
            running.send_signal(signal.SIGKILL)
            running.wait(20)
        assert all(opens(BOTH, value) for value in values(database))
    assert rotation.rotate(database, BOTH).complete
    assert_all_is_moved(database)


def test_what_others_store_meanwhile_is_not_lost(database: Database) -> None:
    """A process that runs with both keys goes on storing new tokens: the last one stored is the one that stays."""
    stop, stored = threading.Event(), {}
    with database.reading() as session:
        ids = session.scalars(select(Connection.id)).all()

    def store() -> None:
        for number in itertools.count():
            if stop.is_set():
                return
            row = ids[number % len(ids)]
            sealed = BOTH.seal(f"token {number}", table="connections", column="refresh_token", row=row)
            with database.writing() as session:
                session.execute(update(Connection).where(Connection.id == row).values(refresh_token=sealed))
            stored[row] = f"token {number}"

    writer = threading.Thread(target=store)
    writer.start()
    try:
        for _ in range(3):
            assert rotation.rotate(database, BOTH, batch=1).complete
            with database.writing() as session:
                session.execute(update(Connection).values(access_token=None))  # as when Zoom is disconnected
    finally:
        stop.set()
        writer.join()
    assert stored
    with database.reading() as session:
        for connection in session.scalars(select(Connection)):
            place = {"table": "connections", "column": "refresh_token", "row": connection.id}
            assert NEW.open(connection.refresh_token or "", **place) == stored[connection.id]


def test_a_row_that_changed_after_it_was_read_is_left_as_it_is(database: Database) -> None:
    """Compare and set: even where no lock held the other back."""
    with database.reading() as session:
        [one] = [one for one in sealed_tables() if one.table.name == "connections"]
        row = session.execute(select(one.table)).mappings().first()
    assert row is not None
    with database.writing() as session:
        newer = BOTH.seal("newer", table="connections", column="refresh_token", row=row["id"])
        session.execute(update(Connection).where(Connection.id == row["id"]).values(refresh_token=newer))
    with database.writing() as session:
        assert not rotation._move(session, BOTH, one, row, rotation.Outcome())
    with database.reading() as session:
        assert session.get_one(Connection, row["id"]).refresh_token == newer


def test_a_row_that_another_holds_is_waited_for(database: Database, database_url: URL) -> None:
    holding, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        with database.writing() as session:
            session.scalars(select(Connection).with_for_update()).all()
            holding.set()
            go_on.wait(20)

    holder = threading.Thread(target=hold)
    holder.start()
    assert holding.wait(20)
    threading.Timer(0.3, go_on.set).start()
    try:
        assert rotation.rotate(database, BOTH).complete
    finally:
        go_on.set()
        holder.join()
    assert_all_is_moved(database)


def test_a_process_that_still_seals_with_the_old_key_is_found_out(database: Database) -> None:
    def seal_with_the_old_key(_: int) -> None:
        with database.writing() as session:
            row = session.scalars(select(Connection.id).order_by(Connection.id)).first()
            sealed = OLD_FIRST.seal("a token", table="connections", column="refresh_token", row=str(row))
            session.execute(update(Connection).where(Connection.id == row).values(refresh_token=sealed))

    outcome = rotation.rotate(database, BOTH, told=seal_with_the_old_key)
    assert not outcome.complete
    assert outcome.left == {"connections": {"k1": 1}}


def test_a_row_that_does_not_open_is_named_and_keeps_no_other_back(database: Database) -> None:
    with database.writing() as session:
        session.execute(text("UPDATE questions SET text = 'v1.k1.' || text WHERE actor LIKE '%TACME%'"))
    outcome = rotation.rotate(database, BOTH)
    assert outcome.left == {"questions": {"k1": 1}}
    [line] = outcome.stuck
    assert line.startswith("questions ")
    assert "not in the vault's format" in line
    assert all(opens(NEW, value) for value in values(database) if value.place["table"] != "questions")


def test_a_look_up_hash_that_is_another_rows_too_is_named(database: Database) -> None:
    account = text_of("acme", "connections", "account_id")
    with database.writing() as session:
        twin = session.scalars(select(Connection).where(Connection.tenant_id == "globex")).one()
        twin.account_hash = NEW.lookup_hash("zoom_account", account)
        twin.account_id = NEW.seal(account, table="connections", column="account_id", row=twin.id)
    outcome = rotation.rotate(database, BOTH)
    assert outcome.left == {"connections": {"k1": 7}}
    assert ["look-up hash" in line for line in outcome.stuck] == [True]


def test_nothing_to_do_is_done_at_once(database_url: URL) -> None:
    database = Database(database_url)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Connection)) == 0
    assert rotation.rotate(database, BOTH) == rotation.Outcome()
    database.close()
