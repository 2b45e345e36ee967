"""What travels through the browser to Zoom and back: the signed state, and the cookie that binds it to one browser.

The state names a link and holds a nonce; the link keeps hashes of both nonce and cookie, those of the latest start
alone. The cookie also remembers the link's address, so that a page after Zoom can lead back to it.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from itsdangerous import BadSignature, URLSafeSerializer
from pydantic import SecretStr

from integration.tokens import TOKEN, new_token

LIFE = timedelta(minutes=15)
COOKIE_LIFE = timedelta(hours=24)
SALT = "retain.connecting.state.v1"


@dataclass(frozen=True)
class State:
    """A state of ours. `nonce` belongs to one start of the link."""

    link_id: str
    nonce: str = field(repr=False)
    until: datetime


def sign(key: SecretStr, link_id: str, nonce: str, now: datetime) -> str:
    """The state as text; it is good for 15 minutes."""
    return _serializer(key).dumps([link_id, nonce, int((now + LIFE).timestamp())])


def read(key: SecretStr, text: str) -> State | None:
    """The state, expired or not; None when it was not signed here."""
    try:
        link_id, nonce, until = _serializer(key).loads(text)
    except BadSignature:
        return None
    return State(link_id, nonce, datetime.fromtimestamp(until, UTC))


def _serializer(key: SecretStr) -> URLSafeSerializer:
    return URLSafeSerializer(
        key.get_secret_value(),
        salt=SALT,
        signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
    )


@dataclass(frozen=True)
class Browser:
    """What the cookie holds: a random name for this browser, and the token of the link it went on with last."""

    name: str = field(repr=False)
    token: str | None = field(default=None, repr=False)

    @property
    def cookie(self) -> str:
        return f"{self.name}.{self.token or ''}"


def browser_of(cookie: str | None) -> Browser | None:
    """The browser that sent this cookie; None without one, or with one that is not ours."""
    name, _, token = (cookie or "").partition(".")
    return Browser(name, token or None) if TOKEN.fullmatch(name) else None


def new_browser() -> Browser:
    return Browser(new_token())
