"""A connect link: finding it, what can be done with it, and what its requester is told of it.

A link is used up by a connection, by a rejection, or by its time. Whatever else ends an attempt (a Zoom user who is no
admin, consent that was denied, Zoom being down) leaves it usable: the requester may pass it on to the right person.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from integration.connecting import sealed, words
from integration.connecting.models import ConnectLink, Grant, GrantStep, LinkState
from integration.connections import tokens
from integration.connections.models import Connection
from integration.errors import NotFound
from integration.moments import moment
from integration.notifications import service as notifications
from integration.tenants.models import Tenant
from integration.tokens import token_hash
from integration.vault import Vault
from integration.zoom.wording import Reader

CHANGED = "connect_link.changed"
TABLE = "connect_links"
USABLE = (LinkState.SENT, LinkState.STARTED, LinkState.FAILED)


class Standing(StrEnum):
    """What can be done with a link now: OPEN begins a sign-in, all others say why not."""

    OPEN = "open"
    CHECKING = "checking"
    AWAITING = "awaiting"
    CONNECTED = "connected"
    REJECTED = "rejected"
    NOT_CONFIRMED = "not_confirmed"
    EXPIRED = "expired"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    NOT_ENABLED = "not_enabled"


# How a link ends that nobody has used: nothing happened that one who has no message about it must hear of.
UNUSED = frozenset({"link_replaced", "link_expired"})
# What else than its time can end a link that nobody has used.
ENDED_BY: Mapping[str, Standing] = {"link_replaced": Standing.REPLACED, "link_withdrawn": Standing.WITHDRAWN}


class ZoomUserView(BaseModel):
    email: str
    name: str
    why: str = Field(description="`account`: not the one connected before. `email`: of another organisation, perhaps.")


class LinkView(BaseModel):
    """A link as its requester and staff see it. It never holds the link's address: that is told once, when made."""

    id: str
    tenant: str
    tenant_name: str
    state: LinkState
    cause: str | None
    explanation: str
    next_step: str
    article: str | None
    requested_by: str
    made_by: str
    expires_at: datetime
    zoom_user: ZoomUserView | None = Field(description="Whom to confirm, while that is awaited.")
    replaces: str | None = Field(description="Whose connection it would take the place of, while that is awaited.")
    confirm_by: datetime | None
    forward: str | None = Field(description="A text for the Zoom admin, while the link works.")
    card: str | None


def by_token(session: Session, token: str, *, lock: bool = False) -> ConnectLink | None:
    """The link of this address, or None."""
    statement = select(ConnectLink).where(ConnectLink.token_hash == token_hash(token))
    return session.scalars(statement.with_for_update() if lock else statement).one_or_none()


def by_id(session: Session, link_id: str, *, lock: bool = False) -> ConnectLink:
    """The link. Raises NotFound."""
    link = session.get(ConnectLink, link_id, with_for_update=lock or None)
    if link is None:
        raise NotFound("There is no connect link with this id.", field="id", remedy="Use the id that making it gave.")
    return link


def grant_of(session: Session, link_id: str, *, lock: bool = False) -> Grant | None:
    """What Zoom gave us through the link and we have not decided against."""
    statement = select(Grant).where(Grant.link_id == link_id, Grant.step != GrantStep.DISCARD)
    return session.scalars(statement.with_for_update() if lock else statement).one_or_none()


def standing(session: Session, link: ConnectLink, now: datetime) -> Standing:
    """What can be done with it at `now`, whether or not the worker has come round to marking it."""
    match link.state:
        case LinkState.CONNECTED:
            return Standing.CONNECTED
        case LinkState.REJECTED:
            return Standing.NOT_CONFIRMED if link.cause == "not_confirmed" else Standing.REJECTED
        case LinkState.EXPIRED:
            return ENDED_BY.get(link.cause or "", Standing.EXPIRED)
    grant = grant_of(session, link.id)
    if grant is not None and grant.step == GrantStep.CONFIRM:
        return Standing.AWAITING if now < grant.expires_at else Standing.NOT_CONFIRMED
    if grant is not None:
        return Standing.CHECKING
    if now >= link.expires_at:
        return Standing.EXPIRED
    return Standing.OPEN if session.get_one(Tenant, link.tenant_id).zoom_enabled else Standing.NOT_ENABLED


def change(
    session: Session, vault: Vault, link: ConnectLink, state: LinkState, now: datetime, cause: str | None = None
) -> None:
    """Set state and cause, and owe the requester the news; what they were not told yet is settled.

    The link must be locked. Nothing is owed when it stands so already, nor of one that ends unused and without a
    message in Slack: whoever made it on the integrations page would only wonder.
    """
    if (link.state, link.cause) == (state, cause):
        return
    unheard = link.card is None and link.state == LinkState.SENT and cause in UNUSED
    link.state, link.cause = state, cause
    link.finished_at = None if state in (*USABLE, LinkState.AWAITING_CONFIRMATION) else now
    if unheard:
        link.changes += 1  # a message that stands after all is brought up to date as soon as we know of it
    else:
        owe(session, vault, link, now)


def owe(session: Session, vault: Vault, link: ConnectLink, now: datetime) -> None:
    """Owe the requester a look at the link as it stands; earlier ones that they did not get are settled.

    No Zoom user is named: notifications are kept for longer than that is. GET tells it as long as it matters.
    """
    notifications.settle(session, vault, about=f"{link.id}/{link.changes}", now=now)
    link.changes += 1
    view = snapshot(session, vault, link).model_copy(update={"zoom_user": None, "replaces": None})
    notifications.owe(
        session,
        vault,
        kind=CHANGED,
        about=f"{link.id}/{link.changes}",
        payload={"link": view.model_dump(mode="json")},
        now=now,
        place=link.requested_by,
    )


def snapshot(session: Session, vault: Vault, link: ConnectLink, *, staff: bool = False) -> LinkView:
    """How the link stands, for the API and for the message in Slack that follows along. Raises VaultError.

    `staff`: it is worded for Retain's own people.
    """
    tenant, grant = session.get_one(Tenant, link.tenant_id), grant_of(session, link.id)
    awaited = grant if grant is not None and link.state == LinkState.AWAITING_CONFIRMATION else None
    explanation, next_step, article = _told(link, grant, "staff" if staff else "admin")
    return LinkView(
        id=link.id,
        tenant=tenant.id,
        tenant_name=tenant.name,
        state=LinkState(link.state),
        cause=link.cause,
        explanation=explanation,
        next_step=next_step,
        article=article,
        requested_by=link.requested_by,
        made_by=link.made_by,
        expires_at=link.expires_at,
        zoom_user=_whom(vault, awaited) if awaited else None,
        replaces=_replaced(session, vault, link) if awaited else None,
        confirm_by=awaited.expires_at if awaited else None,
        forward=forward(session, vault, link) if link.state in USABLE and grant is None else None,
        card=link.card,
    )


def _told(link: ConnectLink, grant: Grant | None, reader: Reader) -> tuple[str, str, str | None]:
    if link.cause is not None:
        why = words.failure(link.cause)
        return why.explanation, why.step_for(reader), why.article
    key = link.state
    if grant is not None:
        key = grant.why_confirm if link.state == LinkState.AWAITING_CONFIRMATION and grant.why_confirm else "checking"
    return (*words.UNDER_WAY[key], "connect-zoom")


def _whom(vault: Vault, grant: Grant) -> ZoomUserView | None:
    user = sealed.user_of(vault, grant)
    return ZoomUserView(email=user.email, name=user.display_name, why=grant.why_confirm or "email") if user else None


def _replaced(session: Session, vault: Vault, link: ConnectLink) -> str | None:
    """The name of the Zoom user behind the connection that there is."""
    connection = session.scalars(Connection.of_tenant(link.tenant_id)).one_or_none()
    account = tokens.account_of(vault, connection.id, connection.zoom_user) if connection is not None else None
    return (account.name or account.email) if account is not None else None


def requester(vault: Vault, link: ConnectLink) -> str:
    """Who asked for the link, as people read it: "Dana Reyes (dana@acme.example)"."""
    name, email = sealed.requester_of(vault, link)
    return email if name is None else f"{name} ({email})"


def forward(session: Session, vault: Vault, link: ConnectLink, url: str | None = None) -> str:
    """A text that asks the Zoom admin to use the link."""
    tenant = session.get_one(Tenant, link.tenant_id)
    until = moment(link.expires_at, tenant.time_zone)
    return words.forward(tenant.name, requester(vault, link), until, url)
