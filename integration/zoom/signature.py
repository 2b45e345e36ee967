"""Is a webhook really Zoom's? Pure functions (https://developers.zoom.us/docs/api/webhooks/)."""

import hashlib
import hmac
import re
from datetime import UTC, datetime, timedelta

# Zoom tries again after 5, 25 and 85 minutes; whether it signs anew is not documented. A copy sent within that time
# does no harm: each body is stored once.
OLDEST = timedelta(hours=2)
AHEAD = timedelta(minutes=5)
DIGITS = re.compile(r"[0-9]{1,16}")
MILLISECONDS_FROM = 100_000_000_000  # in seconds, the year 5138


def verify(secret: str, *, timestamp: str | None, signature: str | None, body: bytes, now: datetime) -> bool:
    """Did somebody who knows `secret` sign these raw bytes, not too long ago?

    `timestamp` and `signature` are the headers `x-zm-request-timestamp` (seconds or milliseconds) and
    `x-zm-signature`, as they came. An empty secret verifies nothing.
    """
    if not secret or not timestamp or not signature or not DIGITS.fullmatch(timestamp):
        return False
    # Compared as bytes: a header may hold any character, and compare_digest takes only ASCII text.
    if not hmac.compare_digest(sign(secret, timestamp, body).encode("ascii"), signature.encode("utf-8", "replace")):
        return False
    return now - OLDEST <= moment(int(timestamp)) <= now + AHEAD


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """What `x-zm-signature` is for this body and `x-zm-request-timestamp`."""
    return f"v0={_hmac(secret, b'v0:' + timestamp.encode('ascii') + b':' + body)}"


def validation_answer(secret: str, plain_token: str) -> dict[str, str]:
    """What `endpoint.url_validation` is answered with, within 3 seconds; every 72 hours."""
    return {"plainToken": plain_token, "encryptedToken": _hmac(secret, plain_token.encode("utf-8"))}


def moment(number: float) -> datetime:
    """Seconds or milliseconds since 1970 as a datetime; the end of time for what lies beyond it."""
    seconds = number / 1000 if number >= MILLISECONDS_FROM else number
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.max.replace(tzinfo=UTC)


def _hmac(secret: str, text: bytes) -> str:
    return hmac.new(secret.encode("utf-8"), text, hashlib.sha256).hexdigest()
