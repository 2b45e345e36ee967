from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect
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
