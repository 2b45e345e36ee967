"""The pages that are not the service's: Slack's and Zoom's stand-ins, and those on which the bot is installed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Page

from bot.sandbox.driver import Driver, running_sandbox
from tests.browser.looking import Eyes, faults
from tests.browser.tools import invalid
from tests.support.bot import running_shared_bot
from tests.support.pages.links import new_link
from tests.support.pages.people import PEOPLE

ZOOM = ("", "calendar", "meetings", "events", "faults", "marketplace")


@pytest.fixture(scope="module")
def slack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Driver]:
    """With a bot that anybody may install."""
    with running_sandbox(installed=()) as driver, running_shared_bot(driver, tmp_path_factory.mktemp("bot")):
        yield driver


@pytest.fixture
def page(eyes: Eyes) -> Iterator[Page]:
    with eyes.browser.new_context(reduced_motion="reduce") as context:
        context.set_default_timeout(10_000)
        yield context.new_page()


@pytest.fixture(scope="module")
def addresses(eyes: Eyes, slack: Driver) -> dict[str, str]:
    """All that can be opened by its address."""
    zoom = {f"zoom-{name or 'home'}": f"{eyes.site.zoom.oauth_url}/{name}" for name in ZOOM}
    install = str(slack.registration.install_url)
    return zoom | {
        "chat": slack.base_url,
        "install-consent": install,
        "install-cut-off": f"{_root(install)}/slack/oauth_redirect",
    }


PLACES = ("chat", "install-consent", "install-cut-off", *(f"zoom-{name or 'home'}" for name in ZOOM))


@pytest.mark.parametrize("place", PLACES)
def test_axe_finds_no_violation_and_it_fits_every_screen(page: Page, addresses: dict[str, str], place: str) -> None:
    page.goto(addresses[place])
    page.get_by_role("heading", level=1).wait_for()
    assert faults(page) == ([], [])


def test_consent_and_refusal_at_zoom(page: Page, eyes: Eyes) -> None:
    page.goto(new_link(eyes.site, PEOPLE["initech"])["url"])
    page.get_by_role("button", name="Continue to Zoom").click()
    page.get_by_role("radio").first.wait_for()
    assert faults(page) == ([], [])


def test_the_bot_is_installed(page: Page, addresses: dict[str, str]) -> None:
    page.goto(addresses["install-consent"])
    page.get_by_role("button", name="Allow").click()
    page.get_by_role("heading", name="installed").wait_for()
    assert faults(page) == ([], [])


def test_html_is_valid(addresses: dict[str, str], tmp_path: Path) -> None:
    with requests.Session() as session:
        session.trust_env = False
        pages = {name: session.get(address, timeout=10).content for name, address in addresses.items()}
    assert invalid(pages, tmp_path) == []


def _root(address: str) -> str:
    return address.removesuffix("/slack/install")
