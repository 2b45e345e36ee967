"""Signed events, as Zoom sends them (developers.zoom.us/docs/api/webhooks), and their retries."""

import hashlib
import hmac
import json
import secrets
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import requests

from integration.zoom.sandbox.errors import NotPossible
from integration.zoom.sandbox.habits import Habits
from integration.zoom.sandbox.model import Clock, Json, User

PATIENCE_SECONDS = 3.0
# After the first try, and each only when the one before met with 500 or more, or with no answer.
RETRIES = (timedelta(minutes=5), timedelta(minutes=20), timedelta(minutes=60))
KEPT = 200
NOT_LATE = timedelta()


@dataclass(frozen=True)
class Attempt:
    """`status` None: no answer, and `problem` says why."""

    at: datetime
    status: int | None
    problem: str = ""
    answer: bytes = field(default=b"", repr=False)

    @property
    def retried(self) -> bool:
        """Whether Zoom tries again: never after 2xx, 3xx or 4xx."""
        return self.status is None or self.status >= 500


@dataclass
class Delivery:
    """One event on its way. `stamp` goes into the signature; `due`: when Zoom tries again, if it does."""

    number: int
    event: str
    body: bytes = field(repr=False)
    stamp: datetime
    attempts: list[Attempt] = field(default_factory=list)
    due: datetime | None = None

    @property
    def status(self) -> int | None:
        return self.attempts[-1].status if self.attempts else None

    @property
    def text(self) -> str:
        return self.body.decode()


class Webhooks:
    """Sends from whichever thread asks, and waits for the answer; `url` None: nothing is sent, only noted.

    Retries are due by Zoom's `clock`, which can be set forward. Events are stamped by the `real` one: whoever gets
    them has no other, and would refuse what comes from the future.
    """

    def __init__(self, clock: Clock, real: Clock, habits: Habits, client_id: str, secret: str, url: str | None) -> None:
        self._clock, self._real, self._habits, self._client_id, self._secret = clock, real, habits, client_id, secret
        self._lock = threading.Lock()
        self.deliveries: deque[Delivery] = deque(maxlen=KEPT)
        self.url = url

    def aim(self, url: str) -> None:
        """Events go to this address from now on; empty: nowhere. Raises NotPossible for what is no web address."""
        if url and not url.startswith(("http://", "https://")):
            raise NotPossible("The address must begin with http:// or https://.")
        self.url = url or None

    def send_event(self, event: str, payload: Json, *, late: timedelta = NOT_LATE) -> Delivery:
        """Sends an event that happened, and was stamped, `late` ago; returns when it was answered, or was not."""
        happened = self._real() - late
        body = {"event": event, "payload": payload, "event_ts": _milliseconds(happened)}
        return self._attempt(self._new(event, body, happened))

    def send_happened(self, event: str, payload: Json, *, at: datetime) -> Delivery:
        """Sends and signs an event now that says it happened `at`."""
        body: Json = {"event": event, "payload": payload}
        written = _milliseconds(at) if self._habits["happened_in"] == "milliseconds" else int(at.timestamp())
        (body if self._habits["happened_at"] == "top" else payload)["event_ts"] = written
        return self._attempt(self._new(event, body, self._real()))

    def send_deauthorized(self, user: User, *, late: timedelta = NOT_LATE, held: bool = False) -> Delivery:
        """`app_deauthorized`: this person's consent is gone, since `late` ago. `held`: sent by `send_again` only."""
        happened = self._real() - late
        payload: Json = {
            "account_id": user.account.id,
            "user_id": user.id,
            "signature": hashlib.sha256(f"{user.id}{happened.isoformat()}".encode()).hexdigest(),
            "deauthorization_time": f"{happened:%Y-%m-%dT%H:%M:%S}.{happened.microsecond // 1000:03}Z",
            "client_id": self._client_id,
        }
        body: Json = {"event": "app_deauthorized", "payload": payload}
        (body if self._habits["event_ts"] == "top" else payload)["event_ts"] = _milliseconds(happened)
        delivery = self._new("app_deauthorized", body, happened)
        return delivery if held else self._attempt(delivery)

    def send_validation(self) -> tuple[Delivery, bool]:
        """`endpoint.url_validation`, and whether the answer is right: 200 with the plain token and its HMAC."""
        plain = secrets.token_urlsafe(16)
        delivery = self.send_event("endpoint.url_validation", {"plainToken": plain})
        wanted = {"plainToken": plain, "encryptedToken": _hmac(self._secret, plain.encode())}
        try:
            answer = json.loads(delivery.attempts[-1].answer) if delivery.attempts else None
        except ValueError:
            answer = None
        return delivery, delivery.status == 200 and answer == wanted

    def send_again(self, number: int, *, older: timedelta = NOT_LATE) -> Delivery:
        """The same bytes once more, with the same stamp or an `older` one. Raises NotPossible."""
        delivery = next((one for one in self.deliveries if one.number == number), None)
        if delivery is None:
            raise NotPossible(f"There is no event number {number}.")
        delivery.stamp -= older
        return self._attempt(delivery)

    def send_due(self) -> list[Delivery]:
        """The retries whose time has come."""
        now = self._clock()
        due = [delivery for delivery in list(self.deliveries) if delivery.due and delivery.due <= now]
        return [self._attempt(delivery) for delivery in due]

    def headers(self, body: bytes, stamp: datetime) -> Mapping[str, str]:
        """What Zoom signs: `v0:<timestamp>:<raw body>`."""
        seconds = self._habits["stamp"] == "seconds"
        written = str(int(stamp.timestamp()) if seconds else _milliseconds(stamp))
        return {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Zoom Marketplace/1.0a",
            "x-zm-request-timestamp": written,
            "x-zm-signature": f"v0={_hmac(self._secret, f'v0:{written}:'.encode() + body)}",
            "x-zm-request-id": secrets.token_hex(16),
        }

    def _new(self, event: str, body: Json, stamp: datetime) -> Delivery:
        with self._lock:
            number = self.deliveries[-1].number + 1 if self.deliveries else 1
            delivery = Delivery(number, event, json.dumps(body, separators=(",", ":")).encode(), stamp)
            self.deliveries.append(delivery)
        return delivery

    def _attempt(self, delivery: Delivery) -> Delivery:
        if self.url is None:
            return delivery
        attempt = self._post(self.url, delivery)
        delivery.attempts.append(attempt)
        tried = len(delivery.attempts)
        retry = attempt.retried and tried <= len(RETRIES)
        delivery.due = attempt.at + RETRIES[tried - 1] if retry else None
        return delivery

    def _post(self, url: str, delivery: Delivery) -> Attempt:
        headers = dict(self.headers(delivery.body, delivery.stamp))
        try:
            with requests.Session() as session:
                session.trust_env = False  # the service is on this machine: no proxy
                answer = session.post(
                    url, data=delivery.body, headers=headers, timeout=PATIENCE_SECONDS, allow_redirects=False
                )
        except requests.Timeout:
            return Attempt(self._clock(), None, "no answer within 3 seconds")
        except requests.RequestException:
            return Attempt(self._clock(), None, "nobody answers at the address")
        return Attempt(self._clock(), answer.status_code, answer=answer.content)


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _hmac(secret: str, message: bytes) -> str:
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()
