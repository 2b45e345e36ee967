"""Random names that only their holder knows: of links, of browsers, of attempts. We keep hashes of them alone."""

import hashlib
import re
import secrets

TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
RANDOM_BYTES = 32


def new_token() -> str:
    """A new one, of 256 bits: nobody guesses it."""
    return secrets.token_urlsafe(RANDOM_BYTES)


def token_hash(token: str) -> str:
    """What is kept of a token: it is random enough for a plain SHA-256."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
