"""`python -m integration`: for whoever runs the service."""

import base64
import secrets
import signal
import threading
from typing import Annotated

import typer
from sqlalchemy.exc import SQLAlchemyError

from integration import logs, migrations
from integration.callers import CALLER
from integration.config import settings_or_exit
from integration.runtime import make_runtime
from integration.vault import KEY_BYTES
from integration.work import Worker

HELP = {"help_option_names": ["-h", "--help"]}

app = typer.Typer(
    help="""Run and look after the integration service.

    First set-up: `keys generate`, `keys secret` and `keys api bot` print what .env needs; `db upgrade` makes the
    tables; then start `uvicorn --factory integration.app:create_app` and `python -m integration worker`.""",
    no_args_is_help=True,
    context_settings=HELP,
    pretty_exceptions_enable=False,  # they would print local variables, keys among them
    add_completion=False,
)
db = typer.Typer(help="The database's tables.", no_args_is_help=True)
keys = typer.Typer(help="Make the secrets that .env needs. Nothing is stored here.", no_args_is_help=True)
app.add_typer(db, name="db")
app.add_typer(keys, name="keys")


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the database (DATABASE_URL) to this version's tables. Safe to run on every start, and at once."""
    settings = settings_or_exit()
    logs.configure(settings.log_level)
    try:
        migrations.upgrade(settings.database_url)
    except SQLAlchemyError as error:
        # The driver's first line says why; the rest is for its authors.
        reason = str(getattr(error, "orig", None) or type(error).__name__).splitlines()[0]
        typer.echo(
            f"The database cannot be upgraded: {reason}\n"
            "Check DATABASE_URL, that the database runs, and that its user may create tables.",
            err=True,
        )
        raise typer.Exit(1) from None
    typer.echo("The database is up to date.")


@keys.command("generate")
def keys_generate() -> None:
    """Print a new entry for ENCRYPTION_KEYS.

    To change keys, put the new entry before the old one (`new,old`): the first encrypts, all of them decrypt.
    """
    key = base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode("ascii")
    typer.echo(f"k{secrets.token_hex(4)}:{key}")


@keys.command("secret")
def keys_secret() -> None:
    """Print a new SECRET_KEY."""
    typer.echo(secrets.token_urlsafe(48))


@keys.command("api")
def keys_api(
    name: Annotated[str, typer.Argument(help="The calling program, such as `bot`: a-z, 0-9, - or _.")],
) -> None:
    """Print a new entry for API_KEYS. What follows the colon is the caller's key (INTEGRATION_API_KEY)."""
    if not CALLER.fullmatch(name):
        raise typer.BadParameter("use a-z, 0-9, - or _, such as `bot`", param_hint="NAME")
    typer.echo(f"{name}:{secrets.token_urlsafe(32)}")


@app.command()
def worker() -> None:
    """Do in the background what is owed. Run as many as you like; Ctrl-C or SIGTERM ends it cleanly."""
    settings = settings_or_exit()
    logs.configure(settings.log_level)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    runtime = make_runtime(settings)
    try:
        Worker(runtime).run(stop)
    finally:
        runtime.database.close()


if __name__ == "__main__":
    app()
