"""`python -m integration`: for whoever runs the service."""

import signal
import threading

import typer

from integration import logs, work
from integration.commands import db, keys, people, tenants, workspaces
from integration.config import settings_or_exit
from integration.runtime import make_runtime

app = typer.Typer(
    help="""Run and look after the integration service.

    \b
    First set-up:
      python -m integration keys generate     and `keys secret`, `keys api bot`: what .env needs
      python -m integration db upgrade        makes the tables
      uvicorn --factory integration.app:create_app
      python -m integration worker

    \b
    Then, for each client organisation:
      python -m integration tenants add acme "Acme Corp" --domain acme.example --enable-zoom
      python -m integration workspaces link T0ACME acme
    """,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,  # they would print local variables, keys among them
    add_completion=False,
    rich_markup_mode=None,
)
for name, group in {
    "tenants": tenants.app,
    "workspaces": workspaces.app,
    "people": people.app,
    "keys": keys.app,
    "db": db.app,
}.items():
    app.add_typer(group, name=name)


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
        work.run(runtime, stop)
    finally:
        runtime.database.close()


if __name__ == "__main__":
    app()
