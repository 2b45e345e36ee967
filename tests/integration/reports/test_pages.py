"""All pages of reports: who sees them, and that nothing typed or made by others breaks them."""

import re
from html import unescape

from integration.meetings.models import CalendarEvent
from integration.policy import Role
from tests.integration.reports.reading import HOURS, Site
from tests.integration.reports.rows import MEETING_ID, Rows, at

ADDRESSES = (
    HOURS,
    f"{HOURS}.csv",
    "/reports/meetings",
    "/reports/duration",
    "/reports/meetings.csv",
    "/reports/duration?meeting=1",
)


def test_nobody_sees_another_tenants_numbers(site: Site) -> None:
    Rows(site.rows.session, site.rows.vault, "globex").tenant()
    event = Rows(site.rows.session, site.rows.vault, "globex").event(at("2025-01-13 09:00"), title="Theirs")
    for address in ADDRESSES:
        whose = f"{address}{'&' if '?' in address else '?'}tenant="
        assert "is not open to you" in site.get(f"{whose}globex", 403)
        pages = (site.get(f"{whose}{tenant}", 403) for tenant in ("nobody", "globex"))
        assert len({re.sub(r"[0-9a-f]{32}", "reference", page) for page in pages}) == 1
    assert "Theirs" not in site.get(f"/reports/duration?occurrence={event}", 404)
    key = site.rows.session.query(CalendarEvent.organizer_hash).filter_by(id=event).scalar()
    assert "Nobody of this key" in site.get(f"{HOURS}?organizer={key}", 422)


def test_members_see_none_and_whoever_is_not_signed_in_is_told_how(site: Site) -> None:
    site.sign_in(Role.MEMBER)
    for address in ADDRESSES:
        assert "An admin of your organisation can see it" in site.get(address, 403)
    site.client.cookies.clear()
    for address in ADDRESSES:
        assert "type /retain hours for a new link" in site.get(address, 401)


def test_no_typed_address_breaks_a_page(site: Site) -> None:
    site.rows.event(at("2025-01-10 09:00"))
    site.sign_in(Role.STAFF, None)
    odd = ("", "%00", "%FF", "%F0%9F%98%80", "0000-01", "20%D9%A2%D9%A3-01", "' OR 1=1", "../../etc/passwd", "x" * 3000)
    names = {"meeting-hours": ["from", "to", "by", "sort", "order", "customer", "organizer", "page", "tenant", "zone"]}
    names |= {"meetings": ["reason", "uncounted", "sort", "page"], "duration": ["meeting", "on", "occurrence"]}
    for page, fields in names.items():
        for field in fields:
            for value in odd:
                query = f"tenant=acme&meeting={MEETING_ID}&{field}={value}"
                assert site.response(f"/reports/{page}?{query}").status_code in (200, 404, 422), (page, field, value)


def test_names_of_others_making_are_shown_as_they_are(site: Site) -> None:
    wild = '<b>Bobby</b> & "sons" {{ 7*7 }}'
    event = site.rows.event(at("2025-01-10 09:00"), title=wild, customers=[wild], organizer="<i>@x.example")
    for address in (HOURS, f"{HOURS}?by=organizer", "/reports/meetings", f"/reports/duration?occurrence={event}"):
        page = site.get(address)
        assert "<b>Bobby" not in page
        assert "<i>@" not in page
        if "organizer" not in address:
            assert wild in unescape(page)


def test_pages_run_no_script_of_their_own_and_are_kept_by_nobody(site: Site) -> None:
    event = site.rows.event(at("2025-01-13 09:00"), actual_seconds=60)
    site.rows.call(at("2025-01-13 09:00"), 1, event=event)
    for address in (HOURS, "/reports/meetings", f"/reports/duration?occurrence={event}"):
        response = site.response(address)
        assert response.headers["Cache-Control"] == "no-store"
        assert "style-src 'self'" in response.headers["Content-Security-Policy"]
        assert "script-src 'self'" in response.headers["Content-Security-Policy"]
        assert not re.search(r"<script>|<style| style=| on[a-z]+=", response.text)
        assert response.text.count("<h1>") == 1
        assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
