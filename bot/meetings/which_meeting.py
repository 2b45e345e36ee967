"""Where no meeting was named: why not, what can be typed, and the latest ones to choose from."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from slack_sdk import WebClient

from bot import blocks
from bot.acting import meetings_of
from bot.asking import Desk
from bot.blocks import Message
from bot.meetings.day_phrases import Days
from bot.meetings.duration_card import choice
from bot.meetings.typed_meeting import ZOOM, Typed
from bot.meetings.whose import Whose
from bot.service.meetings_api import Meeting
from bot.tenancy import Asker
from kb.likeness import likeness

EXAMPLES = (
    "• a meeting id: `/retain duration 932 0123 5621`",
    "• a join link, copied from the calendar: `/retain duration https://zoom.us/j/93201235621`",
    "• with a day: `/retain duration 932 0123 5621 yesterday`, or a date such as 2026-10-12",
)
WHICH = "*Which meeting?* Type one of these:"
STAFF_EXAMPLE = "• an organisation's: `/retain duration acme 932 0123 5621`"
NOT_ZOOM = "That link does not lead to Zoom, and only Zoom can tell how long a meeting lasted."
NO_MEETING = "That link of Zoom's leads to no meeting."
WRONG_LENGTH = "“{typed}” has {digits} digits: a meeting id has 9 to 11."
NEITHER = "“{typed}” is neither a meeting id nor a Zoom link."
CHOOSE = "Choose a meeting"
LATEST = "Or choose one of the latest meetings with customers:"
CALLED_SO = "Or is it one of these?"
RECENT = timedelta(days=7)
MOST_OFFERED = 20
ALIKE = 0.8  # a title, and what was typed


def usage(asker: Asker, asked: Typed) -> Message:
    """What was wrong with what was typed, and what can be."""
    lines = [WHICH, *EXAMPLES, *([STAFF_EXAMPLE] if asker.is_staff else [])]
    why = why_unread(asked)
    return blocks.joined(blocks.plain(why) if why else None, blocks.marked("\n".join(lines)))


def why_unread(asked: Typed) -> str | None:
    """Why it names no meeting; None where nothing was typed."""
    if asked.meeting.startswith("http"):
        return NO_MEETING if ZOOM.search(asked.meeting) else NOT_ZOOM
    typed = blocks.one_line(asked.meeting or asked.name, 60)
    digits = re.sub(r"\D", "", typed)
    if digits and re.fullmatch(r"[\d\s-]+", typed):
        return WRONG_LENGTH.format(typed=typed, digits=len(digits))
    return NEITHER.format(typed=typed) if typed else None


def to_choose(desk: Desk, asker: Asker, of: Whose, asked: Typed, client: WebClient) -> Message | None:
    """A menu of those whose title is like what was typed, or else of the latest; of the days that were typed, if any.

    Raises Refused where the asker may not see them.
    """
    today = of.today(desk.clock())
    found = meetings_of(desk).latest(asker.behalf, of.tenant, *_between(asked.days, today))
    on_zoom = [one for one in found if one.meeting_id]
    alike = _alike(on_zoom, asked.name)
    menu = choice(
        (alike or on_zoom)[:MOST_OFFERED],
        of.tenant,
        desk.reader(asker.actor, client, at_home=of.at_home, stays=False),
        CHOOSE,
    )
    return blocks.joined(blocks.plain(CALLED_SO if alike else LATEST), menu) if menu else None


def _between(days: Days | None, today: date) -> tuple[date, date]:
    return (days.first, days.last) if days else (today - RECENT, today)


def _alike(found: Sequence[Meeting], name: str) -> list[Meeting]:
    return [one for one in found if one.title and likeness(name, (one.title,)) >= ALIKE]
