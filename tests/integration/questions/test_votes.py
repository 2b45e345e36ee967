from datetime import timedelta

import pytest
from sqlalchemy import select

from integration.questions import votes
from integration.questions.forgetting import forget_old_questions
from integration.questions.models import ArticleVote
from integration.questions.votes import Opinions, Vote
from integration.runtime import Runtime
from tests.integration.conftest import TestClock

PAGE, OTHER = "a" * 32, "b" * 32


def record(runtime: Runtime, vote: Vote) -> None:
    with runtime.database.writing() as session:
        votes.record(session, runtime.vault, vote, runtime.clock())


def opinions(runtime: Runtime) -> list[Opinions]:
    with runtime.database.reading() as session:
        return votes.read_opinions(session, runtime.vault, runtime.clock() - timedelta(days=30))


def test_one_copy_of_a_page_has_one_vote_and_what_was_missing_comes_after_it(
    runtime: Runtime, clock: TestClock
) -> None:
    record(runtime, Vote(PAGE, "connect-zoom", helpful=False, asked="who may connect"))
    clock.move(5)
    record(runtime, Vote(PAGE, "connect-zoom", helpful=False, comment="Ask ada@acme.example"))
    record(runtime, Vote(PAGE, "support-hours", helpful=True))
    record(runtime, Vote(OTHER, "connect-zoom", helpful=True))
    worst, other = opinions(runtime)
    assert (worst.article, worst.helpful, worst.not_helpful) == ("connect-zoom", 1, 1)
    (missed,) = worst.missed
    assert (missed.comment, missed.asked, missed.given_at) == ("Ask •••", "who may connect", clock.now)
    assert (other.article, other.helpful, other.not_helpful, other.missed) == ("support-hours", 1, 0, ())


def test_somebody_may_change_their_mind(runtime: Runtime) -> None:
    record(runtime, Vote(PAGE, "connect-zoom", helpful=False, comment="Pictures"))
    record(runtime, Vote(PAGE, "connect-zoom", helpful=True))
    assert opinions(runtime) == [Opinions("connect-zoom", 1, 0, ())]


def test_what_was_typed_is_sealed_and_what_does_not_open_is_left_out(runtime: Runtime) -> None:
    record(runtime, Vote(PAGE, "connect-zoom", helpful=False, comment="Pictures"))
    record(runtime, Vote(OTHER, "connect-zoom", helpful=False, comment="Steps"))
    with runtime.database.writing() as session:
        for row in session.scalars(select(ArticleVote)):
            assert row.comment is not None
            assert row.comment.startswith("v1.")
            if "Pictures" in runtime.vault.open(row.comment, table="article_votes", column="comment", row=row.id):
                row.comment = "v1.k1.broken"
    (found,) = opinions(runtime)
    assert (found.not_helpful, [one.comment for one in found.missed]) == (2, ["Steps"])


def test_they_end_with_the_questions(runtime: Runtime, clock: TestClock) -> None:
    record(runtime, Vote(PAGE, "connect-zoom", helpful=True))
    clock.move(timedelta(days=91).total_seconds())
    assert (forget_old_questions(runtime), forget_old_questions(runtime)) == (1, 0)


@pytest.mark.parametrize("said", ["comment", "asked"])
def test_a_repr_holds_nothing_that_was_typed(said: str) -> None:
    assert "Pictures" not in repr(Vote(PAGE, "connect-zoom", helpful=False, **{said: "Pictures"}))
