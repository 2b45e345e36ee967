"""The way back from Zoom, and all that can be wrong with it."""

from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

import pytest
from sqlalchemy import delete

from integration.connecting import words
from integration.connecting.oauth_state import sign
from integration.tenants.models import Tenant
from tests.integration.connecting.steps import Scene, add_tenant, outcome

CALLBACK = "/oauth/zoom/callback"


def changed(address: str, **query: str | None) -> str:
    """The address with other parameters; None takes one away."""
    parts = urlsplit(address)
    old = {name: values[0] for name, values in parse_qs(parts.query).items()}
    new = {name: value for name, value in (old | query).items() if value is not None}
    return urlunsplit(parts._replace(query=urlencode(new)))


def exchanges(scene: Scene) -> int:
    return sum(call.kind == "exchange" for call in scene.zoom.calls)


def test_a_zoom_admin_connects_by_clicks_alone(scene: Scene) -> None:
    made, browser = scene.make(), scene.browser()
    response = scene.sign_in(browser, made["url"])
    assert (response.status_code, outcome(response)) == (200, "connected")
    assert "Acme Ltd" in response.text
    assert scene.connections()["acme"].state == "connected"
    assert scene.grants() == []
    assert scene.works("jonas")
    assert [one["state"] for one in scene.told(made["id"])] == ["started", "connected"]
    assert scene.link(made["id"])["state"] == "connected"


def test_loading_it_again_shows_the_result_and_does_nothing(scene: Scene) -> None:
    made, browser = scene.make(), scene.browser()
    address = scene.zoom.authorize_as("jonas", scene.press(browser, made["url"]))
    for _ in range(3):
        assert outcome(browser.get(address)) == "connected"
    scene.clock.move(3600)
    assert outcome(browser.get(address)) == "connected"
    assert exchanges(scene) == 1


def test_an_incomplete_address_connects_nothing_and_spends_nothing(scene: Scene) -> None:
    made, browser = scene.make(), scene.browser()
    address = scene.zoom.authorize_as("jonas", scene.press(browser, made["url"]))
    changes: list[tuple[dict[str, str | None], str]] = [
        ({"state": None}, "state_missing"),
        ({"state": ""}, "state_missing"),
        ({"state": "forged"}, "state_forged"),
        ({"code": None}, "no_code"),
    ]
    for change, page in changes:
        response = browser.get(changed(address, **change))
        assert (response.status_code, outcome(response)) == (400, page)
        assert "ask the person who sent you this one" in response.text
    assert exchanges(scene) == 0
    assert outcome(browser.get(address)) == "connected"


def test_a_state_of_ours_with_one_letter_changed_is_forged(scene: Scene) -> None:
    made, browser = scene.make(), scene.browser()
    address = scene.zoom.authorize_as("jonas", scene.press(browser, made["url"]))
    state = parse_qs(urlsplit(address).query)["state"][0]
    for at in (3, len(state) // 2, len(state) - 3):
        other = "A" if state[at] != "A" else "B"
        response = browser.get(changed(address, state=f"{state[:at]}{other}{state[at + 1 :]}"))
        assert outcome(response) == "state_forged"


def test_a_state_signed_by_us_for_another_start_is_an_older_attempt(scene: Scene) -> None:
    made, browser = scene.make(), scene.browser()
    address = scene.zoom.authorize_as("jonas", scene.press(browser, made["url"]))
    key = scene.runtime.settings.secret_key
    for link in (made["id"], "0" * 32):
        state = sign(key, link, "another nonce", scene.clock.now)
        assert outcome(browser.get(changed(address, state=state))) == "older_attempt"


def test_a_state_is_good_for_fifteen_minutes(scene: Scene) -> None:
    made, browser = scene.make(), scene.browser()
    at_zoom = scene.press(browser, made["url"])
    scene.clock.move(timedelta(minutes=15).total_seconds())
    response = browser.get(scene.zoom.authorize_as("jonas", at_zoom))
    assert (response.status_code, outcome(response)) == (410, "state_expired")
    assert made["url"] in response.text
    assert exchanges(scene) == 0
    assert outcome(scene.sign_in(browser, made["url"])) == "connected"


def test_who_presses_again_begins_anew(scene: Scene) -> None:
    made, browser = scene.make(), scene.browser()
    first = scene.press(browser, made["url"])
    second = scene.press(browser, made["url"])
    response = browser.get(scene.zoom.authorize_as("jonas", first))
    assert (response.status_code, outcome(response)) == (409, "older_attempt")
    assert outcome(browser.get(scene.zoom.authorize_as("jonas", second))) == "connected"


def test_another_browser_is_turned_away_and_spends_nothing(scene: Scene) -> None:
    made, browser, other = scene.make(), scene.browser(), scene.browser()
    address = scene.zoom.authorize_as("jonas", scene.press(browser, made["url"]))
    for cookie in ("", "retain-connect=", "retain-connect=nonsense", f"retain-connect={'a' * 43}.b"):
        response = other.get(address, headers={"Cookie": cookie})
        assert (response.status_code, outcome(response)) == (403, "wrong_browser")
        assert "Acme" not in response.text
    assert outcome(browser.get(address)) == "connected"
    assert outcome(other.get(address)) == "wrong_browser"


def test_one_browser_can_be_on_the_way_with_two_links(scene: Scene) -> None:
    add_tenant(scene.runtime, "globex", "Globex")
    globex = {"X-Actor": "slack:T0GLOBEX/UCARLOS", "X-Role": "admin", "X-Tenant": "globex"}
    mine, theirs = scene.make(), scene.make("globex", globex, requester_email="carlos@globex.example")
    browser = scene.browser()
    first, second = scene.press(browser, mine["url"]), scene.press(browser, theirs["url"])
    assert outcome(browser.get(scene.zoom.authorize_as("jonas", first))) == "connected"
    assert outcome(browser.get(scene.zoom.authorize_as("carlos", second))) == "connected"


def test_who_says_no_at_zoom_is_told_so_and_may_try_again(scene: Scene) -> None:
    made, browser = scene.make(), scene.browser()
    address = scene.zoom.deny(scene.press(browser, made["url"]))
    for _ in range(2):
        response = browser.get(address)
        assert (response.status_code, outcome(response)) == (403, "failed")
        assert "The permission was not given" in response.text
        assert f'href="{made["url"]}"' in response.text
    assert scene.link(made["id"])["cause"] == "consent_denied"
    assert outcome(scene.sign_in(browser, made["url"])) == "connected"
    assert [one["state"] for one in scene.told(made["id"])] == ["started", "failed", "started", "connected"]


def test_another_refusal_of_zooms_is_not_blamed_on_the_person(scene: Scene) -> None:
    made, browser = scene.make(), scene.browser()
    address = scene.zoom.deny(scene.press(browser, made["url"]))
    response = browser.get(changed(address, error="server_error"))
    assert response.status_code == 502
    assert scene.link(made["id"])["cause"] == "unknown"


def test_a_forged_refusal_changes_nothing(scene: Scene) -> None:
    made = scene.make()
    scene.press(scene.browser(), made["url"])
    scene.browser().get(f"{CALLBACK}?error=access_denied&state=forged")
    assert scene.link(made["id"])["state"] == "started"


def test_a_code_that_came_too_late_says_so(scene: Scene) -> None:
    made, browser = scene.make(), scene.browser()
    address = scene.zoom.authorize_as("jonas", scene.press(browser, made["url"]))
    scene.clock.move(timedelta(minutes=6).total_seconds())
    response = browser.get(address)
    assert response.status_code == 410
    assert "confirmation came too late" in response.text
    assert scene.link(made["id"])["cause"] == "code_expired"
    assert outcome(scene.sign_in(browser, made["url"])) == "connected"


def test_a_code_that_is_not_zooms_says_the_same(scene: Scene) -> None:
    made, browser = scene.make(), scene.browser()
    address = scene.zoom.authorize_as("jonas", scene.press(browser, made["url"]))
    assert browser.get(changed(address, code="of-somebody-else")).status_code == 410
    assert scene.connections() == {}
    assert scene.grants() == []


@pytest.mark.parametrize("kind", ["server_error", "half_written", "rate_limited"])
def test_with_zoom_down_at_the_exchange_nothing_is_half_made(scene: Scene, kind: str) -> None:
    made, browser = scene.make(), scene.browser()
    scene.zoom.faults.switch_on(kind, where="exchange", times=1)
    response = scene.sign_in(browser, made["url"])
    assert response.status_code == 503
    assert "Zoom does not answer just now" in response.text
    assert made["url"] in response.text
    assert (scene.connections(), scene.grants()) == ({}, [])
    assert scene.link(made["id"])["cause"] == "sign_in_cut_off"
    assert exchanges(scene) == 1
    assert outcome(scene.sign_in(browser, made["url"])) == "connected"


def test_when_zoom_refuses_our_app_staff_are_told_once_and_the_customer_is_not_blamed(scene: Scene) -> None:
    scene.zoom.faults.switch_on("invalid_client", where="exchange")
    made, browser = scene.make(), scene.browser()
    for _ in range(2):
        response = scene.sign_in(browser, made["url"])
        assert response.status_code == 502
        assert "Something is wrong on our side" in response.text
    assert [notice["data"]["cause"] for notice in scene.notices()] == ["invalid_client"]
    view = scene.told(made["id"])[-1]  # as the one who asked reads it
    assert (view["explanation"], view["next_step"]) == (words.ON_OUR_SIDE, words.LATER)
    assert words.LATER in response.text


def test_a_link_that_expired_while_the_person_was_at_zoom_says_so(scene: Scene) -> None:
    made, browser = scene.make(), scene.browser()
    scene.clock.move(timedelta(hours=23, minutes=55).total_seconds())
    at_zoom = scene.press(browser, made["url"])
    scene.clock.move(timedelta(minutes=6).total_seconds())
    response = browser.get(scene.zoom.authorize_as("jonas", at_zoom))
    assert (response.status_code, outcome(response)) == (410, "expired")
    assert exchanges(scene) == 0
    assert scene.zoom.live_pairs() == []


def test_a_tenant_that_was_deleted_meanwhile_leaves_a_plain_page(scene: Scene) -> None:
    made, browser = scene.make(), scene.browser()
    at_zoom = scene.press(browser, made["url"])
    with scene.runtime.database.writing() as session:
        session.execute(delete(Tenant))
    assert outcome(browser.get(scene.zoom.authorize_as("jonas", at_zoom))) == "older_attempt"
    assert exchanges(scene) == 0
