"""The nouns of the stand-in."""

import base64
import hashlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

Json = dict[str, Any]
Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Role:
    """`permissions` are Zoom's privileges, such as "User:Read" (docs/api/rest/other-references/privileges)."""

    id: str
    name: str
    permissions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Account:
    """A Zoom account, which is what a company has. `slug` is the stand-in's own handle."""

    slug: str
    name: str

    @property
    def id(self) -> str:
        return opaque_id(f"account/{self.slug}")


@dataclass(frozen=True)
class User:
    """A person at Zoom. `key` is the stand-in's own handle; `note` says why one would choose to be them.

    `signs_in`: whether one can be them; the others only make lists longer.
    """

    key: str
    account: Account
    email: str
    first_name: str
    last_name: str
    role: Role
    timezone: str = "America/Los_Angeles"
    status: str = "active"
    note: str = ""
    signs_in: bool = True

    @property
    def id(self) -> str:
        return opaque_id(f"user/{self.key}")

    @property
    def room(self) -> str:
        """The name of their personal link (`/my/…`); empty for those who chose none."""
        return f"{self.first_name}.{self.last_name}".lower() if self.signs_in else ""

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


@dataclass
class Code:
    """An authorization code: one use, for five minutes, for one redirect address and one PKCE challenge."""

    user: User
    redirect_uri: str
    challenge: str
    until: datetime
    used: bool = False


@dataclass
class Grant:
    """One person's consent. A refresh goes on with it; a new consent replaces it.

    `dead` says why its tokens no longer work: replaced, revoked or uninstalled. `recent` are its pairs, newest last.
    """

    user: User
    scopes: frozenset[str]
    at: datetime
    dead: str | None = None
    recent: "deque[Pair]" = field(default_factory=deque, repr=False)


@dataclass
class Pair:
    """An access and a refresh token. `rotated_at`: when a refresh put another in its place."""

    grant: Grant
    access: str = field(repr=False)
    refresh: str = field(repr=False)
    scopes: frozenset[str]
    access_until: datetime
    refresh_until: datetime
    rotated_at: datetime | None = None


@dataclass(frozen=True)
class Call:
    """A call that came in. `kind`: consent, or one of `faults.GROUPS`.

    `status` 0: there was no answer. `person` is the key of whom the token belongs to, if anyone.
    """

    at: datetime
    kind: str
    method: str
    path: str
    status: int
    person: str | None = None
    fault: str | None = None


class MovableClock:
    """Another clock, set forward by as much as one says."""

    def __init__(self, clock: Clock) -> None:
        self._clock, self.ahead = clock, timedelta()

    def __call__(self) -> datetime:
        return self._clock() + self.ahead

    def forward(self, seconds: float) -> None:
        self.ahead += timedelta(seconds=seconds)


def personal_id(user: User) -> int:
    """The id of a person's own meeting room (PMI)."""
    return 3_000_000_000 + digits_of(user.id, 9)


def digits_of(text: str, count: int) -> int:
    """A number of so many digits, the same at every start."""
    return int.from_bytes(text.encode()) % int(10**count)


def opaque_id(of: str) -> str:
    """An id in the form of Zoom's: 22 characters that say nothing, the same at every start."""
    return base64.urlsafe_b64encode(hashlib.sha256(of.encode()).digest()[:16]).decode().rstrip("=")
