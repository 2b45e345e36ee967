"""The signed-in pages: what they say, that every number leads to its meetings, and who sees them at all."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import httpx2 as httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from integration.backfill.models import Backfill, BackfillWindow
from integration.connections.models import Connection
from integration.meetings.models import CalendarEvent
from integration.policy import Role
from integration.reports import meetings_page
from integration.reports.choices import choices, days_of, months_back
from integration.reports.duration_page import exact
from integration.reports.period import Period, period_of
from integration.reports.visiting import difference
from integration.runtime import Runtime
from integration.tenants.models import Tenant, Workspace
from tests.integration.reports.rows import MEETING_ID, NOW, Rows, at
from tests.integration.signed_in import sign_in

HOURS = "/reports/meeting-hours"
MINUTE = 60
DAY = timedelta(days=1)
BERLIN = ZoneInfo("Europe/Berlin")


@dataclass
class Site:
    """A tenant's rows, and a browser that is signed in as its admin unless a test says otherwise."""

    client: TestClient
    runtime: Runtime
    rows: Rows

    def sign_in(self, role: Role = Role.ADMIN, tenant: str | None = "acme") -> None:
        actor = f"slack:T0{(tenant or 'retain').upper()}/U1"
        sign_in(self.client, self.rows.session, self.runtime, actor, role, tenant)

    def get(self, path: str, status: int = 200) -> str:
        """A page's text, with `&lt;` and the like as they stand."""
        response = self.response(path)
        assert response.status_code == status, response.text
        return str(response.text)

    def response(self, path: str) -> httpx.Response:
        self.rows.session.commit()
        return self.client.get(path, follow_redirects=False)


@pytest.fixture
def site(anonymous: TestClient, runtime: Runtime) -> Iterator[Site]:
    """Acme, connected to Zoom, with an admin who is signed in."""
    with Session(runtime.database.engine) as session:
        rows = Rows(session, runtime.vault).tenant().connected().asked(NOW - 200 * DAY, NOW)
        for team, tenant in (("T0ACME", "acme"), ("T0RETAIN", None)):
            session.add(Workspace(team=team, tenant_id=tenant, staff=tenant is None, first_seen_at=NOW))
        made = Site(anonymous, runtime, rows)
        made.sign_in()
        yield made


def text_of(page: str) -> str:
    """What is read of a page, in one line."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page)).split())


def table(page: str, heading: str) -> list[list[str]]:
    """The lines of the table under a heading, each cell as it is read."""
    return rows_of(page.split(f'id="{heading}"')[1])


def rows_of(page: str) -> list[list[str]]:
    """The lines of the first table."""
    body = page.split("<table")[1].split("</table>", maxsplit=1)[0]
    lines = re.findall(r"<tr.*?</tr>", body, re.DOTALL)
    return [[text_of(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", line, re.DOTALL)] for line in lines]


def minutes_of(text: str) -> int:
    """`1 h 15 min` as minutes."""
    amounts = {unit: int(amount) for amount, unit in re.findall(r"(\d+) (h|min)", text)}
    return amounts.get("h", 0) * 60 + amounts.get("min", 0)


def behind(site: Site, address: str) -> tuple[int, int, int]:
    """How many meetings are behind a number, on all pages of them, with their scheduled and counted minutes."""
    found: list[tuple[int, int]] = []
    following: str | None = address
    while following:
        page = site.get(following)
        found += [
            (minutes_of(scheduled), minutes_of(counted))
            for scheduled, counted in re.findall(
                r'data-label="Scheduled"[^>]*>([^<]*)<.*?data-label="Counted"[^>]*>([^<]*)<',
                page.split("<tfoot")[0],
                re.DOTALL,
            )
        ]
        more = re.search(r'<a href="([^"]*)" rel="next"', page)
        following = unescape(more[1]) if more else None
    return len(found), sum(one[0] for one in found), sum(one[1] for one in found)


def test_the_page_adds_up_scheduled_and_counted_time_by_customer(site: Site) -> None:
    site.rows.event(at("2025-01-10 09:00"), actual_seconds=45 * MINUTE)
    site.rows.event(at("2025-01-13 09:00"), 30, customers=["Initech"], meeting=None)
    page = site.get(HOURS)
    assert table(page, "groups") == [
        ["Customer", "Counted", "Scheduled", "Difference", "Meetings", "As scheduled"],
        ["Globex", "45 min", "1 h", "−15 min", "1", "0"],
        ["Initech", "30 min", "30 min", "±0 min", "1", "1"],
        ["Total", "1 h 15 min", "1 h 30 min", "−15 min", "2", "1"],
    ]
    assert table(page, "months")[-2:] == [
        ["January 2025", "1 h 15 min", "1 h 30 min", "−15 min", "2", "1"],
        ["Total", "1 h 15 min", "1 h 30 min", "−15 min", "2", "1"],
    ]
    assert "1 meeting : Not on Zoom The calendar event has no Zoom link" in text_of(page)
    assert "1–14 January 2025" in page
    assert page.count('<svg xmlns="http://www.w3.org/2000/svg" class="chart"') == 4


def test_every_number_leads_to_exactly_the_meetings_behind_it(site: Site) -> None:
    for day in range(1, 14):
        customers = ["Globex", "Initech"] if day % 3 == 0 else ["Globex"]
        actual = None if day % 2 else day * 5 * MINUTE
        organizer = "jonas@acme.example" if day % 4 else None
        site.rows.event(at(f"2025-01-{day:02} 09:00"), customers=customers, actual_seconds=actual, organizer=organizer)
    site.rows.event(at("2024-12-20 09:00"), 15)
    for by in ("customer", "organizer"):
        page = site.get(f"{HOURS}?from=2024-12-01&to=2025-01-14&by={by}")
        assert page.count('<a href="/reports/meetings') > 20
        for line in re.findall(r"<tr.*?</tr>", page, re.DOTALL):
            cells = re.findall(r'<a href="(/reports/meetings[^"]*)">([^<]*)</a>', line)
            if not cells:
                continue
            shown = [text_of(cell) for cell in re.findall(r"<td.*?</td>", line, re.DOTALL)]
            found = behind(site, unescape(cells[0][0]))
            assert found == (int(shown[3]), minutes_of(shown[1]), minutes_of(shown[0])), line
            if shown[4] != "0":
                assert behind(site, unescape(cells[-1][0]))[0] == int(shown[4])
        for address, count in re.findall(r'<dt><a href="([^"]*)">(\d+) meeting', page):
            assert behind(site, unescape(address))[0] == int(count)
        total = re.search(r'<div class="main"><dt>Counted</dt>\s*<dd><a href="([^"]*)">([^<]*)<', page)
        assert total is not None
        assert behind(site, unescape(total[1]))[2] == minutes_of(total[2])


def test_the_sum_says_when_meetings_count_for_several_customers(site: Site) -> None:
    site.rows.event(at("2025-01-10 09:00"), customers=["Globex", "Initech"], actual_seconds=40 * MINUTE)
    page = site.get(HOURS)
    assert table(page, "groups")[-2:] == [
        ["Minus what counts for several customers", "40 min", "1 h", "−20 min", "1", "0"],
        ["Total", "40 min", "1 h", "−20 min", "1", "0"],
    ]
    assert "counts for each of them, and once in the total" in page
    assert "several customers" not in site.get(f"{HOURS}?by=organizer")


def test_the_table_sorts_by_a_click_on_a_column(site: Site) -> None:
    for name, minutes in (("Hooli", 30), ("Acme Tools", 60), ("globex", 45)):
        site.rows.event(at("2025-01-10 09:00"), minutes, customers=[name])

    def order(query: str) -> list[str]:
        return [line[0] for line in table(site.get(f"{HOURS}{query}"), "groups")[1:4]]

    assert order("") == ["Acme Tools", "globex", "Hooli"]
    assert order("?order=asc") == ["Hooli", "globex", "Acme Tools"]
    assert order("?sort=name") == ["Acme Tools", "globex", "Hooli"]
    assert order("?sort=name&order=desc") == ["Hooli", "globex", "Acme Tools"]
    assert order("?sort=nonsense") == order("")
    page = site.get(f"{HOURS}?sort=name")
    back = "/reports/meeting-hours?from=2025-01-01&amp;to=2025-01-14&amp;sort=name&amp;order=desc#groups"
    assert f'aria-sort="ascending"><a href="{back}">Customer</a>' in page
    assert 'sort=name">Last month</a>' in page


def test_a_long_table_has_pages(site: Site) -> None:
    for number in range(53):
        site.rows.event(at("2025-01-10 09:00"), customers=[f"Customer {number}"])
    first = site.get(HOURS)
    assert len(table(first, "groups")) == 52
    assert "1–50 of 53 customers" in text_of(first)
    following = re.search(r'<a href="([^"]*)" rel="next"', first)
    assert following is not None
    assert len(table(site.get(unescape(following[1])), "groups")) == 5


def test_days_are_chosen_by_links_or_a_form_which_keeps_the_rest(site: Site) -> None:
    site.rows.event(at("2024-12-31 23:30"), customers=["Globex"])  # January in Berlin
    assert table(site.get(f"{HOURS}?from=2025-01-01&to=2025-01-01"), "groups")[1][0] == "Globex"
    page = site.get(f"{HOURS}?from=2024-12-01&to=2024-12-31&by=organizer")
    assert "No customer meetings in this time" in page
    assert re.search(r'aria-current="true">Last month<', page)
    assert '<input type="hidden" name="by" value="organizer">' in page
    assert site.get(f"{HOURS}?from=&to=") == site.get(HOURS)
    assert "These days are still to come" in site.get(f"{HOURS}?from=2027-01-01&to=2027-01-31")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("from=yesterday", "is not a day"),
        ("from=2025-01-10&to=2025-01-02", "is after"),
        ("from=1066-01-01", "is not a day of this century"),
        ("customer=nobody", "There is no such customer"),
        ("zone=Europe/Berlim", "did you mean Europe/Berlin"),
    ],
)
def test_what_cannot_be_is_said_in_words(site: Site, query: str, said: str) -> None:
    assert said in text_of(site.get(f"{HOURS}?{query}", 422))


def test_days_that_cannot_be_may_be_mended_where_they_were_typed(site: Site) -> None:
    page = site.get(f"{HOURS}?from=2025-01-10&to=2025-01-02&by=organizer", 422)
    assert 'name="from" value="2025-01-10"' in page
    assert 'name="to" value="2025-01-02"' in page
    assert '<input type="hidden" name="by" value="organizer">' in page
    assert re.search(r'by=organizer">Last month</a>', page)
    assert "customer=" not in site.get(f"{HOURS}?customer=nobody", 422)


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


def test_a_page_about_one_customer_says_so_and_leads_back(site: Site) -> None:
    for name in ("Globex", "Initech"):
        site.rows.event(at("2025-01-10 09:00"), customers=[name])
    key = site.rows.customers["Initech"]
    for asked in (key, "initech"):
        page = site.get(f"{HOURS}?customer={asked}")
        assert [line[0] for line in table(page, "groups")[1:]] == ["Initech", "Total"]
        assert "Show all" in page
    assert "Only Initech" in text_of(site.get(f"{HOURS}?customer=INITECH"))
    listed = site.get(f"/reports/meetings?customer={key}&reason=no_session&from=2025-01-01")
    assert "Only Initech" in text_of(listed)
    assert "Only No Zoom call" in text_of(listed)
    assert "Only jonas@acme.example" in text_of(site.get(f"{HOURS}?organizer=jonas@acme.example"))


def test_the_file_has_the_same_numbers_and_no_formulas(site: Site) -> None:
    site.rows.event(at("2025-01-10 09:00"), actual_seconds=45 * MINUTE, customers=["=cmd()"])
    address = re.search(r'<a href="(/reports/meeting-hours\.csv[^"]*)">', site.get(HOURS))
    assert address is not None
    response = site.response(unescape(address[1]))
    assert response.headers["Content-Type"].startswith("text/csv")
    assert "attachment" in response.headers["Content-Disposition"]
    lines = list(csv.reader(io.StringIO(response.text)))
    assert lines[1][:5] == ["'=cmd()", "1", "1.00", "0.75", "-0.25"]


def test_without_a_calendar_it_says_so(site: Site) -> None:
    page = text_of(site.get(HOURS))
    assert "No calendar events have come in yet" in page
    assert "No customer meetings" not in page


@pytest.mark.parametrize(
    ("state", "said", "article"),
    [
        ("not_connected", "Connect Zoom: then we ask it about the past too", "connect-zoom"),
        ("needs_reauthorization", "The connection to Zoom is broken", "reauthorize-zoom"),
        ("deauthorized", "was deleted when Zoom was disconnected", "deauthorize-zoom"),
    ],
)
def test_without_zoom_it_says_what_to_do(site: Site, state: str, said: str, article: str) -> None:
    site.rows.event(at("2025-01-10 09:00"))
    site.rows.session.execute(update(Connection).values(state=state, cause="never_connected"))
    page = site.get(HOURS)
    assert said in text_of(page)
    assert f'href="/help/{article}"' in page


def test_what_is_still_being_done_is_said_with_how_far_it_is(site: Site) -> None:
    site.rows.event(at("2025-01-10 09:00"), customer_rules=0)
    backfill = Backfill(id="b" * 32, tenant_id="acme", why="connected", state="running", created_at=NOW)
    site.rows.session.add(backfill)
    site.rows.session.flush()
    for number in range(3):
        done = NOW if number == 0 else None
        window = BackfillWindow(id=f"{number}" * 32, backfill_id=backfill.id, position=number)
        window.first_day = window.last_day = date(2025, 1, 1)
        window.done_at = done
        site.rows.session.add(window)
    page = site.get(HOURS)
    assert "Past calls are still being fetched from Zoom 25% is done." in text_of(page)
    assert '<progress value="0.25" max="1"' in page
    assert "One meeting is still sorted as before" in text_of(page)


def test_without_domains_of_its_own_it_says_that_colleagues_are_customers(site: Site) -> None:
    site.rows.event(at("2025-01-10 09:00"))
    assert "colleagues count as customers" in text_of(site.get(HOURS))
    site.rows.session.execute(update(Tenant).values(domains=["acme.example"]))
    assert "colleagues" not in text_of(site.get(HOURS))


def test_names_of_others_making_are_shown_as_they_are(site: Site) -> None:
    wild = '<b>Bobby</b> & "sons" {{ 7*7 }}'
    event = site.rows.event(at("2025-01-10 09:00"), title=wild, customers=[wild], organizer="<i>@x.example")
    for address in (HOURS, f"{HOURS}?by=organizer", "/reports/meetings", f"/reports/duration?occurrence={event}"):
        page = site.get(address)
        assert "<b>Bobby" not in page
        assert "<i>@" not in page
        if "organizer" not in address:
            assert wild in unescape(page)


def test_a_page_of_meetings_leads_to_earlier_ones(site: Site) -> None:
    for number in range(103):
        site.rows.event(at("2025-01-10 09:00") + timedelta(minutes=number), title=f"Meeting {number}")
    first = site.get("/reports/meetings")
    assert "Meeting 102" in first
    assert "Meeting 2<" not in first
    assert behind(site, "/reports/meetings")[0] == 103
    following = re.search(r'<a href="([^"]*)" rel="next"', first)
    assert following is not None
    assert 'rel="prev"' in site.get(unescape(following[1]))
    assert "Choose other days" in site.get("/reports/meetings?from=2024-01-01&to=2024-01-02")


def test_the_list_of_meetings_adds_up_on_every_page_of_it(site: Site) -> None:
    site.rows.event(at("2025-01-09 09:00"), actual_seconds=45 * MINUTE)
    for number in range(100):
        site.rows.event(at("2025-01-10 09:00") + timedelta(minutes=number), customers=["Globex", "Initech"])
    first = site.get("/reports/meetings")
    assert ["Total of 101 meetings", "", "", "101 h", "100 h 45 min", "−15 min", ""] in rows_of(first)
    second = rows_of(site.get("/reports/meetings?page=3"))
    assert second[0] == ["Meeting", "Scheduled for", "Customers", "Scheduled", "Counted", "Difference", "Why"]
    when = "Thu 9 Jan 2025, 10:00"
    assert "51–100 of 101 meetings" in text_of(site.get("/reports/meetings?page=2"))
    assert second[1][1:] == [when, "Globex", "1 h", "45 min", "−15 min", "Adjusted to Zoom"]
    assert second[2][0] == "Total of 101 meetings"


def test_meetings_sort_and_are_a_file_in_the_same_order(site: Site) -> None:
    site.rows.event(at("2025-01-08 09:00"), 60, title="=Long()", actual_seconds=20 * MINUTE)
    site.rows.event(at("2025-01-09 09:00"), 30, title="Short", customers=["Initech"])
    site.rows.event(at("2025-01-10 09:00"), 45, title="Middle", actual_seconds=50 * MINUTE)

    def order(query: str) -> list[str]:
        return [line[0].split()[0] for line in rows_of(site.get(f"/reports/meetings?{query}"))[1:-1]]

    assert order("") == ["Middle", "Short", "=Long()"]
    assert order("order=asc") == ["=Long()", "Short", "Middle"]
    assert order("sort=scheduled") == ["=Long()", "Middle", "Short"]
    assert order("sort=counted") == ["Middle", "Short", "=Long()"]
    assert order("sort=difference&order=asc") == ["=Long()", "Short", "Middle"]
    assert order("sort=reason&uncounted=true") == ["Short"]
    assert order("sort=title") == order("")
    link = re.search(
        r'<a href="(/reports/meetings.csv[^"]*)">Download all 3', site.get("/reports/meetings?sort=counted")
    )
    assert link is not None
    file = site.response(unescape(link[1]))
    assert file.headers["content-disposition"] == 'attachment; filename="meetings-acme-2025-01-01-2025-01-14.csv"'
    head, *lines = csv.reader(io.StringIO(file.content.decode("utf-8-sig"), newline=""))
    assert head[4:7] == ["Scheduled seconds", "Counted seconds", "Difference in seconds"]
    assert [line[0] for line in lines] == ["Middle", "Short", "'=Long()"]
    assert lines[0][2:7] == ["2025-01-10T09:00:00Z", "Globex", "2700", "3000", "300"]


def test_a_file_of_too_many_meetings_is_refused_with_what_to_do(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meetings_page, "MOST_IN_FILE", 1)
    for day in (8, 9):
        site.rows.event(at(f"2025-01-0{day} 09:00"))
    assert "Choose fewer days" in site.get("/reports/meetings.csv", 422)
    page = site.get("/reports/meetings")
    assert "meetings.csv" not in page
    assert "choose less" in text_of(page)


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
    assert '<input type="hidden" name="zone" value="Asia/Kolkata">' in page
    assert "Days are those of Europe/Berlin" in site.get(f"{HOURS}?zone=Asia/Kolkata")


def test_calls_that_have_no_end_are_told_from_those_that_have(site: Site) -> None:
    event = site.rows.event(at("2025-01-14 18:00"), running=True)
    site.rows.call(at("2025-01-14 18:00"), None, event=event)
    site.rows.call(at("2025-01-14 16:00"), None, event=event, state="lost")
    page = site.get(f"/reports/duration?occurrence={event}")
    assert [line[0] for line in table(page, "calls")[1:]] == ["Call, end unknown", "Call, still running"]
    assert "1 h counted, as scheduled. Still running." in text_of(page)


def test_a_meeting_is_looked_up_by_what_stands_in_its_invitation(site: Site) -> None:
    older = site.rows.event(at("2025-01-06 09:00"), title="First")
    site.rows.event(at("2025-01-13 09:00"), title="Second")
    page = site.get("/reports/duration?meeting=https%3A%2F%2Fzoom.us%2Fj%2F93201235621&on=")
    assert ">Second</a></h1>" in page
    other = re.search(r'<a href="(/reports/duration[^"]*)">Mon 6 Jan 2025, 10:00</a>', page)
    assert other is not None
    assert f"occurrence={older}" in other[1]
    assert ">First</a></h1>" in site.get(unescape(other[1]))
    assert ">First</a></h1>" in site.get(f"/reports/duration?meeting={MEETING_ID}&on=2025-01-06")


def test_what_is_not_found_is_said_above_a_place_to_ask_again(site: Site) -> None:
    assert 'name="meeting"' in site.get("/reports/duration")
    unknown = site.get("/reports/duration?meeting=99999999999", 404)
    assert 'value="99999999999"' in unknown
    assert 'role="alert"' in unknown
    site.rows.event(at("2025-01-13 09:00"), title="Second")
    other_day = site.get(f"/reports/duration?meeting={MEETING_ID}&on=2025-01-12", 404)
    assert "Mon 13 Jan 2025, 10:00" in text_of(other_day)
    assert "role" in site.get("/reports/duration?meeting=hello", 422)


def test_calls_in_no_calendar_are_shown_and_count_nowhere(site: Site) -> None:
    site.rows.call(at("2025-01-13 09:00"), 20, topic="Stand-up")
    site.rows.call(at("2025-01-10 09:00"), 20)
    page = text_of(site.get(f"/reports/duration?meeting={MEETING_ID}"))
    assert "Stand-up 20 min on Zoom; it counts nowhere." in page
    assert "Fri 10 Jan 2025, 10:00 : A Zoom call that is in no calendar, counts nowhere" in page


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
        assert "such as /retain hours, for a new link" in site.get(address, 401)


def test_staff_choose_whose_numbers_and_the_choice_goes_along(site: Site) -> None:
    site.rows.event(at("2025-01-10 09:00"))
    site.sign_in(Role.STAFF, None)
    for address in ADDRESSES[:4]:
        assert f'<a href="{address}?tenant=acme">Acme</a>' in site.get(address)
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


def test_lengths_and_days_are_written_as_people_read_them() -> None:
    assert [exact(seconds) for seconds in (0, 59, 2698, 3605, 7200)] == ["0 s", "59 s", "44 min 58 s", "1 h 5 s", "2 h"]
    pairs = ((3600, 3600), (2700, 3600), (7500, 3600), (3629, 3600), (2730, 3600))  # the last is shown as 46 min
    assert [difference(*pair) for pair in pairs] == ["±0 min", "−15 min", "+1 h 5 min", "±0 min", "−14 min"]

    def days(first: str, last: str) -> str:
        return days_of(Period(date.fromisoformat(first), date.fromisoformat(last), at("2025-01-01 00:00").tzinfo))  # type: ignore[arg-type]

    assert days("2025-01-02", "2025-01-02") == "2 January 2025"
    assert days("2025-01-02", "2025-01-31") == "2–31 January 2025"
    assert days("2025-01-02", "2025-02-01") == "2 January – 1 February 2025"
    assert days("2024-12-02", "2025-02-01") == "2 December 2024 – 1 February 2025"


def test_the_usual_days_begin_with_months() -> None:
    assert [months_back(date(2025, 3, 31), months) for months in (0, 3, 11, 27)] == [
        date(2025, 3, 1),
        date(2024, 12, 1),
        date(2024, 4, 1),
        date(2022, 12, 1),
    ]
    shown = period_of(BERLIN, None, None, at("2025-01-31 23:30"))  # February in Berlin
    assert [
        (one.name, f"{one.first}", f"{one.last}", one.chosen) for one in choices(shown, at("2025-01-31 23:30"))
    ] == [
        ("This month", "2025-02-01", "2025-02-01", True),
        ("Last month", "2025-01-01", "2025-01-31", False),
        ("Last 3 months", "2024-12-01", "2025-02-01", False),
        ("Last 12 months", "2024-03-01", "2025-02-01", False),
    ]
