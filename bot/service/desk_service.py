"""What the bot asks the service about support requests and the promise: on behalf of a person, or for itself."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from urllib.parse import quote

from bot.errors import Refused
from bot.service.connection_service import OnBehalf
from bot.service.desk_api import OwnRequest, OwnRequests, Promise, Queue, Sla, SupportRequest, Taken
from bot.service.service_http import PATIENT, USUAL, ServiceHttp, json_of, parsed, refusal

REQUESTS = "/v1/support-requests"


@dataclass(frozen=True)
class NewRequest:
    """What is handed over. `key` is the form's: sent twice it is one request.

    `place` is the asker's direct conversation with us, where answers go; `link` leads to where it was asked.
    """

    key: str
    text: str = field(repr=False)
    more: str | None = field(default=None, repr=False)
    place: str | None = None
    article: str | None = None
    question_id: str | None = None
    link: str | None = field(default=None, repr=False)
    name: str | None = field(default=None, repr=False)
    time_zone: str | None = None

    @property
    def body(self) -> dict[str, object]:
        return {name: value for name, value in asdict(self).items() if value is not None} | {"via": "slack"}


class DeskService:
    """Every method raises ServiceUnavailable when the service cannot be reached, Refused when it says no.

    A resolved request refuses (409, cause `resolved`) to be claimed, answered or snoozed. `timeout` is in seconds:
    to connect, then to read.
    """

    def __init__(self, http: ServiceHttp) -> None:
        self._http = http

    # The asker's side

    def open_request(self, who: OnBehalf, new: NewRequest, *, timeout: tuple[float, float] = PATIENT) -> OwnRequest:
        """Hand a question over to people; the same request when that was done before."""
        answer = self._http.call("POST", REQUESTS, new.body, headers=who.headers, timeout=timeout)
        return parsed(OwnRequest, answer)

    def mine(self, who: OnBehalf, *, timeout: tuple[float, float] = USUAL) -> tuple[OwnRequest, ...]:
        """One's own requests that are not resolved, the newest first."""
        answer = self._http.call("GET", f"{REQUESTS}/mine", headers=who.headers, timeout=timeout)
        return parsed(OwnRequests, answer).requests

    def write(
        self,
        who: OnBehalf,
        request: str,
        *,
        key: str,
        text: str,
        reopens: bool = True,
        timeout: tuple[float, float] = PATIENT,
    ) -> OwnRequest:
        """Add what the asker wrote; after an answer it reopens the request, unless it `reopens` nothing (a thanks)."""
        body = {"key": key, "text": text, "reopens": reopens}
        answer = self._http.call("POST", _path(request, "write"), body, headers=who.headers, timeout=timeout)
        return parsed(OwnRequest, answer)

    def solved(self, who: OnBehalf, request: str) -> OwnRequest:
        """The asker says that it is solved. Refused (404) for somebody else's."""
        return parsed(OwnRequest, self._http.call("POST", _path(request, "solved"), headers=who.headers))

    def promise(self, *, timeout: tuple[float, float] = USUAL) -> Promise:
        """How the promise was kept lately."""
        return parsed(Promise, self._http.call("GET", "/v1/promise", timeout=timeout))

    # The staff's side

    def queue(self, who: OnBehalf, state: str = "open") -> Queue:
        """The requests that are open (claimed ones too), answered or resolved."""
        answer = self._http.call("GET", REQUESTS, query={"state": state}, headers=who.headers, timeout=PATIENT)
        return parsed(Queue, answer)

    def request(self, request: str, who: OnBehalf | None = None) -> SupportRequest:
        """One request, as of now; for the bot itself (its card) without `who`."""
        answer = self._http.call("GET", _path(request), headers=who.headers if who else None, timeout=PATIENT)
        return parsed(SupportRequest, answer)

    def claim(self, who: OnBehalf, request: str) -> SupportRequest | Taken:
        """Take a request; claiming one's own again is fine."""
        return self._unless_taken(who, request, "claim", None)

    def release(self, who: OnBehalf, request: str) -> SupportRequest:
        """Give a request back."""
        return self._done(who, request, "release")

    def answer(
        self,
        who: OnBehalf,
        request: str,
        *,
        key: str,
        text: str,
        anyway: bool = False,
        timeout: tuple[float, float] = PATIENT,
    ) -> SupportRequest | Taken:
        """Answer the asker; `anyway`: though somebody else has the request."""
        return self._unless_taken(who, request, "answer", {"key": key, "text": text, "anyway": anyway}, timeout)

    def answered_elsewhere(self, who: OnBehalf, request: str) -> SupportRequest:
        """It was answered by another way: stops the clock."""
        return self._done(who, request, "answered-elsewhere")

    def snooze(self, who: OnBehalf, request: str, until: datetime) -> SupportRequest:
        """Hold back reminders until then; at most seven days."""
        return self._done(who, request, "snooze", {"until": until.isoformat()})

    def resolve(self, who: OnBehalf, request: str) -> SupportRequest:
        """Close it."""
        return self._done(who, request, "resolve")

    def reopen(self, who: OnBehalf, request: str) -> SupportRequest:
        """Open it again, with a new clock."""
        return self._done(who, request, "reopen")

    def keep_card(self, request: str, place: str) -> None:
        """Say where the staff's message of it stands."""
        self._http.call("PUT", _path(request, "card"), {"place": place}, timeout=PATIENT)

    def keep_place(self, request: str, place: str) -> None:
        """Say where its answers stand: what the asker writes in that thread belongs to it."""
        self._http.call("PUT", _path(request, "place"), {"place": place}, timeout=PATIENT)

    def sla(self, who: OnBehalf, month: str | None = None) -> Sla:
        """How the promise was kept in a month (2026-11), this one by default. Refused (422) for what is none."""
        query = {"month": month} if month else None
        return parsed(Sla, self._http.call("GET", "/v1/sla", query=query, headers=who.headers, timeout=PATIENT))

    def _done(self, who: OnBehalf, request: str, what: str, body: dict[str, object] | None = None) -> SupportRequest:
        answer = self._http.call("POST", _path(request, what), body, headers=who.headers, timeout=PATIENT)
        return parsed(SupportRequest, answer)

    def _unless_taken(
        self,
        who: OnBehalf,
        request: str,
        what: str,
        body: dict[str, object] | None,
        timeout: tuple[float, float] = PATIENT,
    ) -> SupportRequest | Taken:
        path = _path(request, what)
        response = self._http.call("POST", path, body, headers=who.headers, timeout=timeout, allowed=(409,))
        if response.status_code != 409:
            return parsed(SupportRequest, response)
        if not json_of(response).get("claimed_by"):
            raise refusal(f"POST {path}", response)
        return parsed(Taken, response)


def is_resolved(refused: Refused) -> bool:
    """Whether the request was resolved meanwhile."""
    return refused.status == 409 and refused.cause == "resolved"


def _path(request: str, what: str = "") -> str:
    """What a button carries stays within its place."""
    path = f"{REQUESTS}/{quote(request, safe='')}"
    return f"{path}/{what}" if what else path
