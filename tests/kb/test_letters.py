"""Messages of more than one sentence: letters that ask at last, and two questions at once."""

import pytest

from kb.evaluate import Row, evaluate, read_rows
from kb.library import load_library
from kb.search import Search
from tests.kb.test_evaluate import QUESTIONS

POLITE = """
I hope you are doing well. It has been a while since we last wrote. We enjoy working with Retain. Our team has grown a
lot this year. The summer was very long and hot. We moved into a new office in March. Everybody likes the view from the
roof. My colleague Anna sends her regards. She is on leave until October. I took over some of her duties. It is all
rather new to me. Please forgive me if this is a simple matter. I have read through my notes twice. I also asked around
in the office. Nobody was sure what to say. We are a small company of thirty people. We make furniture out of old wood.
Business has been good to us. I do not want to take too much of your time. Let me come to the point.
"""
CHATTY = "We moved to a new office last month and everything is a bit chaotic here. The summer was long and hot."


@pytest.fixture(scope="module")
def ours() -> Search:
    return Search(load_library())


@pytest.mark.parametrize("introduction", [POLITE, CHATTY])
@pytest.mark.parametrize(
    ("question", "slug"),
    [
        ("no Zoom icon", "zoom-icon-missing"),
        ("There is no zoom icon on our page.", "zoom-icon-missing"),
        ("How do I connect zoom?", "connect-zoom"),
        ("Zoom wants us to authorize it again", "reauthorize-zoom"),
    ],
)
def test_the_question_that_ends_a_letter_is_answered(ours: Search, introduction: str, question: str, slug: str) -> None:
    answer = ours.ask(f"{introduction}\n{question}")
    assert (answer.status, answer.article) == ("answered", slug)


def test_a_question_that_begins_a_letter_is_answered(ours: Search) -> None:
    assert ours.ask(f"There is no Zoom icon. {POLITE}").article == "zoom-icon-missing"


def test_politeness_alone_is_not_answered(ours: Search) -> None:
    assert ours.ask(POLITE).status != "answered"
    assert ours.ask(f"{POLITE} How do I bake bread?").status != "answered"


def test_what_precedes_a_question_hardly_changes_the_answers(ours: Search) -> None:
    rows = read_rows(QUESTIONS)[::4]  # each is read sentence by sentence
    chatty = [Row(f"{CHATTY} {row.question}", row.articles, row.path, row.line) for row in rows]
    bare, measured = evaluate(ours, rows), evaluate(ours, chatty)
    assert measured.right >= bare.right - 0.04
    assert measured.wrong <= bare.wrong + 0.02
    assert measured.false_answers <= bare.false_answers + 0.02


@pytest.mark.parametrize(
    ("question", "slugs"),
    [
        ("Hi! how do I connect zoom and when are you open?", {"connect-zoom", "support-hours"}),
        ("How do I connect Zoom? When are you open?", {"connect-zoom", "support-hours"}),
        ("who owns our zoom account and also how do I disconnect zoom", {"zoom-account-owner", "deauthorize-zoom"}),
        (f"{CHATTY} Is our data encrypted? There is no Zoom icon.", {"security-privacy", "zoom-icon-missing"}),
    ],
)
def test_two_questions_at_once_get_both_articles_to_choose_from(ours: Search, question: str, slugs: set[str]) -> None:
    answer = ours.ask(question)
    assert answer.status == "suggested"
    assert {candidate.article for candidate in answer.candidates[:2]} == slugs
    assert "it asks several things" in ours.explain(question)


@pytest.mark.parametrize(
    ("question", "slug"),
    [
        ("When are you open and when are you closed?", "support-hours"),
        ("How do I connect Zoom and how do I install the Zoom integration?", "connect-zoom"),
    ],
)
def test_two_questions_that_one_article_answers_get_that_one(ours: Search, question: str, slug: str) -> None:
    assert ours.ask(question).article == slug


def test_an_explanation_names_the_sentence_that_counts(ours: Search) -> None:
    assert "The sentence that counts: no zoom icon\n" in ours.explain(f"{POLITE}\nno Zoom icon")
