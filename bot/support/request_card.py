"""A support request as the staff see it: who asks what, how long there is left, and what can be done about it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from bot import blocks
from bot.blocks import Block, Message
from bot.carried import Subject
from bot.connections.status_card import BELIEVED, HEADLINES, UNKNOWN
from bot.integration_client import NO_TEXT
from bot.moments import in_words, moment
from bot.service.desk_api import RequestState, Said, SupportRequest
from bot.staff import Staff
from bot.support.request_words import (
    RUNNING,
    Who,
    asker_of,
    can_be_answered,
    colleague,
    due_and_left,
    full_name,
    snoozed_until,
    symbol,
    zone_of,
)
from bot.telling.undelivered import REASONS

LONGEST_TEXT = 1500  # characters of a question: a message has room for about 13,000
LONGEST_SAID = 400
MOST_SAID = 5  # of what was said later, the latest
HEADINGS: Mapping[str, str] = {
    RequestState.OPEN: "asks for a person",
    RequestState.CLAIMED: "waits for an answer",
    RequestState.ANSWERED: "was answered",
    RequestState.RESOLVED: "needs nothing more",
}
WROTE_AGAIN, WAITS_AGAIN = "wrote again", "waits again"
BROKEN = ("degraded", "needs_reauthorization", "deauthorized")  # the states of Zoom that have a cause worth telling
NO_PLACE = "They asked by the form on the web: answer by e-mail, then press “Mark answered”."
DELIVERY: Mapping[str, str] = {
    "on_its_way": "on its way",
    "delivered": "delivered",
    "possibly_delivered": "perhaps delivered; Slack did not say",
    "not_delivered": "not delivered",
}
PRIMARY = {"style": "primary"}
MARK_ANSWERED = blocks.confirm(
    "Answered by another way?", "This stops the clock. They get no message from me about it.", "Mark answered"
)
RESOLVE_UNANSWERED = blocks.confirm(
    "Resolve without an answer?", "They are still waiting, and nobody has answered them here.", "Resolve"
)


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
        *(_said(one, request, seen.staff) for one in request.said[-MOST_SAID:]),
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
            press("Resolve", blocks.RESOLVE_REQUEST, **({"confirm": RESOLVE_UNANSWERED} if running else {})),
        ),
        (not running, press("Reopen", blocks.REOPEN_REQUEST)),
    )
    return [button for is_there, button in offered if is_there] + _status_button(request, suffix)


def quoted_lines(text: str, limit: int = LONGEST_TEXT) -> Message:
    """What somebody wrote, as they wrote it; on their lines, harmless, and cut."""
    words = in_words(text).strip() or NO_TEXT
    shown = words if len(words) <= limit else words[: limit - 1] + "…"
    lines = "\n".join(f"> {blocks.escape(line)}" for line in shown.splitlines())
    return Message(shown, (blocks.section(lines),))


def _status_button(request: SupportRequest, suffix: str) -> list[Block]:
    if request.tenant is None:
        return []
    value = Subject(tenant=request.tenant).packed()
    return [blocks.button("Show status", f"{blocks.STATUS_OF}request_{suffix}", value)]


def _heading(request: SupportRequest, seen: Seen) -> Message:
    who, sign = full_name(request, seen.staff), symbol(request, seen.now)
    words = HEADINGS.get(request.state, HEADINGS[RequestState.OPEN])
    if request.openings > 1 and request.state in RUNNING:
        words = WROTE_AGAIN if request.said and request.said[-1].kind == "wrote" else WAITS_AGAIN
    return Message(f"{sign} {who.plain} {words}", (blocks.section(f"{sign} *{who.shown} {words}*"),))


def _facts(request: SupportRequest, seen: Seen) -> Message:
    """Who has it, until when, how Zoom stood, and how to reach them: a label and its words a line."""
    contact, zone, until = request.contact, zone_of(request), snoozed_until(request, seen.now)
    has_it = colleague(request.claimed_by, seen.staff) if request.claimed_by else Who.named("nobody yet")
    told = (
        ("Answer", _named(due_and_left(request, seen.now))),
        ("Snoozed until", _named(moment(until, None) if until else None)),
        ("Claimed by", has_it if request.state in RUNNING or request.claimed_by else None),
        ("E-mail", _named(contact.email if contact and request.via == "web" else None)),
        ("Zoom when they asked", _named(_zoom(request))),
        ("Time zone", _named(zone.key if zone else None)),
        ("Asked in", _link(request.link)),
    )
    there = [(label, who) for label, who in told if who is not None]
    shown = "\n".join(f"*{label}:* {who.shown}" for label, who in there)
    how = blocks.small(NO_PLACE) if request.state in RUNNING and not can_be_answered(request) else None
    facts = Message("\n".join(f"{label}: {who.plain}" for label, who in there), (blocks.section(shown),))
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
    when, delivery = moment(said.at, None), DELIVERY.get(said.delivery or "")
    what = {
        "answered": "answered",
        "elsewhere": "answered by another way",
        "wrote": "wrote",
        "reopened": "reopened it",
        "resolved": "resolved it" if said.actor else "",
    }.get(said.kind, said.kind.replace("_", " "))
    why = f": {REASONS.get(said.reason, said.reason)}" if said.reason else ""
    how = f" ({delivery}{why})" if delivery else ""
    if said.kind == "resolved" and not said.actor:
        by, what = Who.named("Resolved by itself"), "after a week without news"
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
    theirs = f"; {now.astimezone(zone):%a %H:%M} where {asker_of(request, seen.staff).plain} is" if zone else ""
    return blocks.small(f"Updated {moment(now, None)}{theirs}.")
