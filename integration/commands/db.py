"""`db`: the database's tables."""

import typer
from sqlalchemy.exc import SQLAlchemyError

from integration import logs, migrations
from integration.commands.common import fail, group, reason_of
from integration.config import settings_or_exit

app = group("The database's tables.")


@app.callback()
def _group() -> None:
    """A group even with one command."""


@app.command()
def upgrade() -> None:
    """Bring the database (DATABASE_URL) to this version's tables. Safe to run on every start, and at once."""
    settings = settings_or_exit()
    logs.configure(settings.log_level)
    try:
        migrations.upgrade(settings.database_url)
    except SQLAlchemyError as error:
        check = "Check DATABASE_URL, that the database runs, and that its user may create tables."
        fail(f"The database cannot be upgraded: {reason_of(error)}\n{check}")
    typer.echo("The database is up to date.")
