"""Who belongs to a tenant: its workspaces, and the people whom Retain has listed as its admins."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from integration.tenants import people
from integration.tenants.models import Person, Workspace
from integration.tenants.people import team_of


@dataclass(frozen=True)
class Belonging:
    """A tenant's people and workspaces."""

    workspaces: Sequence[Workspace]
    people: Sequence[Person]

    def where(self, actor: str) -> str:
        """The workspace that somebody is in."""
        team = team_of(actor)
        return next((one.name or one.team for one in self.workspaces if one.team == team), team)


def belonging(session: Session, tenant_id: str) -> Belonging:
    """Those of one tenant."""
    theirs = select(Workspace).where(Workspace.tenant_id == tenant_id).order_by(Workspace.name, Workspace.team)
    return Belonging(session.scalars(theirs).all(), people.every(session, tenant_id))
