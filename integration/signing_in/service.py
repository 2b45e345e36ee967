"""Signing in to pages by a private link: 256 bits, one use, 5 minutes; after that a cookie, for half an hour.

Only hashes of both are stored. The link says who somebody is, as the bot established it; what they may see is decided
on every page anew, by the policy table and by what Retain knows of them at that moment.
"""

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import uuid4

from fastapi import Request
from sqlalchemy import select
from sqlalchemy.orm import Session

from integration import policy
from integration.errors import Forbidden, NotFound, RequestError, VaultError
from integration.pages.cookies import SIGNED_IN
from integration.policy import Role
from integration.runtime import runtime_of
from integration.signing_in import places, words
from integration.signing_in.models import PageLink
from integration.signing_in.places import Place
from integration.tenants import people
from integration.tenants.finding import tenant_of
from integration.tenants.models import Tenant, Workspace
from integration.tokens import TOKEN, new_token, token_hash
from integration.vault import Vault

log = logging.getLogger(__name__)

TABLE = PageLink.__tablename__
LINK_LIFE = timedelta(minutes=5)
ENDS_SOON = timedelta(minutes=5)
SIGNED_IN_FOR = timedelta(minutes=30)


class SignedOut(RequestError):
    """Nobody is signed in in this browser, or not any more."""

    status, kind, title = 401, "signed-out", "Signed out"

    def __init__(self, path: str) -> None:
        message = f"You are not signed in here. A sign-in lasts {SIGNED_IN_FOR.seconds // 60} minutes."
        super().__init__(message, remedy=words.new_link(path))


class LinkIsOver(RequestError):
    """The link was used, or its time is over."""

    status: ClassVar[int] = 410
    kind: ClassVar[str] = "link-is-over"
    title: ClassVar[str] = "This link does not work any more"


@dataclass(frozen=True)
class Asked:
    """For whom a link is, and to which page (a path of ours). `role` is the one that the bot said, for `tenant`."""

    page: str = field(repr=False)
    actor: str
    role: Role
    tenant: str | None
    email: str | None = field(default=None, repr=False)
    name: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class MadeLink:
    """The new link. Its token is part of its address and stands nowhere else."""

    id: str
    token: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True)
class Reader:
    """Who reads a page: established anew for each request. `tenant` is their own, if any."""

    actor: str
    role: Role
    tenant: str | None
    signed_in_until: datetime

    def require(self, action: str, tenant: str | None) -> None:
        """Raises Forbidden, and logs it, unless the policy table allows it."""
        if policy.allowed(action, self.role, self.tenant, tenant):
            return
        facts = {"action": action, "role": self.role, "of": self.tenant, "tenant": tenant, "actor": self.actor}
        log.warning("refused", extra=facts | {"caller": "page"})
        raise Forbidden("This page is not open to you.", remedy=words.refusal(action, self.role, tenant))

    @property
    def known_as(self) -> str:
        """What somebody is signed in as now, for the top of their pages."""
        return places.AS.get(self.role, "Signed in")

    def places(self) -> list[Place]:
        """Where they can go, in the order in which people need it."""
        return places.open_to(self.role, self.tenant)

    def section_of(self, path: str) -> str | None:
        """The path of the place that a page belongs to."""
        return places.section_of(path)


def make_link(session: Session, vault: Vault, asked: Asked, now: datetime) -> MadeLink:
    """Make a link. Raises NotFound for a tenant that is not there. The caller's session commits."""
    if asked.tenant is not None:
        tenant_of(session, asked.tenant)
    made = MadeLink(uuid4().hex, new_token(), now + LINK_LIFE)
    texts = {"page": asked.page, "email": asked.email, "name": asked.name}
    sealed = {column: _sealed(vault, made.id, column, text) for column, text in texts.items() if text is not None}
    session.add(
        PageLink(
            id=made.id,
            token_hash=token_hash(made.token),
            actor=asked.actor,
            role=asked.role,
            tenant_id=asked.tenant,
            expires_at=made.expires_at,
            **sealed,
        )
    )
    log.info("page link made", extra={"link": made.id, "tenant": asked.tenant, "actor": asked.actor})
    return made


def usable(session: Session, vault: Vault, token: str, now: datetime) -> PageLink:
    """The link of this address, which nobody has used. Raises NotFound and LinkIsOver, which say what to do."""
    link = _by_token(session, token)
    if link is None:
        raise NotFound("There is no such link.", remedy=f"It may have been cut off on the way. {words.NEW_LINK}")
    if link.used_at is not None:
        raise LinkIsOver("This link was used already. It works once.", remedy=_new_one_like(vault, link))
    if now >= link.expires_at:
        message = f"This link is too old. It works for {LINK_LIFE.seconds // 60} minutes."
        raise LinkIsOver(message, remedy=_new_one_like(vault, link))
    return link


def _new_one_like(vault: Vault, link: PageLink) -> str:
    """Says no more of its page than which command leads there: whoever has found the link reads it, too."""
    try:
        return words.new_link(_page(vault, link))
    except VaultError:
        return words.NEW_LINK


def sign_in(session: Session, vault: Vault, token: str, cookie: str, now: datetime) -> str:
    """Use the link up: the browser is known by `cookie` from now on. The link's page; raises as `usable` does.

    With the same cookie it leads on again: of two quick presses, the second may come before the first is answered.
    """
    link = _by_token(session, token, lock=True)
    if link is not None and link == _by_cookie(session, cookie, now):
        return _page(vault, link)
    link = usable(session, vault, token, now)
    link.used_at, link.cookie_hash, link.signed_in_until = now, token_hash(cookie), now + SIGNED_IN_FOR
    log.info("signed in to pages", extra={"link": link.id, "tenant": link.tenant_id, "actor": link.actor})
    return _page(vault, link)


def opened_again(session: Session, vault: Vault, token: str, cookie: str | None, now: datetime) -> str | None:
    """The page of a link, for a browser in which its person is signed in already: a button in Slack, clicked again.

    A link that is over opens nothing else: it only says where to go. One that works is not passed over where the half
    hour ends soon: it begins a new one.
    """
    link, signed_in = _by_token(session, token), _by_cookie(session, cookie, now)
    if link is None or signed_in is None or _whose(link) != _whose(signed_in):
        return None
    works = link.used_at is None and now < link.expires_at
    if works and signed_in.signed_in_until is not None and signed_in.signed_in_until - now < ENDS_SOON:
        return None
    return _page(vault, link)


def whom_it_replaces(session: Session, link: PageLink, cookie: str | None, now: datetime) -> str | None:
    """For whom this browser is signed in, if `link` would end that: the name of their organisation."""
    signed_in = _by_cookie(session, cookie, now)
    if signed_in is None or _whose(link) == _whose(signed_in):
        return None
    tenant = session.get(Tenant, signed_in.tenant_id) if signed_in.tenant_id else None
    return tenant.name if tenant else "Retain"


def is_signed_in(session: Session, cookie: str | None, now: datetime) -> bool:
    """Does this cookie sign somebody in at `now`?"""
    return _by_cookie(session, cookie, now) is not None


def sign_out(session: Session, cookie: str | None, now: datetime) -> None:
    """The cookie is worth nothing any more, wherever else it may be kept."""
    link = _by_cookie(session, cookie, now)
    if link is not None:
        link.cookie_hash, link.signed_in_until = None, now
        log.info("signed out of pages", extra={"link": link.id, "tenant": link.tenant_id, "actor": link.actor})


def contact_of(request: Request, session: Session) -> tuple[str | None, str | None]:
    """E-mail address and name of whoever is signed in, as far as the bot knew them. Raises VaultError."""
    runtime = runtime_of(request)
    link = _by_cookie(session, SIGNED_IN.read(request), runtime.clock())
    if link is None:
        return None, None
    opened = (
        text and runtime.vault.open(text, table=TABLE, column=column, row=link.id)
        for column, text in (("email", link.email), ("name", link.name))
    )
    email, name = opened
    return email, name


def require_signed_in(request: Request) -> Reader:
    """A dependency of every signed-in page: who reads it, as of now. Raises SignedOut.

    Other sites cannot read what these pages say nor, as the cookie is SameSite=Lax, post to them in somebody's name.
    """
    runtime = runtime_of(request)
    now, cookie = runtime.clock(), SIGNED_IN.read(request)
    with runtime.database.reading() as session:
        link = _by_cookie(session, cookie, now)
        if link is None or link.signed_in_until is None:
            raise SignedOut(request.url.path)
        role = role_now(session, link.actor, Role(link.role), link.tenant_id)
        reader = Reader(link.actor, role, link.tenant_id, link.signed_in_until)
    request.state.reader = reader  # for the page of an error that is met from here on
    request.state.decided = {"actor": reader.actor, "role": reader.role, "of": reader.tenant, "action": "page"}
    return reader


def if_signed_in(request: Request) -> Reader | None:
    """Who reads a page that is there for others, too."""
    try:
        return require_signed_in(request)
    except SignedOut:
        return None


def role_now(session: Session, actor: str, said: Role, tenant: str | None) -> Role:
    """What somebody is now of whom the bot said that they are `said` of `tenant` when it asked for the link.

    That came from their workspace, so it holds while the workspace is the tenant's (for staff: while it is nobody's);
    on top comes what Retain's list says now.
    """
    linked = session.scalar(select(Workspace.tenant_id).where(Workspace.team == people.team_of(actor)))
    if linked != (None if said is Role.STAFF else tenant):
        return Role.NOBODY
    return people.effective_role(session, actor, said, tenant)


def _whose(link: PageLink) -> tuple[str, str, str | None]:
    return link.actor, link.role, link.tenant_id


def _sealed(vault: Vault, link_id: str, column: str, text: str) -> str:
    return vault.seal(text, table=TABLE, column=column, row=link_id)


def _page(vault: Vault, link: PageLink) -> str:
    return vault.open(link.page, table=TABLE, column="page", row=link.id)


def _by_token(session: Session, token: str, *, lock: bool = False) -> PageLink | None:
    statement = select(PageLink).where(PageLink.token_hash == token_hash(token))
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return session.scalars(statement).one_or_none()


def _by_cookie(session: Session, cookie: str | None, now: datetime) -> PageLink | None:
    """Whom this cookie signs in at `now`."""
    if cookie is None or not TOKEN.fullmatch(cookie):
        return None
    known = select(PageLink).where(PageLink.cookie_hash == token_hash(cookie), PageLink.signed_in_until > now)
    return session.scalars(known).one_or_none()
