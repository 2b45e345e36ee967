"""From what Zoom answers to the cause of it: code and message decide, never the status alone.

Codes: https://developers.zoom.us/docs/integrations/oauth-error-messages/ and https://developers.zoom.us/docs/api/errors.
The token endpoint answers `{"reason", "error"}`, the API `{"code", "message"}`; statuses drifted over the years.
"""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Literal

from integration.zoom.catalogue import CAUSES
from integration.zoom.wording import Cause, Who

__all__ = ["CAUSES", "Call", "Cause", "Who", "cause", "classify"]

Call = Literal["exchange", "refresh", "revoke", "api"]

NUMBER_IN_TEXT = re.compile(r"\b4,?7\d\d\b")  # Zoom's pages write "(4,709)"

# Words that decide whatever the code is, first match first.
BY_TEXT: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"disabled by (the )?developer"), "invalid_client"),
    (re.compile(r"app has been disabled|disabled by (an |the |your )?(account )?admin"), "app_disabled"),
    (re.compile(r"invalid client|client (id|secret)|client_(id|secret)"), "invalid_client"),
    (re.compile(r"redirect"), "redirect_mismatch"),
    (re.compile(r"scope"), "scopes_changed"),
    (re.compile(r"next page token"), "page_expired"),
    (re.compile(r"token is expired"), "token_refused"),
)

# What each documented code means; a pair of call and code comes before the code alone.
BY_CODE: Mapping[str | tuple[Call, str], str] = {
    "invalid_client": "invalid_client",
    "unauthorized_client": "invalid_client",
    "unsupported_grant_type": "invalid_client",
    "4702": "invalid_client",
    "4704": "invalid_client",
    "4705": "invalid_client",
    "4706": "invalid_client",
    "4709": "redirect_mismatch",
    "invalid_scope": "scopes_changed",
    "4711": "scopes_changed",
    "4717": "app_disabled",
    "4738": "app_disabled",
    "4733": "code_expired",
    "4734": "code_expired",
    "4735": "user_removed",
    "4741": "grant_revoked",
    "invalid_grant": "grant_revoked",
    ("exchange", "invalid_grant"): "code_expired",
    ("refresh", "invalid_request"): "grant_revoked",  # with status 401, see `_by_code`
    ("api", "124"): "app_removed",
}


def cause(code: str) -> Cause:
    """The cause of this name; `unknown` for a name that the catalogue does not have."""
    return CAUSES.get(code, CAUSES["unknown"])


def classify(call: Call, *, status: int | None, code: str | None, text: str | None) -> Cause:
    """The cause of a failed call to Zoom. `status` None: there was no answer; `code` and `text` None: it was not
    readable. Transient unless code or message say otherwise.

    `app_removed` holds only when the access token was refreshed a moment before: an old one is refused alike. So a
    caller that gets `app_removed` or `token_refused` refreshes, asks once more, and believes the second answer.
    """
    if status is None or status < HTTPStatus.BAD_REQUEST or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return cause("zoom_unavailable")
    words = (text or "").lower()
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return cause("rate_limited_today" if "daily" in words else "rate_limited")
    found = _by_text(words) or _by_code(call, status, code or _number_in(words)) or _by_token_text(call, words)
    if found:
        return cause(found)
    if call == "api" and status == HTTPStatus.UNAUTHORIZED:
        return cause("token_refused")
    return cause("unknown" if code or words else "zoom_unavailable")


def _by_text(words: str) -> str | None:
    return next((name for pattern, name in BY_TEXT if pattern.search(words)), None)


def _number_in(words: str) -> str | None:
    found = NUMBER_IN_TEXT.search(words)
    return found[0].replace(",", "") if found else None


def _by_code(call: Call, status: int, code: str | None) -> str | None:
    if code is None:
        return None
    if (call, code) == ("refresh", "invalid_request") and status != HTTPStatus.UNAUTHORIZED:
        return None  # any other status says that our request was wrong, not that the token is dead
    return BY_CODE.get((call, code)) or BY_CODE.get(code)


def _by_token_text(call: Call, words: str) -> str | None:
    """Zoom's words for a dead refresh token, under whatever code ("Invalid Token!")."""
    if call in ("refresh", "revoke") and "invalid token" in words:
        return "grant_revoked"
    return None
