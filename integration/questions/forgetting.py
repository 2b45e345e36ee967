"""Questions are kept for as many days as QUESTIONS_KEPT_DAYS says, with what people thought of their answers."""

from datetime import timedelta

from sqlalchemy import delete, select

from integration.questions.models import Question
from integration.runtime import Runtime

MOST_AT_ONCE = 200  # others wait for a transaction that deletes


def forget_old_questions(runtime: Runtime) -> int:
    """A worker's duty: delete what was kept for its time, at most `MOST_AT_ONCE`. Returns how many."""
    before = runtime.clock() - timedelta(days=runtime.settings.questions_kept_days)
    old = select(Question.id).where(Question.asked_at < before)
    with runtime.database.writing() as session:
        chosen = old.limit(MOST_AT_ONCE).with_for_update(skip_locked=True)
        gone = delete(Question).where(Question.id.in_(chosen)).returning(Question.id)
        return len(session.scalars(gone, execution_options={"synchronize_session": False}).all())
