"""Calls to the integration service over HTTP: short waits, one key, and errors that say what a caller can do."""

from collections.abc import Mapping
from typing import Any, TypeVar

import requests
from pydantic import BaseModel, ValidationError

from bot.errors import Refused, ServiceUnavailable

# Slack wants its acknowledgement within 3 seconds, and a claim comes before it: connect, then read, in seconds.
QUICK = (0.5, 1.5)
USUAL = (1.0, 3.0)  # after the acknowledgement, with a person waiting
PATIENT = (1.0, 5.0)  # where nobody waits, or is told to
VERY_PATIENT = (1.0, 25.0)  # the service itself waits for Zoom

Model = TypeVar("Model", bound=BaseModel)


class ServiceHttp:
    """`session` carries proxies and pools; the key is sent as a bearer token and appears nowhere else.

    `call` raises ServiceUnavailable when the service cannot be reached or fails, Refused when it says no.
    """

    def __init__(self, url: str, key: str, session: requests.Session) -> None:
        self._url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {key}"}
        self._session = session

    def call(
        self,
        method: str,
        path: str,
        body: Mapping[str, object] | None = None,
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: tuple[float, float] = USUAL,
        allowed: tuple[int, ...] = (),
    ) -> requests.Response:
        """The answer, when its status is 2xx or one of `allowed`."""
        sent = {**self._headers, **(headers or {})}
        try:
            response = self._session.request(
                method, self._url + path, json=body, params=query, headers=sent, timeout=timeout
            )
        except requests.RequestException as error:
            # The exception's own text may carry the address with its query: its kind says enough.
            raise ServiceUnavailable(f"{method} {path}: {type(error).__name__}") from None
        if response.ok or response.status_code in allowed:
            return response
        if response.status_code >= 500:
            raise ServiceUnavailable(f"{method} {path}: status {response.status_code}")
        raise refusal(f"{method} {path}", response)


def json_of(response: requests.Response) -> dict[str, Any]:
    """The body, a JSON object. Raises ServiceUnavailable for anything else."""
    try:
        body = response.json()
    except requests.JSONDecodeError:
        body = None
    if not isinstance(body, dict):
        raise ServiceUnavailable(f"status {response.status_code} without JSON: is INTEGRATION_URL the web process?")
    return body


def parsed(model: type[Model], response: requests.Response) -> Model:
    """The body as `model`. Raises ServiceUnavailable for one of another form: the two are not of one version."""
    try:
        return model.model_validate(json_of(response))
    except ValidationError as error:
        problems = ", ".join(".".join(map(str, one["loc"])) for one in error.errors())
        raise ServiceUnavailable(f"{model.__name__} had another form than expected: {problems}") from None


def refusal(call: str, response: requests.Response) -> Refused:
    """What a 4xx answer to `call` says."""
    try:
        body = response.json()
    except requests.JSONDecodeError:
        body = {}
    problem = body if isinstance(body, dict) else {}
    remedy = str(problem.get("remedy") or problem.get("detail") or "") or None
    cause, field = (str(problem.get(name) or "") or None for name in ("cause", "field"))
    status = response.status_code
    return Refused(f"{call}: status {status}", remedy=remedy, status=status, cause=cause, field=field)
