"""`python -m integration`: for whoever runs the service."""

import typer

from integration.commands import (
    backfill,
    calendar,
    customers,
    db,
    doctor,
    gaps,
    keys,
    notifications,
    people,
    status,
    tenants,
    worker,
    workspaces,
)

app = typer.Typer(
    help="""Run and look after the integration service.

    \b
    First set-up:
      python -m integration keys generate     and `keys secret`, `keys api bot`: what .env needs
      python -m integration db upgrade        makes the tables
      uvicorn --factory integration.app:create_app
      python -m integration worker
      python -m integration doctor            says what is missing

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
    "customers": customers.app,
    "calendar": calendar.app,
    "keys": keys.app,
    "db": db.app,
}.items():
    app.add_typer(group, name=name)


for command in (status.status, backfill.backfill, gaps.gaps, notifications.notifications, doctor.doctor, worker.worker):
    app.command()(command)

if __name__ == "__main__":
    app()
