"""Moving everything that is sealed to the first key of ENCRYPTION_KEYS, while the service runs.

Rows are moved in batches, each in a transaction of its own. What is moved stays so: interrupted at any moment, the next
run goes on with the rest. A row is locked while it is read and written, and written only where it is still as it was
read, so nothing that a running process stores meanwhile is lost.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import RowMapping, Select, and_, func, or_, select, tuple_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from integration.db import Database
from integration.errors import VaultError
from integration.sealed import SealedTable, key_id, sealed_tables, values_by_key
from integration.vault import Vault

log = logging.getLogger(__name__)

BATCH = 200
MOST_NAMED = 20
Told = Callable[[int], None]


@dataclass
class Outcome:
    """What a rotation did, and what is proven afterwards: `left` has what is on another key, by table and key id."""

    moved: int = 0
    stuck: list[str] = field(default_factory=list)  # "<table> <row id>: why", at most a few
    left: dict[str, dict[str, int]] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Is nothing left on another key than the first?"""
        return not self.left


def rows_to_move(session: Session, newest: str) -> int:
    """How many rows hold something that is not on the key `newest`."""
    counts = (select(func.count()).select_from(one.table).where(_outdated(one, newest)) for one in sealed_tables())
    return sum(session.scalar(count) or 0 for count in counts)


def rotate(database: Database, vault: Vault, *, told: Told = lambda _: None, batch: int = BATCH) -> Outcome:
    """Move everything to the vault's newest key. `told` hears how many rows each batch moved, after it is kept.

    A second round takes what others held or stored meanwhile, one row at a time: it waits for each.
    """
    outcome = Outcome()
    for one in sealed_tables():
        for size in (batch, 1):
            _move_table(database, vault, one, outcome, told, size)
    with database.reading() as session:
        outcome.left = left_on_others(session, vault.newest_key_id)
    return outcome


def left_on_others(session: Session, newest: str) -> dict[str, dict[str, int]]:
    """How many values are on another key than `newest`, by table and key id."""
    counts = values_by_key(session)
    others = {table: {key: count for key, count in keys.items() if key != newest} for table, keys in counts.items()}
    return {table: keys for table, keys in others.items() if keys}


def _move_table(database: Database, vault: Vault, one: SealedTable, outcome: Outcome, told: Told, size: int) -> None:
    after: Sequence[Any] | None = None
    while True:
        with database.writing() as session:
            rows = session.execute(_batch(one, vault.newest_key_id, after, size)).mappings().all()
            moved = sum(_move(session, vault, one, row, outcome) for row in rows)
        if not rows:
            return
        outcome.moved += moved
        told(moved)
        after = [rows[-1][column.name] for column in one.table.primary_key]


def _outdated(one: SealedTable, newest: str) -> Any:
    return or_(*(key_id(column) != newest for column in one.keyed))  # nothing is not on another key: NULL says so


def _batch(one: SealedTable, newest: str, after: Sequence[Any] | None, size: int) -> Select[Any]:
    """The next rows by primary key. A batch skips what others hold: waiting for one while holding another deadlocks."""
    primary = list(one.table.primary_key)
    chosen = select(*primary, *one.keyed).where(_outdated(one, newest))
    if after is not None:
        chosen = chosen.where(tuple_(*primary) > tuple_(*after))
    return chosen.order_by(*primary).limit(size).with_for_update(skip_locked=size > 1)


def _move(session: Session, vault: Vault, one: SealedTable, row: RowMapping, outcome: Outcome) -> bool:
    try:
        values = _on_newest_key(vault, one, row)
        same_row = and_(*(column == row[column.name] for column in one.table.primary_key))
        as_read = and_(*(one.table.c[name] == row[name] for name in values))
        moved = update(one.table).where(same_row, as_read).values(values).returning(*one.table.primary_key)
        with session.begin_nested():
            return session.execute(moved).first() is not None
    except (VaultError, IntegrityError) as error:
        why = error.message if isinstance(error, VaultError) else "its look-up hash is another row's too"
        _stuck(outcome, f"{one.table.name} {one.row_id(row)}: {why}")
        return False


def _on_newest_key(vault: Vault, one: SealedTable, row: RowMapping) -> dict[str, str]:
    place = {"table": one.table.name, "row": one.row_id(row)}
    texts = {
        column.name: vault.open(row[column.name], column=column.name, **place)
        for column in one.sealed
        if row[column.name] is not None
    }
    values = {name: vault.seal(text, column=name, **place) for name, text in texts.items()}
    for column, of, purpose in one.hashes:
        if row[column.name] is not None:
            if of not in texts:
                raise VaultError(f"there is no {of} from which its {column.name} could be made anew")
            values[column.name] = vault.lookup_hash(purpose, texts[of])
    return values


def _stuck(outcome: Outcome, line: str) -> None:
    if line not in outcome.stuck and len(outcome.stuck) < MOST_NAMED:
        log.error("a row cannot be moved to the newest key: %s", line)
        outcome.stuck.append(line)
