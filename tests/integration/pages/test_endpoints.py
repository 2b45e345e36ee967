import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import make_url

from integration.app import create_app
from integration.pages.views import SECTION_ORDER
from kb.library import load_library
from tests.integration.conftest import TestClock, make_settings

ARTICLES = load_library().articles
SLUGS = sorted(ARTICLES)


def test_the_home_page_leads_to_every_article(pages: TestClient) -> None:
    page = pages.get("/").text
    for slug, article in ARTICLES.items():
        assert f'href="/help/{slug}"' in page
        assert article.title.split("“")[0].split("'")[0] in page


def test_it_says_whether_a_person_is_there_now(pages: TestClient, clock: TestClock) -> None:
    assert "Open now, until 18:00 PT" in pages.get("/").text
    clock.now = datetime(2025, 1, 18, 12, tzinfo=UTC)
    assert "Closed; opens" in pages.get("/").text


def test_the_page_about_support_hours_lists_the_coming_days_on_which_they_are_others(
    pages: TestClient, clock: TestClock
) -> None:
    clock.now = datetime(2026, 11, 25, 12, tzinfo=UTC)
    page = pages.get("/help/support-hours").text
    assert 'Thursday, <time datetime="2026-11-26">26 November 2026</time>: closed (Thanksgiving)' in page
    assert "24 December 2026</time>: closes at 13:00 (Christmas Eve)" in page
    assert "September" not in page
    assert "Thanksgiving)</li>" not in pages.get("/help/contact-support").text


@pytest.mark.parametrize("slug", SLUGS)
def test_an_article_is_shown_whole_with_a_way_on(pages: TestClient, slug: str) -> None:
    response = pages.get(f"/help/{slug}")
    assert response.status_code == 200
    page = response.text
    assert page.count("<h1>") == 1
    assert 'aria-label="Breadcrumb"' in page
    assert "{" not in re.sub(r"<code>.*?</code>", "", page)
    for anchor in re.findall(r'href="#([^"]+)"', page):
        assert f'id="{anchor}"' in page
    for other in re.findall(r'href="/help/([^"#]+)', page):
        assert other in ARTICLES


def test_the_date_of_the_last_review_is_shown(pages: TestClient) -> None:
    reviewed = ARTICLES["connect-zoom"].reviewed
    assert reviewed is not None
    page = pages.get("/help/connect-zoom").text
    assert f'<time datetime="{reviewed.isoformat()}">{reviewed.day} {reviewed:%B %Y}</time>' in page


def test_the_support_address_is_a_setting(tmp_path: Path, clock: TestClock, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = make_settings(make_url(f"sqlite:///{tmp_path / 'x.db'}"))
    for address, shown in {
        "help@retain.example": "mailto:help@retain.example",
        "": "your Retain representative",
    }.items():
        monkeypatch.setenv("SUPPORT_EMAIL", address)
        monkeypatch.delenv("REPRESENTATIVE_CONTACT", raising=False)
        assert shown.removeprefix("your ") in TestClient(create_app(settings, clock=clock)).get("/").text


@pytest.mark.parametrize("path", ["/", "/help/connect-zoom", "/help/nothing"])
def test_a_page_runs_no_script_and_loads_nothing_from_elsewhere(pages: TestClient, path: str) -> None:
    page = pages.get(path).text
    assert "<script" not in page
    assert " style=" not in page
    assert not re.findall(r'(?:src|<link[^>]*href)="(?!/static/)[^"]*"', page)
    assert 'class="skip" href="#content"' in page
    assert 'lang="en"' in page
    assert 'name="viewport"' in page


def test_what_did_not_change_is_not_sent_again(pages: TestClient, clock: TestClock) -> None:
    first = pages.get("/")
    again = pages.get("/", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["Cache-Control"] == "no-cache"
    clock.now = datetime(2025, 1, 18, 12, tzinfo=UTC)
    assert pages.get("/", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


@pytest.mark.parametrize("path", ["/", "/help/connect-zoom", "/static/design.css"])
def test_checkers_may_ask_for_the_head_alone(pages: TestClient, path: str) -> None:
    response = pages.head(path)
    assert (response.status_code, response.content) == (200, b"")


def test_topics_stand_in_the_order_in_which_people_need_them(pages: TestClient) -> None:
    page = pages.get("/").text
    places = [page.index(f">{title.replace('&', '&amp;')}</h2>") for title in SECTION_ORDER]
    assert places == sorted(places)


def test_the_integrations_page_says_how_zoom_is_connected(pages: TestClient) -> None:
    response = pages.get("/integrations")
    assert response.status_code == 200
    assert "<code>/retain connect</code>" in response.text
    assert 'href="/help/connect-zoom"' in response.text
