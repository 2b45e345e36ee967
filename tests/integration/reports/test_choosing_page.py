"""The staff choose whose reports they see."""

import re
from html import unescape

from integration.policy import Role
from integration.tenants.models import Tenant
from tests.integration.reports.reading import HOURS, Site, text_of
from tests.integration.reports.rows import NOW, at


def test_staff_choose_whose_numbers_and_the_choice_goes_along(site: Site) -> None:
    site.rows.event(at("2025-01-10 09:00"))
    site.sign_in(Role.STAFF, None)
    for address in (HOURS, "/reports/meetings", "/reports/duration"):
        assert f'<a href="{address}?tenant=acme">Acme</a>' in site.get(address)
    for address in (HOURS, "/reports/meetings"):
        assert site.response(f"{address}.csv").headers["Location"] == address
    page = site.get(f"{HOURS}?tenant=acme")
    reports = re.findall(r'(?:href|action)="(/reports/[^"]*)"', page.split("<main")[1])
    # To another one's, and the form, which has it as a field.
    assert [one for one in reports if "tenant=acme" not in one] == [HOURS, HOURS]
    assert 'href="/staff/tenants/acme"' in page
    assert '<input type="hidden" name="tenant" value="acme">' in page
    assert "There is no tenant akme" in site.get(f"{HOURS}?tenant=akme", 404)


def test_staff_look_for_whose_numbers_they_want(site: Site) -> None:
    for number in range(60):
        site.rows.session.add(Tenant(id=f"t{number}", name=f"Tenant {number:02}", domains=[], created_at=NOW))
    site.sign_in(Role.STAFF, None)
    first = site.get(HOURS)
    assert len(re.findall(r'<li><a href="/reports/', first)) == 50
    following = re.search(r'<a href="([^"]*)" rel="next"', first)
    assert following is not None
    assert "Tenant 59" in site.get(unescape(following[1]))
    assert re.findall(r'<li><a href="([^"]*)"', site.get(f"{HOURS}?q=tenant+07")) == [f"{HOURS}?tenant=t7"]
    mistyped = site.get(f"{HOURS}?q=akme")
    assert "Did you mean Acme ?" in text_of(mistyped)
    assert f'<a href="{HOURS}?tenant=acme">Acme</a>' in mistyped
