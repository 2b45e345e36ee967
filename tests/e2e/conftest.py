"""One product and one browser for all tests of this folder; each test has a page, and a person, of its own."""

from collections.abc import Iterator

import pytest
import requests
from playwright.sync_api import Browser, Page

from tests.conftest import ROOT
from tests.support.browser import require_chromium, running_browser
from tests.support.stack import Stack, running_stack

SCREENSHOTS = ROOT / "screenshots" / "e2e"


@pytest.fixture(scope="package")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    require_chromium()
    with running_stack(tmp_path_factory.mktemp("stack")) as running:
        yield running


@pytest.fixture(scope="package")  # not longer: Playwright keeps an event loop running in its thread
def browser() -> Iterator[Browser]:
    require_chromium()
    with running_browser() as chromium:
        yield chromium


@pytest.fixture
def page(request: pytest.FixtureRequest, stack: Stack, browser: Browser) -> Iterator[Page]:
    """The chat page, empty, as its first person sees it; its last state is kept in screenshots/e2e."""
    requests.post(f"{stack.chat}sandbox/reset", json={}, timeout=10).raise_for_status()
    context = browser.new_context(viewport={"width": 1200, "height": 800})
    context.set_default_timeout(10_000)
    chat = context.new_page()
    problems: list[str] = []
    chat.on("pageerror", lambda error: problems.append(str(error)))
    chat.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    chat.goto(stack.chat)
    yield chat
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    chat.screenshot(path=SCREENSHOTS / f"{request.node.name}.png")
    context.close()
    assert problems == []
