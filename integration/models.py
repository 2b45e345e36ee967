"""All tables, so that `Base.metadata` is complete wherever this is imported."""

from integration.notifications.models import Notification
from integration.questions.models import Feedback, Question

__all__ = ["Feedback", "Notification", "Question"]
