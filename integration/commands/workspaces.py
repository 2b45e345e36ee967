"""`workspaces`: which tenant a Slack workspace belongs to."""

from typing import Annotated

import typer

from integration.commands.common import checked, group, running, table
from integration.tenants import workspaces
from integration.tenants.fields import Slug, Team
from integration.tenants.models import Tenant, Workspace
from integration.tenants.workspaces import Linking

app = group(
    """Which tenant a Slack workspace belongs to. People of a workspace without a tenant get general answers only.

    \b
    A workspace's id begins with T: open Slack in a browser, it is in the address after /client/.
    """
)

TeamArgument = Annotated[
    str, typer.Argument(metavar="TEAM", parser=checked(Team), help="The workspace's id, such as T0ACME.")
]


@app.command()
def link(
    team: TeamArgument,
    tenant: Annotated[
        str | None, typer.Argument(metavar="[TENANT]", parser=checked(Slug), help="Whose workspace it is.")
    ] = None,
    staff: Annotated[
        bool | None, typer.Option("--staff/--no-staff", help="It is Retain's own, where staff work; or no longer.")
    ] = None,
) -> None:
    """Link a workspace to a tenant, or mark it as Retain's own. Doing it again changes nothing.

    \b
    Examples:
      python -m integration workspaces link T0ACME acme
      python -m integration workspaces link T0RETAIN --staff
    """
    if bool(staff) == (tenant is not None):
        raise typer.BadParameter(
            "give either a tenant or --staff; `workspaces unlink` undoes both", param_hint="TENANT"
        )
    with running() as runtime, runtime.database.writing() as session:
        changed = workspaces.link(session, runtime.vault, team, Linking(tenant, staff), runtime.clock())
    _say(team, "Retain's own" if staff else f"linked to {tenant}", changed)


@app.command()
def unlink(team: TeamArgument) -> None:
    """Take a workspace from its tenant, or from Retain. Its people get general answers until it is linked again.

    \b
    Example:
      python -m integration workspaces unlink T0ACME
    """
    with running() as runtime, runtime.database.writing() as session:
        changed = workspaces.link(session, runtime.vault, team, Linking(None, staff=False), runtime.clock())
    _say(team, "linked to nobody", changed)


@app.command("list")
def list_workspaces() -> None:
    """Show the workspaces that are known, first those that wait for a link.

    \b
    Example:
      python -m integration workspaces list
    """
    with running() as runtime, runtime.database.reading() as session:
        table([_row(*one) for one in workspaces.every(session)], ("TEAM", "WORKSPACE", "BELONGS TO"))


def _say(team: str, what: str, changed: bool) -> None:
    typer.echo(f"{team}: is {what} now." if changed else f"{team}: is {what} already. Nothing changed.")


def _row(workspace: Workspace, tenant: Tenant | None) -> tuple[str, ...]:
    whose = f"{tenant.id} ({tenant.name})" if tenant else "Retain" if workspace.staff else "nobody yet: link it"
    return (workspace.team, workspace.name or "", whose)
