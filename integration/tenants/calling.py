"""What people are called on pages: an actor tells nothing to a reader."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from integration.connecting import sealed
from integration.connecting.models import ConnectLink
from integration.errors import VaultError
from integration.signing_in.models import PageLink
from integration.tenants.models import Workspace
from integration.tenants.people import team_of
from integration.vault import Vault

log = logging.getLogger(__name__)

YOU, COLLEAGUE, SUPPORT = "you", "a colleague", "Retain’s support"


@dataclass(frozen=True)
class Names:
    """As `reader` reads of them. Customers are not told who of Retain's people it was, nor what ids people have."""

    reader: str
    by_staff: bool
    known: Mapping[str, str] = field(repr=False)
    organisation: str
    _own_teams: frozenset[str] = frozenset()

    def called(self, actor: str | None) -> str:
        """Who did something, in passing: "by you", "by Jonas Weber". Empty: it happened by itself."""
        if actor is None:
            return ""
        if actor == self.reader:
            return YOU
        team = team_of(actor)
        if not team:  # no person's: a command, a schedule
            return SUPPORT
        if team in self._own_teams:
            return self.known.get(actor, COLLEAGUE) if self.by_staff else SUPPORT
        return self.person(actor) if self.by_staff else self.known.get(actor, COLLEAGUE)

    def person(self, actor: str) -> str:
        """By their name, or else by their organisation and their id in Slack."""
        return self.known.get(actor) or f"somebody of {self.organisation} ({actor.rpartition('/')[2]})"


def names(
    session: Session, vault: Vault, actors: Iterable[str | None], reader: str, *, by_staff: bool, organisation: str
) -> Names:
    """Of those who are `actors`, Retain's or of this organisation, as far as we know them."""
    own = session.scalars(select(Workspace.team).where(Workspace.staff))
    return Names(reader, by_staff, known_names(session, vault, actors), organisation, frozenset(own))


def known_names(session: Session, vault: Vault, actors: Iterable[str | None]) -> Mapping[str, str]:
    """By actor: as they were called when they last asked for a connect link or a page, as long as that is kept.

    What does not open is left out: one name less, and the page is still worth showing.
    """
    wanted = {actor for actor in actors if actor}
    if not wanted:
        return {}
    return dict(_of_connect_links(session, vault, wanted)) | dict(_of_pages(session, vault, wanted))


def _of_connect_links(session: Session, vault: Vault, actors: set[str]) -> Iterator[tuple[str, str]]:
    link = ConnectLink.__table__.c
    asked = select(link.id, link.requested_by, link.requester_name, link.requester_email).where(
        link.requested_by.in_(actors)
    )
    rows = session.connection().execute(asked.order_by(link.created_at))
    for actor, row in {row.requested_by: row for row in rows}.items():  # the latest of each
        try:
            name, email = sealed.requester_of(vault, row)
        except VaultError as error:
            log.error("who asked for a link does not open: %s", error, extra={"link": row.id})
        else:
            yield actor, name or email


def _of_pages(session: Session, vault: Vault, actors: set[str]) -> Iterator[tuple[str, str]]:
    link = PageLink.__table__.c
    opened = select(link.id, link.actor, link.name).where(link.actor.in_(actors), link.name.is_not(None))
    rows = session.connection().execute(opened.order_by(link.expires_at))
    for actor, row in {row.actor: row for row in rows}.items():
        try:
            yield actor, vault.open(row.name, table=PageLink.__tablename__, column="name", row=row.id)
        except VaultError as error:
            log.error("a name does not open: %s", error, extra={"link": row.id})
