"""Run by Alembic, on the connection that `integration.migrations` opened."""

from alembic import context

import integration.models  # noqa: F401 - every table, for autogenerate
from integration.db import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
)
context.run_migrations()
