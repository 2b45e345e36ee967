"""The chat page where the app is not installed, and how it comes and goes there."""

from playwright.sync_api import expect
from slack_sdk import WebClient

from bot.sandbox.driver import Driver
from tests.bot.sandbox.conftest import OpenPage

ELSEWHERE = "http://127.0.0.1:9/"


def test_where_the_app_is_not_installed_the_page_says_so_and_offers_it(open_page: OpenPage, slack: Driver) -> None:
    slack.registration.install_url = f"{slack.base_url}/static/icon.svg"
    page = open_page("ines")
    expect(page.get_by_text("Retain is not installed in Initech.")).to_be_visible()
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Install Retain").click()
    assert opened.value.url.endswith("icon.svg")
    assert [c["name"] for c in opened.value.context.cookies()] == ["sandbox_person"]


def test_without_a_bot_to_install_it_nothing_is_offered(open_page: OpenPage) -> None:
    page = open_page("ines")
    expect(page.get_by_text("Retain is not installed in Initech.")).to_be_visible()
    expect(page.get_by_role("link", name="Install Retain")).to_have_count(0)


def test_the_app_is_removed_from_the_workspace_menu(open_page: OpenPage, slack: Driver) -> None:
    slack.world.links = (("Zoom stand-in: Marketplace", f"{ELSEWHERE}marketplace"),)
    page = open_page("jonas")
    page.locator("#workspace-menu summary").click()
    expect(page.get_by_role("link", name="Zoom stand-in: Marketplace")).to_have_attribute(
        "href", f"{ELSEWHERE}marketplace"
    )
    page.get_by_role("button", name="Remove Retain").click()
    expect(page.get_by_text("Retain is not installed in Acme Corp.")).to_be_visible()
    expect(page.get_by_role("textbox", name="Message #general")).to_be_visible()
    assert "T0ACME" not in slack.world.apps


def test_guests_do_not_manage_apps(open_page: OpenPage) -> None:
    page = open_page("priya")
    expect(page.get_by_role("textbox", name="Message Retain")).to_be_visible()
    expect(page.get_by_role("button", name="Remove Retain")).to_have_count(0)


def test_a_link_that_the_app_posts_opens_in_a_new_tab(open_page: OpenPage, slack: Driver) -> None:
    page = open_page()
    WebClient(slack.bot_token(), base_url=slack.api_url).chat_postMessage(
        channel=slack.dm("maya"), text=f"Connect: <{slack.base_url}/static/icon.svg|your link>", unfurl_links=False,
        unfurl_media=False,
    )  # fmt: skip
    with page.expect_popup() as opened:
        page.get_by_role("link", name="your link").click()
    assert opened.value.url.endswith("icon.svg")
