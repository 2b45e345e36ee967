"""`customers`: whom a tenant meets."""

from typing import Annotated

import typer

from integration.commands.common import checked, group, running, table
from integration.meetings.customers import list_customers, name_customers
from integration.tenants.fields import Slug, TenantName, customer_domain

app = group(
    """Whom a tenant meets: customers are told apart by the domains of the people in calendar events.

    \b
    Until it is given a name, a customer is called by its domain; at free mail, by the whole address.
    """
)

TenantArgument = Annotated[
    str, typer.Argument(metavar="TENANT", parser=checked(Slug), help="Its id, such as acme; `tenants list` shows them.")
]


@app.command("list")
def list_them(tenant: TenantArgument) -> None:
    """Show a tenant's customers and their domains.

    \b
    Example:
      python -m integration customers list acme
    """
    with running() as runtime, runtime.database.reading() as session:
        found = list_customers(session, runtime.vault, tenant)
    table([(one.name, ", ".join(one.domains)) for one in found], ("CUSTOMER", "DOMAINS"))


@app.command()
def name(
    tenant: TenantArgument,
    customer: Annotated[
        str, typer.Argument(metavar="NAME", parser=checked(TenantName), help="As people write it, in quotes.")
    ],
    domains: Annotated[list[str], typer.Argument(metavar="DOMAIN...", help="Domains, or whole addresses.")],
) -> None:
    """Say whose these domains are. Several can be one customer's; doing it again changes nothing.

    To take a domain out again, name it by itself: customers name acme globex.de globex.de

    \b
    Examples:
      python -m integration customers name acme "Globex" globex.example globex.de
      python -m integration customers name acme "Jo Field" jo.field@gmail.com
    """
    names = {customer: [_domain(one) for one in domains]}
    with running() as runtime, runtime.database.writing() as session:
        changed = name_customers(session, runtime.vault, tenant, names)
    typer.echo(f"{customer}: named. Reports follow soon." if changed else f"{customer}: was so already.")


def _domain(text: str) -> str:
    try:
        return customer_domain(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} {error}", param_hint="DOMAIN") from None
