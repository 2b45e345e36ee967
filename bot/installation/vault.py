"""Workspaces' tokens at rest: sealed before they reach the database, opened when they are used.

The same form and rules as the service's vault (the two packages share no code): AES-256-GCM, a sealed text reads
`v1.<key id>.<base64url of nonce and ciphertext>`; table, column and row are its associated data, so that it opens in
its own place only. The first key of `BOT_ENCRYPTION_KEYS` seals, all of them open.
"""

import base64
import binascii
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.errors import VaultError

VERSION = "v1"
KEY_BYTES, NONCE_BYTES, TAG_BYTES = 32, 12, 16
KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")


@dataclass(frozen=True)
class EncryptionKeys:
    """Keys by id; the first seals. Never printed."""

    by_id: Mapping[str, bytes] = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> "EncryptionKeys":
        """Read `id:base64key,…` (32 bytes each). Raises ValueError that names the place, never the key."""
        keys: dict[str, bytes] = {}
        for number, entry in enumerate(text.split(","), start=1):
            key_id, _, encoded = entry.strip().partition(":")
            if not KEY_ID.fullmatch(key_id) or not encoded:
                raise ValueError(f"is wrong: entry {number} does not read `id:key`.")
            key = _decode(encoded.rstrip("=").replace("+", "-").replace("/", "_"))
            if len(key) != KEY_BYTES or len(set(key)) < KEY_BYTES // 4:
                raise ValueError(f"is wrong: the key {key_id} is not {KEY_BYTES} random bytes in base64.")
            if key_id in keys or key in keys.values():
                raise ValueError(f"is wrong: the key {key_id} is there twice.")
            keys[key_id] = key
        return cls(keys)


class Vault:
    """Seals and opens texts."""

    def __init__(self, keys: EncryptionKeys) -> None:
        self._newest = next(iter(keys.by_id))
        self._ciphers = {key_id: AESGCM(_derive(key)) for key_id, key in keys.by_id.items()}

    def __repr__(self) -> str:
        return f"Vault(keys={list(self._ciphers)})"

    def seal(self, text: str, *, table: str, column: str, row: str) -> str:
        """Encrypt `text` for exactly this table, column and row."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._ciphers[self._newest].encrypt(nonce, text.encode("utf-8"), _place(table, column, row))
        return f"{VERSION}.{self._newest}.{_encode(nonce + sealed)}"

    def is_on_newest_key(self, sealed: str) -> bool:
        """Was it sealed with the first key? Else the key that it is on is still needed."""
        return sealed.startswith(f"{VERSION}.{self._newest}.")

    def open(self, sealed: str, *, table: str, column: str, row: str) -> str:
        """Decrypt what `seal` made for the same place. Raises VaultError otherwise."""
        version, _, rest = sealed.partition(".")
        key_id, _, encoded = rest.partition(".")
        payload = _decode(encoded) if version == VERSION else b""
        where = f"{table}.{column} of {row}"
        # Base64 ignores its last few bits; only the one spelling that `seal` writes is taken.
        if len(payload) < NONCE_BYTES + TAG_BYTES or _encode(payload) != encoded:
            raise VaultError(f"{where} does not hold a sealed text.", remedy="Restore the row, or install anew.")
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise VaultError(
                f"{where} was sealed with the key {key_id}, which is not among BOT_ENCRYPTION_KEYS.",
                field="BOT_ENCRYPTION_KEYS",
                remedy=f"Add the key {key_id} back to the end of BOT_ENCRYPTION_KEYS.",
            )
        try:
            return cipher.decrypt(payload[:NONCE_BYTES], payload[NONCE_BYTES:], _place(table, column, row)).decode()
        except InvalidTag:
            raise VaultError(
                f"{where} does not open: it was changed, belongs to another row, or its key differs.",
                remedy="Restore the row, or install the app in that workspace anew.",
            ) from None


def _place(table: str, column: str, row: str) -> bytes:
    return f"{table}|{column}|{row}".encode()


def _derive(key: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=b"retain|bot|v1|encrypt").derive(key)


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""
