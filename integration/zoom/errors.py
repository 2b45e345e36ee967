"""A call to Zoom that failed, with its cause. It holds no token, no code, no secret and no body."""

from datetime import datetime

from integration.errors import IntegrationError
from integration.zoom.causes import Cause


class ZoomError(IntegrationError):
    """`cause` says what it means; `status` and `code` are Zoom's own (None: no answer, or none that can be read).

    `retry_at` (aware, UTC) is set when Zoom said when to come back: not before then.
    """

    def __init__(
        self,
        cause: Cause,
        *,
        call: str,
        status: int | None = None,
        code: str | None = None,
        retry_at: datetime | None = None,
    ) -> None:
        answered = "no answer" if status is None else f"status {status}"
        numbered = f", code {code}" if code else ""
        super().__init__(f"Zoom: {call} failed with {cause.code} ({answered}{numbered}).", remedy=cause.next_step)
        self.cause = cause
        self.status = status
        self.code = code
        self.retry_at = retry_at
