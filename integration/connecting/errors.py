"""What can go wrong while connecting, besides what Zoom answers (ZoomError).

RequestError
└── NotEnabled      409  Zoom is not enabled for the tenant
IntegrationError
└── LostLease       another process has taken the grant over; what we know of it is out of date
"""

from integration.errors import IntegrationError, RequestError
from integration.zoom.causes import cause


class NotEnabled(RequestError):
    """`extra` has the cause and the article that explains it."""

    status, kind, title = 409, "not-enabled", "Zoom is not enabled"

    def __init__(self) -> None:
        why = cause("not_enabled")
        super().__init__(
            why.explanation, field="tenant", remedy=why.next_step, extra={"cause": why.code, "article": why.article}
        )


class LostLease(IntegrationError):
    """Stop, and leave the grant to whoever has it now."""
