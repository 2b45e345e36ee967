"""What a notification tells, in words for the staff."""

from collections.abc import Mapping

from integration.notifications.models import Notification, State

KINDS: Mapping[str, str] = {
    "backfill.finished": "That past meetings were read",
    "connect_link.changed": "How a connect link stands",
    "connection.changed": "News of a connection to Zoom",
    "question.unanswered": "The answer to a question",
    "staff.notice": "A notice to the staff",
    "support_request.answered": "An answer to a support request",
    "support_request.changed": "A change of a support request’s card",
    "support_request.closed": "That a support request was closed without an answer",
    "support_request.late": "That an answer comes late",
    "support_request.opened": "A new support request",
    "support_request.reminder": "A reminder of a support request",
    "support_request.wrote": "What the asker of a support request wrote",
}


def what(row: Notification) -> str:
    """Such as "An answer to a support request"."""
    return KINDS.get(row.kind, "A message")


def end(row: Notification) -> str:
    """How it ended, where it was not surely delivered, with the reason that Slack gave."""
    perhaps = "may have arrived" if row.state == State.POSSIBLY else "did not arrive"
    return f"{perhaps} ({row.reason.replace('_', ' ')})" if row.reason else perhaps
