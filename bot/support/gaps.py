"""`/retain gaps`: what people asked and the knowledge base could not answer well, for those who write it."""

import re

from slack_bolt import BoltContext
from slack_sdk import WebClient

from bot import blocks
from bot.acting import tenancy_of
from bot.asking import Desk
from bot.blocks import Message
from bot.meetings.amounts import count
from bot.moments import moment
from bot.page_links import page_button
from bot.service.gaps_service import Gap, Gaps
from bot.support.request_actions import as_staff
from bot.surfaces import Body
from bot.tenancy import Asker

PAGE = "/staff/gaps"
DOING = "look up what was not answered well"
DAYS = 30
MOST_DAYS = 3650  # as far back as the service looks
MOST_LISTED = 10
TEACH = (
    "An article learns a wording by `python -m integration gaps --patch`; nothing changes until somebody commits it."
)

_TYPED = re.compile(r"(?:last )?(\d{1,4})(?: days?)?|", re.IGNORECASE)


def takes(rest: str) -> bool:
    """Whether it is nothing, or a number of days: else it is a question that begins with our word."""
    return _TYPED.fullmatch(rest) is not None


def by_command(desk: Desk, rest: str, body: Body, context: BoltContext, client: WebClient) -> Message:
    """`/retain gaps`, with a number of days behind it where it is not 30."""
    typed = _TYPED.fullmatch(rest)
    days = min(max(int(typed[1]), 1), MOST_DAYS) if typed and typed[1] else DAYS

    def look(asker: Asker) -> Message:
        return told(tenancy_of(desk).integration.gaps.gaps(asker.behalf, days, MOST_LISTED))

    return as_staff(desk, body, context, client, look, DOING)


def told(found: Gaps) -> Message:
    """The gaps, the most frequent first, and where to read more of them."""
    button = blocks.pressing(page_button("See them all as a page", f"{PAGE}?days={found.days}"))
    over = f"{count(found.questions, 'question')} in {count(found.days, 'day')}"
    if not found.groups:
        return blocks.joined(blocks.plain(f"{over}, and none is left that the articles do not answer."), button)
    here = sum(gap.count for gap in found.groups)
    return blocks.joined(
        blocks.titled("What was not answered well", f"{here:,} of {over}. Asked most comes first."),
        *(_gap(number, gap) for number, gap in enumerate(found.groups, start=1)),
        button,
        blocks.marked(TEACH, as_small=True),
    )


def _gap(number: int, gap: Gap) -> Message:
    asked = f"Asked {_times(gap.count)} by {count(gap.people, 'person', 'people')}, last {moment(gap.last_at, None)}"
    disliked = f"; {count(gap.not_helpful, 'person', 'people')} said that it did not help" if gap.not_helpful else ""
    missed = [f"Missed: {blocks.one_line(comment)}" for comment in gap.comments]
    head = blocks.titled(f"{number}. {blocks.one_line(gap.text)}", f"{asked}{disliked}.")
    return blocks.joined(head, blocks.small("\n".join([gap.why, *missed])))


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number:,} times"
