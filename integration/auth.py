"""Every route under /v1 needs an API key, and is decided on by the policy table."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, Self, cast

from fastapi import APIRouter, Depends, Header, Request
from fastapi.routing import APIRoute, iter_route_contexts
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.routing import BaseRoute

from integration import policy
from integration.db import Database
from integration.errors import Forbidden, Invalid, NotRecognised, SettingsError
from integration.fields import MAX_NAME
from integration.policy import Role
from integration.problems import PROBLEM_RESPONSES
from integration.runtime import runtime_of
from integration.tenants import people

log = logging.getLogger(__name__)

MAX_PLACES = 8_000  # characters: some hundred workspaces

_bearer = HTTPBearer(auto_error=False, description="A key of `API_KEYS`.")


@dataclass(frozen=True)
class Principal:
    """Who asks, through which program. Established anew for each request; nothing of it comes from a link or a form."""

    caller: str
    actor: str | None = None
    said: Role = Role.NOBODY  # what the caller says they are; Retain's list may have them as more
    tenant: str | None = None
    place: str | None = None
    database: Database | None = field(default=None, repr=False, compare=False)  # where the list is

    @cached_property
    def role(self) -> Role:
        """What they are, once Retain's list was asked: first here, or by `listed_in`. Call it with no session open."""
        if self.database is None or self.said in (Role.PROGRAM, Role.NOBODY, Role.STAFF):
            return self.said
        with self.database.reading() as session:
            return self._effective(session)

    def listed_in(self, session: Session) -> Self:
        """Ask Retain's list through a session that is open anyway: that costs least."""
        if "role" not in self.__dict__:
            self.__dict__["role"] = self._effective(session)
        return self

    def _effective(self, session: Session) -> Role:
        return people.effective_role(session, self.actor, self.said, self.tenant)

    def person(self, why: str) -> str:
        """Who it is; `why` a person is needed. Raises Invalid where nobody is named."""
        if self.actor is None:
            raise Invalid(
                f"X-Actor is missing: {why}.",
                field="X-Actor",
                remedy="Send who it is in the header X-Actor, such as `slack:T0ACME/U1`.",
            )
        return self.actor

    def may(self, action: str, tenant: str | None) -> bool:
        """Does the policy table allow it? The list is asked only where what the caller says is not enough."""
        return policy.allowed(action, self.said, self.tenant, tenant) or policy.allowed(
            action, self.role, self.tenant, tenant
        )

    def require(self, action: str, tenant: str | None) -> None:
        """Raises Forbidden, and logs it, unless the policy table allows it. The request's line tells of the others."""
        if self.may(action, tenant):
            return
        facts = {"action": action, "role": self.role, "of": self.tenant, "tenant": tenant, "actor": self.actor}
        log.warning("refused", extra=facts | {"caller": self.caller})
        raise Forbidden(
            "This is not open to you.",
            field="X-Role",
            remedy="An admin of the organisation, or Retain's support, can do it.",
        )


Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


async def require_caller(request: Request, given: Bearer) -> str:
    """The calling program's name, from `Authorization: Bearer <key>`. Raises NotRecognised (401)."""
    caller = runtime_of(request).settings.api_keys.caller(given.credentials) if given else None
    if caller is None:
        raise NotRecognised(
            "The Authorization header is missing." if given is None else "This API key is not known here.",
            field="Authorization",
            remedy="Send `Authorization: Bearer <key>` with a key of API_KEYS; "
            "`python -m integration keys api NAME` makes one.",
        )
    request.state.caller = caller
    return caller


PersonHeader = Annotated[str | None, Header(max_length=MAX_NAME)]
PlaceHeader = Annotated[
    str | None,
    Header(
        max_length=MAX_PLACES,
        description="Where they write from. For a bot that claims, the places it serves: `slack:T1, slack:T2, staff`.",
    ),
]


async def require_principal(
    request: Request,
    given: Bearer,
    x_actor: PersonHeader = None,
    x_role: Annotated[Role, Header()] = Role.PROGRAM,
    x_tenant: PersonHeader = None,
    x_place: PlaceHeader = None,
) -> None:
    """Let through whom the policy table lets through. Raises NotRecognised (401) or Forbidden (403)."""
    runtime = runtime_of(request)
    caller = await require_caller(request, given)
    said = _said(x_actor, x_role)
    principal = Principal(caller, x_actor, said, x_tenant, x_place, runtime.database)
    action, tenant = action_of(request), request.path_params.get("tenant")
    request.state.decided = {"actor": x_actor, "role": said, "of": x_tenant, "action": action}
    if _is_more_needed(request.method, principal, action, tenant):
        request.state.decided["role"] = await run_in_threadpool(lambda: principal.role)
    principal.require(action, tenant)
    request.state.principal = principal


def _said(actor: str | None, role: Role) -> Role:
    """Whoever names a person acts for that person: for nobody of note where it does not say what they are."""
    return Role.NOBODY if role is Role.PROGRAM and actor is not None else role


def _is_more_needed(method: str, principal: Principal, action: str, tenant: str | None) -> bool:
    """Must Retain's list be asked before the endpoint begins? Where it cannot matter it is not asked at all, and who
    only reads asks it in passing (`listed_in`). Whoever writes must not begin a second transaction within theirs.
    """
    if not policy.allowed(action, principal.said, principal.tenant, tenant):
        return principal.said not in (Role.PROGRAM, Role.NOBODY)
    return method != "GET" and policy.depends_on_role(action)


async def _principal_of(request: Request) -> Principal:
    # None where a header was refused: then the answer is 422, and no endpoint begins.
    return cast("Principal", getattr(request.state, "principal", None))


# Left there by the router's own dependency: to depend on that one once more would read the headers once more.
TheCaller = Annotated[Principal, Depends(_principal_of)]


def action_of(request: Request) -> str:
    """What the policy table calls the route that answers this request."""
    route: APIRoute = request.scope["route"]
    return policy.ROUTES[request.method, route.path]


def check_routes(routes: Sequence[BaseRoute]) -> None:
    """Raises SettingsError for a route under /v1 that the policy table does not know: nobody decided who may."""
    for context in iter_route_contexts(routes):
        path = str(getattr(context, "path", ""))
        for method in getattr(context, "methods", None) or ():
            if path.startswith("/v1/") and (method, path) not in policy.ROUTES:
                raise SettingsError(f"{method} {path} is missing in integration/policy.py.", remedy="Add it to ROUTES.")


def v1_router(path: str) -> APIRouter:
    """A router under `/v1` whose every route needs an API key and a line in the policy: the only way there."""
    return APIRouter(prefix=f"/v1{path}", dependencies=[Depends(require_principal)], responses=PROBLEM_RESPONSES)
