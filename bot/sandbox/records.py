"""Small records of the sandbox's own: how long Slack waits, what was handed out, who waits for news."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from bot.sandbox.model import Prompt


@dataclass(frozen=True)
class Timing:
    """Slack's own waiting times, in seconds; tests make them shorter.

    `disconnect`: how long a connection stays open after its app was asked to make a new one.
    """

    ack: float = 3.0
    retries: tuple[float, ...] = (0.0, 60.0, 300.0)
    trigger: float = 3.0
    response_url: float = 1800.0
    status: float = 120.0
    disconnect: float = 10.0


@dataclass
class Trigger:
    team_id: str
    user: str
    made_at: datetime
    used: bool = False


@dataclass
class ResponseUrl:
    """Where an app answers a command or a click: five times, for half an hour."""

    team_id: str
    channel: str
    user: str
    made_at: datetime
    message_ts: str | None = None
    thread_ts: str | None = None
    uses: int = 0


@dataclass
class Code:
    """What a person's consent gives the app, with the optional scopes: good for one exchange, for ten minutes."""

    team_id: str
    user: str
    redirect_url: str
    made_at: datetime
    optional: frozenset[str] = frozenset()
    used: bool = False


@dataclass
class Prompts:
    title: str
    prompts: tuple[Prompt, ...]


class Signal:
    """Wakes everyone who waits for the next change."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def fire(self) -> None:
        self._event.set()
        self._event = asyncio.Event()

    async def wait(self) -> None:
        await self._event.wait()
