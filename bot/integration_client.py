"""Calls to the integration service. It is never asked for more than a few seconds, and may be absent."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import requests
from pydantic import BaseModel, ValidationError

from bot.errors import ServiceError, ServiceUnavailable
from bot.inquiry import Actor, Inquiry, Place

# Slack wants its acknowledgement within 3 seconds and the claim comes before it: connect, then read, in seconds.
QUICK = (0.5, 1.5)
PATIENT = (1.0, 5.0)  # after the answer nobody waits
LONG_POLL_SECONDS = 20
NO_TEXT = "(no text)"  # what the service keeps of a file without a word, say


@dataclass(frozen=True)
class Receipt:
    """What a claim gave: the question's id, and whether it is ours (`new`) or was claimed before."""

    id: str
    new: bool


@dataclass(frozen=True)
class Outcome:
    """How a question was answered, as recorded."""

    status: Literal["answered", "suggested", "unknown"]
    article: str | None = None
    confidence: float | None = None


class OwedQuestion(BaseModel):
    """A question that nobody has answered yet."""

    id: str
    key: str
    text: str
    actor: str
    place: str
    article: str | None = None

    def inquiry(self) -> Inquiry:
        """As it was asked. Raises ValueError for a person or a place that is not Slack's."""
        text = "" if self.text == NO_TEXT else self.text
        return Inquiry(self.key, text, Actor.parse(self.actor), Place.parse(self.place), self.article)


class Payload(BaseModel):
    """What a notification carries; later kinds add to it."""

    question: OwedQuestion | None = None


class Notification(BaseModel):
    """Something that a person must be told, leased to this process for a minute."""

    id: str
    kind: str
    payload: Payload


class _Notifications(BaseModel):
    notifications: list[Notification]


class IntegrationClient:
    """The service's HTTP interface, as far as the bot uses it.

    `session` carries proxies and pools; the key is sent as a bearer token and appears nowhere else. Every method
    raises ServiceUnavailable when the service cannot be reached or fails, ServiceError when it refuses.
    """

    def __init__(self, url: str, key: str, session: requests.Session) -> None:
        self._url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {key}"}
        self._session = session

    def claim_question(self, inquiry: Inquiry) -> Receipt:
        """Claim a question's key before its event is acknowledged; a second claim gives the first one's id."""
        body = {
            "key": inquiry.key,
            "text": inquiry.text.strip() or NO_TEXT,
            "actor": str(inquiry.actor),
            "place": str(inquiry.place),
            "article": inquiry.article,
        }
        response = self._post("/v1/questions", body, allowed=(409,))
        question_id = _json(response).get("id")
        if not isinstance(question_id, str):
            raise ServiceError(f"POST /v1/questions: status {response.status_code} without an id")
        return Receipt(question_id, new=response.status_code == 201)

    def mark_answered(self, question_id: str, outcome: Outcome) -> None:
        """Record how the question was answered; saying so twice is harmless."""
        body = {"status": outcome.status, "article": outcome.article, "confidence": outcome.confidence}
        self._post(f"/v1/questions/{question_id}/answered", body, timeout=PATIENT)

    def send_feedback(self, question_id: str, actor: Actor, *, helpful: bool) -> None:
        """Record whether an answer helped that person; the last word counts."""
        self._post(f"/v1/questions/{question_id}/feedback", {"actor": str(actor), "helpful": helpful}, timeout=PATIENT)

    def workspace_seen(self, team: str, name: str) -> bool:
        """Tell the service of a Slack workspace that uses the bot; a new one is a notice to the staff, once.

        Whether it is linked already: to a tenant, or as Retain's own.
        """
        response = self._post(f"/v1/workspaces/{team}/seen", {"name": name}, timeout=PATIENT)
        workspace = _json(response)
        return bool(workspace.get("tenant") or workspace.get("staff"))

    def claim_notifications(self, places: str | None, wait: int = LONG_POLL_SECONDS) -> list[Notification]:
        """Wait up to `wait` seconds for what is due in these places, and lease it for a minute.

        `places` is a list such as `slack:T1, staff`; None means all.
        """
        response = self._post(
            f"/v1/notifications/claim?wait={wait}",
            {},
            timeout=(QUICK[0], wait + 5),
            headers={"X-Place": places} if places else None,
        )
        try:
            return _Notifications.model_validate(_json(response)).notifications
        except ValidationError as error:
            raise ServiceError(f"notifications had another form than expected: {error.error_count()} errors") from None

    def acknowledge(
        self, notification_id: str, outcome: Literal["delivered", "gave_up"], reason: str | None = None
    ) -> None:
        """Say what became of a leased notification; without this it is handed out again."""
        self._post(f"/v1/notifications/{notification_id}/ack", {"outcome": outcome, "reason": reason})

    def _post(
        self,
        path: str,
        body: Mapping[str, object],
        *,
        allowed: tuple[int, ...] = (),
        timeout: tuple[float, float] = QUICK,
        headers: Mapping[str, str] | None = None,
    ) -> requests.Response:
        sent = {**self._headers, **(headers or {})}
        try:
            response = self._session.post(self._url + path, json=body, headers=sent, timeout=timeout)
        except requests.RequestException as error:
            # The exception's own text may carry the address with its query: its kind says enough.
            raise ServiceUnavailable(f"POST {path}: {type(error).__name__}") from None
        if response.ok or response.status_code in allowed:
            return response
        if response.status_code >= 500:
            raise ServiceUnavailable(f"POST {path}: status {response.status_code}")
        raise ServiceError(f"POST {path}: status {response.status_code}", remedy=_remedy(response))


def _json(response: requests.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except requests.JSONDecodeError:
        body = None
    if not isinstance(body, dict):
        raise ServiceUnavailable(f"status {response.status_code} without JSON: is INTEGRATION_URL the web process?")
    return body


def _remedy(response: requests.Response) -> str | None:
    try:
        body = response.json()
    except requests.JSONDecodeError:
        return None
    return str(body.get("remedy") or body.get("detail") or "") or None if isinstance(body, dict) else None
