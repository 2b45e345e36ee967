"""Addresses of our own pages."""

from collections.abc import Mapping
from urllib.parse import urlencode


def address(path: str, query: Mapping[str, object] | None = None, anchor: str = "") -> str:
    """The path with what it is asked (None is left out), and where on the page it leads (an id)."""
    given = {name: str(value) for name, value in (query or {}).items() if value is not None}
    return path + (f"?{urlencode(given)}" if given else "") + (f"#{anchor}" if anchor else "")
