"""Retain's calendar sync, in small: each change of an event is sent on to the service, until the service takes it.

Sends from whichever thread asks, one at a time; the world's lock is not held while it waits for the answer.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import requests

from integration.zoom.sandbox.calendar import Calendar
from integration.zoom.sandbox.google import resource
from integration.zoom.sandbox.model import Clock, Json

PATIENCE_SECONDS = 8.0
AT_ONCE = 2_500  # what the service takes


@dataclass(frozen=True)
class Outcome:
    """What came of the last attempt for a tenant. `again`: it is tried again by itself."""

    at: datetime
    said: str
    ok: bool
    again: bool = False


@dataclass
class Sync:
    """`url` is the service's address, and `key` one of its API keys; None: there is nobody to tell."""

    url: str | None = None
    key: str | None = field(default=None, repr=False)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    _turn: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "Sync":
        """CALENDAR_SYNC_URL and CALENDAR_SYNC_API_KEY."""
        return cls((env.get("CALENDAR_SYNC_URL") or "").rstrip("/") or None, env.get("CALENDAR_SYNC_API_KEY") or None)

    @property
    def possible(self) -> bool:
        return bool(self.url and self.key)

    def push(self, calendar: Calendar, lock: threading.RLock, now: Clock, *, unasked: bool = False) -> None:
        """Sends what the service was not told of; `unasked`: but not where it refused that. Holds `lock` meanwhile
        for moments only."""
        if not self.possible:
            return
        with self._turn:
            with lock:
                tenants = calendar.behind()
            for tenant in tenants:
                last = self.outcomes.get(tenant)
                if last is None or last.ok or last.again or not unasked:
                    self._push_tenant(tenant, calendar, lock, now())

    def _push_tenant(self, tenant: str, calendar: Calendar, lock: threading.RLock, now: datetime) -> None:
        with lock:
            pending = [(event, event.version) for event in calendar.pending(tenant)][:AT_ONCE]
            items = [resource(event) for event, _ in pending]
        outcome, errors = self._put(tenant, items, now)
        with lock:
            self.outcomes[tenant] = outcome
            for number, (event, version) in enumerate(pending if outcome.ok else ()):
                event.told, event.refused = version, errors.get(number, "")

    def _put(self, tenant: str, items: list[Json], now: datetime) -> tuple[Outcome, dict[int, str]]:
        url = f"{self.url}/v1/tenants/{tenant}/calendar-events"
        try:
            with requests.Session() as session:
                session.trust_env = False  # the service is on this machine: no proxy
                answer = session.put(
                    url,
                    json={"items": items},
                    headers={"Authorization": f"Bearer {self.key}"},
                    timeout=PATIENCE_SECONDS,
                    allow_redirects=False,
                )
        except requests.RequestException:
            return Outcome(now, "Nobody answers there. It is tried again every few seconds.", ok=False, again=True), {}
        return _understood(answer, len(items), now)


def _understood(answer: requests.Response, sent: int, now: datetime) -> tuple[Outcome, dict[int, str]]:
    """The answer in words, and what is wrong about which item."""
    try:
        body = answer.json()
    except ValueError:
        body = {}
    if answer.ok and isinstance(body, dict):
        errors = {error["index"]: _words(error) for error in body.get("errors", [])}
        stored, unchanged = body.get("stored", 0), body.get("unchanged", 0)
        told = f"{sent} sent: {stored} stored, {unchanged} unchanged, {len(errors)} refused."
        return Outcome(now, told, ok=True), errors
    again = answer.status_code >= 500 or answer.status_code == 429
    words = _words(body) if isinstance(body, dict) else ""
    return Outcome(now, f"{answer.status_code} {answer.reason}. {words}".strip(), ok=False, again=again), {}


def _words(problem: Mapping[str, Any]) -> str:
    return " ".join(str(problem[key]) for key in ("detail", "remedy") if problem.get(key))
