"""Questions are kept for as many days as QUESTIONS_KEPT_DAYS says, with what people thought of their answers.

So are votes on help pages, which hold what people missed there.
"""

from datetime import timedelta

from integration.forgetting import forget
from integration.questions.models import ArticleVote, Question
from integration.runtime import Runtime


def forget_old_questions(runtime: Runtime) -> int:
    """A worker's duty: delete what was kept for its time, a limited number of each kind at once. Returns how many."""
    before = runtime.clock() - timedelta(days=runtime.settings.questions_kept_days)
    with runtime.database.writing() as session:
        questions = forget(session, Question.id, Question.asked_at < before)
        return questions + forget(session, ArticleVote.id, ArticleVote.given_at < before)
