"""A service with everything that its pages can show, over real HTTP, and people signed in to it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests

from integration.pages.cookies import SIGNED_IN
from integration.zoom.sandbox.driver import ZoomStandIn
from tests.integration.submitting import TOKEN
from tests.support.pages.people import PEOPLE, Who
from tests.support.service import API_KEY, ClockInMemory, Service, running_service
from tests.support.zoom import reached_at, running_zoom

# An ordinary Tuesday, 11:40 in Los Angeles: support is open, and what was asked at nine is late.
NOW = datetime(2026, 11, 17, 19, 40, tzinfo=UTC)
SIGN_IN = "{sign_in}"
Json = dict[str, Any]


@dataclass
class Site:
    """The service and its Zoom, both at one moment. `names` are what addresses in the table of pages mention."""

    service: Service
    zoom: ZoomStandIn
    zoom_clock: ClockInMemory
    names: dict[str, str] = field(default_factory=dict)
    _cookies: dict[str, str] = field(default_factory=dict, init=False, repr=False)

    @property
    def url(self) -> str:
        return self.service.url

    def at(self, moment: datetime) -> None:
        """Go to a moment, by the clocks of the service and of Zoom."""
        for clock in (self.service.clock, self.zoom_clock):
            clock.forward((moment - clock()).total_seconds())

    def address(self, path: str) -> str:
        """A path of the table, as it is here. `{sign_in}` is a new link's: they live for minutes."""
        new = {"sign_in": token_of(self.page_link("admin", "/integrations"))} if SIGN_IN in path else {}
        names = self.names | new
        return f"{self.url}{path.format_map(names)}"

    def api(self, method: str, path: str, who: Who = PEOPLE["staff"], **body: object) -> Json:
        """What the bot asks the service for somebody. Raises AssertionError when it refuses."""
        answer = browser().request(
            method,
            f"{self.url}/v1/{path}",
            json=body or None,
            headers={"Authorization": f"Bearer {API_KEY}", **who.headers},
            timeout=10,
        )
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text}"
        found: Json = answer.json() if answer.content else {}
        return found

    def page_link(self, who: str, page: str) -> str:
        """A private link for one of PEOPLE to a page (a path)."""
        known = {"email": PEOPLE[who].email, "name": PEOPLE[who].name}
        return str(self.api("POST", "page-links", PEOPLE[who], page=page, **known)["url"])

    def cookies_of(self, who: str) -> Mapping[str, str]:
        """The cookies of somebody who has opened their link and pressed its button; none for nobody."""
        if who not in PEOPLE:
            return {}
        if who not in self._cookies:
            self._cookies[who] = self.sign_in(self.page_link(who, "/integrations"))
        return {SIGNED_IN.name(self.service.runtime): self._cookies[who]}

    def sign_in(self, link: str) -> str:
        """Open a private link and press its button; the cookie that comes of it."""
        with browser() as session:
            token = form_token(session.get(link, timeout=10).text)
            sent = session.post(link, data={"form_token": token}, allow_redirects=False, timeout=10)
            cookie = session.cookies.get(SIGNED_IN.name(self.service.runtime))
        assert cookie, f"nobody is signed in: {sent.status_code} {sent.text}"
        return str(cookie)

    def as_browser(self, who: str) -> requests.Session:
        """A browser without windows in which somebody is signed in."""
        session = browser()
        session.cookies.update(self.cookies_of(who))
        return session


def token_of(link: str) -> str:
    """What a private link ends with."""
    return link.rpartition("/")[2]


def browser() -> requests.Session:
    """One that keeps cookies and asks no proxy."""
    session = requests.Session()
    session.trust_env = False
    return session


def form_token(html: str) -> str:
    """What the first form of a page carries."""
    found = TOKEN.search(html)
    assert found, "there is no form on this page"
    return found[1]


@contextmanager
def running_site(folder: Path) -> Iterator[Site]:
    """An empty service and its Zoom, at NOW, told by its own address."""
    clock = ClockInMemory()
    with running_zoom(clock) as zoom, running_service(folder, **reached_at(zoom)) as service:
        service.stop()  # only now is its address known, which pages and Zoom are told
        service.settings = service.settings.model_copy(update={"public_url": service.url})
        service.start()
        site = Site(service, zoom, clock)
        site.at(NOW)
        yield site
