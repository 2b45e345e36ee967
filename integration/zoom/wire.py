"""One request to Zoom and what came back. It never follows a redirect, never hangs, and never says what it carried."""

import json
import logging
import os
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from requests.utils import get_environ_proxies
from urllib3.exceptions import HTTPError

from integration.zoom.causes import Call, classify
from integration.zoom.errors import ZoomError
from integration.zoom.limits import retry_at

log = logging.getLogger(__name__)

MAX_BYTES = 16 * 1024 * 1024  # a page of 2,000 users has about 2 MiB
CHUNK = 64 * 1024
# Other texts in the place of a code are not repeated: nobody knows what they hold.
SANE_CODE = re.compile(r"\d{1,6}|[a-z_]{3,40}")


@dataclass(frozen=True)
class Timeouts:
    """Seconds: until connected; for the next piece of an answer; after which no further piece is waited for.

    So a call ends after `whole` and `read` together at the latest.
    """

    connect: float = 3.0
    read: float = 10.0
    whole: float = 12.0


@dataclass(frozen=True)
class Answer:
    """Zoom's answer. `body` is None unless it is one whole JSON object."""

    status: int
    headers: Mapping[str, str]
    body: Mapping[str, Any] | None

    @property
    def ok(self) -> bool:
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES


def make_http(url: str) -> requests.Session:
    """A session for one of Zoom's hosts; several threads may use it.

    Proxies and certificates come from the environment as usual. `.netrc` does not: it would replace our
    Authorization header. Cookies are not kept: they would carry something of one tenant into calls for another.
    """
    http = requests.Session()
    http.proxies.update(get_environ_proxies(url))
    http.verify = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or True
    http.trust_env = False
    http.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return http


def uncounted(call: str, outcome: str) -> None:
    """Counts nothing."""


@dataclass(frozen=True)
class Wire:
    """Sends requests. `clock` gives the time (aware), `ticks` seconds that only ever grow; `count` is told of each
    call how it ended: `ok`, or a cause's code.
    """

    http: requests.Session
    clock: Callable[[], datetime]
    timeouts: Timeouts = Timeouts()
    count: Callable[[str, str], object] = uncounted
    ticks: Callable[[], float] = time.monotonic

    def ask(self, call: Call, method: str, url: str, *, needs_body: bool, **options: Any) -> Answer:
        """Zoom's answer, a success (with a JSON object, if one is needed). Raises ZoomError for anything else."""
        try:
            answer = self._send(call, method, url, **options)
            if not answer.ok or (needs_body and answer.body is None):
                raise self._refusal(call, answer)
        except ZoomError as error:
            self.count(call, error.cause.code)
            raise
        self.count(call, "ok")
        return answer

    def _send(self, call: Call, method: str, url: str, **options: Any) -> Answer:
        limits = self.timeouts
        deadline = self.ticks() + limits.whole
        try:
            with self.http.request(
                method, url, timeout=(limits.connect, limits.read), allow_redirects=False, stream=True, **options
            ) as response:
                text = self._text(response, deadline)
                return Answer(response.status_code, response.headers, _json_object(text))
        except (requests.RequestException, HTTPError, OSError) as error:
            log.info("no answer from Zoom (%s)", type(error).__name__)
        # Outside the handler: what it caught may quote headers and addresses.
        raise ZoomError(classify(call, status=None, code=None, text=None), call=call)

    def _text(self, response: requests.Response, deadline: float) -> bytes | None:
        """The body, or None when it is too long or takes too long: a read timeout alone allows a byte now and then."""
        text = bytearray()
        while chunk := response.raw.read1(CHUNK, decode_content=True):
            text += chunk
            if len(text) > MAX_BYTES or self.ticks() > deadline:
                return None
        return bytes(text)

    def _refusal(self, call: Call, answer: Answer) -> ZoomError:
        code, text = _code_and_text(answer.body or {})
        cause = classify(call, status=answer.status, code=code, text=text)
        when = retry_at(answer.headers, now=self.clock(), limit=cause.code)
        return ZoomError(cause, call=call, status=answer.status, code=code, retry_at=when)


def _json_object(text: bytes | None) -> Mapping[str, Any] | None:
    try:
        body = json.loads(text or b"")
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def _code_and_text(body: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Zoom's code (a number before a word) and its words, from any of the forms in use."""
    codes = [str(body[name]) for name in ("code", "errorCode", "error_code", "error") if body.get(name)]
    sane = sorted((code for code in codes if SANE_CODE.fullmatch(code)), key=lambda code: not code.isdigit())
    names = ("reason", "message", "errorMessage", "error_description", "error")
    words = [body[name] for name in names if isinstance(body.get(name), str)]
    return (sane[0] if sane else None), (" ".join(words) or None)
