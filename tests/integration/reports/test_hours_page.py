"""The page of meeting hours: that it adds up, that every number leads to its meetings, and what it says of gaps."""

import csv
import io
import re
from datetime import date
from html import unescape

import pytest
from sqlalchemy import update

from integration.backfill.models import Backfill, BackfillWindow
from integration.connections.models import Connection
from integration.tenants.models import Tenant
from tests.integration.reports.reading import HOURS, MINUTE, Site, behind, minutes_of, table, text_of
from tests.integration.reports.rows import NOW, at


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
