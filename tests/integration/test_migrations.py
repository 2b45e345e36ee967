from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.engine import URL

import integration.models  # noqa: F401 - every table
from integration import migrations
from integration.db import Base, Database


def test_models_and_migrations_agree(database_url: URL) -> None:
    database = Database(database_url)
    with database.reading() as session:
        context = MigrationContext.configure(
            session.connection(), opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, Base.metadata) == []
    database.close()


def test_upgrading_an_empty_database_makes_its_tables_and_may_be_repeated(empty_database_url: URL) -> None:
    database = Database(empty_database_url)
    assert not migrations.at_head(database)
    migrations.upgrade(empty_database_url)
    migrations.upgrade(empty_database_url)
    assert migrations.at_head(database)
    assert set(Base.metadata.tables) <= set(inspect(database.engine).get_table_names())
    database.close()


def test_what_may_have_arrived_is_given_up_when_an_older_version_takes_over(empty_database_url: URL) -> None:
    migrations.upgrade(empty_database_url)
    database = Database(empty_database_url)
    columns = "id, kind, about, payload, created_at, due_at, attempts, state"
    now = "2026-11-23 12:00:00+00:00"
    with database.writing() as session:
        values = f"('1', 'k', 'a', '-', '{now}', '{now}', 1, 'possibly_delivered')"
        session.execute(text(f"INSERT INTO notifications ({columns}) VALUES {values}"))
    with database.engine.begin() as connection:
        command.downgrade(migrations.config(connection), "0003")
    with database.reading() as session:
        assert session.scalar(text("SELECT state FROM notifications")) == "gave_up"
    database.close()
