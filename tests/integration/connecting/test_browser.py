"""Through the pages in Chromium: it enforces the policies, cookies and redirects that a test client only carries."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2 as httpx
import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import make_url

from integration.app import create_app
from integration.runtime import make_runtime
from integration.zoom.sandbox.driver import ZoomStandIn
from tests.integration.conftest import API_KEY, make_settings
from tests.integration.connecting.steps import ADMIN, JONAS_EMAIL, add_tenant
from tests.integration.serving import serving
from tests.integration.test_serving import free_port
from tests.support.browser import require_chromium, running_browser
from tests.support.zoom import running_zoom


@dataclass
class Site:
    """A service and a Zoom with real clocks, reached as a browser reaches them."""

    url: str
    zoom: ZoomStandIn

    def make(self, email: str = JONAS_EMAIL) -> str:
        """A new link's address."""
        headers = ADMIN | {"Authorization": f"Bearer {API_KEY}"}
        body = {"requester_email": email, "requester_name": "Jonas Weber"}
        made = httpx.post(f"{self.url}/v1/tenants/acme/connect-links", json=body, headers=headers)
        assert made.status_code == 201, made.text
        return str(made.json()["url"])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Site]:
    require_chromium()
    path, port = tmp_path_factory.mktemp("site") / "retain.db", free_port()
    shutil.copy(sqlite_template, path)
    with running_zoom() as zoom:
        settings = make_settings(
            make_url(f"sqlite:///{path}"),
            public_url=f"http://localhost:{port}",
            zoom_client_id=zoom.client_id,
            zoom_client_secret=zoom.client_secret,
            zoom_oauth_url=zoom.oauth_url,
            zoom_api_url=zoom.api_url,
        )
        runtime = make_runtime(settings)
        add_tenant(runtime, "acme", "Acme Ltd", domains=["acme.example"])
        with serving(create_app(settings), port):
            yield Site(f"http://localhost:{port}", zoom)
        runtime.database.close()


@pytest.fixture(scope="module")
def browser(site: Site) -> Iterator[Browser]:
    with running_browser() as chromium:
        yield chromium


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    yield page
    context.close()
    # A page that is no success is reported by Chromium as a resource that failed to load; nothing else may be.
    assert [text for text in refused if "the server responded with a status" not in text] == []


def sign_in(page: Page, url: str, person: str) -> None:
    page.goto(url)
    page.get_by_role("button", name="Continue to Zoom").click()
    page.locator(f'input[name="person"][value="{person}"]').check()
    page.get_by_role("button", name="Allow").click()


def test_one_clicks_from_the_link_through_zoom_to_connected(site: Site, page: Page) -> None:
    sign_in(page, site.make(), "jonas")
    page.get_by_role("heading", name="Zoom is connected").wait_for()
    page.reload()
    page.get_by_role("heading", name="Zoom is connected").wait_for()


def test_who_said_no_comes_back_to_the_link_by_a_click(site: Site, page: Page) -> None:
    url = site.make()
    page.goto(url)
    page.get_by_role("button", name="Continue to Zoom").click()
    page.get_by_role("button", name="Deny").click()
    page.get_by_role("heading", name="The permission was not given").wait_for()
    page.get_by_role("link", name="Try again with this link").click()
    assert page.url == url
    page.get_by_role("button", name="Continue to Zoom").wait_for()


def test_who_is_no_admin_can_take_the_text_to_pass_on(site: Site, page: Page) -> None:
    url = site.make()
    sign_in(page, url, "maya")
    page.get_by_role("heading", name="A Zoom admin is needed").wait_for()
    text = page.locator(".forward").inner_text()
    assert url in text
    page.get_by_role("button", name="Copy this text").click()
    page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == text


def test_a_page_that_still_checks_looks_again_by_itself(site: Site, page: Page) -> None:
    number = site.zoom.faults.switch_on("server_error", where="users")
    sign_in(page, site.make(), "rosa")
    page.get_by_role("heading", name="Still checking").wait_for()
    site.zoom.faults.switch_off(number)
    with page.expect_response(lambda response: "/oauth/zoom/callback" in response.url, timeout=30_000):
        pass


@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_fits_a_phone_and_a_desk(site: Site, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(site.make())
    page.get_by_text("I am not a Zoom admin").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
