"""Errors as people meet them: what happened, what to do, a reference; and their words are shown to them again."""

import html
import re
from collections.abc import Mapping

import httpx2 as httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy.exc import OperationalError

from integration.help_centre import pages as endpoints
from tests.integration.submitting import token_on

VOTE = "/help/connect-zoom/vote"
WORDS = 'It says <b>"no"</b> & stays so'


def told(response: httpx.Response, status: int, heading: str) -> str:
    """The text of an error page, which has what each of them has."""
    assert response.status_code == status
    assert f"<h1>{heading}</h1>" in response.text
    assert f"<code>{response.headers['x-request-id']}</code> (error {status})" in response.text
    assert 'href="/support"' in response.text
    assert "no-store" in response.headers["Cache-Control"]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.text)).split())


def sent(pages: TestClient, data: Mapping[str, str], **headers: str) -> httpx.Response:
    return pages.post(VOTE, data=dict(data), headers=headers, follow_redirects=False)


def test_a_page_that_is_not_there(pages: TestClient) -> None:
    assert "See all topics" in told(pages.get("/nothing"), 404, "There is no page at this address")


def test_a_page_for_signed_in_people(pages: TestClient) -> None:
    assert "In Slack" in told(pages.get("/reports/meeting-hours"), 401, "You are not signed in here")


def test_an_address_that_only_takes_forms_has_no_words_for_programs(pages: TestClient) -> None:
    text = told(pages.get("/sign-out"), 405, "There is nothing to open here")
    assert "POST" not in text


def test_more_than_we_take(pages: TestClient) -> None:
    text = told(sent(pages, {"comment": "x" * 300_000}), 413, "That is more than we can take")
    assert "KiB" not in text
    assert "xxx" not in text


def test_a_bug_is_ours_and_may_be_gone_the_next_time(pages: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> str:
        raise RuntimeError("inside")

    monkeypatch.setattr(endpoints, "shared_page", broken)
    text = told(pages.get("/help/connect-zoom"), 500, "Something went wrong on our side")
    assert "Try again" in text
    assert "inside" not in text


def test_a_bug_costs_nobody_their_words(pages: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("inside")

    monkeypatch.setattr("integration.questions.votes.record", broken)
    data = {"form_token": token_on(pages.get("/help/connect-zoom")), "comment": WORDS, "helpful": "no"}
    assert WORDS in told(sent(pages, data), 500, "Something went wrong on our side")
    of_another = sent(pages, data, **{"Sec-Fetch-Site": "cross-site"})
    assert WORDS not in told(of_another, 403, "This form was not sent from a page that is open in this browser now")


def test_a_form_that_was_not_taken_is_shown_again(pages: TestClient) -> None:
    text = told(
        sent(pages, {"comment": WORDS}), 403, "This form was not sent from a page that is open in this browser now"
    )
    assert WORDS in text


def test_whoever_is_signed_out_meanwhile_loses_no_word(pages: TestClient) -> None:
    response = pages.post("/staff/queue/0123456789abcdef0123456789abcdef", data={"text": WORDS, "do": "answer"})
    assert WORDS in told(response, 401, "You are not signed in here")


def test_nothing_typed_is_lost_while_the_database_is_away(pages: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> str:
        raise OperationalError("INSERT", {}, Exception("host db-7.internal refused"))

    monkeypatch.setattr("integration.questions.votes.record", away)
    data = {"form_token": token_on(pages.get("/help/connect-zoom")), "comment": WORDS, "helpful": "no"}
    text = told(sent(pages, data), 503, "This page cannot be shown just now")
    assert WORDS in text
    assert "db-7" not in text
    assert "readyz" not in text


def test_what_another_site_sent_is_not_shown(pages: TestClient) -> None:
    assert WORDS not in html.unescape(sent(pages, {"comment": WORDS}, **{"Sec-Fetch-Site": "cross-site"}).text)


def test_a_form_that_cannot_be_read_is_an_error_of_its_own(pages: TestClient) -> None:
    told(sent(pages, {f"field-{place}": "x" for place in range(100)}), 400, "This form cannot be read")
