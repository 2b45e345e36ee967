"""What Zoom says when it refuses (developers.zoom.us/docs/integrations/oauth-error-messages and /docs/api/errors)."""

from collections.abc import Mapping

from integration.zoom.sandbox.model import Json


class Refused(Exception):
    """An answer that is not 2xx: status, body, and headers beyond the usual."""

    def __init__(self, status: int, body: Json, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(f"{status}")
        self.status, self.body, self.headers = status, body, dict(headers or {})


class NotPossible(Exception):
    """What a person or a test asked of the stand-in makes no sense; says what would."""


def oauth_error(reason: str, error: str, *, status: int = 400, code: int | None = None) -> Refused:
    """`{"reason", "error"}`; with a code where Zoom documents one (how it is sent is not documented)."""
    return Refused(status, {"reason": reason, "error": error} | ({"code": code} if code else {}))


def api_error(code: int, message: str, *, status: int = 400, headers: Mapping[str, str] | None = None) -> Refused:
    return Refused(status, {"code": code, "message": message}, headers)


def dead_refresh_token(habit: str) -> Refused:
    error = "invalid_request" if habit == "401" else "invalid_grant"
    return oauth_error("Invalid Token!", error, status=int(habit))


def invalid_client() -> Refused:
    return oauth_error("Invalid client_id or client_secret", "invalid_client")
