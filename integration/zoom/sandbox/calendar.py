"""A calendar, for a product that has no other to read: events, and which of them its sync was not told of yet."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from integration.zoom.sandbox.errors import NotPossible
from integration.zoom.sandbox.model import User, personal_id

LINK = "https://us02web.zoom.us"
LONGEST = timedelta(days=1)


@dataclass
class Event:
    """A planned meeting. `link`: where one joins, if anywhere; `series`: the recurring event that it is one of, and
    `original` when that had planned it. `version` counts its changes, `told` is the last one the sync took.
    """

    id: str
    organizer: User
    title: str
    start: datetime
    end: datetime
    updated: datetime
    attendees: tuple[str, ...] = ()
    link: str = ""
    series: str = ""
    original: datetime | None = None
    all_day: bool = False
    cancelled: bool = False
    version: int = 1
    told: int = 0
    refused: str = field(default="", compare=False)

    @property
    def tenant(self) -> str:
        return self.organizer.account.slug

    @property
    def minutes(self) -> int:
        return int((self.end - self.start).total_seconds()) // 60

    @property
    def meeting_id(self) -> str:
        """Of the Zoom meeting that its link leads to; empty without one."""
        if not self.link.startswith(LINK):
            return ""
        last = self.link.partition("?")[0].rpartition("/")[2]
        return last if last.isdigit() else str(personal_id(self.organizer))


class Calendar:
    """All events of everybody. Whoever is not the server's thread holds the world's lock."""

    def __init__(self) -> None:
        self._events: dict[str, Event] = {}

    def add(self, events: Iterable[Event]) -> None:
        self._events.update({event.id: event for event in events})

    def find(self, event_id: str) -> Event:
        """Raises NotPossible."""
        try:
            return self._events[event_id]
        except KeyError:
            raise NotPossible("There is no such event in this calendar.") from None

    def all(self) -> list[Event]:
        """The newest first, cancelled ones too."""
        return sorted(self._events.values(), key=lambda event: event.start, reverse=True)

    def behind(self) -> list[str]:
        """The tenants of which something is pending."""
        return sorted({event.tenant for event in self._events.values() if event.told < event.version})

    def pending(self, tenant: str) -> list[Event]:
        """Those of a tenant whose last change the sync was not told of."""
        return [event for event in self._events.values() if event.tenant == tenant and event.told < event.version]

    def plan(
        self, organizer: User, title: str, start: datetime, length: timedelta, *,
        attendees: Sequence[str], link: str, now: datetime,
    ) -> Event:  # fmt: skip
        """A new event. Raises NotPossible."""
        _check(title, length)
        event_id = new_id(f"{organizer.key}/{len(self._events)}/{now.isoformat()}")
        event = Event(event_id, organizer, title, start, start + length, now, tuple(attendees), link)
        self.add([event])
        return event

    def move(self, event: Event, start: datetime, length: timedelta, now: datetime) -> None:
        """To another time. Raises NotPossible."""
        _check(event.title, length)
        event.start, event.end = start, start + length
        _change(event, now)

    def cancel(self, event: Event, now: datetime) -> None:
        event.cancelled = True
        _change(event, now)

    def forget_what_was_told(self) -> None:
        """The sync begins anew, as after Google says 410."""
        for event in self._events.values():
            event.told, event.refused = 0, ""


def new_id(of: str) -> str:
    """In the form of Google's: 26 characters of base32hex, the same for the same."""
    return "".join("0123456789abcdefghijklmnopqrstuv"[byte % 32] for byte in hashlib.sha256(of.encode()).digest()[:26])


def join_link(host: User, meeting_id: str) -> str:
    """Where one joins a meeting by its id. Raises NotPossible for what is none."""
    if not (meeting_id.isascii() and meeting_id.isdigit()):
        raise NotPossible("A meeting's id has digits only.")
    return (
        f"{LINK}/j/{meeting_id}?pwd={new_id(meeting_id)[:12]}.1"
        if meeting_id != str(personal_id(host))
        else (f"{LINK}/j/{meeting_id}")
    )


def personal_link(host: User) -> str:
    """Where one joins a person's own room by its name, or by its id where it has none."""
    return f"{LINK}/my/{host.room}" if host.room else f"{LINK}/j/{personal_id(host)}"


def _check(title: str, length: timedelta) -> None:
    if not title:
        raise NotPossible("An event has a title.")
    if not timedelta() < length <= LONGEST:
        raise NotPossible("An event lasts a minute at least, and a day at most.")


def _change(event: Event, now: datetime) -> None:
    event.updated, event.version = now, event.version + 1
