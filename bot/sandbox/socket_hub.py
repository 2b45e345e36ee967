"""The open Socket Mode connections: who has one, what is waiting for an acknowledgement."""

import asyncio
import secrets
from dataclasses import dataclass, field

from bot.sandbox.model import Json

# Slack allows ten connections of one app at a time (facts: slack.md, section 1).
MAX_CONNECTIONS = 10
EVERYTHING = "*"


class NotAcknowledged(Exception):
    """An app did not take what it was sent; `reason` is Slack's word for it."""

    def __init__(self, reason: str, *, retry: bool = True) -> None:
        super().__init__(reason)
        self.reason, self.retry = reason, retry


@dataclass(eq=False)
class Socket:
    """One connection: `outbox` is what to write to it; `ended` is set to cut it, `retired` to close it soon.

    `hears` is the workspace whose events it gets, or EVERYTHING.
    """

    hears: str
    outbox: asyncio.Queue[Json] = field(default_factory=asyncio.Queue)
    pending: dict[str, asyncio.Future[Json | None]] = field(default_factory=dict)
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    retired: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, envelope: Json, timeout: float) -> Json | None:
        """Sends an envelope and returns the payload of its acknowledgement, if it carried one."""
        waiting = asyncio.get_running_loop().create_future()
        self.pending[envelope["envelope_id"]] = waiting
        self.outbox.put_nowait(envelope)
        try:
            async with asyncio.timeout(timeout):
                acknowledged: Json | None = await waiting
        except TimeoutError as error:
            raise NotAcknowledged("timeout") from error
        finally:
            self.pending.pop(envelope["envelope_id"], None)
        return acknowledged

    def acknowledge(self, message: Json) -> None:
        waiting = self.pending.get(str(message.get("envelope_id")))
        if waiting and not waiting.done():
            waiting.set_result(message.get("payload"))

    def retire(self) -> None:
        """Asks the app for a new connection; this one is closed a while later, whatever the app does."""
        self.outbox.put_nowait({"type": "disconnect", "reason": "refresh_requested", "debug_info": {"host": "sandbox"}})
        self.retired.set()

    def end(self) -> None:
        self.ended.set()
        for waiting in self.pending.values():
            if not waiting.done():
                waiting.set_exception(NotAcknowledged("connection_failed"))


@dataclass
class SocketHub:
    """All connections, by what they hear; envelopes go to them in turn."""

    _sockets: dict[str, list[Socket]] = field(default_factory=dict)
    _tickets: dict[str, str] = field(default_factory=dict)

    def new_ticket(self, hears: str) -> str:
        """A one-use pass for one connection."""
        ticket = secrets.token_hex(16)
        self._tickets[ticket] = hears
        return ticket

    def redeem(self, ticket: str) -> str | None:
        return self._tickets.pop(ticket, None)

    def full(self, hears: str) -> bool:
        return len(self._sockets.get(hears, [])) >= MAX_CONNECTIONS

    def count(self, team_id: str) -> int:
        """How many connections hear a workspace."""
        return sum(len(self._sockets.get(hears, [])) for hears in (team_id, EVERYTHING))

    def add(self, socket: Socket) -> None:
        self._sockets.setdefault(socket.hears, []).append(socket)

    def remove(self, socket: Socket) -> None:
        socket.end()
        if socket in self._sockets.get(socket.hears, []):
            self._sockets[socket.hears].remove(socket)

    def pick(self, team_id: str) -> Socket | None:
        """The connection whose turn it is, or None when nobody hears that workspace."""
        sockets = self._sockets.get(team_id) or self._sockets.get(EVERYTHING)
        if not sockets:
            return None
        sockets.append(sockets.pop(0))
        return sockets[-1]

    def drop(self) -> int:
        """Cuts every connection without a word. Returns how many there were."""
        found = [socket for sockets in self._sockets.values() for socket in sockets]
        for socket in found:
            self.remove(socket)
        return len(found)

    def ask_to_reconnect(self) -> None:
        """Tells every app to reconnect, as Slack does before it renews a connection.

        Nothing more is sent over the old connections; what they owe an answer for they may still answer.
        """
        for sockets in self._sockets.values():
            while sockets:
                sockets.pop().retire()
