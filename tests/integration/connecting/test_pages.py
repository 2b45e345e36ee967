import logging
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from integration.app import create_app
from integration.config import Settings
from integration.connecting.models import ConnectLink, LinkState
from integration.pages.throttle import Throttle
from integration.tenants.models import Tenant
from tests.integration.conftest import TestClock
from tests.integration.connecting.steps import ADMIN, Scene, browser_of, outcome
from tests.integration.submitting import submit

DAY = timedelta(hours=24).total_seconds()


def test_the_page_says_for_whom_it_is_and_who_asked(scene: Scene) -> None:
    page = scene.browser().get(scene.make()["url"]).text
    assert "<h1>Connect Zoom for Acme Ltd</h1>" in page
    assert "Jonas Weber (jonas@acme.example)" in page
    assert re.search(r'Works until</dt><dd>\s*<time datetime="2025-01-15T18:30:00\+00:00" data-local>', page)
    assert len(re.findall(r"<button", page)) == 1


def test_what_people_call_themselves_is_shown_as_text(scene: Scene) -> None:
    page = scene.browser().get(scene.make(requester_name="<b>Jonas</b>")["url"]).text
    assert "&lt;b&gt;Jonas&lt;/b&gt;" in page


def test_the_page_says_nothing_about_a_connection_that_is_there(scene: Scene) -> None:
    before = scene.browser().get(scene.make()["url"]).text
    scene.connect()
    after = scene.browser().get(scene.make()["url"]).text
    token = re.compile(r'/connect/[\w-]{43}|(?<=name="form_token" value=")[^"]+')
    assert token.sub("", before) == token.sub("", after)


def test_looking_at_a_link_ahead_of_people_changes_nothing(scene: Scene) -> None:
    made = scene.make()
    for method in ("HEAD", "GET", "HEAD", "GET"):
        response = scene.browser().request(method, made["url"])
        assert response.status_code == 200
        assert "retain-connect" not in response.headers.get("set-cookie", "")
    assert scene.link(made["id"])["state"] == "sent"
    assert scene.told(made["id"]) == []


def test_no_page_is_kept_listed_or_told_of_to_others(scene: Scene) -> None:
    made, browser = scene.make(), scene.browser()
    at_zoom = submit(browser, made["url"])
    back = browser.get(scene.zoom.authorize_as("jonas", at_zoom.headers["Location"]))
    for response in (browser.get(made["url"]), scene.browser().get("/connect/nothing"), at_zoom, back):
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in response.headers["X-Robots-Tag"]
        assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]


def test_the_form_may_lead_to_zoom_and_nowhere_else(scene: Scene) -> None:
    policy = scene.browser().get(scene.make()["url"]).headers["Content-Security-Policy"]
    assert f"form-action 'self' {scene.zoom.oauth_url};" in policy


def test_at_zoom_itself_its_other_hosts_are_allowed_too(settings: Settings, scene: Scene, clock: TestClock) -> None:
    made = scene.make()
    with browser_of(create_app(settings.model_copy(update={"zoom_oauth_url": "https://zoom.us"}), clock=clock)) as real:
        policy = real.get(made["url"]).headers["Content-Security-Policy"]
    assert "form-action 'self' https://zoom.us https://*.zoom.us;" in policy


def test_the_button_leads_to_zoom_with_all_that_oauth_asks_for(scene: Scene) -> None:
    made = scene.make()
    address = scene.press(scene.browser(), made["url"])
    assert address.startswith(f"{scene.zoom.oauth_url}/oauth/authorize?")
    for part in (
        "response_type=code",
        f"client_id={scene.zoom.client_id}",
        "redirect_uri=http%3A%2F%2Flocalhost%3A8000%2Foauth%2Fzoom%2Fcallback",
        "code_challenge_method=S256",
    ):
        assert part in address
    assert made["url"].rsplit("/", 1)[1] not in address
    assert scene.link(made["id"])["state"] == "started"


def test_the_cookie_is_for_this_site_alone_and_hidden_from_scripts(scene: Scene) -> None:
    cookie = submit(scene.browser(), scene.make()["url"]).headers["set-cookie"]
    assert cookie.startswith("retain-connect=")
    for part in ("HttpOnly", "SameSite=lax", "Path=/"):
        assert part in cookie


@pytest.fixture
def over_https(settings: Settings, clock: TestClock) -> Iterator[TestClient]:
    changed = settings.model_copy(update={"public_url": "https://support.retain.example"})
    with browser_of(create_app(changed, clock=clock), "https://support.retain.example") as client:
        yield client


def test_over_https_the_cookie_is_bound_to_the_host(scene: Scene, over_https: TestClient) -> None:
    cookie = submit(over_https, scene.make()["url"].replace("http://localhost:8000", "")).headers["set-cookie"]
    assert cookie.startswith("__Host-retain-connect=")
    assert "Secure" in cookie
    assert "Domain" not in cookie


def test_another_site_cannot_press_the_button(scene: Scene) -> None:
    made, browser = scene.make(), scene.browser()
    for site in ("cross-site", "same-site"):
        response = submit(browser, made["url"], headers={"Sec-Fetch-Site": site})
        assert response.status_code == 303
        assert response.headers["Location"] == made["url"].removeprefix("http://localhost:8000") + "?again=1"
        assert "This browser must allow cookies of this site" in browser.get(response.headers["Location"]).text
    assert scene.link(made["id"])["state"] == "sent"
    assert (
        submit(browser, made["url"], headers={"Sec-Fetch-Site": "same-origin"})
        .headers["Location"]
        .startswith(scene.zoom.oauth_url)
    )


def test_an_unknown_link_has_a_page_of_its_own(scene: Scene) -> None:
    browser = scene.browser()
    for token in ["nothing", "a" * 43, "%F0%9F%98%80", "%00", "x" * 5000]:
        for method in ("GET", "POST"):
            response = browser.request(method, f"/connect/{token}")
            assert (response.status_code, outcome(response)) == (404, "unknown")
            assert "ask the person who sent you this one" in response.text


def test_a_link_whose_time_is_over_says_so_before_and_after_the_worker_came_round(scene: Scene) -> None:
    made = scene.make()
    scene.keep_card(made["id"])
    scene.clock.move(DAY - 1)
    assert scene.browser().get(made["url"]).status_code == 200
    scene.clock.move(1)
    for _ in range(2):
        for method in ("GET", "POST"):
            response = scene.browser().request(method, made["url"])
            assert (response.status_code, outcome(response)) == (410, "expired")
            assert "ask the person who sent you this one" in response.text
        scene.work()
    assert scene.link(made["id"])["cause"] == "link_expired"
    assert [one["state"] for one in scene.told(made["id"])] == ["expired"]


def test_a_used_link_says_so_and_tells_no_more(scene: Scene) -> None:
    made = scene.connect()
    for method in ("GET", "POST"):
        response = scene.browser().request(method, made["url"])
        assert (response.status_code, outcome(response)) == (410, "used")
        assert "Zoom was connected with this link" in response.text
        assert "Acme" not in response.text


def test_the_browser_that_connected_with_it_reads_that_it_worked(scene: Scene) -> None:
    made, browser = scene.make(), scene.browser()
    scene.sign_in(browser, made["url"], "ines")
    assert outcome(browser.get(made["url"])) == "awaiting"
    scene.decide(made["id"], "confirm", ADMIN)
    page = browser.get(made["url"])
    assert (page.status_code, outcome(page)) == (200, "connected")
    assert "Acme Ltd" in page.text
    elsewhere = scene.browser().get(made["url"])
    assert outcome(elsewhere) == "used"
    assert 'class="button" href="/integrations"' in elsewhere.text


def test_a_link_that_waits_for_confirmation_cannot_be_used_meanwhile(scene: Scene) -> None:
    made = scene.make()
    scene.sign_in(scene.browser(), made["url"], "ines")
    for method in ("GET", "POST"):
        assert outcome(scene.browser().request(method, made["url"])) == "awaiting"


def test_a_link_of_a_tenant_whose_zoom_was_switched_off_says_how_to_go_on(scene: Scene) -> None:
    made = scene.make()
    with scene.runtime.database.writing() as session:
        session.execute(update(Tenant).values(zoom_enabled=False))
    response = submit(scene.browser(), made["url"])
    assert (response.status_code, outcome(response)) == (409, "not_enabled")
    assert "/help/zoom-icon-missing" in response.text
    with scene.runtime.database.writing() as session:
        session.execute(update(Tenant).values(zoom_enabled=True))
    assert outcome(scene.sign_in(scene.browser(), made["url"])) == "connected"


def test_no_line_of_the_log_has_a_token(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    made, browser = scene.make(), scene.browser()
    scene.sign_in(browser, made["url"])
    lines = [str(vars(record)) for record in caplog.records if record.name.startswith("integration")]
    assert lines
    assert made["url"].rsplit("/", 1)[1] not in "".join(lines)


def test_a_rejected_link_says_so(scene: Scene) -> None:
    made = scene.make()
    scene.sign_in(scene.browser(), made["url"], "ines")
    scene.decide(made["id"], "reject", ADMIN)
    response = scene.browser().get(made["url"])
    assert (response.status_code, outcome(response)) == (410, "rejected")
    assert scene.row(made["id"]).state == LinkState.REJECTED


BACK = "https://acme.slack.com/archives/D1/p1700000000000100"


def test_who_asked_for_a_link_is_led_back_to_its_message_once_it_is_over(scene: Scene) -> None:
    made = scene.make()
    path = f"/v1/connect-links/{made['id']}/card"
    for refused in ("javascript:alert(1)", 'https://x/"onclick=', "x" * 2001):
        answer = scene.api.put(path, json={"place": "slack:T0ACME/D1/1.2", "back": refused}, headers=ADMIN)
        assert answer.json()["field"] == "back"
    scene.api.put(path, json={"place": "slack:T0ACME/D1/1.2", "back": BACK}, headers=ADMIN)
    assert BACK not in (scene.row(made["id"]).back or "")
    assert BACK not in scene.browser().get(made["url"]).text
    scene.clock.move(DAY)
    page = scene.browser().get(made["url"]).text
    assert f'href="{BACK}"' in page
    assert "a button that sends you a new one" in page
    with scene.runtime.database.writing() as session:
        session.execute(update(ConnectLink).values(back="not sealed by us"))
    without = scene.browser().get(made["url"])
    assert (without.status_code, outcome(without)) == (410, "expired")


def test_a_link_says_that_a_sign_in_with_it_is_under_way(scene: Scene) -> None:
    made = scene.make()
    scene.press(scene.browser(), made["url"])
    assert "A sign-in with this link has begun" in scene.browser().get(made["url"]).text


def test_links_are_guessed_only_so_often_from_one_network_and_those_that_are_there_open_nevertheless(
    scene: Scene,
) -> None:
    scene.app.state.throttles = {"guesses": Throttle(2, 100)}
    browser = scene.browser()
    assert [browser.get("/connect/nothing").status_code for _ in range(2)] == [404, 404]
    refused = browser.get("/connect/nothing")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "600")
    assert browser.post("/sign-in/nothing").status_code == 429
    assert browser.get(scene.make()["url"]).status_code == 200
    scene.clock.move(600)
    assert browser.get("/connect/nothing").status_code == 404
