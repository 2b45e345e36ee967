"""Questions and notifications: what the bot does at the service for itself, on behalf of nobody."""

from dataclasses import dataclass
from typing import Any, Literal

import requests
from pydantic import BaseModel

from bot.connection_service import ConnectionService
from bot.desk_service import DeskService
from bot.errors import ServiceError
from bot.incident_service import IncidentService
from bot.inquiry import Actor, Inquiry, Place
from bot.meeting_service import MeetingService
from bot.service_http import PATIENT, QUICK, ServiceHttp, json_of, parsed

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


class Notification(BaseModel):
    """Something that a person must be told, leased to this process for a minute. `payload` is as its kind has it."""

    id: str
    kind: str
    payload: dict[str, Any]


class _Notifications(BaseModel):
    notifications: list[Notification]


class IntegrationClient:
    """The service's HTTP interface, as far as the bot uses it.

    `session` carries proxies and pools; the key is sent as a bearer token and appears nowhere else. Every method
    raises ServiceUnavailable when the service cannot be reached or fails, Refused when it says no. `connections` and
    `meetings` are what people ask for; `desk` is where people ask people.
    """

    def __init__(self, url: str, key: str, session: requests.Session) -> None:
        self._http = ServiceHttp(url, key, session)
        self.connections = ConnectionService(self._http)
        self.meetings = MeetingService(self._http)
        self.incidents = IncidentService(self._http)
        self.desk = DeskService(self._http)

    def claim_question(self, inquiry: Inquiry) -> Receipt:
        """Claim a question's key before its event is acknowledged; a second claim gives the first one's id."""
        body = {
            "key": inquiry.key,
            "text": inquiry.text.strip() or NO_TEXT,
            "actor": str(inquiry.actor),
            "place": str(inquiry.place),
            "article": inquiry.article,
        }
        response = self._http.call("POST", "/v1/questions", body, timeout=QUICK, allowed=(409,))
        question_id = json_of(response).get("id")
        if not isinstance(question_id, str):
            raise ServiceError(f"POST /v1/questions: status {response.status_code} without an id")
        return Receipt(question_id, new=response.status_code == 201)

    def mark_answered(self, question_id: str, outcome: Outcome) -> None:
        """Record how the question was answered; saying so twice is harmless."""
        body = {"status": outcome.status, "article": outcome.article, "confidence": outcome.confidence}
        self._http.call("POST", f"/v1/questions/{question_id}/answered", body, timeout=PATIENT)

    def send_feedback(self, question_id: str, actor: Actor, *, helpful: bool) -> None:
        """Record whether an answer helped that person; the last word counts."""
        body = {"actor": str(actor), "helpful": helpful}
        self._http.call("POST", f"/v1/questions/{question_id}/feedback", body, timeout=PATIENT)

    def workspace_seen(self, team: str, name: str) -> bool:
        """Tell the service of a Slack workspace that uses the bot; a new one is a notice to the staff, once.

        Whether it is linked already: to a tenant, or as Retain's own.
        """
        workspace = json_of(self._http.call("POST", f"/v1/workspaces/{team}/seen", {"name": name}, timeout=PATIENT))
        return bool(workspace.get("tenant") or workspace.get("staff"))

    def claim_notifications(self, places: str | None, wait: int = LONG_POLL_SECONDS) -> list[Notification]:
        """Wait up to `wait` seconds for what is due in these places, and lease it for a minute.

        `places` is a list such as `slack:T1, staff`; None means all.
        """
        response = self._http.call(
            "POST",
            f"/v1/notifications/claim?wait={wait}",
            {},
            timeout=(QUICK[0], wait + 5),
            headers={"X-Place": places} if places else None,
        )
        return parsed(_Notifications, response).notifications

    def acknowledge(
        self, notification_id: str, outcome: Literal["delivered", "gave_up"], reason: str | None = None
    ) -> None:
        """Say what became of a leased notification; without this it is handed out again."""
        body = {"outcome": outcome, "reason": reason}
        self._http.call("POST", f"/v1/notifications/{notification_id}/ack", body)
