"""Where signed-in people can go: the links on top of their pages, from one table, by what the policy lets them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from integration import policy
from integration.policy import Role


@dataclass(frozen=True)
class Place:
    """A page with a name; `action`: what the policy must allow for it."""

    name: str
    path: str
    action: str
    of_a_tenant: bool = False  # shown to whoever has one; Retain's own people choose theirs among the tenants


PLACES: Sequence[Place] = (
    Place("Overview", "/staff", "desk"),
    Place("Queue", "/staff/queue", "desk"),
    Place("Organisations", "/staff/tenants", "administer"),
    Place("Integrations", "/integrations", "status", of_a_tenant=True),
    Place("Meeting hours", "/reports/meeting-hours", "hours"),
    Place("Gaps", "/staff/gaps", "desk"),
    Place("Response times", "/staff/sla", "desk"),
)


AS: Mapping[Role, str] = {
    Role.MEMBER: "Signed in as a member",
    Role.ADMIN: "Signed in as an admin",
    Role.STAFF: "Signed in as Retain’s staff",
}


def open_to(role: Role, tenant: str | None) -> list[Place]:
    """Those that are open to somebody of `tenant`, in the order in which people need them."""
    return [place for place in PLACES if _is_open(place, role, tenant)]


def _is_open(place: Place, role: Role, tenant: str | None) -> bool:
    if place.of_a_tenant and tenant is None:
        return False
    return policy.allowed(place.action, role, tenant, tenant)


def section_of(path: str) -> str | None:
    """The path of the place that a page belongs to."""
    if path.startswith("/reports/"):
        return "/reports/meeting-hours"
    known = (place.path for place in PLACES if path == place.path or path.startswith(f"{place.path}/"))
    return max(known, key=len, default=None)
