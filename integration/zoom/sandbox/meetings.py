"""The calls that were held here: each session has a uuid of its own, and several may share a meeting's id."""

import base64
import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from integration.zoom.sandbox.model import Account, User, personal_id

INSTANT, SCHEDULED, PERSONAL = 1, 2, 4  # Zoom's `type` of a meeting
STARTED, JOINED, LEFT, ENDED = (
    "meeting.started", "meeting.participant_joined", "meeting.participant_left", "meeting.ended",
)  # fmt: skip
EVERY = 5  # of so many uuids one begins with a slash, and one has two in a row


@dataclass(frozen=True)
class Guest:
    """Somebody of elsewhere who took part from start to end. Zoom does not tell their address."""

    name: str
    email: str


KIM = Guest("Kim Nowak", "kim@globex.example")


@dataclass
class Session:
    """One continuous call, in whole seconds; `ended` None: it still runs. `planned_minutes` 0: nobody planned it.
    `told`: which events about it the product took.
    """

    uuid: str
    meeting_id: str
    host: User
    topic: str
    began: datetime
    ended: datetime | None
    planned_minutes: int = 0
    guests: tuple[Guest, ...] = (KIM,)
    told: frozenset[str] = frozenset()

    @property
    def is_told(self) -> bool:
        return {STARTED, ENDED} <= self.told

    @property
    def seconds(self) -> int:
        """Its length; 0 while it runs."""
        return int((self.ended - self.began).total_seconds()) if self.ended else 0

    @property
    def type(self) -> int:
        if self.meeting_id == str(personal_id(self.host)):
            return PERSONAL
        return SCHEDULED if self.planned_minutes else INSTANT


class Meetings:
    """All sessions of all accounts. Whoever is not the server's thread holds the world's lock."""

    def __init__(self) -> None:
        self._by_uuid: dict[str, Session] = {}
        self._by_meeting: dict[str, list[Session]] = defaultdict(list)
        self._made = 0

    def __iter__(self) -> Iterator[Session]:
        """In the order in which they came."""
        return iter(self._by_uuid.values())

    def add(self, sessions: Iterable[Session]) -> None:
        """One whose uuid is there already replaces it."""
        for session in sessions:
            if known := self._by_uuid.get(session.uuid):
                self._by_meeting[known.meeting_id].remove(known)
            self._by_uuid[session.uuid] = session
            self._by_meeting[session.meeting_id].append(session)

    def of(self, account: Account) -> list[Session]:
        """An account's, the newest first."""
        found = [session for session in self if session.host.account == account]
        return sorted(found, key=lambda session: session.began, reverse=True)

    def under(self, account: Account, asked: str) -> list[Session]:
        """Those of a meeting's id, the newest first, or the one with a uuid."""
        found = self._by_meeting.get(asked, []) if asked.isdigit() else [self._by_uuid.get(asked)]
        here = [session for session in found if session and session.host.account == account]
        return sorted(here, key=lambda session: session.began, reverse=True)

    def find(self, uuid: str) -> Session | None:
        return self._by_uuid.get(uuid)

    def new_uuid(self) -> str:
        """In the form of Zoom's: base64, which may hold slashes, also where they are in the way."""
        self._made += 1
        text = base64.b64encode(secrets.token_bytes(16)).decode()
        if self._made % EVERY == 1:
            return f"/{text[1:]}"
        return f"{text[:4]}//{text[6:]}" if self._made % EVERY == 3 else text

    def new_id(self) -> str:
        """Eleven digits that no meeting has yet."""
        while (made := str(90_000_000_000 + secrets.randbelow(9_000_000_000))) in self._by_meeting:
            pass
        return made
