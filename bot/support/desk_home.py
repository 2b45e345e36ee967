"""The support desk at a glance: the staff's App Home, and `/retain desk`."""

from datetime import datetime

from slack_bolt import BoltContext
from slack_sdk import WebClient

from bot import blocks
from bot.acting import requests_of
from bot.asking import Desk
from bot.blocks import Message
from bot.meetings.amounts import count
from bot.moments import yours
from bot.page_links import page_button
from bot.service.desk_api import Queue, SupportRequest
from bot.staff import Staff
from bot.support import queue
from bot.support.request_actions import as_staff
from bot.support.request_words import is_overdue
from bot.surfaces import Body
from bot.tenancy import Asker

DOING = "look up the desk"
MOST_SHOWN = 3
SOON = 30  # open minutes: as the first reminder
NOBODY_WAITS = "Nobody is waiting for an answer."
CUSTOMERS = "For a customer's connection, type `/retain status` and their name."
PAGES = (
    ("Overview", "/staff"),
    ("Queue", "/staff/queue"),
    ("Organisations", "/staff/tenants"),
    ("Meeting hours", "/reports/meeting-hours"),
    ("Gaps", "/staff/gaps"),
    ("Response times", "/staff/sla"),
)


def by_command(desk: Desk, _rest: str, body: Body, context: BoltContext, client: WebClient) -> Message:
    """`/retain desk`."""
    return as_staff(desk, body, context, client, lambda asker: of(desk, asker), DOING)


def of(desk: Desk, asker: Asker) -> Message:
    """The desk as it stands now, for one of the staff. Raises ServiceError."""
    return told(requests_of(desk).queue(asker.behalf, "open"), desk.clock(), desk.staff)


def told(waiting: Queue, now: datetime, staff: Staff) -> Message:
    """Who must be answered first, what reached nobody, and the pages with all of it."""
    shown = waiting.requests[:MOST_SHOWN]
    left = len(waiting.requests) - len(shown)
    return blocks.joined(
        blocks.titled("The support desk", summary(waiting.requests, now)),
        *(queue.line(request, number, now, staff) for number, request in enumerate(shown)),
        blocks.small(f"And {count(left, 'other')} in the queue.") if left else None,
        queue.undelivered(waiting.undelivered),
        blocks.pressing(*(page_button(label, path) for label, path in PAGES)),
        blocks.marked(CUSTOMERS, as_small=True),
        blocks.small(f"As of {yours(now)}."),
    )


def summary(waiting: tuple[SupportRequest, ...], now: datetime) -> str:
    """Such as "8 wait for an answer: 1 overdue, 2 due soon, 6 that nobody has"."""
    if not waiting:
        return NOBODY_WAITS
    late = [one for one in waiting if is_overdue(one, now)]
    soon = [one for one in waiting if one not in late and one.minutes_left is not None and one.minutes_left <= SOON]
    free = [one for one in waiting if one.claimed_by is None]
    told_apart = ((late, "overdue"), (soon, "due soon"), (free, "that nobody has"))
    there = ", ".join(f"{len(some)} {words}" for some, words in told_apart if some)
    who = "1 waits" if len(waiting) == 1 else f"{len(waiting)} wait"
    return f"{who} for an answer{f': {there}' if there else ''}."
