from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from integration import forgetting
from integration.questions.forgetting import forget_old_questions
from integration.questions.models import Feedback, Question
from integration.runtime import Runtime, make_runtime
from tests.integration.conftest import TestClock
from tests.integration.gaps.rows import Asking


def count(runtime: Runtime, model: type[Question | Feedback]) -> int:
    with runtime.database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


@pytest.fixture
def move(clock: TestClock) -> Callable[[timedelta], None]:
    return lambda time: clock.move(time.total_seconds())


def test_questions_end_with_their_opinions_after_as_many_days_as_the_setting_says(
    runtime: Runtime, clock: TestClock, move: Callable[[timedelta], None]
) -> None:
    ten_days = make_runtime(runtime.settings.model_copy(update={"questions_kept_days": 10}), clock)
    Asking(runtime)("What does it cost?", disliked_by=("slack:T1/U2",))
    move(timedelta(days=10))
    Asking(runtime, asked=1)("Is there an invoice?")
    assert (forget_old_questions(runtime), forget_old_questions(ten_days)) == (0, 0)
    move(timedelta(seconds=1))
    assert forget_old_questions(runtime) == 0
    assert [forget_old_questions(ten_days) for _ in range(2)] == [1, 0]
    assert (count(runtime, Question), count(runtime, Feedback)) == (1, 0)
    move(timedelta(days=90))
    assert forget_old_questions(runtime) == 1
    ten_days.database.close()


def test_many_are_forgotten_in_batches(
    runtime: Runtime, move: Callable[[timedelta], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forgetting, "MOST_AT_ONCE", 2)
    asking = Asking(runtime)
    for number in range(3):
        asking(f"Question {number}?")
    move(timedelta(days=91))
    assert [forget_old_questions(runtime) for _ in range(3)] == [2, 1, 0]
