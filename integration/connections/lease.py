"""A lease on a row: who holds it may call Zoom for it, and nobody else does. It runs out by the database's own clock.

Any table with `id`, `lease_owner` and `lease_until_ms` will do. The caller's session commits; after that, and with no
transaction open, comes the call to Zoom.
"""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, or_, select, update
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.expression import FunctionElement

from integration.db import Base


class database_ms(FunctionElement[int]):  # noqa: N801 - it is a function of SQL
    """Milliseconds since 1970 by the database's clock: the one clock that all machines share."""

    type = BigInteger()
    inherit_cache = True


@compiles(database_ms, "sqlite")
def _on_sqlite(element: object, compiler: object, **options: object) -> str:  # noqa: ARG001
    return "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)"


@compiles(database_ms, "postgresql")
def _on_postgresql(element: object, compiler: object, **options: object) -> str:  # noqa: ARG001
    # clock_timestamp() moves on while a statement waits for a row; now() would not.
    return "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)"


def take(session: Session, model: type[Base], row_id: str, owner: str, *, seconds: float) -> bool:
    """Lease the row to `owner` for `seconds`; False while another holds it. One conditional UPDATE.

    What the session has loaded of the row is stale afterwards: read it anew.
    """
    return _changed(
        session,
        model,
        _columns(model).id == row_id,
        is_free(model),
        lease_owner=owner,
        lease_until_ms=database_ms() + round(seconds * 1000),
    )


def release(session: Session, model: type[Base], row_id: str, owner: str) -> bool:
    """End the lease; False when `owner` does not hold it any more, and nothing changes then."""
    columns = _columns(model)
    mine = columns.lease_owner == owner
    return _changed(session, model, columns.id == row_id, mine, lease_owner=None, lease_until_ms=None)


def held(session: Session, model: type[Base], row_id: str, owner: str) -> bool:
    """Does `owner` hold the row still? If so it stays so until this transaction ends: the row is locked."""
    columns = _columns(model)
    mine = select(columns.id).where(columns.id == row_id, columns.lease_owner == owner)
    return session.execute(mine.with_for_update()).first() is not None


def is_free(model: type[Base]) -> ColumnElement[bool]:
    """A condition: nobody holds the row, or whoever did is out of time."""
    columns = _columns(model)
    return or_(columns.lease_until_ms.is_(None), columns.lease_until_ms <= database_ms())


def _columns(model: type[Base]) -> Any:
    return model.__table__.c


def _changed(session: Session, model: type[Base], *where: ColumnElement[bool], **values: object) -> bool:
    statement = update(model).where(*where).values(values).returning(_columns(model).id)
    return session.execute(statement, execution_options={"synchronize_session": False}).first() is not None
