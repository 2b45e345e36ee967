"""Who gets private links to pages, and what they may see there."""

import logging

import pytest
from sqlalchemy import select, update

from integration.policy import Role
from integration.signing_in.models import PageLink
from integration.tenants.models import Person, Workspace
from integration.tenants.removal import remove
from tests.integration.signing_in.conftest import ADMIN, MEMBER, STAFF, Site
from tests.integration.submitting import submit

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
    with caplog.at_level(logging.WARNING, logger="integration.signing_in.service"):
        assert "An admin of your organisation can see it" in browser.get("/seen/acme").text
    [record] = [one for one in caplog.records if one.name == "integration.signing_in.service"]
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
