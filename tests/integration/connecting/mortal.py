"""A process that dies at a chosen moment: after that it does nothing more, not even clean up."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, cast

from sqlalchemy.orm import Session

from integration.db import Database
from integration.runtime import Runtime
from integration.zoom.client import ZoomClient
from integration.zoom.oauth import ZoomOAuth


class Killed(BaseException):
    """No handler of ours catches this."""


@dataclass
class Life:
    """It ends at the moment number `ends_at`; `moments` are the names of those that were reached."""

    ends_at: int
    moments: list[str] = field(default_factory=list)

    def reach(self, moment: str) -> None:
        if len(self.moments) < self.ends_at:
            self.moments.append(moment)
        if len(self.moments) == self.ends_at:
            raise Killed(moment)


@dataclass
class MortalDatabase:
    """Dies before or after each commit."""

    real: Database
    life: Life

    @contextmanager
    def writing(self) -> Iterator[Session]:
        with self.real.writing() as session:
            yield session
            self.life.reach("before a commit")
        self.life.reach("after a commit")

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with self.real.reading() as session:
            yield session


@dataclass
class MortalCalls:
    """Dies before or after each call to Zoom; after means that Zoom did it and we never heard."""

    real: object
    life: Life

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return partial(self._call, name)

    def _call(self, name: str, *args: Any, **named: Any) -> Any:
        quick = name == "authorize_url"
        if not quick:
            self.life.reach(f"before {name}")
        answer = getattr(self.real, name)(*args, **named)
        if not quick:
            self.life.reach(f"after {name}")
        return answer


def mortal(runtime: Runtime, life: Life) -> Runtime:
    """The same process, but that it dies."""
    return replace(
        runtime,
        database=cast("Database", MortalDatabase(runtime.database, life)),
        zoom_oauth=cast("ZoomOAuth", MortalCalls(runtime.zoom_oauth, life)),
        zoom=cast("ZoomClient", MortalCalls(runtime.zoom, life)),
    )


def dies(runtime: Runtime, ends_at: int, act: Callable[[Runtime], object]) -> list[str] | None:
    """Let a process act that dies at that moment: the moments it reached, or None when it came to its end before."""
    life = Life(ends_at)
    try:
        act(mortal(runtime, life))
    except Killed:
        return life.moments
    return None
