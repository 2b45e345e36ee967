"""Calls from Python: held in a moment, whenever they are said to have been, with or without the events about them."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from integration.zoom.sandbox import holding
from integration.zoom.sandbox.meetings import ENDED, KIM, LEFT, Guest, Session
from integration.zoom.sandbox.webhooks import Delivery
from integration.zoom.sandbox.world import World

# A uuid, a meeting's id, start, end (aware; None: it still runs), and the host's key or e-mail address.
Row = tuple[str, str, datetime, datetime | None, str]


class MeetingsDriver:
    """`send`: True sends every event, False none (they are lost); or the names of those that are sent."""

    world: World

    def hold(
        self,
        host: str = "jonas",
        meeting_id: str | None = None,
        *,
        began: datetime,
        segments: Sequence[tuple[int, int]] = ((0, 2700),),
        send: bool | Collection[str] = True,
        topic: str = "",
        planned_minutes: int = 60,
        guests: Sequence[Guest] = (KIM,),
    ) -> list[Session]:
        """A whole call: each segment is (seconds after `began`, length in seconds), and a session of its own.

        `meeting_id`: None for a new one, "pmi" for the host's personal room, or digits. Events are delivered and signed
        now, and say when it was. Returns when they are answered. Raises NotPossible.
        """
        held = holding.hold(
            self.world, host, meeting_id, began, segments, topic=topic, planned_minutes=planned_minutes, guests=guests
        )
        self.tell(held, send)
        return held

    def start_call(
        self,
        host: str = "jonas",
        meeting_id: str | None = None,
        *,
        at: datetime | None = None,
        send: bool | Collection[str] = True,
        topic: str = "",
        planned_minutes: int = 60,
    ) -> Session:
        """A call that runs since `at` (now by the real clock when None). Raises NotPossible."""
        began = at or self.world.real()
        session = holding.begin(self.world, host, meeting_id, began, topic=topic, planned_minutes=planned_minutes)
        self.tell([session], send)
        return session

    def end_call(
        self, session: Session, *, at: datetime | None = None, send: bool | Collection[str] = True
    ) -> list[Delivery]:
        """Ends it `at` (now by the real clock when None). Raises NotPossible when it is over."""
        holding.end(self.world, session, at or self.world.real())
        wanted = _events(send) & {LEFT, ENDED}
        return holding.tell(self.world, [session], wanted)

    def tell(self, sessions: Iterable[Session], send: bool | Collection[str] = True) -> list[Delivery]:
        """Sends the events of calls (again), as they happened."""
        return holding.tell(self.world, sessions, _events(send))

    def history(self, account: str = "acme") -> list[Session]:
        """An account's sessions, the newest first."""
        with self.world.lock:
            return self.world.meetings.of(self.world.accounts[account])

    def push_calendar(self) -> None:
        """Tells the service of the calendar's changes (`world.sync`); returns when it has answered, or has not."""
        self.world.push_calendar()

    def add_sessions(self, account: str, rows: Iterable[Row]) -> None:
        """Many past calls at once, of which nobody is told; hosts who are not there yet join the account."""
        with self.world.lock:
            there = self.world.accounts[account]
            self.world.meetings.add(
                Session(uuid, meeting_id, self.world.colleague(there, host), "A meeting", began, ended, 60)
                for uuid, meeting_id, began, ended, host in rows
            )


def _events(send: bool | Collection[str]) -> frozenset[str]:
    if isinstance(send, bool):
        return holding.EVERYTHING if send else holding.NOTHING
    return frozenset(send)
