"""The list of the meetings behind a number: its pages, its order and its file."""

import csv
import io
import re
from datetime import timedelta
from html import unescape

import pytest

from integration.reports import meetings_page
from tests.integration.reports.reading import MINUTE, Site, behind, rows_of, text_of
from tests.integration.reports.rows import at


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
