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

from fastapi import Request

from integration.errors import TooMany
from integration.runtime import runtime_of

WITHIN = timedelta(minutes=10)
MOST = 20  # a whole office may share one address
MOST_OF_ALL = 100  # nobody reads more: an attack of many addresses must not bury those who wait
MOST_VOTES, MOST_VOTES_OF_ALL = 60, 1000  # nobody waits for an answer to them
MOST_GUESSES, GUESSES_KNOWN = 60, 5000  # links that are not there, such as cut off ones
ONE_SUBSCRIBER = 64  # bits: whoever has an IPv6 address has all that begin like it


@dataclass
class Throttle:
    """Safe to use from several threads. It never knows more than what was let through lately."""

    most: int = MOST
    most_of_all: int = MOST_OF_ALL
    is_for_all: bool = True  # without: when it knows of `most_of_all`, it forgets the oldest, and refuses nobody else
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
            is_full = len(self._lately) >= self.most_of_all
            if theirs >= self.most or (is_full and self.is_for_all):
                return False
            if is_full:
                self._lately.popleft()
            self._lately.append((now, known))
            return True


def throttles() -> Mapping[str, Throttle]:
    """One for each kind of thing that anybody may hand in. They belong to one process."""
    return {
        "support": Throttle(),
        "votes": Throttle(MOST_VOTES, MOST_VOTES_OF_ALL),
        "guesses": Throttle(MOST_GUESSES, GUESSES_KNOWN, is_for_all=False),
    }


def let_through(request: Request, kind: str) -> bool:
    """Whether who sends this may hand in one more now; if so, it is counted."""
    throttle = cast("Mapping[str, Throttle]", request.app.state.throttles)[kind]
    return throttle.let_through(request.client.host if request.client else "", runtime_of(request).clock())


def count_guess(request: Request) -> None:
    """A private link was opened that is not there. Raises TooMany.

    Links that are there are never counted: nobody is kept from theirs by what others do.
    """
    if not let_through(request, "guesses"):
        raise TooMany(
            "From your network, links that do not exist were opened very often.", remedy="Try again in 10 minutes."
        )


def _sender(address: str) -> bytes:
    """What all addresses of one sender have in common."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:  # a socket has none
        return address.encode()
    if isinstance(found, ipaddress.IPv4Address):
        return found.packed
    return found.ipv4_mapped.packed if found.ipv4_mapped else found.packed[: ONE_SUBSCRIBER // 8]
