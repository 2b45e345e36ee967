"""Ways through several pages, with and without script: from Slack's link to the page and out, through Zoom, offline."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from integration.zoom.sandbox.model import User
from tests.browser.looking import DESKTOP, PHONE, Eyes, faults
from tests.support.pages.links import new_link
from tests.support.pages.people import PEOPLE, Who
from tests.support.pages.site import Site

ROLES = {"member": "Integrations", "admin": "Meeting hours of Acme Corp", "staff": "What needs somebody now"}
LANDING = {"member": "/integrations", "admin": "/reports/meeting-hours", "staff": "/staff"}
# What may come back from Zoom: as whom, which of its buttons, and what the page says.
ATTEMPTS = (
    ("Jonas Weber", "Deny", "The permission was not given"),
    ("Maya Chen", "Allow", "A Zoom admin is needed"),
    ("Jonas Weber", "Allow", "This Zoom account cannot be connected here"),
)


@pytest.fixture(params=[(DESKTOP, True), (PHONE, False)], ids=["desktop", "phone-no-script"])
def page(request: pytest.FixtureRequest, eyes: Eyes) -> Iterator[Page]:
    """A browser that nobody has used."""
    width, script = request.param
    with eyes.browser.new_context(
        viewport={"width": width, "height": 800}, java_script_enabled=script, reduced_motion="reduce"
    ) as context:
        context.set_default_timeout(10_000)
        yield context.new_page()


@pytest.mark.parametrize("who", ROLES)
def test_from_the_private_link_through_all_ones_pages_and_out(page: Page, site: Site, who: str) -> None:
    page.goto(site.page_link(who, LANDING[who]))
    page.get_by_role("button", name="Open it in this browser").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(ROLES[who])
    own = page.get_by_role("navigation", name="Your pages").get_by_role("link")
    for number in range(own.count()):
        name = own.nth(number).inner_text()
        own.nth(number).click()
        expect(page.locator("[aria-current=page]", has_text=name).first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("innerWidth"), name
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are signed out")
    page.goto(site.address("/reports/meeting-hours"))
    expect(page.get_by_role("heading", level=1)).to_have_text("You are not signed in here")


def test_through_zoom_and_back_with_all_that_can_go_wrong(page: Page, site: Site) -> None:
    others = owner_of_account(site, "soylent")
    for who, button, said in (*ATTEMPTS, (others.name, "Allow", "One more step, in Slack")):
        through_zoom(page, new_link(site, PEOPLE["initech"])["url"], who, button)
        expect(page.get_by_role("heading", level=1)).to_have_text(said)
        assert_fine(page)


def test_through_zoom_and_back_to_a_connection(page: Page, site: Site) -> None:
    """A tenant of their own, for afterwards it stands otherwise than the table says."""
    tenant = f"tenant-{uuid4().hex[:8]}"
    own = owner_of_account(site, tenant)
    site.api("POST", "tenants", id=tenant, name="Vandelay", domains=[f"{tenant}.example"], zoom_enabled=True)
    admin = Who(f"slack:T0{tenant}/U1", "admin", tenant, "Art", own.email)
    site.api("PUT", f"workspaces/{admin.team}", tenant=tenant)
    through_zoom(page, new_link(site, admin)["url"], own.name, "Allow")
    expect(page.get_by_role("heading", level=1)).to_have_text("Zoom is connected")
    assert_fine(page)


def owner_of_account(site: Site, slug: str) -> User:
    """Of a Zoom account that nobody else has connected."""
    key = site.zoom.add_account(slug)
    return site.zoom.people[key]


def through_zoom(page: Page, link: str, who: str, button: str) -> None:
    page.goto(link)
    page.get_by_role("button", name="Continue to Zoom").click()
    page.get_by_role("radio", name=who).check()
    page.get_by_role("button", name=button, exact=True).click()


def assert_fine(page: Page) -> None:
    """Nothing is wrong with it, as far as can be seen in this browser: axe needs script."""
    if page.viewport_size == {"width": DESKTOP, "height": 800}:
        assert faults(page) == ([], [])
        page.set_viewport_size({"width": DESKTOP, "height": 800})


def test_what_was_read_stays_readable_without_a_connection(eyes: Eyes) -> None:
    with eyes.browser.new_context(reduced_motion="reduce") as context:
        page = context.new_page()
        page.goto(eyes.site.address("/help/connect-zoom"))
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        page.wait_for_function("() => navigator.serviceWorker.controller")
        page.reload()
        title = page.get_by_role("heading", level=1).inner_text()
        eyes.site.service.stop()
        try:
            page.goto(eyes.site.address("/help/connect-zoom"))
            expect(page.get_by_role("heading", level=1)).to_have_text(title)
            page.goto(eyes.site.address("/help/security-privacy"))
            expect(page.get_by_role("heading", level=1)).to_have_text("You are offline")
        finally:
            eyes.site.service.start()


def test_everybody_is_let_in_where_they_may_and_nowhere_else(site: Site) -> None:
    """Areas × people. 401: nobody is signed in; 403: somebody is, and may not."""
    areas = {
        "/": (200, 200, 200, 200),
        "/support": (200, 200, 200, 200),
        "/integrations?tenant=acme": (200, 200, 200, 200),
        "/integrations/disconnect?tenant=acme": (401, 403, 200, 200),
        "/integrations?tenant=hooli": (200, 403, 403, 200),
        "/reports/meeting-hours?tenant=acme": (401, 403, 200, 200),
        "/reports/meeting-hours?tenant=hooli": (401, 403, 403, 200),
        **dict.fromkeys(("/staff", "/staff/queue", "/staff/queue.csv", "/staff/queue/{late}"), (401, 403, 403, 200)),
        **dict.fromkeys(("/staff/tenants", "/staff/tenants.csv", "/staff/tenants/acme"), (401, 403, 403, 200)),
        **dict.fromkeys(("/staff/gaps", "/staff/gaps/help-pages", "/staff/sla"), (401, 403, 403, 200)),
    }
    found = {}
    for path in areas:
        answers = []
        for who in ("nobody", "member", "admin", "staff"):
            with site.as_browser(who) as browser:
                answers.append(browser.get(site.address(path), timeout=20).status_code)
        found[path] = tuple(answers)
    assert found == areas
