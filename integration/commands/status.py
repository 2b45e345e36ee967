"""`status`: what is true of a tenant's connection to Zoom."""

from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from integration.commands.common import checked, running
from integration.connections.status import read_status
from integration.connections.status_view import Status
from integration.connections.verify import verify
from integration.tenants.fields import Slug
from integration.tenants.finding import tenant_of
from kb.spans import ago

WHO = {
    "tenant_admin": "an admin of the organisation",
    "zoom_admin": "the organisation's Zoom admin",
    "retain": "Retain",
    "zoom": "Zoom",
    "nobody": "nobody",
}


def status(
    tenant: Annotated[str, typer.Argument(metavar="TENANT", parser=checked(Slug), help="Its id, such as acme.")],
    live: Annotated[bool, typer.Option("--live", help="Ask Zoom first, and record what comes of it.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As GET …/zoom/status answers it, for programs.")] = False,
) -> None:
    """Show what is true of a tenant's connection to Zoom: state, cause, how fresh that is, and who must act.

    \b
    Examples:
      python -m integration status acme
      python -m integration status acme --live
      python -m integration status acme --json
    """
    with running() as runtime:
        with runtime.database.reading() as session:
            zone = tenant_of(session, tenant).time_zone
        found = verify(runtime, tenant, actor=None) if live else None
        with runtime.database.reading() as session:
            now = runtime.clock()
            shown = read_status(session, runtime.vault, tenant, now=now, allowed=lambda _: True, checked=found)
    if as_json:
        typer.echo(shown.model_dump_json(indent=2))
        return
    _show(shown, ZoneInfo(zone))


def _show(found: Status, zone: ZoneInfo) -> None:
    good = found.state == "connected" and found.freshness == "verified"
    typer.echo(f"{found.name} ({found.tenant})")
    typer.secho(
        f"Zoom: {found.state.replace('_', ' ')}{_freshness(found)}",
        bold=True,
        fg=typer.colors.GREEN if good else None,
    )
    for name, value in _lines(found, zone):
        typer.echo(f"  {name:<13} {value}")


def _lines(found: Status, zone: ZoneInfo) -> list[tuple[str, str]]:
    at = found.as_of
    by, account = found.connected_by, found.account
    lines = {
        "why": f"{found.explanation} ({found.cause})",
        "who must act": WHO[found.who_must_act],
        "next": found.next_step,
        "article": found.article,
        "since": _when(found.since, at, zone),
        "connected by": f"{by.name or by.email or ''} ({by.actor})".strip() if by else None,
        "Zoom account": ", ".join(filter(None, (account.name, account.email, account.role))) if account else None,
        "last worked": _when(found.verified_at, at, zone) or "never",
        "refreshed": _when(found.refreshed_at, at, zone),
        "last event": _when(found.last_webhook_at, at, zone),
        "asked now": found.checked.explanation or "Zoom says that it works." if found.checked else None,
        "incident": found.incident.text if found.incident else None,
    }
    return [(name, value) for name, value in lines.items() if value]


def _freshness(found: Status) -> str:
    """Only what was confirmed lately counts as known, and only of a connection that works."""
    how_long = ago(found.verified_at, found.as_of) if found.verified_at is not None else None
    if found.state != "connected":
        return f"; last worked {how_long}" if how_long else ""
    if how_long is None:
        return ", not verified"
    return f", verified {how_long}" if found.freshness == "verified" else f", last verified {how_long}"


def _when(time: datetime | None, now: datetime, zone: ZoneInfo) -> str | None:
    return f"{time.astimezone(zone):%Y-%m-%d %H:%M %Z} ({ago(time, now)})" if time else None
