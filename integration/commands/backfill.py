"""`backfill`: asks Zoom about a tenant's past calls, and shows how far that is."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from integration.backfill.filling import go_on
from integration.backfill.progress import Progress, latest, progress_of
from integration.backfill.service import start
from integration.commands.common import checked, fail, running
from integration.runtime import Runtime
from integration.tenants.fields import Slug
from integration.tenants.finding import tenant_of

LOOK_EVERY = 0.5  # seconds
WORKER_SHOWS_WITHIN = 3.0  # seconds; then there is none, and this process does it
SHORT = timedelta(minutes=2)  # so long one may wait for Zoom at a terminal


@dataclass(frozen=True)
class Seen:
    """The newest back-fill, at one look."""

    id: str
    progress: Progress


def backfill(
    tenant: Annotated[str, typer.Argument(metavar="TENANT", parser=checked(Slug), help="Its id, such as acme.")],
    follow: Annotated[bool, typer.Option("--follow/--no-follow", help="Show how far it is, until it is done.")] = True,
) -> None:
    """Ask Zoom about a tenant's past calls: up to half a year through its reports, up to a year meeting by meeting.

    The worker does it; where none runs, this command does. Ctrl-C ends the watching alone.

    \b
    Examples:
      python -m integration backfill acme
      python -m integration backfill acme --no-follow
    """
    with running() as runtime:
        with runtime.database.writing() as session:
            zone = ZoneInfo(tenant_of(session, tenant).time_zone)
            start(session, tenant, "asked", None, runtime.clock())
        if not follow:
            typer.echo(f"{tenant}: the worker asks Zoom about the past. `backfill {tenant}` shows how far it is.")
            return
        try:
            found = _follow(runtime, tenant)
        except KeyboardInterrupt:
            typer.echo(f"{tenant}: not done yet. The worker goes on with it; `backfill {tenant}` shows how far it is.")
            return
        _conclude(tenant, found, zone)


def _follow(runtime: Runtime, tenant: str) -> Progress:
    """Watch until it is over or has to wait for long; do it where nobody else does."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Bar(*columns, console=Console(), transient=True) as bar:
        task = bar.add_task("", total=1.0)
        seen, quiet_since, alone = _look(runtime, tenant), time.monotonic(), False
        while not _is_over(seen.progress, runtime.clock()):
            bar.update(task, completed=seen.progress.share, description=_label(seen.progress))
            if alone or time.monotonic() - quiet_since >= WORKER_SHOWS_WITHIN:
                alone = go_on(runtime, seen.id)
            if not alone:
                time.sleep(LOOK_EVERY)
            before, seen = seen, _look(runtime, tenant)
            if seen != before:
                quiet_since = time.monotonic()
    return seen.progress


def _look(runtime: Runtime, tenant: str) -> Seen:
    with runtime.database.reading() as session:
        newest = session.scalars(latest(tenant)).one_or_none()
        return Seen(newest.id if newest else "", progress_of(session, tenant) or Progress(state="none"))


def _is_over(found: Progress, now: datetime) -> bool:
    if found.state == "waiting":
        return found.waiting_until is not None and found.waiting_until - now > SHORT
    return found.state != "running"


def _label(found: Progress) -> str:
    return f"{found.windows_done} of {found.windows} asked, {found.sessions_found} calls"


def _conclude(tenant: str, found: Progress, zone: ZoneInfo) -> None:
    if found.state == "waiting" and found.waiting_until is not None:
        until = f"{found.waiting_until.astimezone(zone):%Y-%m-%d %H:%M %Z}"
        typer.echo(f"{tenant}: waiting until {until}. {found.explanation}")
    elif found.state == "done":
        typer.echo(f"{tenant}: {found.explanation}")
    else:
        fail(f"{tenant}: {found.explanation}")
