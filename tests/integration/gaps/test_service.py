"""What was not answered well, as the API tells it."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from integration.gaps.missed import LONGEST
from integration.gaps.views import Gap, Gaps
from integration.questions.models import Question
from integration.runtime import Runtime
from tests.integration.conftest import TestClock
from tests.integration.desk.steps import AS_DANA, AS_SAM
from tests.integration.gaps.rows import Asking

U1, U2 = "slack:T0ACME/U1", "slack:T0ACME/U2"


@pytest.fixture
def asking(runtime: Runtime) -> Asking:
    return Asking(runtime)


def gaps(client: TestClient, **query: int) -> Gaps:
    response = client.get("/v1/gaps", params=query, headers=AS_SAM)
    assert response.status_code == 200, response.text
    return Gaps.model_validate(response.json())


def only(client: TestClient) -> Gap:
    (gap,) = gaps(client).groups
    return gap


def test_what_was_asked_in_another_language_is_no_gap(client: TestClient, asking: Asking) -> None:
    asking("Warum muss ich Zoom schon wieder verbinden?")
    asking("Can I get an invoice?")
    found = gaps(client)
    assert (found.questions, [gap.text for gap in found.groups]) == (2, ["Can I get an invoice?"])


def test_what_many_ask_stands_first_with_who_when_and_why(client: TestClient, asking: Asking, clock: TestClock) -> None:
    asking("Is there a colour blind mode?", by=U1)
    first = clock.now
    asking("Can I get an invoice?", by=U1)
    clock.move(3600)
    asking("where do I find my invoice??", "suggested", by=U2)
    asking("Why must I connect Zoom again?", "answered", "reauthorize-zoom")
    found = gaps(client)
    assert (found.days, found.questions, [gap.count for gap in found.groups]) == (30, 4, [2, 1])
    invoice = found.groups[0]
    assert (invoice.people, invoice.unknown, invoice.suggested, invoice.not_helpful) == (2, 1, 1, 0)
    assert (invoice.first_at, invoice.last_at) == (first, clock.now)
    assert {invoice.text, *invoice.texts} == {"Can I get an invoice?", "where do I find my invoice??"}
    assert invoice.closest is not None
    assert invoice.closest.title in invoice.why


def test_an_answer_that_did_not_help_is_a_gap_with_what_people_missed(client: TestClient, asking: Asking) -> None:
    asking("Why must I connect Zoom again?", "answered", "reauthorize-zoom", disliked_by=(U1, U2), comment="And <@U3>?")
    gap = only(client)
    assert (gap.not_helpful, gap.unknown, gap.comments) == (2, 0, ["And @•••?"])
    assert gap.closest is not None
    assert (gap.closest.article, gap.closest.confidence) == ("reauthorize-zoom", 0.9)
    assert (
        gap.why == "“Why you are asked to authorize Zoom again” was the answer, and 2 people said that it did not help."
    )


def test_an_article_that_is_gone_is_named_all_the_same(client: TestClient, asking: Asking) -> None:
    asking("Is there a fax number?", "answered", "fax", disliked_by=(U1,))
    assert only(client).why == "“fax” was the answer, and one person said that it did not help."


def test_what_todays_articles_answer_is_no_gap_any_more(client: TestClient, asking: Asking) -> None:
    asking("Why do I have to connect Zoom again?", "suggested")
    assert gaps(client).groups == []


def test_days_and_limit_say_how_much_is_shown(client: TestClient, asking: Asking, clock: TestClock) -> None:
    asking("Is there a fax number?")
    clock.move(timedelta(days=8).total_seconds())
    asking("Can I get an invoice?")
    asking("What does it cost per seat?")
    assert [len(gaps(client, days=days).groups) for days in (7, 9)] == [2, 3]
    assert gaps(client, limit=1).groups == gaps(client).groups[:1]
    for wrong in ({"days": 0}, {"limit": 0}, {"limit": 101}):
        assert client.get("/v1/gaps", params=wrong, headers=AS_SAM).status_code == 422


def test_what_does_not_open_or_has_no_words_is_left_out(client: TestClient, asking: Asking, runtime: Runtime) -> None:
    broken = asking("Is there a fax number?")
    asking("???")
    with Session(runtime.database.engine) as session, session.begin():
        row = session.get(Question, broken)
        assert row is not None
        row.text = "v1.k1.broken"
    assert (gaps(client).groups, gaps(client).questions) == ([], 2)


def test_of_a_long_letter_its_beginning_is_compared_and_shown(client: TestClient, asking: Asking) -> None:
    asking("Can I get an invoice? " + "lorem ipsum " * 3000, by=U1)
    asking("Can I get an invoice? " + "dolor sit " * 3000, by=U2)
    gaps_found = gaps(client).groups
    assert {len(gap.text) for gap in gaps_found} == {LONGEST + 1}
    assert all(gap.text.startswith("Can I get an invoice? ") and gap.text.endswith("…") for gap in gaps_found)


def test_only_staff_see_them(client: TestClient) -> None:
    for headers in (AS_DANA, AS_DANA | {"X-Role": "admin"}, {}):
        assert client.get("/v1/gaps", headers=headers).status_code == 403
