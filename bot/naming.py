"""Who did something, as a reader may read it."""

from bot import blocks
from bot.blocks import Message
from bot.inquiry import Actor
from bot.staff import Staff

SUPPORT = "Retain's support"
CUSTOMER = "one of their admins"
SOMEBODY = "somebody of another workspace"


def by_whom(actor: str | None, reader: Actor, staff: Staff) -> Message | None:
    """A line such as "By @Jonas"; nothing where it happened by itself.

    Slack draws the names of people of the reader's own workspace; people of other workspaces it does not know there.
    """
    if actor is None:
        return None
    try:
        who = Actor.parse(actor)
    except ValueError:  # a command, a schedule
        return blocks.small(f"By {SUPPORT}")
    if who.team == reader.team:
        return Message("By a colleague", (blocks.context(f"By <@{blocks.escape(who.user)}>"),))
    if who.team == staff.team:
        return blocks.small(f"By {SUPPORT}")
    return blocks.small(f"By {CUSTOMER if reader.team == staff.team else SOMEBODY}")
