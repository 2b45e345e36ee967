"""What can go wrong with a back-fill, besides what Zoom answers (ZoomError).

RequestError
└── NotConnected    409  there is no connection to ask Zoom with
IntegrationError
├── NotAllowed      Zoom refuses this kind of question, whatever is asked; another kind may be allowed
└── Lost            the turn passed on, or the connection that it began with has ended: store nothing more
"""

from integration.connections.causes import meaning
from integration.errors import IntegrationError, RequestError


class NotConnected(RequestError):
    """`extra` has the connection's state, its cause, and the article that explains it."""

    status, kind, title = 409, "not-connected", "Zoom is not connected"

    def __init__(self, state: str, cause: str) -> None:
        why = meaning(state, cause)
        extra = {"state": state, "cause": why.code, "article": why.article}
        super().__init__(why.explanation, field="tenant", remedy=why.next_step, extra=extra)


class NotAllowed(IntegrationError):
    """`cause`: a code of the catalogue where Zoom says why, or `not_allowed`."""

    def __init__(self, cause: str) -> None:
        super().__init__(f"Zoom does not allow it ({cause}).")
        self.cause = cause


class Lost(IntegrationError):
    """Stop, and leave it to whoever comes next."""
