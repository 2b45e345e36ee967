import re
from datetime import UTC, datetime
from html import escape
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import make_url

from integration.app import create_app
from integration.help_centre.centre import SECTION_ORDER
from kb.languages import languages
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
    until = 'Open now, until <time datetime="2025-01-15T02:00:00+00:00" data-local>18:00 PT</time>'
    assert pages.get("/").text.count(until) == 2  # on top, as of every page, and beside the topics
    assert until in pages.get("/help/connect-zoom").text
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
def test_a_page_loads_nothing_from_elsewhere_and_carries_no_code(pages: TestClient, path: str) -> None:
    page = pages.get(path).text
    assert all(script.endswith("></script>") for script in re.findall(r"<script.*", page))
    assert not re.findall(r" (?:style|on\w+)=", page)
    assert not re.findall(r'(?:src|<link rel="(?!canonical)[^"]*" href)="(?!/static/)[^"]*"', page)
    assert 'class="skip" href="#content"' in page
    assert 'lang="en"' in page
    assert 'name="viewport"' in page


def test_what_did_not_change_is_not_sent_again(pages: TestClient, clock: TestClock) -> None:
    first = pages.get("/")
    again = pages.get("/", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert (again.headers["Cache-Control"], again.headers["Vary"]) == ("no-cache", first.headers["Vary"])
    clock.now = datetime(2025, 1, 18, 12, tzinfo=UTC)
    assert pages.get("/", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


@pytest.mark.parametrize("path", ["/", "/help/connect-zoom", "/static/design.css"])
def test_checkers_may_ask_for_the_head_alone(pages: TestClient, path: str) -> None:
    response = pages.head(path)
    assert (response.status_code, response.content) == (200, b"")


def test_a_copy_of_an_article_has_a_key_of_its_own_and_is_kept_by_whoever_reads_it(pages: TestClient) -> None:
    first, second = (pages.get("/help/connect-zoom") for _ in range(2))
    keys = [re.findall(r'name="key" value="([0-9a-f]{32})"', page.text) for page in (first, second)]
    assert keys[0] != keys[1]
    assert first.headers["ETag"] == second.headers["ETag"]
    assert first.headers["ETag"].startswith("W/")
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert pages.get("/help/connect-zoom", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize("typed", ["0" * 32, "<own-key>"])
def test_what_somebody_types_is_shown_as_they_typed_it(pages: TestClient, typed: str) -> None:
    for path in ("/", "/help/connect-zoom"):
        assert f"“{escape(typed)}”" in pages.get(path, params={"q": typed}).text


def test_a_page_says_where_it_is_at_home_and_what_it_is_about(pages: TestClient) -> None:
    page = pages.get("/help/connect-zoom?q=set+up").text
    assert '<link rel="canonical" href="http://localhost:8000/help/connect-zoom">' in page
    assert re.search(r'<meta name="description" content="\S', page)
    assert ">Retain help centre, http://localhost:8000/help/connect-zoom<" in page  # for those who print it
    assert '<link rel="canonical" href="http://localhost:8000/">' in pages.get("/").text


def test_a_reader_is_led_on_to_what_is_alike_in_other_sections(pages: TestClient) -> None:
    related = pages.get("/help/deauthorize-zoom").text.partition('id="related"')[2].partition("</nav>")[0]
    assert 'href="/help/reauthorize-zoom"' in related
    assert 'href="/help/deauthorize-zoom"' not in related


def test_what_somebody_looks_for_stands_above_the_topics_with_its_words_marked(pages: TestClient) -> None:
    page = pages.get("/", params={"q": "<b> zoom ico"})
    found, topics = page.text.split('<div class="sections">')
    assert 'value="&lt;b&gt; zoom ico"' in found
    assert '<a href="/help/zoom-icon-missing?q=%3Cb%3E%20zoom%20ico' in found
    assert "<mark>icon</mark>" in found
    assert "<b>" not in page.text
    assert 'href="/support?q=%3Cb%3E%20zoom%20ico' in found
    assert 'name="robots" content="noindex"' in found
    assert page.headers["Cache-Control"] == "private, no-cache"
    assert 'href="/help/zoom-icon-missing"' in topics


def test_where_nothing_fits_it_says_so_and_offers_a_person(pages: TestClient) -> None:
    page = pages.get("/", params={"q": "pizza"}).text
    assert "Nothing here fits “pizza”" in page
    assert 'href="/support?q=pizza"' in page


@pytest.mark.parametrize(
    ("typed", "opening"),
    [
        ("wo ist die rechnung", '<p class="in-language" lang="de">'),
        ("איך מחברים", '<p class="in-language" lang="he" dir="rtl">'),
    ],
)
def test_another_language_is_answered_in_it_above_what_is_said_in_english(
    pages: TestClient, typed: str, opening: str
) -> None:
    page = pages.get("/", params={"q": typed}).text
    code = opening.partition('lang="')[2][:2]
    said, nothing = page.index(f"{opening}{languages()[code].says}</p>"), page.index("Nothing here fits")
    assert said < nothing < page.index('href="/support?q=')
    assert "in-language" not in pages.get("/", params={"q": "pizza"}).text


def test_while_somebody_types_they_get_the_same_alone(pages: TestClient) -> None:
    answer = pages.get("/search", params={"q": "zoom ico"})
    assert answer.text.strip().startswith('<section class="found"')
    assert answer.text.strip() in pages.get("/", params={"q": "zoom ico"}).text
    assert answer.headers["Cache-Control"] == "private, max-age=60"
    assert pages.get("/search").text.strip() == ""
    assert pages.get("/search", params={"q": "x" * 5000}).status_code == 200


def test_what_was_typed_goes_along_to_the_article_and_on_to_a_person(pages: TestClient) -> None:
    page = pages.get("/help/zoom-icon-missing", params={"q": "ico & more"}).text
    assert '<a href="/?q=ico%20%26%20more">Search: “ico &amp; more”</a>' in page
    assert '<input type="hidden" name="asked" value="ico &amp; more">' in page
    assert 'href="/support?about=zoom-icon-missing&amp;q=ico%20%26%20more"' in page


def test_nothing_that_was_typed_reaches_the_log(pages: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO"):
        for path in ("/", "/search", "/help/connect-zoom", "/support"):
            pages.get(path, params={"q": "ada@acme.example"})
    ours = [record for record in caplog.records if record.name.startswith("integration")]
    assert len(ours) >= 4
    assert not [record for record in ours if "acme" in f"{record.getMessage()}{vars(record)}"]


def test_topics_stand_in_the_order_in_which_people_need_them(pages: TestClient) -> None:
    page = pages.get("/").text
    places = [page.index(f">{title.replace('&', '&amp;')}</h2>") for title in SECTION_ORDER]
    assert places == sorted(places)


def test_the_integrations_page_says_how_zoom_is_connected(pages: TestClient) -> None:
    response = pages.get("/integrations")
    assert response.status_code == 200
    assert "<code>/retain connect</code>" in response.text
    assert 'href="/help/connect-zoom"' in response.text
