"""The pages, as a person uses them: in a browser, by clicks."""

import re

import pytest
from playwright.sync_api import expect

from integration.zoom.sandbox.driver import ZoomStandIn
from tests.integration.zoom.sandbox.conftest import OpenPage, Program

PATHS = ("/", "/marketplace", "/faults", "/events", "/meetings", "/calendar")


def test_a_person_allows_by_clicks(zoom: ZoomStandIn, program: Program, open_page: OpenPage) -> None:
    page = open_page(program.consent_url())
    expect(page.get_by_role("heading", level=1)).to_have_text("Retain asks to read your Zoom account")
    page.get_by_label("Ines Duarte").check()
    with page.expect_request("http://127.0.0.1:9/**") as back:
        page.get_by_role("button", name="Allow").click()
    code = re.search(r"code=([^&]+)", back.value.url)
    assert code is not None
    assert program.exchange(code[1]).ok
    assert [pair.grant.user.key for pair in zoom.live_pairs()] == ["ines"]


def test_a_person_denies_by_a_click_without_saying_who_they_are(program: Program, open_page: OpenPage) -> None:
    page = open_page(program.consent_url())
    with page.expect_request("http://127.0.0.1:9/**") as back:
        page.get_by_role("button", name="Deny").click()
    assert "error=access_denied" in back.value.url


def test_who_forgets_to_choose_is_asked_again(program: Program, open_page: OpenPage) -> None:
    page = open_page(program.consent_url())
    page.get_by_role("button", name="Allow").click()
    expect(page.get_by_role("alert")).to_have_text("Choose who you are first.")


def test_trouble_is_switched_on_shown_and_off(zoom: ZoomStandIn, program: Program, open_page: OpenPage) -> None:
    pair = program.connected()
    page = open_page("/faults")
    page.get_by_label("Zoom is down").check()
    page.get_by_label("Where").select_option("API: all calls")
    page.get_by_label("For whom").select_option("Acme Zoom")
    page.get_by_label("How often").select_option("3 times")
    page.get_by_role("button", name="Switch on").click()
    expect(page.get_by_text("API: all calls, Acme Zoom, 3 more times")).to_be_visible()
    assert program.get(pair, "/users/me").status_code == 500
    page.get_by_role("link", name="Home").click()
    expect(page.get_by_text("Trouble is on: Zoom is down.")).to_be_visible()
    page.get_by_role("link", name="Change it").click()
    expect(page.get_by_text("API: all calls, Acme Zoom, 2 more times")).to_be_visible()
    page.get_by_role("button", name="Switch off: Zoom is down").click()
    expect(page.get_by_text("Everything works.")).to_be_visible()
    assert program.get(pair, "/users/me").ok


def test_habits_are_chosen_and_go_back_to_normal(zoom: ZoomStandIn, open_page: OpenPage) -> None:
    page = open_page("/faults")
    page.get_by_label("After a refresh, the old refresh token").select_option("works for another minute")
    page.get_by_role("button", name="Behave like this").click()
    expect(page.get_by_label("After a refresh, the old refresh token")).to_have_value("lingers")
    assert zoom.world.habits["old_refresh"] == "lingers"
    page.get_by_role("button", name="Back to normal").click()
    assert zoom.world.habits["old_refresh"] == "dies"


def test_the_clock_goes_forward(zoom: ZoomStandIn, program: Program, open_page: OpenPage) -> None:
    pair = program.connected()
    page = open_page("/faults")
    page.get_by_role("button", name="61 minutes on").click()
    expect(page.get_by_text("It is ahead by 1:01:00.")).to_be_visible()
    assert program.get(pair, "/users/me").json()["message"] == "Access token is expired."


def test_the_app_is_uninstalled_and_the_event_sent_later(
    zoom: ZoomStandIn, program: Program, open_page: OpenPage
) -> None:
    pair = program.connected("jonas")
    page = open_page("/marketplace")
    expect(page.get_by_text("connected", exact=True)).to_be_visible()
    page.get_by_role("button", name="Uninstall, and tell later").click()
    expect(page.get_by_text("Does not have Retain.")).to_have_count(2)
    assert program.get(pair, "/users/me").json()["code"] == 124
    page.get_by_role("link", name="Events", exact=True).click()
    expect(page.get_by_text("not sent: there is no address")).to_be_visible()
    page.get_by_label("Events go to").fill("http://127.0.0.1:1/webhooks/zoom")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Send number 1", exact=True).click()
    expect(page.get_by_text("nobody answers at the address")).to_be_visible()
    expect(page.get_by_text("next try")).to_be_visible()
    page.get_by_text("Send another event").click()
    page.get_by_label("Event", exact=True).fill("meeting.ended")
    page.get_by_label("Payload").fill('{"object": {"id": "7"}}')
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("heading", name="meeting.ended")).to_be_visible()
    page.get_by_role("button", name="Check the address").click()
    expect(page.get_by_role("heading", name="endpoint.url_validation")).to_be_visible()


def test_the_front_page_tells_what_happened(program: Program, open_page: OpenPage) -> None:
    pair = program.connected("jonas")
    program.refresh(pair)
    page = open_page("/")
    expect(page.get_by_text(re.compile("connected\\s+1 refresh$"))).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="refresh")).to_contain_text("POST /oauth/token")


@pytest.mark.parametrize("width", [1100, 390])
def test_nothing_is_wider_than_the_screen(program: Program, open_page: OpenPage, width: int) -> None:
    program.refresh(program.connected("jonas"))
    for path in (*PATHS, program.consent_url(), "/oauth/authorize"):
        page = open_page(path, width)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        expect(page.get_by_text("Zoom stand-in").first).to_be_visible()


def test_no_page_shows_a_secret(zoom: ZoomStandIn, program: Program) -> None:
    pair = program.connected("jonas")
    newer = program.refresh(pair).json()
    zoom.uninstall("acme")
    secrets = [zoom.client_secret, zoom.webhook_secret]
    secrets += [one[key] for one in (pair, newer) for key in ("access_token", "refresh_token")]
    for path in (*PATHS, "/state"):
        text = program.http.get(zoom.oauth_url + path, timeout=10).text
        assert not [secret for secret in secrets if secret in text]
    assert not [secret for secret in secrets if secret in repr((zoom.calls, zoom.live_pairs(), zoom.world.app))]


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/faults/on", {"kind": "nothing"}),
        ("/faults/on", {"kind": "slow", "times": "often"}),
        ("/faults/on", {"kind": "slow", "account": "initech"}),
        ("/faults/on", {"kind": "slow", "seconds": "nan"}),
        ("/faults/habits", {"stamp": "hours"}),
        ("/faults/clock", {"seconds": "-1"}),
        ("/faults/clock", {"seconds": "99999999999"}),
        ("/marketplace/uninstall", {"account": "initech"}),
        ("/events/send", {"url": "ftp://x"}),
        ("/events/send", {"again": "99"}),
        ("/events/send", {"event": "meeting.ended", "payload": "["}),
        ("/events/send", {"event": "meeting.ended", "payload": "7"}),
    ],
)
def test_what_is_not_possible_is_said(zoom: ZoomStandIn, program: Program, path: str, form: dict[str, str]) -> None:
    answer = program.http.post(zoom.oauth_url + path, data=form, timeout=10)
    assert answer.status_code == 400
    assert "That is not possible" in answer.text


def test_trouble_can_be_made_over_http(zoom: ZoomStandIn, program: Program) -> None:
    program.http.post(f"{zoom.oauth_url}/faults/on", data={"kind": "slow", "where": "api", "times": "2"}, timeout=10)
    state = program.http.get(f"{zoom.oauth_url}/state", timeout=10).json()
    assert state["faults"] == [{"number": 1, "kind": "slow", "where": "api", "account": None, "times": 2}]
    program.http.post(f"{zoom.oauth_url}/faults/off", timeout=10)
    assert program.http.get(f"{zoom.oauth_url}/state", timeout=10).json()["faults"] == []
