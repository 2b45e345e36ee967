"""The state of the stand-in, in memory, and what Zoom does with it."""

import hmac
import secrets
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from integration.zoom.sandbox import cast
from integration.zoom.sandbox.calendar import Calendar
from integration.zoom.sandbox.errors import NotPossible, api_error
from integration.zoom.sandbox.faults import Faults
from integration.zoom.sandbox.habits import Habits
from integration.zoom.sandbox.meetings import Meetings
from integration.zoom.sandbox.model import Account, Call, Clock, Grant, MovableClock, User
from integration.zoom.sandbox.sync import Sync
from integration.zoom.sandbox.tokens import Tokens
from integration.zoom.sandbox.webhooks import Webhooks

CALLS_KEPT = 50_000
PAGE_TOKEN_LIVES = timedelta(minutes=15)


@dataclass(frozen=True)
class App:
    """The app as the Marketplace knows it. `redirect_uri` None: any address on this machine, or with https."""

    client_id: str
    client_secret: str = field(repr=False)
    webhook_secret: str = field(repr=False)
    name: str = "Retain"
    redirect_uri: str | None = None
    webhook_url: str | None = None

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "App":
        """ZOOM_CLIENT_ID, ZOOM_CLIENT_SECRET and ZOOM_WEBHOOK_SECRET, random where missing; ZOOM_APP_NAME,
        ZOOM_WEBHOOK_URL, and the redirect address below PUBLIC_URL."""
        public = env.get("PUBLIC_URL", "").rstrip("/")
        return cls(
            env.get("ZOOM_CLIENT_ID") or secrets.token_urlsafe(16),
            env.get("ZOOM_CLIENT_SECRET") or secrets.token_urlsafe(24),
            env.get("ZOOM_WEBHOOK_SECRET") or secrets.token_urlsafe(16),
            name=env.get("ZOOM_APP_NAME") or "Retain",
            redirect_uri=f"{public}/oauth/zoom/callback" if public else None,
            webhook_url=env.get("ZOOM_WEBHOOK_URL") or None,
        )

    def accepts(self, client_id: str, client_secret: str) -> bool:
        return hmac.compare_digest(
            f"{self.client_id}:{self.client_secret}".encode(), f"{client_id}:{client_secret}".encode()
        )


class World:
    """Everything. Other threads than the server's hold `lock` while they read or change it.

    `changed` is notified when a call was recorded, or is left hanging; `hanging` counts these.
    """

    def __init__(self, app: App, clock: Clock | None = None, sync: Sync | None = None) -> None:
        self.app, self.lock = app, threading.RLock()
        self.changed, self.hanging = threading.Condition(self.lock), 0
        self.real: Clock = clock or (lambda: datetime.now(UTC))
        self.clock = MovableClock(self.real)
        self.habits, self.faults = Habits(), Faults()
        self.tokens = Tokens(self.clock, self.habits)
        self.webhooks = Webhooks(self.clock, self.real, self.habits, app.client_id, app.webhook_secret, app.webhook_url)
        self.meetings, self.calendar, self.sync = Meetings(), Calendar(), sync or Sync()
        self.calls: deque[Call] = deque(maxlen=CALLS_KEPT)
        self.base_url = ""
        self.closing = False
        self._users = {user.key: user for user in (*cast.PEOPLE, *cast.colleagues())}
        self._pages: dict[str, tuple[str, int, datetime]] = {}

    def user(self, key: str) -> User:
        """By the stand-in's handle, such as "jonas". Raises NotPossible."""
        try:
            return self._users[key]
        except KeyError:
            raise NotPossible(f"There is nobody called {key!r} at this Zoom.") from None

    def add_account(self, slug: str) -> User:
        """Another account, with nobody but its owner; returns them. An account that exists already stays as it is."""
        owner = cast.owner_of_new_account(slug)
        return self._users.setdefault(owner.key, owner)

    def colleague(self, account: Account, who: str) -> User:
        """Somebody of the account by handle or e-mail address; who is not there yet is added."""
        found = next((user for user in self.users_of(account) if who in (user.key, user.email)), None)
        return found or self._users.setdefault(who, cast.newcomer(account, who))

    @property
    def people(self) -> Mapping[str, User]:
        """Those one can be, by key."""
        return {user.key: user for user in self._users.values() if user.signs_in}

    @property
    def accounts(self) -> Mapping[str, Account]:
        """By slug."""
        return {user.account.slug: user.account for user in self._users.values()}

    def users_of(self, account: Account) -> list[User]:
        return [user for user in self._users.values() if user.account == account]

    def installations(self, account: Account) -> list[Grant]:
        """The consents by which the app is in this account, whether or not their tokens still work."""
        grants = self.tokens.grants.values()
        return [grant for grant in grants if grant.user.account == account and grant.dead != "uninstalled"]

    def uninstall(self, account: Account) -> list[User]:
        """Removes the app from an account: no token works any more. Returns who had added it, for the webhooks."""
        removed = [grant.user for grant in self.installations(account)]
        for user in removed:
            self.tokens.kill(user, "uninstalled")
        return removed

    def push_calendar(self, *, unasked: bool = False) -> None:
        """Tells the service of the calendar's changes; other threads than the server's, and without the lock."""
        self.sync.push(self.calendar, self.lock, self.real, unasked=unasked)

    def record(self, call: Call) -> None:
        self.calls.append(call)
        self.changed.notify_all()

    def new_page(self, about: str, offset: int) -> str:
        """A token for the next page of a list, good for 15 minutes and the same question."""
        token = secrets.token_urlsafe(24)
        self._pages[token] = (about, offset, self.clock() + PAGE_TOKEN_LIVES)
        return token

    def page_offset(self, token: str, about: str) -> int:
        """Raises Refused with Zoom's code 300."""
        found = self._pages.get(token)
        if found is None or found[0] != about or self.clock() > found[2]:
            raise api_error(300, "The next page token is invalid or expired.")
        return found[1]
