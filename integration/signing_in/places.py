"""Where signed-in people can go: the links on top of their pages, from one table, by what the policy lets them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from integration import policy
from integration.policy import Role
from integration.signing_in.service import Reader


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
    Place("Tenants", "/staff/tenants", "administer"),
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


def who(reader: Reader) -> str:
    """What somebody is signed in as now, for the top of their pages."""
    return AS.get(reader.role, "Signed in")


def places(reader: Reader) -> list[Place]:
    """Those that are open to `reader`, in the order in which people need them."""
    return [place for place in PLACES if _is_open(place, reader)]


def _is_open(place: Place, reader: Reader) -> bool:
    if place.of_a_tenant and reader.tenant is None:
        return False
    return policy.allowed(place.action, reader.role, reader.tenant, reader.tenant)


def section_of(path: str) -> str | None:
    """The path of the place that a page belongs to."""
    if path.startswith("/reports/"):
        return "/reports/meeting-hours"
    known = (place.path for place in PLACES if path == place.path or path.startswith(f"{place.path}/"))
    return max(known, key=len, default=None)
