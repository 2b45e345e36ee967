"""What one of the staff does about a support request on its page: which button was pressed, and what was typed."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session

from integration.desk import acting, showing
from integration.desk.acting import Act
from integration.desk.models import SupportRequest
from integration.desk.page_words import NO_SNOOZE
from integration.desk.recording import is_recorded
from integration.errors import Conflict, Invalid
from integration.fields import MAX_TEXT
from integration.pages.forms import Sent, text_of
from integration.vault import Vault
from kb import support_hours

OPENING, END = "opening", "end"
SAID_MEANWHILE = "said_meanwhile"
READ_FIRST = "Read it above. If your answer is still right, send it again."
SNOOZES: Mapping[str, tuple[str, timedelta]] = {
    "15": ("15 minutes", timedelta(minutes=15)),
    "30": ("30 minutes", timedelta(minutes=30)),
    "60": ("1 hour", timedelta(hours=1)),
}


@dataclass(frozen=True)
class Form:
    """`do`: the button. `key`: the page's: sent twice, it is one answer. `text`: the answer that was begun.

    `anyway`: the colleague who had the request on the page, when it is answered all the same; `seen`: the latest of
    what had been said there.
    """

    do: str
    key: str
    text: str = field(repr=False)
    anyway: str
    snooze: str
    seen: str | None

    @classmethod
    def of(cls, sent: Sent) -> "Form":
        """Any of it may be missing, or anything."""
        do, key, anyway, snooze = (sent.get(name, "") for name in ("do", "key", "anyway", "snooze"))
        return cls(do, key, text_of(sent, "text"), anyway, snooze, sent.get("seen"))


@dataclass(frozen=True)
class Doing:
    """What a button does, and what is said once it is done."""

    act: Callable[[Form, str, str, datetime], Act]
    done: str


def _plain(act: Act) -> Callable[[Form, str, str, datetime], Act]:
    return lambda _form, _request_id, _actor, _now: act


def _answer(form: Form, request_id: str, actor: str, _now: datetime) -> Act:
    """Sent again after a reply that was lost, it is one answer; sent again in other words, it is a second one."""
    if not form.text:
        raise Invalid("There is no answer yet.", field="text", remedy="Write a few words first.")
    if len(form.text) > MAX_TEXT:
        too_long = f"The answer has {len(form.text):,} characters, and {MAX_TEXT:,} is the most."
        raise Invalid(too_long, field="text", remedy="Please shorten it.")
    sent = "\0".join((request_id, actor, form.key, form.text))
    return partial(_answer_as_seen, form=form, key=f"page:{hashlib.sha256(sent.encode()).hexdigest()}")


def _answer_as_seen(
    session: Session, vault: Vault, request: SupportRequest, actor: str, now: datetime, *, form: Form, key: str
) -> None:
    """Whoever answers knows what else was said, and overrules nobody but the colleague whom they saw to have it."""
    if form.seen is not None and not is_recorded(session, request, key):
        latest = showing.latest_said(session, request.id)
        if latest is not None and latest.id != form.seen and latest.actor != actor:
            raise Conflict("Something was said meanwhile.", remedy=READ_FIRST, extra={"cause": SAID_MEANWHILE})
    anyway = bool(form.anyway) and form.anyway == request.claimed_by
    acting.answer(session, vault, request, actor, now, key=key, text=form.text, anyway=anyway)


def _snooze(form: Form, _request_id: str, _actor: str, now: datetime) -> Act:
    return partial(acting.snooze, until=snooze_end(form.snooze, now))


def snooze_end(chosen: str, now: datetime) -> datetime:
    """When a choice ends (UTC)."""
    if chosen == END:
        return now + NO_SNOOZE
    return now + SNOOZES[chosen][1] if chosen in SNOOZES else support_hours.next_opening(now)


def snoozes(now: datetime, *, is_snoozed: bool) -> list[tuple[str, str]]:
    """The choices: a few minutes while we are open, until we open next, or no longer where it is snoozed."""
    offered = SNOOZES if support_hours.is_open(now) else {}
    minutes = [(value, f"none for {words}") for value, (words, _) in offered.items()]
    opens = support_hours.describe_moment(support_hours.next_opening(now), now, None)
    ended = [(END, "as usual again")] if is_snoozed else []
    return [*minutes, (OPENING, f"none until we open next ({opens})"), *ended]


DOINGS: Mapping[str, Doing] = {
    "claim": Doing(_plain(acting.claim), "You took it on."),
    "release": Doing(_plain(acting.release), "You left it to others."),
    "answer": Doing(_answer, "Your answer was handed over to Slack."),
    "answered-elsewhere": Doing(_plain(acting.answered_elsewhere), "You marked it as answered."),
    "snooze": Doing(_snooze, "You changed when we are reminded of it."),
    "resolve": Doing(_plain(acting.resolve), "You resolved it."),
    "reopen": Doing(_plain(acting.reopen), "You reopened it."),
}
