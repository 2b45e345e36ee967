"""`people`: whom Retain lists as a tenant's admin or as staff."""

from typing import Annotated

import typer

from integration.commands.common import checked, fail, group, running, table
from integration.fields import Name
from integration.policy import Role
from integration.tenants import people, personal_data
from integration.tenants.fields import Slug

app = group(
    """People whom Retain lists: admins of a tenant who are not admins of its Slack workspace, and staff.

    Admins of a tenant's workspace need not be listed.
    """
)

ActorArgument = Annotated[
    str, typer.Argument(metavar="ACTOR", parser=checked(Name), help="slack:TEAM/USER, by their ids in Slack.")
]
TenantOption = Annotated[
    str | None, typer.Option("--tenant", metavar="TENANT", parser=checked(Slug), help="Whose admin; not for staff.")
]


@app.command("set")
def set_role(
    actor: ActorArgument,
    role: Annotated[Role, typer.Option("--role", help="member takes the person off the list.")],
    tenant: TenantOption = None,
) -> None:
    """List a person as a tenant's admin or as staff, or take them off the list. Doing it again changes nothing.

    \b
    Examples:
      python -m integration people set slack:T0ACME/U123 --tenant acme --role admin
      python -m integration people set slack:T0RETAIN/U456 --role staff
      python -m integration people set slack:T0ACME/U123 --role member
    """
    with running() as runtime, runtime.database.writing() as session:
        changed = people.set_role(session, runtime.vault, actor, tenant, role, runtime.clock())
    what = {Role.ADMIN: f"listed as admin of {tenant}", Role.STAFF: "listed as staff"}.get(role, "not listed")
    typer.echo(f"{actor}: is {what} now." if changed else f"{actor}: is {what} already. Nothing changed.")


@app.command("list")
def list_people(tenant: TenantOption = None) -> None:
    """Show who is listed.

    \b
    Example:
      python -m integration people list --tenant acme
    """
    with running() as runtime, runtime.database.reading() as session:
        rows = [(one.actor, one.role, one.tenant_id or "") for one in people.every(session, tenant)]
        table(rows, ("ACTOR", "ROLE", "TENANT"))


@app.command()
def forget(
    actor: Annotated[
        str,
        typer.Argument(
            metavar="PERSON", parser=checked(Name), help="slack:TEAM/USER, or the address given in the form."
        ),
    ],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask: for scripts.")] = False,
) -> None:
    """Delete what is kept of a person: questions, opinions, preferences, and the words of their support requests.

    Requests of theirs that still wait are resolved. Whether they are listed stays: see `people set`. An e-mail address
    is that of the help centre's form.

    \b
    Examples:
      python -m integration people forget slack:T0ACME/U123
      python -m integration people forget ann@acme.example
    """
    if not yes and not typer.confirm(f"{actor}: delete what is kept of this person, for good?"):
        fail("Nothing was deleted.")
    with running() as runtime, runtime.database.writing() as session:
        deleted = personal_data.forget_person(session, runtime.vault, actor, runtime.clock(), by=None)
    if deleted:
        table([(what.replace("_", " "), str(count)) for what, count in deleted.items()], ("WHAT", "ROWS"))
    typer.echo(f"{actor}: deleted." if deleted else f"{actor}: nothing is kept of this person.")
