"""What is examined, and what a check says about it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Literal

import requests

from integration.runtime import Runtime

CONNECT_SECONDS, READ_SECONDS = 4.0, 8.0


@dataclass(frozen=True)
class Finding:
    """`ok`, `warn` (it runs, but look at it), `fail`, or `skip` (it is not set up here); what to do about it."""

    level: Literal["ok", "warn", "fail", "skip"]
    text: str
    remedy: str | None = None


def ok(text: str) -> Finding:
    return Finding("ok", text)


def skip(text: str) -> Finding:
    return Finding("skip", text)


def warn(text: str, remedy: str) -> Finding:
    return Finding("warn", text, remedy)


def fail(text: str, remedy: str) -> Finding:
    return Finding("fail", text, remedy)


@dataclass
class Patient:
    """What is examined. `env` is the environment; `http` gives a session for an address (proxies and the like)."""

    runtime: Runtime
    env: Mapping[str, str]
    http: Callable[[str], requests.Session]
    skews: dict[str, timedelta] = field(default_factory=dict)  # how far others' clocks are ahead of ours

    def ask(self, method: str, url: str, **options: Any) -> requests.Response | None:
        """The answer, or None when there is none in time. Redirects are answers."""
        timeout = (CONNECT_SECONDS, READ_SECONDS)
        try:
            with self.http(url) as session:
                response = session.request(method, url, timeout=timeout, allow_redirects=False, **options)
        except requests.RequestException:
            return None  # its words may quote what was sent
        self._compare_clocks(url, response)
        return response

    def _compare_clocks(self, url: str, response: requests.Response) -> None:
        try:
            there = parsedate_to_datetime(response.headers.get("Date", ""))
        except ValueError:
            return
        if there.tzinfo is not None:
            here: datetime = self.runtime.clock()
            self.skews[url] = there.astimezone(UTC) - here


Check = Callable[[Patient], Finding]


def json_of(response: requests.Response) -> Mapping[str, Any]:
    """The JSON object in an answer; empty when there is none."""
    try:
        body = response.json()
    except requests.JSONDecodeError:
        return {}
    return body if isinstance(body, dict) else {}
