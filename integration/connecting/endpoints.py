"""`/v1/…/connect-links`: ask for a link, follow it, confirm or turn down who signed in with it."""

from datetime import datetime

from fastapi import Request
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from integration.auth import Principal, TheCaller, v1_router
from integration.connecting import confirming, links, making, sealed
from integration.connecting.advancing import advance
from integration.connecting.links import LinkView
from integration.connecting.making import Asked
from integration.connecting.models import ConnectLink
from integration.connecting.starting import link_url
from integration.errors import Forbidden
from integration.fields import Name, RowId
from integration.policy import Role
from integration.problems import Problem
from integration.runtime import Now, Runtime, TheVault, WritingSession, runtime_of
from integration.tenants.fields import Address, TenantId
from integration.vault import Vault

router = v1_router("")


class NewLink(BaseModel):
    requester_email: Address = Field(
        description="Of who gets the link. A Zoom user with this address need not be confirmed."
    )
    requester_name: Name | None = Field(default=None, description="Shown on the link's page.")
    for_actor: Name | None = Field(default=None, description="Staff only: who gets the link and confirms.")


class MadeLink(BaseModel):
    id: str
    url: str = Field(description="Told this once; only a hash of it is kept.")
    expires_at: datetime
    forward: str = Field(description="A text for the Zoom admin, with the link in it.")


class Card(BaseModel):
    place: Name = Field(description="Where the message stands that follows the link along.")
    back: str | None = Field(
        default=None,
        pattern=r"^https?://[^\s<>\"]+$",
        max_length=2000,
        description="Its address, for whoever asked for the link: pages where the link is over lead back to it.",
    )


class NotEnabledProblem(Problem):
    """Zoom is not enabled for the tenant."""

    cause: str
    article: str


@router.post(
    "/tenants/{tenant}/connect-links",
    status_code=201,
    summary="Make a connect link",
    responses={409: {"model": NotEnabledProblem, "description": "Zoom is not enabled for the tenant"}},
)
def make(
    request: Request,
    tenant: TenantId,
    body: NewLink,
    principal: TheCaller,
    session: WritingSession,
    vault: TheVault,
    now: Now,
) -> MadeLink:
    maker = principal.person("a link is asked for by a person")
    asked = Asked(
        tenant=tenant,
        requested_by=_recipient(principal, body) or maker,
        made_by=maker,
        email=body.requester_email,
        name=body.requester_name,
        place=principal.place,
    )
    made = making.make(session, vault, asked, now)
    url = link_url(runtime_of(request), made.token)
    text = links.forward(session, vault, made.link, url)
    return MadeLink(id=made.link.id, url=url, expires_at=made.link.expires_at, forward=text)


@router.get("/connect-links/{id}", summary="How far a connect link has come")
def link(request: Request, id: RowId, principal: TheCaller) -> LinkView:
    runtime = runtime_of(request)
    with runtime.database.reading() as session:
        return _view(session, runtime.vault, _link(session, id, principal), principal)


@router.put("/connect-links/{id}/card", status_code=204, summary="Say where the message stands that follows along")
def keep_card(id: RowId, body: Card, principal: TheCaller, session: WritingSession, vault: TheVault, now: Now) -> None:
    """What changed before the message was known is owed once more: nobody could show it there."""
    found = _link(session, id, principal, lock=True)
    found.card = body.place
    found.back = sealed.back(vault, id, body.back) if body.back else None
    if found.changes:
        links.owe(session, vault, found, now)


@router.post("/connect-links/{id}/confirm", summary="It is the right Zoom account: test it and connect")
def confirm(request: Request, id: RowId, principal: TheCaller) -> LinkView:
    """Takes as long as Zoom does. Nothing happens when nothing waits to be confirmed; the answer says how it stands."""
    return _decide(runtime_of(request), id, principal, confirming.confirm)


@router.post("/connect-links/{id}/reject", summary="It is not the right Zoom account: keep nothing of it")
def reject(request: Request, id: RowId, principal: TheCaller) -> LinkView:
    """Nothing happens when nothing waits to be confirmed; the answer says how it stands."""
    return _decide(runtime_of(request), id, principal, confirming.reject)


def _decide(runtime: Runtime, link_id: str, principal: Principal, decide: confirming.Decision) -> LinkView:
    with runtime.database.writing() as session:
        found = _link(session, link_id, principal, lock=True)
        if principal.role is not Role.STAFF and principal.actor != found.requested_by:
            raise Forbidden(
                "Only the person who asked for this link can answer for it.",
                field="X-Actor",
                remedy="Ask them, or Retain's support.",
            )
        grant_id = decide(session, runtime.vault, found, principal.actor, runtime.clock())
    if grant_id is not None:
        advance(runtime, grant_id)  # no transaction is open during a call to Zoom
    with runtime.database.reading() as session:
        return _view(session, runtime.vault, links.by_id(session, link_id), principal)


def _view(session: Session, vault: Vault, found: ConnectLink, principal: Principal) -> LinkView:
    staff = principal.listed_in(session).may("administer", found.tenant_id)
    return links.snapshot(session, vault, found, staff=staff)


def _link(session: Session, link_id: str, principal: Principal, *, lock: bool = False) -> ConnectLink:
    found = links.by_id(session, link_id, lock=lock)
    principal.require("connect", found.tenant_id)
    return found


def _recipient(principal: Principal, body: NewLink) -> str | None:
    if body.for_actor not in (None, principal.actor) and principal.role is not Role.STAFF:
        raise Forbidden(
            "Only staff can make a link for somebody else.",
            field="for_actor",
            remedy="Leave out for_actor: you get the link and may pass it on.",
        )
    return body.for_actor
