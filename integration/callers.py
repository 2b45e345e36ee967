"""The programs that may call the service, by their API keys."""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

MIN_KEY_LENGTH = 20
CALLER = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


@dataclass(frozen=True)
class ApiKeys:
    """Keys by the caller's name. Never printed."""

    by_name: Mapping[str, str] = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> "ApiKeys":
        """Read `name:key,…`. Raises ValueError that names the caller, never the key."""
        keys: dict[str, str] = {}
        for number, entry in enumerate(text.split(","), start=1):
            name, _, key = entry.strip().partition(":")
            if not CALLER.fullmatch(name) or not key:
                raise ValueError(f"entry {number} does not read `name:key` (name: a-z, 0-9, - or _)")
            if not (key.isascii() and key.isprintable() and " " not in key and len(key) >= MIN_KEY_LENGTH):
                raise ValueError(f"the key of {name} is not {MIN_KEY_LENGTH} or more plain characters")
            if name in keys or key in keys.values():
                raise ValueError(f"the name or the key of {name} is used twice")
            keys[name] = key
        return cls(keys)

    def caller(self, presented: str) -> str | None:
        """The name of the caller with this key. Every key is compared, so time tells nothing."""
        given = presented.encode("utf-8")
        found = None
        for name, key in self.by_name.items():
            if hmac.compare_digest(given, key.encode("utf-8")):
                found = name
        return found
