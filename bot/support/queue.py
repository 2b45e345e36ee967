"""`/retain queue`: the support requests that wait, by the time that is left."""

from collections.abc import Mapping
from datetime import datetime

from slack_bolt import BoltContext
from slack_sdk import WebClient

from bot import blocks
from bot.acting import requests_of
from bot.asking import Desk
from bot.blocks import Block, Message
from bot.carried import Subject
from bot.meetings.amounts import count
from bot.moments import moment
from bot.page_links import page_button
from bot.service.desk_api import Queue, RequestState, SupportRequest
from bot.staff import Staff
from bot.support.request_actions import as_staff
from bot.support.request_words import (
    answer_is_lost,
    colleague,
    due_and_left,
    full_name,
    is_overdue,
    snoozed_until,
    symbol,
)
from bot.surfaces import Body
from bot.tenancy import Asker

PAGE = "/staff/queue"
MOST_LISTED = 20
DOING = "look up the queue"
NOBODY: Mapping[str, str] = {
    "open": "Nobody is waiting for an answer.",
    "answered": "No answered request is left to close.",
    "resolved": "No request was resolved yet.",
}
HINT = "`/retain queue answered` and `/retain queue resolved` show the others."


def takes(rest: str) -> bool:
    """Whether it names one of the lists, and does not only begin a question with our word."""
    return not rest or rest.casefold() in NOBODY


def by_command(desk: Desk, rest: str, body: Body, context: BoltContext, client: WebClient) -> Message:
    """`/retain queue`; what was answered or resolved by that word behind it."""
    state = rest.casefold() or "open"

    def look(asker: Asker) -> Message:
        return listed(requests_of(desk).queue(asker.behalf, state), state, desk.clock(), desk.staff)

    return as_staff(desk, body, context, client, look, DOING)


def listed(queue: Queue, state: str, now: datetime, staff: Staff) -> Message:
    """The requests, one line and one button each."""
    shown = queue.requests[:MOST_LISTED]
    rest = len(queue.requests) - len(shown)
    return blocks.joined(
        blocks.titled(_title(queue, state, now)) if shown else blocks.plain(NOBODY[state]),
        *(line(request, number, now, staff) for number, request in enumerate(shown)),
        blocks.small(f"And {count(rest, 'other')}.") if rest else None,
        undelivered(queue.undelivered),
        blocks.pressing(page_button("See it as a page", PAGE if state == "open" else f"{PAGE}?state={state}")),
        blocks.marked(HINT, as_small=True) if state == "open" else None,
    )


def _title(queue: Queue, state: str, now: datetime) -> str:
    overdue = sum(is_overdue(one, now) for one in queue.requests)
    late = f", {overdue} overdue" if overdue else ""
    return f"{count(len(queue.requests), f'{state} request')}{late}"


def line(request: SupportRequest, number: int, now: datetime, staff: Staff) -> Message:
    """One request in two lines, with a button that opens it; `number` tells it from the others' of a message."""
    who, has_it = full_name(request, staff), colleague(request.claimed_by, staff)
    due = due_and_left(request, now) or f"asked {moment(request.asked_at, None)}"
    if (until := snoozed_until(request, now)) is not None:
        due = f"{due}; snoozed until {moment(until, None)}"
    if answer_is_lost(request):
        due = f"{due}; the answer did not arrive"
    has = "had it" if request.state == RequestState.RESOLVED else "has it"
    claimed = (f", {has_it.plain} {has}", f", {has_it.shown} {has}") if request.claimed_by else ("", "")
    text = blocks.one_line(request.text, 150)
    opening = f"{symbol(request, now)} "
    shown = f"{opening}*{who.shown}*: {blocks.escape(due)}{claimed[1]}\n> {blocks.escape(text)}"
    return Message(
        f"{opening}{who.plain}: {due}{claimed[0]}. {text}",
        (blocks.section(shown) | {"accessory": _open_button(request, number)},),
    )


def _open_button(request: SupportRequest, number: int) -> Block:
    return blocks.button("Open", f"{blocks.SHOW_REQUEST}{number}", Subject(request=request.id).packed())


def undelivered(number: int) -> Message | None:
    """What reached nobody, and must be told by another way."""
    if not number:
        return None
    return blocks.pressing(
        blocks.button(f"{count(number, 'message')} may have reached nobody", blocks.SHOW_UNDELIVERED)
    )
