"""Who may do what: one table, asked on every call under /v1 and for every click on a signed-in page.

An action allows each role nothing, its own tenant's things (`OWN`), or any tenant's (`ANY`). What concerns no tenant
is `ANY` for those who may do it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Role(StrEnum):
    """What the caller says a person is; from least to most."""

    PROGRAM = "program"  # a program that acts for itself: it names nobody
    NOBODY = "nobody"  # guests, strangers, bots, look-ups that failed
    MEMBER = "member"  # of a tenant's workspace
    ADMIN = "admin"  # of a tenant
    STAFF = "staff"  # of Retain

    @property
    def rank(self) -> int:
        return list(Role).index(self)


class Scope(IntEnum):
    """Whose things."""

    NONE = 0
    OWN = 1
    ANY = 2


@dataclass(frozen=True)
class Action:
    """What each role may do it to."""

    program: Scope
    nobody: Scope
    member: Scope
    admin: Scope
    staff: Scope

    def scope(self, role: Role) -> Scope:
        scope: Scope = getattr(self, role.value)
        return scope


NONE, OWN, ANY = Scope.NONE, Scope.OWN, Scope.ANY

ACTIONS: Mapping[str, Action] = {
    #                             program nobody member admin staff
    "questions": Action(ANY, ANY, ANY, ANY, ANY),
    "hand_over": Action(ANY, ANY, ANY, ANY, ANY),  # one's own requests, and what one wants to be told
    "notifications": Action(ANY, ANY, ANY, ANY, ANY),  # a bot's, for itself
    "workspace": Action(ANY, ANY, ANY, ANY, ANY),  # which tenant a workspace belongs to: asked before anything is known
    "incident": Action(ANY, ANY, ANY, ANY, ANY),
    "status": Action(NONE, NONE, OWN, OWN, ANY),
    "status_details": Action(NONE, NONE, NONE, OWN, ANY),  # who connected, events, token times, live check
    "connect": Action(NONE, NONE, NONE, OWN, ANY),  # link, confirm, disconnect
    "hours": Action(NONE, NONE, NONE, OWN, ANY),  # durations, meeting hours, who is which customer, back-fill
    "calendar": Action(ANY, NONE, NONE, NONE, ANY),  # Retain's calendar sync, for itself; no customer writes calendars
    "page_link": Action(NONE, NONE, OWN, OWN, ANY),  # what a page shows is decided there
    "administer": Action(NONE, NONE, NONE, NONE, ANY),  # tenants, workspaces, roles, export, delete
    "desk": Action(NONE, NONE, NONE, NONE, ANY),  # the queue, how the promise was kept, gaps, notices
    "desk_card": Action(ANY, NONE, NONE, NONE, ANY),  # a bot's, for the message that shows a request to the staff
}

# (method, path) of every route under /v1. The app does not start with a route that is missing here.
ROUTES: Mapping[tuple[str, str], str] = {
    ("POST", "/v1/questions"): "questions",
    ("POST", "/v1/questions/{id}/answered"): "questions",
    ("POST", "/v1/questions/{id}/feedback"): "questions",
    ("POST", "/v1/notifications/claim"): "notifications",
    ("POST", "/v1/notifications/{id}/ack"): "notifications",
    ("GET", "/v1/tenants"): "administer",
    ("POST", "/v1/tenants"): "administer",
    ("GET", "/v1/tenants/{tenant}"): "administer",
    ("PATCH", "/v1/tenants/{tenant}"): "administer",
    ("DELETE", "/v1/tenants/{tenant}"): "administer",
    ("GET", "/v1/tenants/{tenant}/export"): "administer",
    ("GET", "/v1/workspaces/{team}"): "workspace",
    ("PUT", "/v1/workspaces/{team}"): "administer",
    ("POST", "/v1/workspaces/{team}/seen"): "workspace",
    ("GET", "/v1/people"): "administer",
    ("PUT", "/v1/people"): "administer",
    ("POST", "/v1/tenants/{tenant}/connect-links"): "connect",
    ("GET", "/v1/connect-links/{id}"): "connect",
    ("PUT", "/v1/connect-links/{id}/card"): "connect",
    ("POST", "/v1/connect-links/{id}/confirm"): "connect",
    ("POST", "/v1/connect-links/{id}/reject"): "connect",
    ("GET", "/v1/tenants/{tenant}/zoom/status"): "status",
    ("GET", "/v1/tenants/{tenant}/zoom/events"): "status_details",
    ("DELETE", "/v1/tenants/{tenant}/zoom/connection"): "connect",
    ("POST", "/v1/tenants/{tenant}/backfill"): "hours",
    ("GET", "/v1/tenants/{tenant}/backfill"): "hours",
    ("PUT", "/v1/tenants/{tenant}/calendar-events"): "calendar",
    ("GET", "/v1/tenants/{tenant}/customers"): "hours",
    ("PUT", "/v1/tenants/{tenant}/customers"): "hours",
    ("GET", "/v1/tenants/{tenant}/duration"): "hours",
    ("GET", "/v1/tenants/{tenant}/meeting-hours"): "hours",
    ("GET", "/v1/tenants/{tenant}/meetings"): "hours",
    ("POST", "/v1/page-links"): "page_link",
    ("GET", "/v1/incident"): "incident",
    ("PUT", "/v1/incident"): "desk",
    ("DELETE", "/v1/incident"): "desk",
    ("POST", "/v1/support-requests"): "hand_over",
    ("GET", "/v1/support-requests"): "desk",
    ("GET", "/v1/support-requests/mine"): "hand_over",
    ("GET", "/v1/support-requests/{id}"): "desk_card",
    ("PUT", "/v1/support-requests/{id}/card"): "desk_card",
    ("PUT", "/v1/support-requests/{id}/place"): "desk_card",
    ("POST", "/v1/support-requests/{id}/claim"): "desk",
    ("POST", "/v1/support-requests/{id}/release"): "desk",
    ("POST", "/v1/support-requests/{id}/answer"): "desk",
    ("POST", "/v1/support-requests/{id}/answered-elsewhere"): "desk",
    ("POST", "/v1/support-requests/{id}/snooze"): "desk",
    ("POST", "/v1/support-requests/{id}/resolve"): "desk",
    ("POST", "/v1/support-requests/{id}/reopen"): "desk",
    ("POST", "/v1/support-requests/{id}/write"): "hand_over",
    ("POST", "/v1/support-requests/{id}/solved"): "hand_over",
    ("GET", "/v1/sla"): "desk",
    ("GET", "/v1/promise"): "questions",
    ("GET", "/v1/gaps"): "desk",
    ("GET", "/v1/people/preferences"): "hand_over",
    ("PUT", "/v1/people/preferences"): "hand_over",
    ("DELETE", "/v1/people"): "administer",
    ("POST", "/v1/notifications/{id}/begin"): "notifications",
    ("GET", "/v1/notifications/undelivered"): "desk",
}


def allowed(action: str, role: Role, own_tenant: str | None, tenant: str | None) -> bool:
    """May somebody of this role, whose own tenant is `own_tenant`, do that to `tenant`'s things?

    Without a `tenant` (the thing concerns none, or its tenant is known only once it is loaded) it says whether the
    role may do it at all.
    """
    scope = ACTIONS[action].scope(role)
    if scope is Scope.OWN and tenant is not None:
        return tenant == own_tenant
    return scope is not Scope.NONE


def depends_on_role(action: str) -> bool:
    """Is there anybody who may do it to more than others?"""
    return len({ACTIONS[action].scope(role) for role in Role}) > 1
