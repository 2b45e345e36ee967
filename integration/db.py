"""The database: one engine, short transactions, times in UTC. SQLite and PostgreSQL alike."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from sqlite3 import Connection as SqliteConnection
from typing import Any

from sqlalchemy import Connection, Dialect, MetaData, create_engine, event, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, Engine
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import DateTime, TypeDecorator

BUSY_TIMEOUT_MS = 15_000
# SQLite: what was committed outlasts a power cut, as on PostgreSQL. Zoom forgets the tokens that it has replaced.
SYNCHRONOUS = "FULL"
READ_ONLY = "retain_read_only"
# What is raised while the database cannot be used. It says nothing about what was to be done.
DATABASE_AWAY = (OperationalError, InterfaceError, PoolTimeoutError)

# What a column holds, for the rotation of keys (integration/rotation.py). Row id: the primary key, joined by "/".
SEALED: dict[Any, Any] = {"sealed": True}

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def hash_of(sealed_column: str, purpose: str) -> dict[Any, Any]:
    """For a column that holds the look-up hash of what stands in a sealed column of the same row."""
    return {"hash_of": sealed_column, "purpose": purpose}


def utcnow() -> datetime:
    """The clock that is used unless another one is passed in: aware, UTC."""
    return datetime.now(UTC)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC. SQLite forgets the zone; PostgreSQL answers in the session's."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is not None and value.utcoffset() is None:
            raise ValueError("a time without a zone cannot be stored")
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.utcoffset() is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: UtcDateTime}  # noqa: RUF012 - SQLAlchemy reads it from the class


def make_engine(url: URL, *, foreign_keys: bool = True) -> Engine:
    """An engine for `url`. Errors never carry a statement's values: those may be somebody's words."""
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, hide_parameters=True, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000})
        _prepare_sqlite(engine, foreign_keys=foreign_keys)
        return engine
    return create_engine(
        url,
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=5,
        max_overflow=15,
        connect_args={"connect_timeout": 5},
    )


def _prepare_sqlite(engine: Engine, *, foreign_keys: bool) -> None:
    @event.listens_for(engine, "connect")
    def _on_connect(connection: SqliteConnection, _record: object) -> None:
        connection.isolation_level = None  # we begin transactions ourselves, below
        connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(f"PRAGMA synchronous={SYNCHRONOUS}")
        connection.execute(f"PRAGMA foreign_keys={int(foreign_keys)}")

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        # A deferred transaction that writes after it has read fails at once with "database is locked" when
        # another one wrote in between; an immediate one waits for its turn.
        read_only = connection.get_execution_options().get(READ_ONLY, False)
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


class Database:
    """Where sessions come from. Each is one short transaction; no call to another system happens inside."""

    def __init__(self, url: URL) -> None:
        self.engine = make_engine(url)
        self._reader = self.engine.execution_options(**{READ_ONLY: True})

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session that commits at the end and rolls back on any error."""
        with Session(self.engine) as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for looking only: it waits for no writer, and what it changes is rolled back."""
        with Session(self._reader, autoflush=False) as session:
            yield session

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()


def insert(session: Session, model: type[Base]) -> Any:
    """An INSERT that knows ON CONFLICT; both engines spell it alike, SQLAlchemy has one class for each."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    return dialect.insert(model)


def take_turns(session: Session, keys: Iterable[str]) -> None:
    """Wait until nobody else holds one of these keys, and hold them until the transaction ends.

    For what is worked out from rows of several tables: whoever comes second sees what the first one wrote. Taken in
    one order, so ask once for all. On SQLite one writer works at a time anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        for key in sorted(set(keys)):
            session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))
