"""Every page in every state, by the table that the tests go through."""

from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext

from tests.browser.looking import go, sign_in
from tests.screenshots.looks import Looks, all_looks
from tests.support.pages.site import NOW, Site
from tests.support.pages.table import EVERYTHING, Place

PICTURES = Path("integration/pages/pictures")
FOR_README = {
    "help-centre": Place("help-centre", "/?q=conect+zoom+agian", "fit"),
    "integrations": Place("integrations", "/integrations", "Why", "hooli"),
    "staff-desk": Place("staff-desk", "/staff", "What needs somebody now", "staff"),
}


def draw_places(site: Site, browser: Browser, places: Sequence[Place] = EVERYTHING) -> None:
    for looks in all_looks():
        windows: dict[str, BrowserContext] = {}
        for place in places:
            if place.who not in windows:
                windows[place.who] = _window(site, browser, looks, place.who)
            page = windows[place.who].new_page()
            go(page, site, place)
            looks.keep(page, place.name, rest=0)
            page.close()
        for window in windows.values():
            window.close()


def draw_for_readme(site: Site, browser: Browser) -> None:
    """What a screen shows of three pages, small enough to be kept with the code."""
    PICTURES.mkdir(exist_ok=True)
    looks = Looks("readme", "light", "America/Los_Angeles")
    for name, place in FOR_README.items():
        window = _window(site, browser, looks, place.who)
        page = window.new_page()
        go(page, site, place)
        page.screenshot(path=PICTURES / f"{name}.png")
        window.close()


def _window(site: Site, browser: Browser, looks: Looks, who: str) -> BrowserContext:
    """Somebody's, at the moment at which the service is."""
    window = looks.window(browser)
    window.clock.set_fixed_time(NOW)
    sign_in(window, site, who)
    return window
