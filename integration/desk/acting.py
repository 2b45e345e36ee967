"""What Retain's people do with a support request. It must be locked: of two who claim at once, one gets it.

Done twice, each of them is done once: a click that arrives again changes nothing.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from integration.desk import clocks, finding, reminders, telling
from integration.desk.models import WAITING, Ending, EventKind, RequestState, SupportRequest
from integration.desk.recording import is_recorded, record
from integration.errors import Conflict, Invalid
from integration.vault import Vault

LONGEST_SNOOZE = timedelta(days=7)

Act = Callable[[Session, Vault, SupportRequest, str, datetime], None]  # by an actor, at a moment


def perform(session: Session, vault: Vault, request_id: str, actor: str, now: datetime, act: Act) -> SupportRequest:
    """Have one of the staff do something with the request of this id. Raises NotFound, and what `act` raises."""
    request = finding.request_of(session, request_id, lock=True)
    act(session, vault, request, actor, now)
    return request


def claim(session: Session, vault: Vault, request: SupportRequest, actor: str, now: datetime) -> None:
    """They take it on. Raises Conflict when another has it, or it is resolved."""
    _require_unresolved(request)
    _require_not_taken(request, actor)
    if request.claimed_by is None:
        _take(request, actor, now)
        record(session, vault, request, EventKind.CLAIMED, now, actor=actor)
        telling.changed(session, vault, request, now)


def release(session: Session, vault: Vault, request: SupportRequest, actor: str, now: datetime) -> None:
    """Nobody has it any more, whoever had it: the one who claimed it may have gone home."""
    if request.claimed_by is None or request.state == RequestState.RESOLVED:
        return
    request.claimed_by = request.claimed_at = None
    if request.state == RequestState.CLAIMED:
        request.state = RequestState.OPEN
    _remind_anew(session, request)
    record(session, vault, request, EventKind.RELEASED, now, actor=actor)
    telling.changed(session, vault, request, now)


def answer(
    session: Session,
    vault: Vault,
    request: SupportRequest,
    actor: str,
    now: datetime,
    *,
    key: str,
    text: str,
    anyway: bool = False,
) -> None:
    """Answer its asker, which stops the clock; whoever answers what nobody has, has it.

    Raises Conflict when another has it (unless `anyway`), when it is resolved, or when there is no conversation to
    answer in: it came by the form on the web.
    """
    if is_recorded(session, request, key):
        return
    _require_unresolved(request)
    if not anyway:
        _require_not_taken(request, actor)
    _require_conversation(request)
    _stop(session, vault, request, actor, Ending.ANSWERED, now)
    event_id = record(session, vault, request, EventKind.ANSWERED, now, actor=actor, text=text, key=key)
    telling.answered(session, vault, request, event_id, text, actor, now)
    telling.changed(session, vault, request, now)


def answered_elsewhere(session: Session, vault: Vault, request: SupportRequest, actor: str, now: datetime) -> None:
    """It was answered by another way, which stops the clock. Raises Conflict when it is resolved."""
    _require_unresolved(request)
    if request.state == RequestState.ANSWERED:
        return
    _stop(session, vault, request, actor, Ending.ELSEWHERE, now)
    record(session, vault, request, EventKind.ELSEWHERE, now, actor=actor)
    telling.changed(session, vault, request, now)


def snooze(
    session: Session, vault: Vault, request: SupportRequest, actor: str, now: datetime, *, until: datetime
) -> None:
    """Hold back the reminders before the target until then. Raises Conflict when it is resolved, and Invalid."""
    _require_unresolved(request)
    if not now < until <= now + LONGEST_SNOOZE:
        raise Invalid(
            "It can be snoozed for at most seven days, and not into the past.",
            field="until",
            remedy="Choose a time within the next seven days.",
        )
    if request.snoozed_until == until:
        return
    request.snoozed_until = until
    _remind_anew(session, request)
    record(session, vault, request, EventKind.SNOOZED, now, actor=actor)
    telling.changed(session, vault, request, now)


def resolve(session: Session, vault: Vault, request: SupportRequest, actor: str | None, now: datetime) -> None:
    """It is done with; without an answer, no promise was kept by it, and its asker is told so unless it was they who
    ended it. `actor` is none when it resolves by itself.
    """
    if request.state == RequestState.RESOLVED:
        return
    clock = clocks.stop(session, vault, request.id, Ending.CLOSED, now)
    if clock is not None and actor != request.actor:
        telling.closed(session, vault, request, about=f"{clock.id}/closed", now=now)
    request.state, request.resolved_at, request.snoozed_until = RequestState.RESOLVED, now, None
    record(session, vault, request, EventKind.RESOLVED, now, actor=actor)
    telling.changed(session, vault, request, now)


def reopen(session: Session, vault: Vault, request: SupportRequest, actor: str, now: datetime) -> None:
    """It waits for people again, with a new clock. Whoever had it has it still."""
    if request.state not in WAITING:
        open_again(session, vault, request, actor, now)
        telling.changed(session, vault, request, now)


def open_again(session: Session, vault: Vault, request: SupportRequest, actor: str, now: datetime) -> None:
    """The same without telling: for whoever has more to tell. No clock may run."""
    request.state = RequestState.CLAIMED if request.claimed_by is not None else RequestState.OPEN
    request.resolved_at = request.snoozed_until = None
    clocks.start(session, request.id, now)
    record(session, vault, request, EventKind.REOPENED, now, actor=actor)


def _remind_anew(session: Session, request: SupportRequest) -> None:
    clock = clocks.latest(session, request.id, lock=True)
    if clock is not None:
        reminders.take_back(session, clock)


def _stop(session: Session, vault: Vault, request: SupportRequest, actor: str, ending: Ending, now: datetime) -> None:
    if request.claimed_by is None:
        _take(request, actor, now)
    clocks.stop(session, vault, request.id, ending, now)
    request.state, request.snoozed_until = RequestState.ANSWERED, None


def _take(request: SupportRequest, actor: str, now: datetime) -> None:
    request.claimed_by, request.claimed_at = actor, now
    if request.state == RequestState.OPEN:
        request.state = RequestState.CLAIMED


def _require_unresolved(request: SupportRequest) -> None:
    if request.state == RequestState.RESOLVED:
        raise Conflict("This support request is resolved.", remedy="Reopen it first.", extra={"cause": "resolved"})


def _require_not_taken(request: SupportRequest, actor: str) -> None:
    if request.claimed_by not in (None, actor):
        raise Conflict(
            "Somebody else has this support request.",
            remedy="Leave it to them, or release it first.",
            extra={"cause": "claimed", "claimed_by": request.claimed_by},
        )


def _require_conversation(request: SupportRequest) -> None:
    if request.place is None and request.actor is None:
        raise Conflict(
            "There is no conversation to answer in.",
            remedy="Answer by e-mail where an address was left, then mark it as answered.",
            extra={"cause": "no_conversation"},
        )
