import re
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import select

from integration.pages import throttle
from integration.questions import votes
from integration.questions.models import ArticleVote
from integration.questions.votes import Opinions
from integration.runtime import Runtime
from tests.integration.conftest import TestClock
from tests.integration.submitting import submit, token_on

PAGE = "/help/connect-zoom"
VOTE = f"{PAGE}/vote"


def key_on(page: Response) -> str:
    found = re.search(r'name="key" value="([0-9a-f]{32})"', page.text)
    assert found
    return found[1]


def vote(client: TestClient, page: Response, **said: str) -> Response:
    data = {"form_token": token_on(page), "key": key_on(page), **said}
    return client.post(VOTE, data=data, follow_redirects=False)


def opinions(runtime: Runtime) -> list[Opinions]:
    with runtime.database.reading() as session:
        return votes.read_opinions(session, runtime.vault, runtime.clock() - timedelta(days=1))


def test_a_yes_is_thanked_for_and_counted_once_however_often_it_is_sent(client: TestClient, runtime: Runtime) -> None:
    page = client.get(PAGE)
    for _ in range(2):
        thanked = vote(client, page, helpful="yes")
        assert "Thank you" in thanked.text
        assert thanked.headers["Cache-Control"] == "no-store"
    assert opinions(runtime) == [Opinions("connect-zoom", 1, 0, ())]


def test_after_a_no_it_asks_what_was_missing(client: TestClient, runtime: Runtime) -> None:
    asked = vote(client, client.get(PAGE, params={"q": "who may"}), helpful="no", asked="who may")
    assert "What was missing?" in asked.text
    assert 'href="/support?about=connect-zoom&amp;q=who%20may"' in asked.text
    thanked = vote(client, asked, helpful="no", comment=" Pictures,\0 please ")
    assert "We read what is missing" in thanked.text
    (found,) = opinions(runtime)
    assert (found.helpful, found.not_helpful) == (0, 1)
    assert [(one.comment, one.asked) for one in found.missed] == [("Pictures, please", "who may")]


def test_only_a_page_of_ours_that_was_not_open_for_days_can_send_it(
    client: TestClient, runtime: Runtime, clock: TestClock
) -> None:
    page = client.get(PAGE)
    assert client.post(VOTE, data={"helpful": "yes"}).status_code == 403
    other_site = client.post(VOTE, data={"form_token": token_on(page)}, headers={"Sec-Fetch-Site": "cross-site"})
    assert other_site.status_code == 403
    clock.move(2 * 86_400)
    assert vote(client, page, helpful="no", comment="Pictures").status_code == 403
    assert opinions(runtime) == []


@pytest.mark.parametrize("said", [{}, {"helpful": "perhaps"}])
def test_what_is_neither_yes_nor_no_is_no_vote(client: TestClient, runtime: Runtime, said: dict[str, str]) -> None:
    refused = vote(client, client.get(PAGE), **said)
    assert refused.status_code == 400
    assert "neither a yes nor a no" in refused.text
    assert opinions(runtime) == []


def test_there_is_no_vote_on_what_is_no_page(client: TestClient) -> None:
    assert submit(client, PAGE, {"helpful": "yes"}, to="/help/nothing/vote").status_code == 404


@pytest.mark.parametrize("key", ["", "x", "a" * 33])
def test_without_a_key_of_ours_it_is_a_vote_of_its_own(client: TestClient, runtime: Runtime, key: str) -> None:
    for _ in range(2):
        assert submit(client, PAGE, {"helpful": "yes", "key": key}, to=VOTE).status_code == 200
    with runtime.database.reading() as session:
        assert len(session.scalars(select(ArticleVote.key)).all()) == 2


def test_one_address_cannot_vote_without_end(
    client: TestClient, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(client.app.state.throttles, "votes", throttle.Throttle(2))  # type: ignore[attr-defined]
    page = client.get(PAGE)
    assert [vote(client, page, helpful="yes").status_code for _ in range(3)] == [200, 200, 429]
