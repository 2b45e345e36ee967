"""The stand-in from Python: what a person does there, and what a test needs to know."""

from collections.abc import Mapping
from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import urljoin

import requests

from integration.zoom.sandbox.driver_meetings import MeetingsDriver
from integration.zoom.sandbox.errors import NotPossible
from integration.zoom.sandbox.model import Call, Json, Pair, User
from integration.zoom.sandbox.oauth import pair_answer
from integration.zoom.sandbox.webhooks import NOT_LATE, Delivery
from integration.zoom.sandbox.world import World

TIMEOUT_SECONDS = 15


class Faults:
    """Trouble, from any thread; `faults.KINDS` says what each kind does, `faults.PLACES` where it can be."""

    def __init__(self, world: World) -> None:
        self._world = world

    def switch_on(
        self,
        kind: str,
        *,
        where: str = "all",
        account: str | None = None,
        times: int | None = None,
        seconds: float = 2.0,
    ) -> int:
        """On for the next `times` calls (None: until switched off); returns its number. Raises NotPossible."""
        with self._world.lock:
            return self._world.faults.switch_on(kind, where=where, account=account, times=times, seconds=seconds)

    def switch_off(self, number: int) -> None:
        with self._world.lock:
            self._world.faults.switch_off(number)

    def clear(self) -> None:
        """Back to normal; calls that hang end without an answer. Habits stay."""
        with self._world.lock:
            self._world.faults.clear()

    def habits(self, **choices: str) -> None:
        """How Zoom behaves where facts conflict, as in `habits.HABITS`. Raises NotPossible."""
        with self._world.lock:
            self._world.habits.choose(**choices)


class ZoomStandIn(MeetingsDriver):
    """A running stand-in. Persons are named by their key, such as "jonas"; accounts by their slug, such as "acme"."""

    def __init__(self, world: World) -> None:
        self.world, self.faults = world, Faults(world)

    @property
    def oauth_url(self) -> str:
        """What `ZOOM_OAUTH_URL` must be."""
        return self.world.base_url

    @property
    def api_url(self) -> str:
        """What `ZOOM_API_URL` must be."""
        return f"{self.world.base_url}/v2"

    @property
    def client_id(self) -> str:
        return self.world.app.client_id

    @property
    def client_secret(self) -> str:
        return self.world.app.client_secret

    @property
    def webhook_secret(self) -> str:
        return self.world.app.webhook_secret

    @property
    def people(self) -> Mapping[str, User]:
        """Those one can be, by key; see `cast.PEOPLE` for who is what."""
        return self.world.people

    @property
    def calls(self) -> list[Call]:
        """What came in, oldest first. `[c for c in calls if c.kind == "refresh"]` are the refreshes tried."""
        with self.world.lock:
            return list(self.world.calls)

    @property
    def refreshes(self) -> Mapping[str, int]:
        """How often the tokens of a person were rotated, by key; 0 for those whose never were."""
        with self.world.lock:
            return self.world.tokens.refreshes.copy()

    @property
    def deliveries(self) -> list[Delivery]:
        """The events, oldest first."""
        return list(self.world.webhooks.deliveries)

    def live_pairs(self, person: str | None = None) -> list[Pair]:
        """The newest pair of each person (or of one) that can still be refreshed."""
        with self.world.lock:
            return [pair for pair in self.world.tokens.live() if person in (None, pair.grant.user.key)]

    def authorize_as(self, person: str, authorize_url: str) -> str:
        """Opens the consent page, chooses a person, clicks Allow: the address that the browser is sent to.

        Raises NotPossible when Zoom shows a page instead (it names what the page says).
        """
        return self._decide(authorize_url, {"person": person, "decision": "allow"})

    def deny(self, authorize_url: str) -> str:
        """Opens the consent page and clicks Deny: the address that the browser is sent to."""
        return self._decide(authorize_url, {"decision": "deny"})

    def add_account(self, slug: str) -> str:
        """Another Zoom account with an owner, for tests with many; returns the owner's key."""
        with self.world.lock:
            return self.world.add_account(slug).key

    def connect(self, person: str, *, scopes: frozenset[str] | None = None) -> Json:
        """A token answer without the browser, as a finished consent of `person` gives. Their earlier pair dies."""
        with self.world.lock:
            user, tokens = self.world.user(person), self.world.tokens
            return pair_answer(self.world, tokens.authorize(user, scopes) if scopes else tokens.authorize(user))

    def uninstall(self, account: str, *, late: timedelta = NOT_LATE, held: bool = False) -> list[Delivery]:
        """Removes the app from an account, and sends `app_deauthorized`, which says that it happened `late` ago.

        Returns when the service has answered, or has not. `held`: it is sent by `send_again` only.
        """
        with self.world.lock:
            removed = self.world.uninstall(self.world.accounts[account])
        return [self.world.webhooks.send_deauthorized(user, late=late, held=held) for user in removed]

    def deauthorized(self, person: str, *, late: timedelta = NOT_LATE) -> Delivery:
        """`app_deauthorized` for a person though nothing was removed: a forged or delayed one."""
        return self.world.webhooks.send_deauthorized(self.world.user(person), late=late)

    def send_event(self, event: str, payload: Json, *, late: timedelta = NOT_LATE) -> Delivery:
        """A signed event, which happened and was stamped `late` ago."""
        return self.world.webhooks.send_event(event, payload, late=late)

    def send_again(self, delivery: Delivery, *, older: timedelta = NOT_LATE) -> Delivery:
        """The same bytes once more, with the same stamp or an `older` one."""
        return self.world.webhooks.send_again(delivery.number, older=older)

    def send_due(self) -> list[Delivery]:
        """The retries that are due by Zoom's clock."""
        return self.world.webhooks.send_due()

    def validate_webhook(self) -> bool:
        """`endpoint.url_validation`: whether the service answered it rightly."""
        return self.world.webhooks.send_validation()[1]

    def aim_webhooks(self, url: str) -> None:
        """Events go to this address from now on."""
        self.world.webhooks.aim(url)

    def wait_for_hanging(self, count: int = 1, timeout: float = 10.0) -> None:
        """Returns once `count` calls are kept without an answer (faults timeout and timeout_after).

        Raises NotPossible when they do not come within `timeout` seconds.
        """
        with self.world.changed:
            if not self.world.changed.wait_for(lambda: self.world.hanging >= count, timeout):
                raise NotPossible(f"After {timeout} s {self.world.hanging} of {count} calls hang.")

    def forward(self, seconds: float) -> None:
        """Sets Zoom's clock forward."""
        with self.world.lock:
            self.world.clock.forward(seconds)

    def _decide(self, authorize_url: str, answers: Mapping[str, str]) -> str:
        with requests.Session() as browser:
            browser.trust_env = False
            shown = browser.get(authorize_url, timeout=TIMEOUT_SECONDS)
            page = _Page.read(shown)
            if page.action is None:
                raise NotPossible(f"Zoom shows a page ({shown.status_code}): {page.title}")
            answer = browser.post(
                urljoin(authorize_url, page.action), data=answers, timeout=TIMEOUT_SECONDS, allow_redirects=False
            )
            if not answer.is_redirect:
                raise NotPossible(f"Zoom shows a page ({answer.status_code}): {_Page.read(answer).title}")
            return answer.headers["Location"]


class _Page(HTMLParser):
    """What a browser needs of a page: where its form leads, and what it is about."""

    def __init__(self) -> None:
        super().__init__()
        self.action: str | None = None
        self.title, self._in_title = "", False

    @classmethod
    def read(cls, answer: requests.Response) -> "_Page":
        page = cls()
        page.feed(answer.text)
        return page

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_title = tag == "title"
        if tag == "form" and self.action is None:
            self.action = dict(attrs).get("action")

    def handle_endtag(self, tag: str) -> None:
        self._in_title = self._in_title and tag != "title"

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data
