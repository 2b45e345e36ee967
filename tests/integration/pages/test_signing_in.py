"""Private links to pages: who gets one, what it is worth, and for how long."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlsplit

import httpx2 as httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import make_url, select, update

from integration.app import create_app
from integration.config import Settings
from integration.pages.models import PageLink
from integration.pages.signing_in import Reader, require_signed_in
from integration.policy import Role
from integration.runtime import Runtime, make_runtime
from integration.tenants.models import Person, Tenant, Workspace
from integration.tenants.removal import remove
from tests.integration.conftest import API_KEY, TestClock, make_settings, serving_for
from tests.integration.submitting import submit, token_on

PAGE = "/reports/meeting-hours?from=2025-01-01&to=2025-01-14"
ADMIN = {"X-Actor": "slack:T0ACME/UJONAS", "X-Role": "admin", "X-Tenant": "acme"}
MEMBER = ADMIN | {"X-Role": "member"}
STAFF = {"X-Actor": "slack:T0RETAIN/USAM", "X-Role": "staff"}
COOKIE = "retain-pages"
OURS = (
    "/reports/meeting-hours",
    "/reports/duration?occurrence=0a1b&zone=Europe/Berlin",
    "/reports/duration?meeting=932%200123%205621&on=2025-01-14",
    "/integrations",
)
NOT_OURS = (
    "//evil.example/reports/x",
    "https://evil.example/reports/",
    "/reports/../connect/x",
    "/reports//evil.example",
    "/reports\\evil",
    "/reports/x\r\nSet-Cookie: a=b",
    "/reports/x#part",
    "/reportsx",
    "/sign-out",
    "reports/x",
    "/reports/x\n",
    "/reports/" + "x" * 2000,
    "",
    None,
)

shown = APIRouter()


@shown.get("/seen/{tenant}")
def seen(tenant: str, reader: Annotated[Reader, Depends(require_signed_in)]) -> dict[str, str]:
    """A signed-in page, as any other."""
    reader.require("hours", tenant)
    return {"actor": reader.actor, "role": reader.role}


@dataclass
class Site:
    api: TestClient
    runtime: Runtime
    clock: TestClock

    def ask(self, headers: Mapping[str, str] = ADMIN, page: object = PAGE) -> httpx.Response:
        return self.api.post("/v1/page-links", json={"page": page}, headers=dict(headers))

    def link(self, headers: Mapping[str, str] = ADMIN, page: str = PAGE) -> str:
        """The path of a new link."""
        made = self.ask(headers, page)
        assert made.status_code == 201, made.text
        return urlsplit(str(made.json()["url"])).path

    def browser(self, base_url: str = "http://localhost:8000") -> TestClient:
        app: FastAPI = self.api.app  # type: ignore[assignment]
        return TestClient(app, base_url=base_url, follow_redirects=False)

    def signed_in(self, headers: Mapping[str, str] = ADMIN) -> TestClient:
        browser = self.browser()
        assert submit(browser, self.link(headers)).status_code == 303
        return browser

    def change(self, statement: Any) -> None:
        with self.runtime.database.writing() as session:
            session.execute(statement)

    def list_as(self, actor: str, role: Role, tenant: str | None) -> None:
        with self.runtime.database.writing() as session:
            session.add(Person(actor=actor, tenant_id=tenant, role=role, changed_at=self.clock()))


@pytest.fixture(scope="module")
def app_with_a_page() -> FastAPI:
    app = create_app(make_settings(make_url("sqlite:////nowhere/app.db")))
    app.include_router(shown)
    return app


@pytest.fixture
def site(settings: Settings, runtime: Runtime, clock: TestClock, app_with_a_page: FastAPI) -> Iterator[Site]:
    with runtime.database.writing() as session:
        session.add_all(Tenant(id=slug, name=slug.title(), created_at=clock()) for slug in ("acme", "globex"))
        session.flush()
        session.add(Workspace(team="T0ACME", tenant_id="acme", first_seen_at=clock(), linked_at=clock()))
        session.add(Workspace(team="T0RETAIN", staff=True, first_seen_at=clock(), linked_at=clock()))
    app = serving_for(make_runtime(settings, clock), app_with_a_page)
    with TestClient(app, headers={"Authorization": f"Bearer {API_KEY}"}) as api:
        yield Site(api, runtime, clock)


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
    assert (shown_first.headers["Location"], COOKIE in browser.cookies) == (link, False)
    submit(browser, link, headers={"Sec-Fetch-Site": "same-origin"})
    assert submit(browser, PAGE, to="/sign-out", headers={"Sec-Fetch-Site": origin}).status_code == 403
    assert browser.get("/seen/acme").status_code == 200


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


def test_a_link_is_for_pages_of_ours_and_for_nothing_else(site: Site) -> None:
    for ours in OURS:
        assert submit(site.browser(), site.link(page=ours)).headers["Location"] == ours
    for page in NOT_OURS:
        refused = site.ask(page=page)
        assert (page, refused.status_code, refused.json()["field"]) == (page, 422, "page")


def test_the_bot_must_say_for_whom(site: Site) -> None:
    assert site.ask({"X-Role": "admin", "X-Tenant": "acme"}).json()["field"] == "X-Actor"
    assert site.ask({}).status_code == 403
    assert site.ask(ADMIN | {"X-Tenant": "akme"}).status_code == 404


def test_everyone_sees_what_the_policy_gives_them(site: Site) -> None:
    expected = {("admin", "acme"): 200, ("admin", "globex"): 403, ("member", "acme"): 403}
    expected |= {("staff", "acme"): 200, ("staff", "globex"): 200}
    browsers = {"admin": site.signed_in(), "member": site.signed_in(MEMBER), "staff": site.signed_in(STAFF)}
    got = {(who, tenant): browsers[who].get(f"/seen/{tenant}").status_code for who, tenant in expected}
    assert got == expected


def test_who_is_refused_is_told_who_can_and_it_is_logged(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    browser = site.signed_in(MEMBER)
    with caplog.at_level(logging.WARNING, logger="integration.pages.signing_in"):
        assert "An admin of your organisation can see it" in browser.get("/seen/acme").text
    [record] = [one for one in caplog.records if one.name == "integration.pages.signing_in"]
    assert (record.action, record.role, record.tenant) == ("hours", "member", "acme")  # type: ignore[attr-defined]


def test_whom_retain_lists_counts_at_the_moment_of_looking(site: Site) -> None:
    browser = site.signed_in(MEMBER)
    site.list_as(MEMBER["X-Actor"], Role.ADMIN, "acme")
    assert browser.get("/seen/acme").json()["role"] == "admin"
    site.change(update(Person).values(tenant_id="globex"))
    assert browser.get("/seen/acme").status_code == 403
    assert browser.get("/seen/globex").status_code == 403


def test_listed_staff_are_staff_in_retains_own_workspace(site: Site) -> None:
    actor = "slack:T0RETAIN/ULEA"
    browser = site.signed_in({"X-Actor": actor, "X-Role": "member"})
    assert browser.get("/seen/acme").status_code == 403
    site.list_as(actor, Role.STAFF, None)
    assert browser.get("/seen/acme").json()["role"] == "staff"
    site.change(update(Workspace).where(Workspace.staff).values(staff=False))
    assert browser.get("/seen/acme").status_code == 403


@pytest.mark.parametrize("new_tenant", [None, "globex"])
def test_a_workspace_that_is_unlinked_takes_its_people_along(site: Site, new_tenant: str | None) -> None:
    browser = site.signed_in()
    site.list_as(ADMIN["X-Actor"], Role.ADMIN, "acme")
    site.change(update(Workspace).where(Workspace.team == "T0ACME").values(tenant_id=new_tenant))
    assert browser.get("/seen/acme").status_code == 403
    assert browser.get("/seen/globex").status_code == 403


def test_staff_whose_workspace_became_a_customers_are_so_no_more(site: Site) -> None:
    browser = site.signed_in(STAFF)
    site.change(update(Workspace).where(Workspace.team == "T0RETAIN").values(tenant_id="globex", staff=False))
    assert browser.get("/seen/acme").status_code == 403


def test_with_the_tenant_all_of_it_goes(site: Site) -> None:
    browser, unused = site.signed_in(), site.link()
    remove(site.runtime, "acme", actor=None)
    assert browser.get("/seen/acme").status_code == 401
    assert submit(site.browser(), unused).status_code == 404
    with site.runtime.database.reading() as session:
        assert session.scalars(select(PageLink)).all() == []


def test_of_two_browsers_at_once_one_is_signed_in(site: Site) -> None:
    link = site.link()
    assert sorted(submit(site.browser(), link).status_code for _ in range(2)) == [303, 410]
