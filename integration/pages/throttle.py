"""How often one address may hand something in. Kept in memory, by a hash that means nothing outside this process."""

import hashlib
import secrets
import threading
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

WITHIN = timedelta(minutes=10)
MOST = 20  # a whole office may share one address
MOST_ADDRESSES = 10_000


@dataclass
class Throttle:
    """Safe to use from several threads."""

    _salt: bytes = field(default_factory=lambda: secrets.token_bytes(16), init=False, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)
    _seen: dict[bytes, deque[datetime]] = field(default_factory=dict, init=False, repr=False)

    def let_through(self, address: str, now: datetime) -> bool:
        """Whether this address may hand in one more now; if so, it is counted."""
        known = hashlib.blake2b(address.encode(), key=self._salt, digest_size=16).digest()
        with self._lock:
            if len(self._seen) >= MOST_ADDRESSES:
                self._forget(now)
            times = self._seen.setdefault(known, deque())
            while times and times[0] <= now - WITHIN:
                times.popleft()
            if len(times) >= MOST:
                return False
            times.append(now)
            return True

    def _forget(self, now: datetime) -> None:
        self._seen = {known: times for known, times in self._seen.items() if times[-1] > now - WITHIN}
