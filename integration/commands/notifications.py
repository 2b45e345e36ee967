"""`notifications`: what somebody was to be told, and perhaps was not."""

from datetime import timedelta
from typing import Annotated

import typer

from integration.commands.common import running, table
from integration.notifications import undelivered

HEADINGS = ("AT (UTC)", "KIND", "FOR", "STATE", "REASON")


def notifications(
    days: Annotated[int, typer.Option("--days", min=1, max=30, help="How far back.")] = undelivered.SHOWN.days,
) -> None:
    """Show messages that reached nobody, or may not have, newest first. They are not sent again.

    \b
    gave_up              Slack refuses it for good: the person left, the channel is archived, the app was removed
    parked               handed out for a day, and no bot delivered it: is one running?
    possibly_delivered   a bot began to send it, and nobody can tell whether it stands

    \b
    Example:
      python -m integration notifications --days 30
    """
    with running() as runtime, runtime.database.reading() as session:
        found = undelivered.latest(session, runtime.clock(), timedelta(days=days))
        rows = [
            (f"{one.settled_at:%Y-%m-%d %H:%M}", one.kind, one.place or "anybody", one.state, one.reason or "")
            for one in found
        ]
    if rows:
        table(rows, HEADINGS)
    else:
        typer.echo("Every message reached whom it was for.")
