"""Who belongs to a tenant, and what they are called: as far as we know it, for people are opaque ids to us."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from integration.connecting import sealed
from integration.connecting.models import ConnectLink
from integration.errors import VaultError
from integration.meetings.knowledge import AnyRow
from integration.tenants import people
from integration.tenants.models import Person, Workspace
from integration.vault import Vault

YOU, COLLEAGUE = "you", "Retain’s support"
MOST_LINKS = 50


@dataclass(frozen=True)
class Belonging:
    """A tenant's people and workspaces. `names`: what people said of themselves when they asked for a connect link."""

    workspaces: Sequence[Workspace]
    people: Sequence[Person]
    names: Mapping[str, str]
    _own_teams: frozenset[str]
    _reader: str

    def who(self, actor: str | None) -> str:
        """Who did something, in passing: "by you", "by Jonas Weber". Empty: it happened by itself."""
        if actor is None:
            return ""
        if actor == self._reader:
            return YOU
        team, _, _ = actor.partition(":")[2].partition("/")
        if not team or team in self._own_teams:  # no person's: a command, a schedule
            return COLLEAGUE
        return self.called(actor)

    def called(self, actor: str) -> str:
        """A person by their name, or else by their id in Slack."""
        return self.names.get(actor) or actor.rpartition("/")[2]

    def where(self, actor: str) -> str:
        """The workspace that somebody is in."""
        team = actor.partition(":")[2].partition("/")[0]
        return next((one.name or one.team for one in self.workspaces if one.team == team), team)


def belonging(session: Session, vault: Vault, tenant_id: str, reader: str) -> Belonging:
    """Those of one tenant. `reader` is the actor who looks."""
    theirs = select(Workspace).where(Workspace.tenant_id == tenant_id).order_by(Workspace.name, Workspace.team)
    own = session.scalars(select(Workspace.team).where(Workspace.staff))
    return Belonging(
        workspaces=session.scalars(theirs).all(),
        people=people.every(session, tenant_id),
        names=_names(session, vault, tenant_id),
        _own_teams=frozenset(own),
        _reader=reader,
    )


def _names(session: Session, vault: Vault, tenant_id: str) -> Mapping[str, str]:
    """The latest that each of them said; what does not open is left out, as ids say enough."""
    link = ConnectLink.__table__.c
    asked = select(link.id, link.requested_by, link.requester_name, link.requester_email).where(
        link.tenant_id == tenant_id
    )
    newest: Iterable[AnyRow] = session.connection().execute(asked.order_by(link.created_at.desc()).limit(MOST_LINKS))
    names: dict[str, str] = {}
    for row in newest:
        if row.requested_by not in names:
            try:
                name, email = sealed.requester_of(vault, row)
            except VaultError:
                continue
            names[row.requested_by] = name or email
    return names
