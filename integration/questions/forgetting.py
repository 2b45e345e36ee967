"""Questions are kept for as many days as QUESTIONS_KEPT_DAYS says, with what people thought of their answers.

So are votes on help pages, which hold what people missed there.
"""

from datetime import timedelta

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from integration.questions.models import ArticleVote, Question
from integration.runtime import Runtime

MOST_AT_ONCE = 200  # others wait for a transaction that deletes


def forget_old_questions(runtime: Runtime) -> int:
    """A worker's duty: delete what was kept for its time, at most `MOST_AT_ONCE` of each kind. Returns how many."""
    before = runtime.clock() - timedelta(days=runtime.settings.questions_kept_days)
    with runtime.database.writing() as session:
        questions = _forget(session, Question.id, Question.asked_at < before)
        return questions + _forget(session, ArticleVote.id, ArticleVote.given_at < before)


def _forget(session: Session, row_id: InstrumentedAttribute[str], old: ColumnElement[bool]) -> int:
    # A CTE: PostgreSQL may run a mere subquery more than once, and delete more.
    chosen = select(row_id).where(old).limit(MOST_AT_ONCE).with_for_update(skip_locked=True).cte()
    gone = delete(row_id.class_).where(row_id.in_(select(chosen.c.id))).returning(row_id)
    return len(session.scalars(gone, execution_options={"synchronize_session": False}).all())
