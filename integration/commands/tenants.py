"""`tenants`: the client organisations."""

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from integration.commands.common import checked, fail, group, running, table
from integration.tenants import export as exporting
from integration.tenants import finding, removal, service
from integration.tenants.fields import Slug, TenantName, Zone, own_domains
from integration.tenants.models import Tenant
from integration.tenants.service import NewTenant, TenantChanges

app = group(
    """Retain's client organisations.

    \b
    A new one, from nothing to its connect link:
      python -m integration tenants add acme "Acme Corp" --domain acme.example --enable-zoom
      python -m integration workspaces link T0ACME acme
      and in Slack an admin of Acme types: /retain connect
    """
)

TenantArgument = Annotated[
    str, typer.Argument(metavar="TENANT", parser=checked(Slug), help="Its id, such as acme; `tenants list` shows them.")
]
DomainOption = Annotated[
    list[str] | None,
    typer.Option("--domain", metavar="DOMAIN", help="A domain of its own e-mail addresses; may be given again."),
]
ZoneOption = Annotated[
    str | None, typer.Option("--time-zone", parser=checked(Zone), metavar="ZONE", help="Such as Europe/Berlin.")
]


@app.command()
def add(
    tenant: Annotated[
        str,
        typer.Argument(
            metavar="TENANT", parser=checked(Slug), help="Its id: lower case letters and digits, with single hyphens."
        ),
    ],
    name: Annotated[
        str, typer.Argument(metavar="NAME", parser=checked(TenantName), help="As people write it, in quotes.")
    ],
    domain: DomainOption = None,
    time_zone: ZoneOption = None,
    enable_zoom: Annotated[bool, typer.Option("--enable-zoom", help="Let its admins connect Zoom.")] = False,
) -> None:
    """Add a tenant. Doing it again with the same values changes nothing.

    Whoever connects a Zoom account with an address of the tenant's own domains need not confirm it.

    \b
    Examples:
      python -m integration tenants add acme "Acme Corp" --domain acme.example --enable-zoom
      python -m integration tenants add globex Globex --domain globex.de --time-zone Europe/Berlin
    """
    new = NewTenant(
        id=tenant,
        name=name,
        domains=_domains(domain or []),
        time_zone=time_zone or service.DEFAULT_ZONE,
        zoom_enabled=enable_zoom,
    )
    with running() as runtime, runtime.database.writing() as session:
        added = service.add(session, runtime.vault, new, runtime.clock())
    typer.echo(f"{tenant}: added." if added else f"{tenant}: is there already, with the same values. Nothing changed.")
    if added:
        typer.echo(f"Next: python -m integration workspaces link TEAM {tenant}")


@app.command("list")
def list_tenants(
    query: Annotated[str, typer.Argument(metavar="[QUERY]", help="A name, id or domain; may be mistyped.")] = "",
) -> None:
    """Show the tenants, or those that QUERY may mean, best first.

    \b
    Examples:
      python -m integration tenants list
      python -m integration tenants list "acme corp"
    """
    with running() as runtime, runtime.database.reading() as session:
        found = [one.tenant for one in finding.search(session, query)] if query else finding.every(session)
        table([_row(tenant) for tenant in found], ("TENANT", "NAME", "ZOOM", "TIME ZONE", "DOMAINS"))


@app.command()
def change(
    tenant: TenantArgument,
    name: Annotated[str | None, typer.Option("--name", parser=checked(TenantName), help="A new name.")] = None,
    domain: DomainOption = None,
    time_zone: ZoneOption = None,
) -> None:
    """Change a tenant's name, zone or domains. Domains are replaced by those given.

    \b
    Example:
      python -m integration tenants change acme --domain acme.example --domain acme.co.uk
    """
    domains = _domains(domain) if domain else None
    _change(tenant, TenantChanges(name=name, domains=domains, time_zone=time_zone), "changed.")


@app.command("enable-zoom")
def enable_zoom(tenant: TenantArgument) -> None:
    """Let a tenant's admins connect Zoom.

    \b
    Example:
      python -m integration tenants enable-zoom acme
    """
    _change(
        tenant, TenantChanges(zoom_enabled=True), "Zoom is enabled. An admin can connect it: /retain connect in Slack."
    )


@app.command("disable-zoom")
def disable_zoom(tenant: TenantArgument) -> None:
    """Stop using a tenant's Zoom connection. It is kept, and goes on when Zoom is enabled again.

    \b
    Example:
      python -m integration tenants disable-zoom acme
    """
    _change(
        tenant, TenantChanges(zoom_enabled=False), "Zoom is disabled. Its connection, if any, is kept and not used."
    )


@app.command()
def export(
    tenant: TenantArgument,
    file: Annotated[
        Path | None, typer.Option("--file", metavar="FILE", help="Write it there, readable by you alone.")
    ] = None,
) -> None:
    """Show all that is kept of a tenant, as JSON. Texts are opened; tokens are never among it.

    \b
    Example:
      python -m integration tenants export acme --file acme.json
    """
    with running() as runtime, runtime.database.reading() as session:
        text = json.dumps(exporting.export(session, runtime.vault, tenant, runtime.clock()), indent=2)
    if file is None:
        typer.echo(text)
        return
    _write_privately(file, f"{text}\n")
    typer.echo(f"{tenant}: written to {file}.")


@app.command()
def delete(
    tenant: TenantArgument,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask: for scripts.")] = False,
) -> None:
    """Withdraw our permission at Zoom, and delete all that is kept of a tenant. Asks first; cannot be undone.

    \b
    Example:
      python -m integration tenants delete acme
    """
    with running() as runtime:
        with runtime.database.reading() as session:
            name = finding.tenant_of(session, tenant).name
            counts = removal.what_would_go(session, runtime.vault, tenant)
        typer.echo(f"{name} ({tenant}): this deletes for good, and withdraws our permission at Zoom:")
        table([(what.replace("_", " "), str(count)) for what, count in counts.items()], ("WHAT", "ROWS"))
        if not yes and typer.prompt(f"To go on, type the name: {name}", default="", show_default=False) != name:
            fail("That is not the name. Nothing was deleted.")
        removed = removal.remove(runtime, tenant, actor=None)
    typer.echo(f"{tenant}: deleted, {sum(removed.deleted.values())} rows in all.")
    if not removed.revoked:
        typer.echo(
            "Zoom has not confirmed the withdrawal yet: a worker goes on trying. Where the log says that a permission "
            "cannot be revoked, only removing the app in that Zoom account ends it."
        )


def _write_privately(file: Path, text: str) -> None:
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
            out.write(text)
    except OSError as error:
        fail(f"--file: {file} cannot be written: {error.strerror}.")


def _change(tenant: str, changes: TenantChanges, done: str) -> None:
    with running() as runtime, runtime.database.writing() as session:
        changed = service.change(session, runtime.vault, tenant, changes, runtime.clock())
    typer.echo(f"{tenant}: {done}" if changed else f"{tenant}: was so already. Nothing changed.")


def _domains(given: list[str]) -> list[str]:
    try:
        return own_domains(given)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--domain") from None


def _row(tenant: Tenant) -> tuple[str, ...]:
    zoom = "enabled" if tenant.zoom_enabled else "not enabled"
    return (tenant.id, tenant.name, zoom, tenant.time_zone, ", ".join(tenant.domains))
