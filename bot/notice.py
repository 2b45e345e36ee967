"""The notice of Retain's staff on top of what it touches. Everybody may read it, in channels too."""

from datetime import datetime

from bot import blocks
from bot.blocks import Message
from bot.integration_client import IntegrationClient
from bot.moments import moment
from bot.service.service_api import Notice


def notice_above(integration: IntegrationClient | None, now: datetime, slug: str | None) -> Message | None:
    """What stands on top of an article's answer; without an article (App Home, "I don't know"), whatever it touches.

    None where there is nothing to say, or the service does not answer. Asked at most every few seconds, and never for
    longer than half a second. Cards of a connection carry theirs themselves.
    """
    if integration is None:
        return None
    notice = integration.incidents.kept().notice
    return shown(notice) if notice is not None and notice.touches(slug) and now < notice.until else None


def shown(notice: Notice) -> Message:
    """The notice as it is read, with how long it is to stand."""
    since, until = moment(notice.set_at, None), moment(notice.until, None)
    return blocks.joined(
        blocks.titled(f"⚠️ {notice.text}"), blocks.small(f"From Retain's support, {since}. Stands until {until}.")
    )
