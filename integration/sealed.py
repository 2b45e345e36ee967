"""Which columns hold sealed texts and look-up hashes, read from the tables themselves, and which keys they are on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, String, Table, func, literal_column, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.expression import FunctionElement

import integration.models  # noqa: F401 - every table
from integration.db import Base
from integration.vault import VERSION

# A literal: as a parameter PostgreSQL would not know it for the same when it groups.
AFTER_VERSION: ColumnElement[int] = literal_column(str(len(f"{VERSION}.") + 1))


class up_to_dot(FunctionElement[str]):  # noqa: N801 - it is a function of SQL
    """What stands before the first dot of a text."""

    type = String()
    inherit_cache = True


@compiles(up_to_dot, "postgresql")
def _on_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    return f"split_part({compiler.process(element.clauses, **options)}, '.', 1)"


@compiles(up_to_dot, "sqlite")
def _on_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    text = compiler.process(element.clauses, **options)
    return f"substr({text}, 1, instr({text}, '.') - 1)"


@dataclass(frozen=True)
class SealedTable:
    """A table that holds something sealed. `hashes`: look-up hash → the sealed column it is of, and its purpose."""

    table: Table
    sealed: Sequence[Column[Any]]
    hashes: Sequence[tuple[Column[Any], str, str]]

    @property
    def keyed(self) -> Sequence[Column[Any]]:
        """Every column that depends on a key."""
        return [*self.sealed, *(column for column, _, _ in self.hashes)]

    def row_id(self, row: Any) -> str:
        """The row's id, as the vault knows it."""
        return "/".join(str(row[column.name]) for column in self.table.primary_key)


def sealed_tables() -> list[SealedTable]:
    """Every table with sealed columns."""
    found = []
    for table in Base.metadata.sorted_tables:
        sealed = [column for column in table.columns if column.info.get("sealed")]
        hashes = [(one, one.info["hash_of"], one.info["purpose"]) for one in table.columns if "hash_of" in one.info]
        if sealed:
            found.append(SealedTable(table, sealed, hashes))
    return found


def key_id(column: Column[Any]) -> ColumnElement[str]:
    """SQL for the id of the key that a value of the column is on."""
    return up_to_dot(func.substr(column, AFTER_VERSION) if column.info.get("sealed") else column)


def values_by_key(session: Session) -> dict[str, dict[str, int]]:
    """How many values there are on each key: by table, then by key id. Tables that hold none are left out."""
    counts: dict[str, dict[str, int]] = {}
    for one in sealed_tables():
        for column in one.keyed:
            grouped = select(key_id(column), func.count()).where(column.is_not(None)).group_by(key_id(column))
            for key, count in session.execute(grouped):
                of_table = counts.setdefault(one.table.name, {})
                of_table[key] = of_table.get(key, 0) + count
    return counts
