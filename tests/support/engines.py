"""Engines that share what SQLAlchemy has compiled: each test has an engine of its own, and would compile all anew."""

from typing import Any

from sqlalchemy import Dialect, Engine, create_engine
from sqlalchemy.util import LRUCache

MANY = 5000  # statements: more than all tests have
_dialects: dict[str, Dialect] = {}
_compiled: LRUCache[Any, Any] = LRUCache(MANY)


def create_learned_engine(*args: Any, **options: Any) -> Engine:
    """`sqlalchemy.create_engine`, with the dialect of an earlier engine and the statements that it has compiled."""
    engine = create_engine(*args, **options)
    name = engine.dialect.name
    known = _dialects.setdefault(name, engine.dialect)
    if getattr(known, "server_version_info", None) is None:  # has never been connected, so it knows nothing yet
        _dialects[name] = engine.dialect
    else:
        engine.dialect = known
    engine._compiled_cache = _compiled
    return engine
