"""What the bot asks the service about organisations and their connections, always on behalf of a person."""

from dataclasses import dataclass
from urllib.parse import quote

from bot.inquiry import Actor
from bot.service.service_api import (
    Deletion,
    Event,
    Events,
    Link,
    NewLink,
    Role,
    Status,
    Tenant,
    Tenants,
    Workspace,
)
from bot.service.service_http import PATIENT, USUAL, VERY_PATIENT, ServiceHttp, parsed


@dataclass(frozen=True)
class OnBehalf:
    """Whom a call is for, as established a moment ago: the service decides by it, and logs it."""

    actor: Actor
    role: Role
    tenant: str | None = None
    place: str | None = None

    @property
    def headers(self) -> dict[str, str]:
        told = {"X-Actor": str(self.actor), "X-Role": self.role.value, "X-Tenant": self.tenant, "X-Place": self.place}
        return {name: value for name, value in told.items() if value is not None}


class ConnectionService:
    """Every method raises ServiceUnavailable when the service cannot be reached, Refused when it says no."""

    def __init__(self, http: ServiceHttp) -> None:
        self._http = http

    def workspace(self, who: OnBehalf) -> Workspace:
        """The workspace of the person, and their role there. Refused (404) for one the service never heard of."""
        team = _part(who.actor.team)
        return parsed(Workspace, self._http.call("GET", f"/v1/workspaces/{team}", headers=who.headers))

    def link_workspace(self, who: OnBehalf, team: str, tenant: str) -> Workspace:
        """Say whose workspace it is (staff)."""
        team = _part(team)
        answer = self._http.call("PUT", f"/v1/workspaces/{team}", {"tenant": tenant}, headers=who.headers)
        return parsed(Workspace, answer)

    def tenants(self, who: OnBehalf, query: str) -> tuple[Tenant, ...]:
        """Organisations that somebody may mean by `query`, best first (staff)."""
        answer = self._http.call("GET", "/v1/tenants", query={"query": query}, headers=who.headers)
        return parsed(Tenants, answer).tenants

    def enable_zoom(self, who: OnBehalf, tenant: str) -> None:
        """Switch Zoom on for an organisation (staff)."""
        tenant = _part(tenant)
        self._http.call("PATCH", f"/v1/tenants/{tenant}", {"zoom_enabled": True}, headers=who.headers, timeout=PATIENT)

    def make_link(
        self, who: OnBehalf, tenant: str, *, email: str, name: str | None, for_actor: Actor | None = None
    ) -> NewLink:
        """Make a connect link for `for_actor` (staff only), or for the one who asks; theirs are `email` and `name`.

        Refused (409) with the cause `not_enabled` where Zoom is not enabled.
        """
        tenant = _part(tenant)
        body = {"requester_email": email, "requester_name": name, "for_actor": str(for_actor) if for_actor else None}
        given = {key: value for key, value in body.items() if value is not None}
        path = f"/v1/tenants/{tenant}/connect-links"
        return parsed(NewLink, self._http.call("POST", path, given, headers=who.headers, timeout=PATIENT))

    def link(self, who: OnBehalf, link: str) -> Link:
        """How far a link has come."""
        link = _part(link)
        return parsed(Link, self._http.call("GET", f"/v1/connect-links/{link}", headers=who.headers))

    def keep_card(self, who: OnBehalf, link: str, place: str, back: str | None) -> None:
        """Say where the message stands that follows the link along, and its address."""
        link = _part(link)
        path = f"/v1/connect-links/{link}/card"
        self._http.call("PUT", path, {"place": place, "back": back}, headers=who.headers, timeout=PATIENT)

    def confirm(self, who: OnBehalf, link: str) -> Link:
        """It is the right Zoom account: test it and connect. May take as long as Zoom does."""
        link = _part(link)
        path = f"/v1/connect-links/{link}/confirm"
        return parsed(Link, self._http.call("POST", path, headers=who.headers, timeout=VERY_PATIENT))

    def reject(self, who: OnBehalf, link: str) -> Link:
        """It is not the right Zoom account: nothing of it is kept."""
        link = _part(link)
        path = f"/v1/connect-links/{link}/reject"
        return parsed(Link, self._http.call("POST", path, headers=who.headers, timeout=VERY_PATIENT))

    def status(self, who: OnBehalf, tenant: str, *, live: bool = False) -> Status:
        """How the organisation stands with Zoom; `live` asks Zoom now (not for members)."""
        tenant = _part(tenant)
        path, query = f"/v1/tenants/{tenant}/zoom/status", {"live": "true"} if live else None
        timeout = VERY_PATIENT if live else USUAL
        return parsed(Status, self._http.call("GET", path, query=query, headers=who.headers, timeout=timeout))

    def events(self, who: OnBehalf, tenant: str) -> tuple[Event, ...]:
        """What happened to the connection, newest first (not for members)."""
        tenant = _part(tenant)
        return parsed(Events, self._http.call("GET", f"/v1/tenants/{tenant}/zoom/events", headers=who.headers)).events

    def disconnect(self, who: OnBehalf, tenant: str) -> Deletion:
        """Give the permission back to Zoom and delete what came from there; doing it twice gives the same receipt."""
        tenant = _part(tenant)
        path = f"/v1/tenants/{tenant}/zoom/connection"
        return parsed(Deletion, self._http.call("DELETE", path, headers=who.headers, timeout=VERY_PATIENT))


def _part(text: str) -> str:
    """One segment of a path: what a button carries stays within its place."""
    return quote(text, safe="")
