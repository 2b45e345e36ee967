"""How one's own support request stands, in words; pure."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot import blocks
from bot.blocks import Block, Message
from bot.carried import Subject
from bot.moments import moment
from bot.service.desk_api import OwnRequest, RequestState
from kb import support_hours

LATE = "A person was to answer {due}. We are late, and sorry. The people at Retain have been reminded."
LONGEST_SHOWN = 150  # characters of a question
ADD, REPLY, SOLVED = "Add something", "Reply", "That solved it"
BUTTONS_BLOCK = "own_request"  # with _ and a suffix


def due(own: OwnRequest, now: datetime, zone: ZoneInfo | None) -> str:
    """Such as "A person answers by Mon 10:40 PT (18:40 your time)."; of a clock that runs."""
    when = support_hours.describe_due(own.respond_by, now, zone)
    return LATE.format(due=when) if own.respond_by < now else f"A person answers {when}."


def promise(now: datetime, zone: ZoneInfo | None) -> str:
    """The same for what is asked at this moment."""
    return f"A person answers {support_hours.describe_respond_by(now, zone)}."


def closed(now: datetime, zone: ZoneInfo | None) -> Message | None:
    """When people are there again; None while they are."""
    if support_hours.is_open(now):
        return None
    return blocks.small(f"{support_hours.describe(now, zone)}.")


def buttons(request: str, number: int = 0, *, answered: bool = False) -> Block:
    """What its asker can do; `number` tells those of one message or page apart."""
    value = Subject(request=request).packed()
    offered = [
        blocks.button(REPLY if answered else ADD, f"{blocks.REPLY_TO_PERSON}{number}", value),
        blocks.button(SOLVED, f"{blocks.SOLVED}{number}", value),
    ]
    return blocks.actions(offered, f"{BUTTONS_BLOCK}_{number}")


def listed(requests: Sequence[OwnRequest], now: datetime, zone: ZoneInfo | None) -> Message:
    """One's open requests, each with its time and buttons; nothing where there are none."""
    if not requests:
        return Message("", ())
    parts = [_one(own, number, now, zone) for number, own in enumerate(requests)]
    return blocks.joined(blocks.titled("Your questions to people at Retain"), *parts)


def _one(own: OwnRequest, number: int, now: datetime, zone: ZoneInfo | None) -> Message:
    quoted = f"“{blocks.one_line(own.text, LONGEST_SHOWN)}”"
    stands = _stands(own, now, zone)
    answered = own.state == RequestState.ANSWERED
    return blocks.joined(blocks.lines(quoted, stands), Message("", (buttons(own.id, number, answered=answered),)))


def _stands(own: OwnRequest, now: datetime, zone: ZoneInfo | None) -> str:
    if own.stopped_at is None:
        return due(own, now, zone)
    return f"Answered {moment(own.stopped_at, zone)}. Is anything still open? Reply, or press “{SOLVED}”."
