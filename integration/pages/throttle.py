"""How often something may be handed in, by one address and by all. In memory, by hashes that mean nothing outside."""

import hashlib
import ipaddress
import secrets
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast

from fastapi import Depends, Request

from integration.errors import TooMany
from integration.runtime import runtime_of

WITHIN = timedelta(minutes=10)
MOST = 20  # a whole office may share one address
MOST_OF_ALL = 100  # nobody reads more: an attack of many addresses must not bury those who wait
MOST_VOTES, MOST_VOTES_OF_ALL = 60, 1000  # nobody waits for an answer to them
MOST_LINKS, MOST_LINKS_OF_ALL = 300, 5000  # opened or pressed; nobody guesses one, but each costs us a look
ONE_SUBSCRIBER = 64  # bits: whoever has an IPv6 address has all that begin like it


@dataclass
class Throttle:
    """Safe to use from several threads. It never knows more than what was let through lately."""

    most: int = MOST
    most_of_all: int = MOST_OF_ALL
    _salt: bytes = field(default_factory=lambda: secrets.token_bytes(16), init=False, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)
    _lately: deque[tuple[datetime, bytes]] = field(default_factory=deque, init=False, repr=False)

    def let_through(self, address: str, now: datetime) -> bool:
        """Whether this address may hand in one more now; if so, it is counted."""
        known = hashlib.blake2b(_sender(address), key=self._salt, digest_size=16).digest()
        with self._lock:
            while self._lately and self._lately[0][0] <= now - WITHIN:
                self._lately.popleft()
            theirs = sum(1 for _, one in self._lately if one == known)
            if theirs >= self.most or len(self._lately) >= self.most_of_all:
                return False
            self._lately.append((now, known))
            return True


def throttles() -> Mapping[str, Throttle]:
    """One for each kind of thing that anybody may hand in. They belong to one process."""
    return {
        "support": Throttle(),
        "votes": Throttle(MOST_VOTES, MOST_VOTES_OF_ALL),
        "links": Throttle(MOST_LINKS, MOST_LINKS_OF_ALL),
    }


def let_through(request: Request, kind: str) -> bool:
    """Whether who sends this may hand in one more now; if so, it is counted."""
    throttle = cast("Mapping[str, Throttle]", request.app.state.throttles)[kind]
    return throttle.let_through(request.client.host if request.client else "", runtime_of(request).clock())


def _require_pause(request: Request) -> None:
    if not let_through(request, "links"):
        raise TooMany("From your network, private links were opened very often.", remedy="Try again in 10 minutes.")


# A dependency of the pages of private links. Raises TooMany.
NotTooOften = Depends(_require_pause)


def _sender(address: str) -> bytes:
    """What all addresses of one sender have in common."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:  # a socket has none
        return address.encode()
    if isinstance(found, ipaddress.IPv4Address):
        return found.packed
    return found.ipv4_mapped.packed if found.ipv4_mapped else found.packed[: ONE_SUBSCRIBER // 8]
