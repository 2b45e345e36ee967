"""Private links to pages: the button, the cookie, and how long each is worth something."""

import logging

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from integration.app import create_app
from integration.config import Settings
from integration.signing_in.models import PageLink
from integration.tenants.models import Workspace
from tests.integration.signing_in.conftest import ADMIN, PAGE, STAFF, Site
from tests.integration.submitting import submit, token_on

COOKIE = "retain-pages"


def test_the_link_leads_by_a_button_to_the_page(site: Site) -> None:
    link, browser = site.link(), site.browser()
    page = browser.get(link)
    assert page.status_code == 200
    assert f'<form method="post" action="{link}">' in page.text
    assert "for Acme" in page.text
    pressed = submit(browser, link)
    assert (pressed.status_code, pressed.headers["Location"]) == (303, PAGE)
    assert browser.get("/seen/acme").json() == {"actor": ADMIN["X-Actor"], "role": "admin"}


def test_looking_at_a_link_never_spends_it(site: Site) -> None:
    link = site.link()
    for _ in range(3):
        assert site.browser().get(link).status_code == 200
        assert site.browser().head(link).status_code == 200
    assert submit(site.browser(), link).headers["Location"] == PAGE


def test_a_link_works_once(site: Site) -> None:
    link = site.link()
    submit(site.browser(), link)
    for again in (site.browser().get(link), submit(site.browser(), link)):
        assert again.status_code == 410
        assert "was used already" in again.text
        assert "/retain hours" in again.text
        assert COOKIE not in again.cookies


def test_the_browser_that_used_it_is_led_to_the_page_again(site: Site) -> None:
    link, browser = site.link(), site.browser()
    submit(browser, link)
    assert browser.get(link).headers["Location"] == PAGE
    assert browser.post(link).headers["Location"] == PAGE
    submit(browser, PAGE, to="/sign-out")
    assert browser.get(link).status_code == 410


def test_of_two_quick_presses_the_second_leads_there_as_the_first_would_have(site: Site) -> None:
    link, browser = site.link(), site.browser()
    form = {"form_token": token_on(browser.get(link))}
    as_it_was = {"Cookie": "; ".join(f"{name}={value}" for name, value in browser.cookies.items())}
    pressed = [site.browser().post(link, data=form, headers=as_it_was) for _ in range(2)]
    assert [one.headers["Location"] for one in pressed] == [PAGE, PAGE]
    assert pressed[0].cookies[COOKIE] == pressed[1].cookies[COOKIE]


def test_whoever_is_signed_in_is_led_on_by_any_link_of_theirs_used_and_old_ones_too(site: Site) -> None:
    browser, used, old = site.browser(), site.link(), site.link()
    submit(browser, used)
    site.clock.move(15 * 60)
    submit(browser, site.link())
    for link in (used, old):
        assert browser.get(link).headers["Location"] == PAGE
    assert site.browser().get(used).status_code == 410


def test_a_link_of_somebody_else_leads_nobody_on(site: Site) -> None:
    browser, theirs = site.browser(), site.link(headers=STAFF)
    submit(browser, site.link())
    assert browser.get(theirs).status_code == 200  # the page that says whose numbers it opens, with its button


def test_a_link_works_for_5_minutes(site: Site) -> None:
    early, late = site.link(), site.link()
    site.clock.move(5 * 60 - 1)
    assert submit(site.browser(), early).status_code == 303
    site.clock.move(1)
    refused = submit(site.browser(), late)
    assert refused.status_code == 410
    assert "5 minutes" in refused.text


def test_an_unknown_link_says_what_to_do(site: Site) -> None:
    for path in ("/sign-in/nothing", site.link()[:-1]):
        refused = site.browser().get(path)
        assert refused.status_code == 404
        assert "/retain hours" in refused.text


def test_one_is_signed_in_for_half_an_hour(site: Site) -> None:
    browser = site.signed_in()
    kept = browser.cookies[COOKIE]
    site.clock.move(1800 - 1)
    assert browser.get("/seen/acme").status_code == 200
    site.clock.move(1)
    refused = site.browser().get("/seen/acme", headers={"Cookie": f"{COOKIE}={kept}"})
    assert refused.status_code == 401
    assert "/retain hours" in refused.text


def test_a_cookie_of_somebody_elses_making_signs_nobody_in(site: Site) -> None:
    site.signed_in()
    for cookie in ("", "x", "ä", "A" * 43, "A" * 5000):
        given = {b"Cookie": f"{COOKIE}={cookie}".encode()}
        assert site.browser().get("/seen/acme", headers=given).status_code == 401


def test_signing_out_ends_it_in_the_service_too(site: Site) -> None:
    browser = site.signed_in()
    kept = browser.cookies[COOKIE]
    left = submit(browser, PAGE, to="/sign-out")
    assert left.headers["Location"] == "/signed-out"
    assert COOKIE not in browser.cookies
    assert "You are signed out" in browser.get("/signed-out").text
    assert site.browser().get("/seen/acme", headers={"Cookie": f"{COOKIE}={kept}"}).status_code == 401


@pytest.mark.parametrize("origin", ["cross-site", "same-site"])
def test_another_site_can_neither_sign_in_nor_out(site: Site, origin: str) -> None:
    link, browser = site.link(), site.browser()
    shown_first = submit(browser, link, headers={"Sec-Fetch-Site": origin})
    assert (shown_first.headers["Location"], COOKIE in browser.cookies) == (f"{link}?again=1", False)
    submit(browser, link, headers={"Sec-Fetch-Site": "same-origin"})
    assert submit(browser, PAGE, to="/sign-out", headers={"Sec-Fetch-Site": origin}).status_code == 403
    assert browser.get("/seen/acme").status_code == 200


def test_a_browser_without_cookies_is_told_why_the_button_does_nothing(site: Site) -> None:
    link, browser = site.link(), site.browser()
    led = browser.post(link, data={"form_token": token_on(browser.get(link))}, headers={"Cookie": "none=1"})
    assert "must allow cookies" in browser.get(led.headers["Location"]).text
    assert "cookies" not in browser.get(link).text


def test_a_command_that_leads_to_the_page_of_a_spent_link_is_named(site: Site) -> None:
    link = site.link(page="/integrations")
    submit(site.browser(), link)
    assert "type /retain integrations for a new link" in site.browser().get(link).text


def test_near_the_end_a_new_link_begins_a_new_half_hour(site: Site) -> None:
    browser = site.signed_in()
    site.clock.move(26 * 60)
    link = site.link()
    assert submit(browser, link).headers["Location"] == PAGE
    assert site.browser().get(link).status_code == 410
    site.clock.move(26 * 60)
    assert browser.get("/seen/acme").status_code == 200


def test_a_link_says_whose_session_it_ends(site: Site) -> None:
    browser = site.signed_in()
    assert "signed in for Acme now" in browser.get(site.link(STAFF)).text
    assert "signed in for Acme now" not in site.browser().get(site.link(STAFF)).text


def test_signing_out_after_the_half_hour_is_no_error(site: Site) -> None:
    browser = site.signed_in()
    stale = {"Cookie": f"{COOKIE}={browser.cookies[COOKIE]}"}
    site.clock.move(1800)
    for given in (stale, {"Cookie": "none=1"}):
        left = site.browser().post("/sign-out", data={"form_token": "of before"}, headers=given)
        assert (left.status_code, left.headers["Location"]) == (303, "/signed-out")


def test_whoever_is_signed_in_keeps_the_way_to_their_pages_on_an_error(site: Site) -> None:
    browser = site.signed_in()
    for address, status in (("/nothing", 404), ("/staff/queue", 403), ("/integrations?tenant=globex", 403)):
        page = browser.get(address)
        assert page.status_code == status
        assert '<a class="button" href="/integrations">Integrations</a>' in page.text
        assert "Sign out" in page.text
    assert "Sign out" not in site.browser().get("/nothing").text


def test_a_refusal_names_the_command_that_leads_elsewhere(site: Site) -> None:
    browser = site.signed_in()
    assert "type /retain integrations in the Slack workspace" in browser.get("/integrations?tenant=globex").text
    assert "type /retain hours in the Slack workspace" in browser.get("/reports/meeting-hours?tenant=globex").text
    site.change(update(Workspace).where(Workspace.team == "T0ACME").values(tenant_id=None))
    assert "does not belong to an organisation of ours any more" in browser.get("/integrations").text


def test_the_cookie_is_the_servers_alone_and_held_to_this_host(site: Site, settings: Settings) -> None:
    plain = submit(site.browser(), site.link()).headers["Set-Cookie"]
    assert {"HttpOnly", "Path=/", "SameSite=lax", "Max-Age=1800"} <= set(plain.split("; "))
    assert "Domain" not in plain
    with TestClient(
        create_app(settings.model_copy(update={"public_url": "https://retain.example"}), clock=site.clock),
        base_url="https://retain.example",
        follow_redirects=False,
    ) as browser:
        held = submit(browser, site.link()).headers["Set-Cookie"]
    assert held.startswith("__Host-retain-pages=")
    assert "Secure" in held


def test_nothing_that_opens_anything_is_stored_or_logged(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        link, browser = site.link(), site.browser()
        browser.get(link)
        submit(browser, link)
        browser.get("/seen/acme")
    secrets = (link.rpartition("/")[2], browser.cookies[COOKIE])
    with site.runtime.database.reading() as session:
        row = session.execute(select(PageLink.__table__)).mappings().one()
    for secret in secrets:
        assert secret not in str(dict(row))
        assert all(secret not in str(record.__dict__) for record in caplog.records if record.name != "httpx2")


def test_no_page_of_it_is_kept_or_found_or_tells_where_one_was(site: Site) -> None:
    link = site.link()
    for response in (site.browser().get(link), submit(site.browser(), link)):
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in response.headers["X-Robots-Tag"]


def test_of_two_browsers_at_once_one_is_signed_in(site: Site) -> None:
    link = site.link()
    assert sorted(submit(site.browser(), link).status_code for _ in range(2)) == [303, 410]
