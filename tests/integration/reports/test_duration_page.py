"""The proof of a duration, and how a meeting is looked up."""

import re
from html import unescape

import httpx2 as httpx

from integration.policy import Role
from integration.reports.duration_page import exact
from integration.reports.visiting import difference
from tests.integration.reports.reading import HOURS, Site, table, text_of
from tests.integration.reports.rows import MEETING_ID, at
from tests.integration.submitting import submit


def test_the_proof_shows_what_counts_and_every_call(site: Site) -> None:
    event = site.rows.event(at("2025-01-13 09:00"), title="Review", actual_seconds=2700)
    for began, minutes in (("09:02", 18), ("09:24", 12), ("09:30", 21)):
        site.rows.call(at(f"2025-01-13 {began}"), minutes, event=event)
    page = site.get(f"/reports/duration?occurrence={event}")
    read = text_of(page)
    assert (
        "Review Mon 13 Jan 2025, 10:00–11:00 (Europe/Berlin). Organizer: jonas@acme.example. In the hours of Globex."
        in read
    )
    assert "45 min counted. Scheduled: 1 h (−15 min)." in read
    assert table(page, "calls") == [
        ["What", "From", "To", "Length"],
        ["Call", "10:02:00", "10:20:00", "18 min"],
        ["Break", "10:20:00", "10:24:00", "4 min"],
        ["Call", "10:24:00", "10:36:00", "12 min"],
        ["Call", "10:30:00", "10:51:00", "21 min"],
        ["Two calls at once", "10:30:00", "10:36:00", "6 min"],
        ["Together", "", "", "45 min"],
    ]
    assert "half a minute goes up" in read
    assert 'role="img" aria-label="Planned 10:00–11:00; 3 calls within 10:02–10:51"' in page


def test_times_are_the_readers_and_the_zone_goes_along(site: Site) -> None:
    event = site.rows.event(at("2025-01-13 09:00"), actual_seconds=60)
    site.rows.call(at("2025-01-13 09:00"), 1, event=event)
    page = site.get(f"/reports/duration?occurrence={event}&zone=Asia/Kolkata")
    assert "14:30–15:30 (Asia/Kolkata)" in text_of(page)
    assert 'href="/reports/meeting-hours?zone=Asia%2FKolkata"' in page
    assert 'action="/reports/duration?zone=Asia%2FKolkata"' in page
    assert "Days are those of Europe/Berlin" in site.get(f"{HOURS}?zone=Asia/Kolkata")


def test_calls_that_have_no_end_are_told_from_those_that_have(site: Site) -> None:
    event = site.rows.event(at("2025-01-14 18:00"), running=True)
    site.rows.call(at("2025-01-14 18:00"), None, event=event)
    site.rows.call(at("2025-01-14 16:00"), None, event=event, state="lost")
    page = site.get(f"/reports/duration?occurrence={event}")
    assert [line[0] for line in table(page, "calls")[1:]] == ["Call, end unknown", "Call, still running"]
    assert "1 h counted, as scheduled. Still running." in text_of(page)


def look_up(site: Site, **typed: str) -> httpx.Response:
    """Send the form of the page."""
    site.rows.session.commit()
    return submit(site.client, "/reports/duration", typed)


def test_a_meeting_is_looked_up_by_what_stands_in_its_invitation(site: Site) -> None:
    older = site.rows.event(at("2025-01-06 09:00"), title="First")
    later = site.rows.event(at("2025-01-13 09:00"), title="Second")
    found = look_up(site, meeting="https://zoom.us/j/93201235621?pwd=Sesame", on="")
    assert (found.status_code, found.headers["Location"]) == (303, f"/reports/duration?occurrence={later}")
    page = site.get(found.headers["Location"])
    assert ">Second</h1>" in page
    other = re.search(r'<a href="(/reports/duration[^"]*)">Mon 6 Jan 2025, 10:00</a>', page)
    assert other is not None
    assert other[1] == f"/reports/duration?occurrence={older}"
    assert ">First</h1>" in site.get(unescape(other[1]))
    assert look_up(site, meeting=MEETING_ID, on="2025-01-06").headers["Location"].endswith(older)
    assert ">First</h1>" in site.get(f"/reports/duration?meeting={MEETING_ID}&on=2025-01-06")


def test_what_is_looked_up_goes_by_the_tenant_and_the_zone_that_were_chosen(site: Site) -> None:
    event = site.rows.event(at("2025-01-06 09:00"))
    site.sign_in(Role.STAFF, None)
    site.rows.session.commit()
    chosen = "/reports/duration?tenant=acme&zone=Asia%2FKolkata"
    assert f'action="{chosen.replace("&", "&amp;")}"' in site.get(chosen)
    found = submit(site.client, chosen, {"meeting": MEETING_ID})
    assert found.headers["Location"] == f"/reports/duration?occurrence={event}&tenant=acme&zone=Asia%2FKolkata"
    forged = site.client.post(chosen, data={"meeting": MEETING_ID}, follow_redirects=False)
    assert forged.status_code == 403


def test_what_is_not_found_is_said_above_a_place_to_ask_again(site: Site) -> None:
    assert 'name="meeting"' in site.get("/reports/duration")
    for unknown in (look_up(site, meeting="99999999999"), site.response("/reports/duration?meeting=99999999999")):
        assert unknown.status_code == 404
        assert 'value="99999999999"' in unknown.text
        assert 'role="alert"' in unknown.text
    site.rows.event(at("2025-01-13 09:00"), title="Second")
    other_day = look_up(site, meeting=MEETING_ID, on="2025-01-12")
    assert (other_day.status_code, "Mon 13 Jan 2025, 10:00" in text_of(other_day.text)) == (404, True)
    for wrong in (
        {"meeting": "hello"},
        {"meeting": ""},
        {},
        {"meeting": "9" * 3000},
        {"meeting": MEETING_ID, "on": "x"},
    ):
        assert look_up(site, **wrong).status_code == 422


def test_calls_in_no_calendar_are_shown_and_count_nowhere(site: Site) -> None:
    site.rows.call(at("2025-01-13 09:00"), 20, topic="Stand-up")
    site.rows.call(at("2025-01-10 09:00"), 20)
    page = text_of(site.get(f"/reports/duration?meeting={MEETING_ID}"))
    assert "Stand-up 20 min on Zoom; it counts nowhere." in page
    assert "Fri 10 Jan 2025, 10:00 : A Zoom call that is in no calendar, counts nowhere" in page


def test_lengths_are_written_as_people_read_them() -> None:
    assert [exact(seconds) for seconds in (0, 59, 2698, 3605, 7200)] == ["0 s", "59 s", "44 min 58 s", "1 h 5 s", "2 h"]
    pairs = ((3600, 3600), (2700, 3600), (7500, 3600), (3629, 3600), (2730, 3600))  # the last is shown as 46 min
    assert [difference(*pair) for pair in pairs] == ["±0 min", "−15 min", "+1 h 5 min", "±0 min", "−14 min"]
