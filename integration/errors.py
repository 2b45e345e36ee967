"""What can go wrong in the service, as one small tree.

    IntegrationError            message, field, remedy: enough to tell a person what to do next
    ├── SettingsError           the process cannot start; names every setting at fault
    ├── VaultError              a sealed text does not open
    └── RequestError            answered to the caller as a problem (RFC 9457) or as a page
        ├── BadRequest          400  the request cannot be read at all
        ├── NotRecognised       401  no API key, or one that is not known
        ├── Forbidden           403  the policy table does not allow it
        ├── NotFound            404
        ├── MethodNotAllowed    405
        ├── Conflict            409  somebody was first; `extra` says what they did
        ├── TooLarge            413
        ├── Invalid             422  read, but a value is not acceptable
        ├── TooMany             429  more of it than we take from one place in a while
        └── Unavailable         503  ours to mend; trying again later helps

Anything else that escapes is a bug: it is logged with its request id and answered as a bare 500.
"""

from collections.abc import Mapping
from typing import ClassVar

from kb.errors import RemediedError


class IntegrationError(RemediedError):
    """Base of all errors of this package."""


class SettingsError(IntegrationError):
    """The environment does not hold what the process needs."""


class VaultError(IntegrationError):
    """A sealed text was changed, belongs elsewhere, or its key is gone. Never carries a secret."""


class RequestError(IntegrationError):
    """An error with an HTTP status. `extra` becomes extension members of the problem."""

    status: ClassVar[int] = 500
    kind: ClassVar[str] = "internal"
    title: ClassVar[str] = "Something went wrong on our side"
    headers: ClassVar[Mapping[str, str]] = {}

    def __init__(
        self,
        message: str,
        *,
        field: str | None = None,
        remedy: str | None = None,
        extra: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(message, field=field, remedy=remedy)
        self.extra = dict(extra or {})


class BadRequest(RequestError):
    status, kind, title = 400, "bad-request", "The request cannot be read"


class NotRecognised(RequestError):
    status, kind, title = 401, "not-recognised", "An API key is needed"
    headers: ClassVar[Mapping[str, str]] = {"WWW-Authenticate": 'Bearer realm="retain"'}


class Forbidden(RequestError):
    status, kind, title = 403, "forbidden", "Not allowed"


class NotFound(RequestError):
    status, kind, title = 404, "not-found", "Not found"


class MethodNotAllowed(RequestError):
    status, kind, title = 405, "method-not-allowed", "Method not allowed"


class Conflict(RequestError):
    status, kind, title = 409, "conflict", "Somebody was first"


class TooLarge(RequestError):
    status, kind, title = 413, "too-large", "The request is too large"


class Invalid(RequestError):
    status, kind, title = 422, "invalid", "A value is not acceptable"


class TooMany(RequestError):
    status, kind, title = 429, "too-many", "Too often"
    headers: ClassVar[Mapping[str, str]] = {"Retry-After": "600"}


class Unavailable(RequestError):
    status, kind, title = 503, "unavailable", "Not available just now"
    headers: ClassVar[Mapping[str, str]] = {"Retry-After": "5"}
