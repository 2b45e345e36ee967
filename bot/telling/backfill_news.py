"""`backfill.finished`: the people who connected Zoom hear that their past meetings have been read."""

from datetime import datetime

from pydantic import BaseModel

from bot import blocks
from bot.asking import Desk
from bot.blocks import Message
from bot.carried import Subject
from bot.errors import Undeliverable
from bot.integration_client import Notification
from bot.meetings.amounts import count
from bot.service.service_api import Role
from bot.telling.receiving import MAY_NOT, parsed, receiver
from bot.telling.sending import send_directly
from bot.tenancy import Asker
from kb.support_hours import PACIFIC

NOTHING_NEW = "Your meeting hours stay as they were."
COUNTED = "Your meeting hours count them now."


class BackfillFinished(BaseModel):
    """`fresh`: of the calls that Zoom told of, those that were new to us."""

    actor: str
    tenant: str
    name: str
    sessions_found: int
    fresh: int
    asked_from: datetime | None = None


def tell_of_backfill(desk: Desk, notification: Notification) -> None:
    """Tell one person, by direct message."""
    done = parsed(BackfillFinished, notification)
    asker, client = receiver(desk, done.actor)
    if asker.tenant != done.tenant and not asker.is_staff:
        raise Undeliverable(MAY_NOT)
    send_directly(desk, notification, client, asker.actor.user, _news(done, asker))


def _news(done: BackfillFinished, asker: Asker) -> Message:
    begun = done.asked_from.astimezone(PACIFIC) if done.asked_from else None
    since = f" since {begun.day} {begun:%b %Y}" if begun else ""
    calls = f"Zoom told of {count(done.sessions_found, 'call')}{since}, {done.fresh} of them new to us."
    hours = blocks.button("Show meeting hours", blocks.SHOW_HOURS, Subject(tenant=done.tenant).packed())
    return blocks.joined(
        blocks.titled(f"📚 The past meetings of {done.name} are read.", calls, COUNTED if done.fresh else NOTHING_NEW),
        blocks.pressing(hours) if asker.role in (Role.ADMIN, Role.STAFF) else None,
    )
