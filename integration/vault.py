"""Secrets at rest: texts are sealed before they reach the database and opened only when they are needed.

A sealed text reads `v1.<key id>.<base64url of nonce and ciphertext>` (AES-256-GCM). Table, column and row
id are its associated data: copied to another row, or changed by one bit, it does not open.
The first key of `ENCRYPTION_KEYS` seals, all of them open. What AES and look-ups use is derived from each key
with HKDF, so that neither says anything about the other.
"""

import base64
import binascii
import hmac
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from integration.errors import VaultError

VERSION = "v1"
KEY_BYTES = 32
NONCE_BYTES = 12
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
                raise ValueError(f"entry {number} does not read `id:key` (id: up to 32 letters, digits, - or _)")
            if key_id in keys:
                raise ValueError(f"the key id {key_id} is used twice")
            key = _decode_key(encoded, key_id)
            if key in keys.values():
                raise ValueError(f"the key {key_id} is the same as one before it")
            keys[key_id] = key
        return cls(keys)


class Vault:
    """Seals and opens texts; makes hashes for looking things up without opening them."""

    def __init__(self, keys: EncryptionKeys) -> None:
        self._keys = keys.by_id
        self._newest = next(iter(self._keys))
        self._ciphers = {key_id: AESGCM(_derive(key, "encrypt")) for key_id, key in self._keys.items()}
        self._lookup_keys = cache(self._derive_lookup_keys)  # derived once: it costs more than a hash, or a sealing

    def __repr__(self) -> str:
        return f"Vault(keys={list(self._keys)})"

    def seal(self, text: str, *, table: str, column: str, row: str) -> str:
        """Encrypt `text` for exactly this table, column and row id."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._ciphers[self._newest].encrypt(nonce, text.encode("utf-8"), _place(table, column, row))
        return f"{VERSION}.{self._newest}.{_encode(nonce + sealed)}"

    def open(self, sealed: str, *, table: str, column: str, row: str) -> str:
        """Decrypt what `seal` made for the same place. Raises VaultError otherwise."""
        key_id, payload = _parts(sealed)
        cipher = self._ciphers.get(key_id)
        where = f"{table}.{column}"
        if cipher is None:
            raise VaultError(
                f"A text in {where} was sealed with the key {key_id}, which is not among ENCRYPTION_KEYS.",
                field="ENCRYPTION_KEYS",
                remedy=f"Add the key {key_id} back to the end of ENCRYPTION_KEYS.",
            )
        nonce, body = payload[:NONCE_BYTES], payload[NONCE_BYTES:]
        try:
            return cipher.decrypt(nonce, body, _place(table, column, row)).decode("utf-8")
        except InvalidTag:
            raise VaultError(
                f"A text in {where} does not open: it was changed, belongs to another row, or its key differs.",
                remedy="Restore the row from a backup; check that ENCRYPTION_KEYS was not edited.",
            ) from None

    def lookup_hash(self, purpose: str, text: str) -> str:
        """A keyed hash that finds equal texts of one purpose. It starts with the key id, for rotation."""
        return _lookup_hash(*self._lookup_keys(purpose)[0], text)

    def lookup_hashes(self, purpose: str, text: str) -> list[str]:
        """The hash by every key, the newest first: until a rotation ends, rows hold some of each."""
        return [_lookup_hash(key_id, key, text) for key_id, key in self._lookup_keys(purpose)]

    @property
    def newest_key_id(self) -> str:
        """The id of the key that seals."""
        return self._newest

    def _derive_lookup_keys(self, purpose: str) -> list[tuple[str, bytes]]:
        return [(key_id, _derive(key, f"lookup|{purpose}")) for key_id, key in self._keys.items()]


def _lookup_hash(key_id: str, key: bytes, text: str) -> str:
    return f"{key_id}.{_encode(hmac.digest(key, text.encode('utf-8'), 'sha256'))}"


def _parts(sealed: str) -> tuple[str, bytes]:
    version, _, rest = sealed.partition(".")
    key_id, _, encoded = rest.partition(".")
    payload = _decode(encoded) if version == VERSION else b""
    # Base64 ignores its last few bits; only the one spelling that `seal` writes is taken.
    if len(payload) < NONCE_BYTES + 16 or _encode(payload) != encoded:
        raise VaultError(
            "A stored text is not in the vault's format (v1.<key id>.…).",
            remedy="Restore the row from a backup; nothing but the service should write to its database.",
        )
    return key_id, payload


def _place(table: str, column: str, row: str) -> bytes:
    return f"{table}|{column}|{row}".encode()


def _derive(key: bytes, use: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=f"retain|{VERSION}|{use}".encode()).derive(key)


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""


def _decode_key(encoded: str, key_id: str) -> bytes:
    key = _decode(encoded.rstrip("=").replace("+", "-").replace("/", "_"))
    if len(key) != KEY_BYTES:
        raise ValueError(f"the key {key_id} is not {KEY_BYTES} bytes in base64")
    if len(set(key)) < KEY_BYTES // 4:
        raise ValueError(f"the key {key_id} is not random")
    return key
