"""The database's tables, version by version (Alembic), run from code: no alembic.ini, no second place for settings."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.engine import URL

from integration.db import Database, make_engine

LOCK = 7_382_460_115  # any number, the same in every process


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration; `connection` is the one that env.py uses."""
    result = Config()
    result.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    result.attributes["connection"] = connection
    return result


def upgrade(url: URL) -> None:
    """Bring the database to this version's tables, all or nothing. Processes that do so at once take turns."""
    # Batch migrations on SQLite replace whole tables; with foreign keys on, dropping the old one would cascade.
    engine = make_engine(url, foreign_keys=False)
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            command.upgrade(config(connection), "head")
    finally:
        engine.dispose()


def at_head(database: Database) -> bool:
    """Does the database have exactly this version's tables?"""
    wanted = head()
    with database.reading() as session:
        return MigrationContext.configure(session.connection()).get_current_revision() == wanted


def head() -> str | None:
    """The number of this version's tables."""
    return ScriptDirectory.from_config(config()).get_current_head()
