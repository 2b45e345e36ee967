"""One look at an integrations page: who looks, at whose, and how Zoom stands there."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Query, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from integration import policy
from integration.connections.status import read_status
from integration.connections.status_view import Checked, Status
from integration.errors import NotFound
from integration.pages.forms import TheForm
from integration.pages.views import private_page, rendered
from integration.policy import Role
from integration.runtime import Runtime, runtime_of
from integration.signing_in.service import Reader, SignedOut, require_signed_in
from integration.tenants.calling import Names, names
from integration.tenants.fields import Slug

ACTION = "status"


@dataclass(frozen=True)
class Look:
    """`tenant` is the reader's own, unless staff have named another; None where staff have named none."""

    request: Request = field(repr=False)
    reader: Reader
    tenant: str | None

    @property
    def runtime(self) -> Runtime:
        return runtime_of(self.request)

    @property
    def now(self) -> datetime:
        return self.runtime.clock()

    @property
    def by_staff(self) -> bool:
        return self.reader.role is Role.STAFF

    def may(self, action: str) -> bool:
        """Does the policy allow it to this reader, with this tenant?"""
        return policy.allowed(action, self.reader.role, self.reader.tenant, self.tenant)

    def require(self, action: str) -> str:
        """The tenant. Raises Forbidden, and logs it, unless the policy allows the action with it."""
        self.reader.require(action, self.tenant)
        self.request.state.decided |= {"action": action, "tenant": self.tenant}
        if self.tenant is None:
            raise NotFound("This page is about one organisation, and none is named.", remedy="Choose one first.")
        return self.tenant

    def address(self, path: str = "/integrations") -> str:
        """Of a page about the same organisation."""
        return f"{path}?tenant={self.tenant}" if self.tenant != self.reader.tenant else path

    def status(self, session: Session, checked: Checked | None = None) -> Status:
        """How Zoom stands there, as far as this reader may know. Raises NotFound."""
        tenant = self.require(ACTION)
        return read_status(session, self.runtime.vault, tenant, now=self.now, allowed=self.may, checked=checked)

    def names(self, session: Session, actors: Iterable[str | None], organisation: str) -> Names:
        """What this reader calls people of the organisation, and of Retain."""
        by = self.reader.actor
        return names(session, self.runtime.vault, actors, by, by_staff=self.by_staff, organisation=organisation)

    def page(self, template: str, **context: object) -> HTMLResponse:
        """A page for this reader's eyes."""
        html = rendered(self.request, template, reader=self.reader, look=self, **context)
        return private_page(self.request, html)


def _signed_in(request: Request, tenant: Annotated[Slug | None, Query()] = None) -> Look:
    reader = require_signed_in(request)
    return Look(request, reader, tenant or reader.tenant)


def _if_signed_in(request: Request, tenant: Annotated[Slug | None, Query()] = None) -> Look | None:
    try:
        return _signed_in(request, tenant)
    except SignedOut:
        return None


# Dependencies: who looks, which raises SignedOut; who looks, or None where nobody is signed in.
TheLook = Annotated[Look, Depends(_signed_in)]
PerhapsALook = Annotated[Look | None, Depends(_if_signed_in)]


def _pressing(look: TheLook, _sent: TheForm) -> Look:
    return look


# A dependency: who looks, and has sent a form of ours. Raises NotFromHere, too.
ThePress = Annotated[Look, Depends(_pressing)]
