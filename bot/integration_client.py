"""Questions and notifications: what the bot does at the service for itself, on behalf of nobody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import requests
from pydantic import BaseModel

from bot.errors import Refused, ServiceError
from bot.inquiry import Actor, Inquiry, Place
from bot.service.connection_service import ConnectionService
from bot.service.desk_service import DeskService
from bot.service.gaps_service import GapsService
from bot.service.incident_service import IncidentService
from bot.service.meeting_service import MeetingService
from bot.service.notification_service import NotificationService
from bot.service.service_http import PATIENT, QUICK, ServiceHttp, json_of, parsed

LONG_POLL_SECONDS = 20
Ack = Literal["delivered", "possibly_delivered", "gave_up", "not_sent"]
NO_TEXT = "(no text)"  # what the service keeps of a file without a word, say


@dataclass(frozen=True)
class Receipt:
    """What a claim gave: the question's id, and whether it is ours (`new`) or was claimed before.

    `support_request`: the one in whose conversation it was written; then it is for people.
    """

    id: str
    new: bool
    support_request: str | None = None


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
    support_request: str | None = None

    def inquiry(self) -> Inquiry:
        """As it was asked. Raises ValueError for a person or a place that is not Slack's.

        How many files came with it is not kept; a message to people without a word was at least one.
        """
        text = "" if self.text == NO_TEXT else self.text
        files = 1 if self.support_request and not text else 0
        actor, place = Actor.parse(self.actor), Place.parse(self.place)
        return Inquiry(self.key, text, actor, place, self.article, self.support_request, files)


class Notification(BaseModel):
    """Something that a person must be told, leased to this process for a minute. `payload` is as its kind has it.

    `attempts` counts how often it was handed out; `begun`: some process was about to send it before.
    """

    id: str
    kind: str
    payload: dict[str, Any]
    attempts: int = 1
    begun: bool = False


class Begun(BaseModel):
    """That we are about to send a notification is recorded. `again`: it may stand already, sent since `since`."""

    again: bool
    since: datetime | None = None


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
        self.notifications = NotificationService(self._http)
        self.incidents = IncidentService(self._http)
        self.desk = DeskService(self._http)
        self.gaps = GapsService(self._http)

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
        answer = json_of(response)
        question_id, request = answer.get("id"), answer.get("support_request")
        if not isinstance(question_id, str):
            raise ServiceError(f"POST /v1/questions: status {response.status_code} without an id")
        return Receipt(question_id, response.status_code == 201, request if isinstance(request, str) else None)

    def mark_answered(self, question_id: str, outcome: Outcome) -> None:
        """Record how the question was answered; saying so twice is harmless."""
        body = {"status": outcome.status, "article": outcome.article, "confidence": outcome.confidence}
        self._http.call("POST", f"/v1/questions/{question_id}/answered", body, timeout=PATIENT)

    def send_feedback(
        self,
        question_id: str,
        actor: Actor,
        *,
        helpful: bool,
        comment: str | None = None,
        timeout: tuple[float, float] = PATIENT,
    ) -> None:
        """Record whether an answer helped that person, and what they say was missing; the last word counts."""
        body = {"actor": str(actor), "helpful": helpful} | ({"comment": comment} if comment else {})
        self._http.call("POST", f"/v1/questions/{question_id}/feedback", body, timeout=timeout)

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

    def begin(self, notification: Notification) -> Begun:
        """Say that it is about to be sent. Raises Refused (409) where that is somebody else's task by now."""
        path = f"/v1/notifications/{notification.id}/begin"
        try:
            return parsed(Begun, self._http.call("POST", path, {"attempt": notification.attempts}))
        except Refused as refused:
            if refused.unknown_here:  # a service older than this bot
                return Begun(again=False)
            raise

    def acknowledge(
        self,
        notification_id: str,
        outcome: Ack,
        reason: str | None = None,
        instead: Sequence[str] = (),
        attempt: int | None = None,
    ) -> None:
        """Say what became of a leased notification; without this it is handed out again.

        `not_sent`: what was begun did certainly not get out. `instead`: who is to hear what was given up.
        """
        body = {"outcome": outcome, "reason": reason, "instead": list(instead), "attempt": attempt}
        self._http.call("POST", f"/v1/notifications/{notification_id}/ack", body)
