"""Whose eyes pages are looked at with."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Who:
    """A person as the bot establishes them; their own tenant's, or Retain's."""

    actor: str
    role: str
    tenant: str | None
    name: str
    email: str

    @property
    def headers(self) -> Mapping[str, str]:
        """What the bot sends along for them."""
        known = {"X-Actor": self.actor, "X-Role": self.role}
        return known | ({"X-Tenant": self.tenant} if self.tenant else {})

    @property
    def team(self) -> str:
        return self.actor.removeprefix("slack:").partition("/")[0]


def _admin(tenant: str, name: str) -> Who:
    first = name.partition(" ")[0]
    actor = f"slack:T0{tenant.upper()}/U0{first.upper()}"
    return Who(actor, "admin", tenant, name, f"{first.lower()}@{tenant}.example")


# Acme is connected, by Jonas; the others stand as tests/support/pages/tenants.py says.
PEOPLE: Mapping[str, Who] = {
    "member": Who("slack:T0ACME/U0MAYA", "member", "acme", "Maya Chen", "maya@acme.example"),
    "admin": _admin("acme", "Jonas Weber"),
    "other_admin": _admin("acme", "Lena Fischer"),
    "staff": Who("slack:T0RETAIN/U0SAM", "staff", None, "Sam Rivera", "sam@retain.example"),
    "other_staff": Who("slack:T0RETAIN/U0ELLIE", "staff", None, "Ellie Park", "ellie@retain.example"),
    "globex": _admin("globex", "Carlos Ortiz"),
    "initech": _admin("initech", "Ines Costa"),
    "umbrella": _admin("umbrella", "Ada Wong"),
    "hooli": _admin("hooli", "Gavin Bell"),
    "wonka": _admin("wonka", "Charlie Bucket"),
    "stark": _admin("stark", "Pepper Hale"),
    "cyberdyne": _admin("cyberdyne", "Miles Bennett"),
}
