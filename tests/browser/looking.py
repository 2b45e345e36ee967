"""One look at a page, at all of it at once: loading pages is what takes time, so no test loads one again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response

from tests.browser.tools import axe
from tests.support.pages.site import Site
from tests.support.pages.table import Place

DESKTOP, PHONE, SMALLEST = 1280, 390, 320
HEIGHT = 800
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
OF_COLOURS = ("color-contrast", "link-in-text-block")
OF_SIZES = (*OF_COLOURS, "target-size", "scrollable-region-focusable", "landmark-unique", "meta-viewport")
RUN_AXE = """async options => (await axe.run(document, options)).violations.map(
    found => `${found.id}: ${found.help}: ${found.nodes.map(node => node.target.join(' ')).join(', ')}`)"""
TOO_WIDE = """() => {
    const root = document.documentElement;
    if (root.scrollWidth <= root.clientWidth) return [];
    const scrolls = one => one !== document.body && getComputedStyle(one).overflowX !== 'visible';
    const within = one => { while ((one = one.parentElement)) if (scrolls(one)) return true; return false };
    return [...document.querySelectorAll('body *')]
        .filter(one => one.getBoundingClientRect().right > root.clientWidth + 1 && !within(one))
        .map(one => `${one.tagName} ${one.className} ${one.textContent.trim().slice(0, 30)}`).slice(-3) }"""
WEIGHT = """() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
    .filter(one => !one.name.includes('axe')).reduce((sum, one) => sum + one.decodedBodySize, 0)"""
# What the console says of a page that is a 404, and of service workers, which are blocked here: no complaints.
NO_COMPLAINTS = ("the server responded with a status", "blocked by Playwright")


@dataclass(repr=False)
class Look:
    """What was seen. Lists hold what is wrong."""

    place: Place
    status: int | None = None
    text: str = ""
    text_without_script: str = ""
    problems: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    too_wide: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    in_print: list[str] = field(default_factory=list)
    weight: int = 0


@dataclass
class Eyes:
    """A browser for each person, with and without script, kept for all their pages."""

    site: Site
    browser: Browser
    _pages: dict[tuple[str, bool], Page] = field(default_factory=dict)
    _looks: dict[str, Look] = field(default_factory=dict)
    _now: Look | None = None

    def look(self, place: Place) -> Look:
        """The look at a place, the same one for everybody who asks."""
        if place.name not in self._looks:
            self._now = self._looks[place.name] = Look(place)
            self._with_script(self._now)
            self._without_script(self._now)
        return self._looks[place.name]

    def page(self, who: str, *, script: bool = True) -> Page:
        """The window of somebody."""
        if (who, script) not in self._pages:
            context = self.browser.new_context(
                viewport={"width": DESKTOP, "height": HEIGHT},
                java_script_enabled=script,
                reduced_motion="reduce",
                service_workers="block",  # it has a test of its own
            )
            context.set_default_timeout(10_000)
            sign_in(context, self.site, who)
            if script:
                context.add_init_script(axe())  # once for all pages: it is large
            context.on("request", self._note_request)
            context.on("response", self._note_response)
            context.on("console", self._note_message)
            context.on("weberror", lambda error: self._problem(str(error.error)))
            self._pages[who, script] = context.new_page()
        return self._pages[who, script]

    def _with_script(self, look: Look) -> None:
        page = self.page(look.place.who)
        go(page, self.site, look.place)
        look.text, look.weight = page.locator("body").inner_text(), page.evaluate(WEIGHT)
        look.violations, look.too_wide = faults(page)
        page.emulate_media(media="print", color_scheme="dark")
        look.in_print += _print(page)
        page.emulate_media(media="screen", color_scheme="light")
        page.set_viewport_size({"width": DESKTOP, "height": HEIGHT})

    def _without_script(self, look: Look) -> None:
        page = self.page(look.place.who, script=False)
        go(page, self.site, look.place)
        look.text_without_script = page.locator("body").inner_text()
        look.too_wide += [f"without script: {one}" for one in _widths(page, PHONE)]
        page.set_viewport_size({"width": DESKTOP, "height": HEIGHT})

    def _note_request(self, request: Request) -> None:
        if urlsplit(request.url).netloc != urlsplit(self.site.url).netloc and self._now:
            self._now.elsewhere.append(request.url)

    def _note_response(self, response: Response) -> None:
        if response.request.is_navigation_request() and self._now:
            self._now.status = response.status

    def _note_message(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not any(one in message.text for one in NO_COMPLAINTS):
            self._problem(message.text)

    def _problem(self, text: str) -> None:
        if self._now:
            self._now.problems.append(text)


def sign_in(context: BrowserContext, site: Site, who: str) -> None:
    """Somebody is signed in in a browser, who was in another one before."""
    cookies = site.cookies_of(who)
    context.add_cookies([{"name": name, "value": value, "url": site.url} for name, value in cookies.items()])


def go(page: Page, site: Site, place: Place) -> None:
    """Come to a place."""
    page.goto(site.address(place.path))
    for name, value in place.types.items():
        page.locator(f"main [name={name}]").fill(value)
    if place.presses:
        page.get_by_role("button", name=place.presses, exact=True).click()
        page.get_by_text(place.sees).first.wait_for()


def faults(page: Page) -> tuple[list[str], list[str]]:
    """What axe finds on a page in light, in dark and on a phone, and what stands out to the right; left on a phone."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(axe())
    violations = _axe(page, "light", {"type": "tag", "values": TAGS})
    page.emulate_media(color_scheme="dark")
    violations += _axe(page, "dark", {"type": "rule", "values": OF_COLOURS})
    page.emulate_media(color_scheme="light")
    too_wide = _widths(page, DESKTOP, SMALLEST, PHONE)
    return violations + _axe(page, "phone", {"type": "rule", "values": OF_SIZES}), too_wide


def _axe(page: Page, how: str, run_only: Mapping[str, Any]) -> list[str]:
    found: list[str] = page.evaluate(RUN_AXE, {"runOnly": run_only, "resultTypes": ["violations"]})
    return [f"{how}: {one}" for one in found]


def _widths(page: Page, *widths: int) -> list[str]:
    found: list[str] = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        found += [f"{width}: {one}" for one in page.evaluate(TOO_WIDE)]
    return found


IN_PRINT = """() => {
    const luminance = colour => { const [r, g, b, a] = colour.match(/[\\d.]+/g).map(Number);
        return a === 0 ? 1 : (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255 };
    const heading = document.querySelector('h1'), wrong = [];
    if (luminance(getComputedStyle(document.body).backgroundColor) < 0.9) wrong.push('paper is not white');
    if (!heading || luminance(getComputedStyle(heading).color) > 0.4) wrong.push('the heading is pale or missing');
    for (const one of document.querySelectorAll('nav, .skip, button'))
        if (one.checkVisibility() && one.getBoundingClientRect().width > 1)
            wrong.push(`it shows ${one.tagName} ${one.className} ${one.textContent.trim().slice(0, 30)}`);
    return wrong }"""


def _print(page: Page) -> list[str]:
    found: list[str] = page.evaluate(IN_PRINT)
    return found
