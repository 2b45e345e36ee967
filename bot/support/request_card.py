"""A support request as the staff see it: who asks what, how long there is left, and what can be done about it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from bot import blocks
from bot.blocks import Block, Message
from bot.carried import Subject
from bot.connections.status_card import BELIEVED, HEADLINES, UNKNOWN
from bot.integration_client import NO_TEXT
from bot.moments import in_words, moment, yours
from bot.service.desk_api import RequestState, Said, SupportRequest
from bot.staff import Staff
from bot.support.request_words import (
    RUNNING,
    Who,
    answer_is_lost,
    asker_of,
    can_be_answered,
    colleague,
    due,
    full_name,
    last_answer,
    snoozed_until,
    symbol,
    zone_of,
)
from bot.telling.undelivered import REASONS

LONGEST_TEXT = 1500  # characters of a question as Slack counts them, escaped: a message has room for about 13,000
LONGEST_SAID = 400
MOST_SAID = 5  # of what was said later, the latest; the last answer stays in any case
HEADINGS: Mapping[str, str] = {
    RequestState.OPEN: "asks for a person",
    RequestState.CLAIMED: "waits for an answer",
    RequestState.ANSWERED: "was answered",
    RequestState.RESOLVED: "needs nothing more",
}
WROTE_AGAIN, WAITS_AGAIN = "wrote again", "waits again"
CLOSED_UNANSWERED, ANSWER_LOST = "was closed without an answer", "has no answer yet: it could not be delivered"
BROKEN = ("degraded", "needs_reauthorization", "deauthorized")  # the states of Zoom that have a cause worth telling
NO_PLACE = "They asked by the form on the web: answer by e-mail, then press “Mark answered”."
NOT_SIGNED_IN = "no: name and organisation are as they typed them, so tell nothing about an organisation"
LOST = "Write to them in another way, or to an admin of their organisation."
DELIVERY: Mapping[str, str] = {
    "on_its_way": "on its way",
    "delivered": "delivered",
    "possibly_delivered": "perhaps delivered; Slack did not say",
    "not_delivered": "not delivered",
}
HAPPENED: Mapping[str, str] = {
    "answered": "answered",
    "elsewhere": "answered in another way",
    "wrote": "wrote",
    "reopened": "reopened it",
    "resolved": "resolved it",
}
BY_ITSELF = Who.named("Resolved by itself"), "after a week without news"
PRIMARY = {"style": "primary"}
MARK_ANSWERED = blocks.confirm(
    "Answered in another way?", "This stops the clock. They get no message from me about it.", "Mark answered"
)
UNANSWERED = "Resolve without an answer?"


class Seen(NamedTuple):
    """What a card depends on besides the request: links to articles that may help, and to what the bot `answered`."""

    now: datetime
    staff: Staff
    suggested: Sequence[Message] = ()
    answered: Message | None = None


def card(request: SupportRequest, seen: Seen, suffix: str = "card") -> Message:
    """The whole card; `suffix` tells its buttons from those of other requests in the same message."""
    return blocks.joined(
        _heading(request, seen),
        quoted_lines(request.text),
        blocks.joined(blocks.small("They add:"), quoted_lines(request.more)) if request.more else None,
        _facts(request, seen),
        *(_said(one, request, seen.staff) for one in _worth_showing(request)),
        _articles("I answered:", [seen.answered]) if seen.answered else None,
        _articles("May help:", seen.suggested) if seen.suggested and request.state in RUNNING else None,
        _as_of(request, seen),
        blocks.pressing(*buttons(request, suffix)),
    )


def buttons(request: SupportRequest, suffix: str) -> list[Block]:
    """What may be done about it as it stands now."""
    value = Subject(request=request.id).packed()
    running, resolved = request.state in RUNNING, request.state == RequestState.RESOLVED
    claimed = request.claimed_by is not None

    def press(label: str, prefix: str, **more: object) -> Block:
        return blocks.button(label, f"{prefix}{suffix}", value, **more)

    offered = (
        (running and not claimed, press("Claim", blocks.CLAIM_REQUEST, **PRIMARY)),
        (can_be_answered(request), press("Answer", blocks.ANSWER_REQUEST, **(PRIMARY if claimed else {}))),
        (running, press("Mark answered", blocks.MARK_ANSWERED, confirm=MARK_ANSWERED)),
        (running, press("Snooze", blocks.SNOOZE_REQUEST)),
        (running and claimed, press("Release", blocks.RELEASE_REQUEST)),
        (
            not resolved,
            press("Resolve", blocks.RESOLVE_REQUEST, **({"confirm": _resolving(request)} if running else {})),
        ),
        (not running, press("Reopen", blocks.REOPEN_REQUEST)),
    )
    return [button for is_there, button in offered if is_there] + _status_button(request, suffix)


def quoted_lines(text: str, limit: int = LONGEST_TEXT) -> Message:
    """What somebody wrote, as they wrote it; on their lines, harmless, and cut."""
    words = in_words(text).strip() or NO_TEXT
    shown = words if len(words) <= limit else words[: limit - 1] + "…"
    lines = "\n".join(f"> {blocks.escape(line)}" for line in shown.splitlines())
    return Message(shown, (blocks.section(blocks.cut(lines, limit)),))


def _resolving(request: SupportRequest) -> Block:
    """What resolving asks first while somebody waits."""
    told = "They get a message that it is closed" if can_be_answered(request) else "They hear nothing of it from me"
    return blocks.confirm(UNANSWERED, f"They are still waiting, and nobody has answered them here. {told}.", "Resolve")


def _worth_showing(request: SupportRequest) -> Sequence[Said]:
    """The latest, and what was answered last: whoever takes over has to know what the asker was told."""
    answer, latest = last_answer(request), request.said[-MOST_SAID:]
    return latest if answer is None or answer in latest else (answer, *latest[1:])


def _status_button(request: SupportRequest, suffix: str) -> list[Block]:
    if request.tenant is None:
        return []
    value = Subject(tenant=request.tenant).packed()
    return [blocks.button("Show status", f"{blocks.STATUS_OF}request_{suffix}", value)]


def _heading(request: SupportRequest, seen: Seen) -> Message:
    who, sign = full_name(request, seen.staff), symbol(request, seen.now)
    words = HEADINGS.get(request.state, HEADINGS[RequestState.OPEN])
    if answer_is_lost(request):
        words = ANSWER_LOST
    if _was_closed_unanswered(request):
        words = CLOSED_UNANSWERED
    if request.openings > 1 and request.state in RUNNING:
        words = WROTE_AGAIN if request.said and request.said[-1].kind == "wrote" else WAITS_AGAIN
    return Message(f"{sign} {who.plain} {words}", (blocks.section(f"{sign} *{who.shown} {words}*"),))


def _was_closed_unanswered(request: SupportRequest) -> bool:
    """By staff: its asker knows best when it is solved."""
    by = next((one.actor for one in reversed(request.said) if one.kind == "resolved"), None)
    return request.state == RequestState.RESOLVED and request.ended == "closed" and by != request.actor


def _facts(request: SupportRequest, seen: Seen) -> Message:
    """Who has it, until when, how Zoom stood, and how to reach them: a label and its words a line."""
    contact, until = request.contact, snoozed_until(request, seen.now)
    has_it = colleague(request.claimed_by, seen.staff) if request.claimed_by else Who.named("nobody yet")
    told = (
        ("Answer", _named(due(request, seen.now))),
        ("Snoozed until", _named(moment(until, None) if until else None)),
        ("Claimed by", has_it if request.state in RUNNING or request.claimed_by else None),
        ("E-mail", _named(contact.email if contact and not request.actor else None)),
        ("Zoom when they asked", _named(_zoom(request))),
        ("Signed in", _named(None if request.actor else NOT_SIGNED_IN)),
        ("Asked in", _link(request.link)),
    )
    there = [(label, who) for label, who in told if who is not None]
    shown = "\n".join(f"*{label}:* {who.shown}" for label, who in there)
    by_mail = request.state in RUNNING and not can_be_answered(request)
    how = blocks.small(NO_PLACE) if by_mail else blocks.small(LOST) if answer_is_lost(request) else None
    plain = "\n".join(f"{label}: {who.plain}" for label, who in there)
    facts = Message(plain, (blocks.section(shown),)) if there else None
    return blocks.joined(facts, how)


def _named(words: str | None) -> Who | None:
    return Who.named(words) if words else None


def _link(address: str | None) -> Who | None:
    if address is None or not address.startswith("https://"):
        return None
    return Who("their conversation", f"<{blocks.escape(address).replace('|', '%7C')}|their conversation>")


def _zoom(request: SupportRequest) -> str | None:
    """Such as "🔴 Zoom has to be connected again (token revoked)"; connected is what we believed then, not proof."""
    if request.zoom is None:
        return None
    sign, words = BELIEVED if request.zoom.state == "connected" else HEADLINES.get(request.zoom.state, UNKNOWN)
    known = request.zoom.cause if request.zoom.state in BROKEN else None
    cause = f" ({known.replace('_', ' ')})" if known else ""
    return f"{sign} {words}{cause}"


def _said(said: Said, request: SupportRequest, staff: Staff) -> Message:
    """One line of what happened since, with the words where there are any."""
    by = colleague(said.actor, staff) if said.actor and said.actor != request.actor else asker_of(request, staff)
    what = HAPPENED.get(said.kind, said.kind.replace("_", " "))
    if said.kind == "resolved" and not said.actor:
        by, what = BY_ITSELF
    when, delivery = moment(said.at, None), DELIVERY.get(said.delivery or "")
    why = f": {REASONS.get(said.reason, said.reason)}" if said.reason else ""
    how = f" ({delivery}{why})" if delivery else ""
    line = Message(
        f"{by.plain} {what}, {when}{how}", (blocks.context(f"{by.shown} {what}, {blocks.escape(f'{when}{how}')}"),)
    )
    return blocks.joined(line, quoted_lines(said.text, LONGEST_SAID)) if said.text else line


def _articles(label: str, links: Sequence[Message]) -> Message:
    """Links to articles in one small line."""
    elements = [element for link in links for block in link.blocks for element in block["elements"]]
    shown = {"type": "context", "elements": [{"type": "mrkdwn", "text": f"{label}"}, *elements]}
    return Message(" ".join([label, *(link.text for link in links)]), (shown,))


def _as_of(request: SupportRequest, seen: Seen) -> Message:
    """When the card was drawn, and how late it was for the asker: it stays, and time goes on."""
    zone, now = zone_of(request), seen.now
    who = asker_of(request, seen.staff).plain
    theirs = f"; {now.astimezone(zone):%a %H:%M} where {who} is ({zone.key})" if zone else ""
    return blocks.small(f"Updated {yours(now)}{theirs}.")
