"""Answering each question once: a claim at the integration service, and per process while that is down.

Slack delivers at least once, and a mention may also arrive as a message. The service keeps one claim a key for all
bot processes; the memory here covers the time without it, and what it missed is recorded when it is back.
"""

import logging
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import Enum, auto

from bot.errors import ServiceError, ServiceUnavailable, TooLate
from bot.inquiry import Inquiry
from bot.integration_client import IntegrationClient, Outcome
from bot.support import passing_on

log = logging.getLogger(__name__)

REMEMBERED_KEYS = 10_000
OWED_RECORDS = 1_000
# The service hands a question out again after 30 seconds; posting itself may take nearly 20 of them.
POST_WITHIN_SECONDS = 10.0
SETTLE_EVERY_SECONDS = 2.0


class State(Enum):
    """How far this process is with a key."""

    ANSWERING = auto()
    ANSWERED = auto()
    FAILED = auto()  # nothing was delivered
    UNKNOWN = auto()  # its answer may stand: it went wrong here, or is another process's


@dataclass(frozen=True)
class Claim:
    """The right to answer an inquiry. `question_id` is None while the service does not know of it."""

    inquiry: Inquiry
    question_id: str | None = None
    claimed_at: float = 0.0  # monotonic seconds


class Claims:
    """Hands out each key once. Safe to use from several threads."""

    def __init__(self, integration: IntegrationClient | None, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._integration = integration
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._keys: OrderedDict[str, State] = OrderedDict()
        self._owed: deque[tuple[Claim, Outcome]] = deque(maxlen=OWED_RECORDS)

    def claim(self, inquiry: Inquiry) -> Claim | None:
        """The claim, or None when this inquiry is being answered, or was, here or in another process."""
        if not self._first_time(inquiry.key):
            return None
        if self._integration is None:
            return Claim(inquiry)
        try:
            receipt = self._integration.claim_question(inquiry)
        except ServiceError as error:
            # Down, or refusing us for a mistake of ours: the person gets an answer either way.
            log.warning("question claimed in this process only: %s", error)
            return Claim(inquiry)
        if receipt.new:
            return self.held(replace(inquiry, support_request=receipt.support_request), receipt.id)
        with self._lock:  # whoever has it may be gone: then it is handed to us, and we must not seem to be at it
            self._keys[inquiry.key] = State.UNKNOWN
        return None

    def held(self, inquiry: Inquiry, question_id: str) -> Claim:
        """A claim that begins now."""
        return Claim(inquiry, question_id, self._monotonic())

    def check_in_time(self, claim: Claim) -> None:
        """Raises TooLate when the service may have handed the question to another bot meanwhile."""
        if claim.question_id is not None and self._monotonic() - claim.claimed_at > POST_WITHIN_SECONDS:
            raise TooLate("the answer is not posted: it took too long")

    def state(self, key: str) -> State | None:
        """What this process knows of a key; None when it never claimed it."""
        with self._lock:
            return self._keys.get(key)

    def failed(self, claim: Claim, *, may_stand: bool = False) -> None:
        """Give the claim up, so that the service may hand the question out again; perhaps its answer stands."""
        with self._lock:
            self._keys[claim.inquiry.key] = State.UNKNOWN if may_stand else State.FAILED

    def settle(self, claim: Claim, outcome: Outcome) -> None:
        """Record that the answer was delivered; what cannot be recorded now is kept for `settle_owed`."""
        with self._lock:
            self._keys[claim.inquiry.key] = State.ANSWERED
        if self._integration is None:
            return
        try:
            _record(self._integration, claim, outcome)
        except ServiceUnavailable:
            self._owed.append((claim, outcome))
        except ServiceError as error:
            log.error("an answer could not be recorded: %s", error)

    def settle_owed(self) -> None:
        """Record what was answered while the service was down. Raises ServiceUnavailable while it still is."""
        while self._integration is not None and self._owed:
            claim, outcome = self._owed[0]
            try:
                _record(self._integration, claim, outcome)
            except ServiceUnavailable:
                raise
            except ServiceError as error:
                log.error("an answer could not be recorded: %s", error)
            self._owed.popleft()

    def keep_settling(self, stop: threading.Event) -> None:
        """Record what is owed every few seconds, until `stop` is set."""
        while not stop.wait(SETTLE_EVERY_SECONDS):
            with suppress(ServiceUnavailable):
                self.settle_owed()

    def _first_time(self, key: str) -> bool:
        with self._lock:
            if key in self._keys:
                return False
            self._keys[key] = State.ANSWERING
            if len(self._keys) > REMEMBERED_KEYS:
                self._keys.popitem(last=False)
            return True


def _record(integration: IntegrationClient, claim: Claim, outcome: Outcome) -> None:
    question_id = claim.question_id
    if question_id is None:
        # A claim whose reply was lost may stand at the service: claiming again gives its id in either case.
        receipt = integration.claim_question(claim.inquiry)
        question_id = receipt.id
        if receipt.support_request:  # nobody knew: it was for people
            passing_on.write(integration, claim.inquiry, receipt.support_request)
    integration.mark_answered(question_id, outcome)
