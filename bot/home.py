"""App Home: one's questions to people, how things stand, when people are there, and what most people ask."""

import logging
from typing import Any, NamedTuple

from slack_bolt import App, BoltContext
from slack_sdk import WebClient

from bot import blocks
from bot.acting import asker_of, attempt, service_of
from bot.asking import BRIEF, Desk
from bot.blocks import Block, Message
from bot.carried import ButtonValue, Subject
from bot.connections.status_card import one_line
from bot.errors import ServiceError
from bot.identity import actor_of
from bot.meetings.amounts import percent
from bot.notice import notice_above
from bot.page_links import page_button
from bot.replies import Asked
from bot.service.desk_api import Promise
from bot.support import desk_home
from bot.surfaces import Body
from bot.tenancy import Asker
from kb import support_hours
from kb.library import Library

log = logging.getLogger(__name__)

PROMISE = "Monday to Friday, 9:00 to 18:00 Pacific time. During these hours you get a response within 2 hours."
# As on our pages.
KEPT = "In the last {days} days, {kept} of {counted} support requests had a response in time ({percent}%)."
COMMON_QUESTIONS = (
    "reauthorize-zoom",
    "connect-zoom",
    "connection-failed",
    "zoom-icon-missing",
    "zoom-account-owner",
    "connect-button-not-highlighted",
    "meeting-durations",
    "deauthorize-zoom",
    "security-privacy",
)


class Live(NamedTuple):
    """What Home shows of this moment; each may be empty."""

    notice: Message | None = None
    own: Message = Message("", ())
    kept: str | None = None
    standing: Message = Message("", ())


def register(app: App, desk: Desk) -> None:
    """Add the listener."""

    def show(event: dict[str, Any], body: Body, context: BoltContext, client: WebClient) -> None:
        if event.get("tab", "home") == "home":
            publish(desk, body, context, client)

    app.event("app_home_opened")(show)


def publish(desk: Desk, body: Body, context: BoltContext, client: WebClient) -> None:
    """Draw the Home tab of the person behind an event or a click."""
    actor = actor_of(body, context)
    asked = desk.asked(actor, client)
    again = blocks.button("Try again", blocks.SHOW_STATUS, Subject().packed())
    live = Live(
        notice_above(desk.integration, desk.clock(), None),
        desk.own_requests(actor, asked),
        _kept(desk),
        attempt(lambda: _standing(desk, body, context, client), "look up how things stand", again),
    )
    client.views_publish(user_id=actor.user, view=view(desk.library, asked, live))


def _standing(desk: Desk, body: Body, context: BoltContext, client: WebClient) -> Message:
    """How things stand for whoever looks: for the staff their desk, for others their connection."""
    if desk.tenancy is None:
        return blocks.joined()
    asker = asker_of(desk, body, context, client)
    at_the_desk = asker.is_staff and asker.tenant is None
    return desk_home.of(desk, asker) if at_the_desk else _connection(desk, asker, client)


def _connection(desk: Desk, asker: Asker, client: WebClient) -> Message:
    """The state of the person's own connection in one line, with what they may do about it."""
    if asker.why_nobody or asker.tenant is None:
        return blocks.small(asker.why_nobody)
    status = service_of(desk).status(asker.behalf, asker.tenant)
    value = Subject(tenant=status.tenant).packed()
    buttons = [
        blocks.button("Show my status", blocks.SHOW_STATUS, value),
        page_button("Integrations page", "/integrations"),
    ]
    if "connect_link" in status.may:
        buttons.append(blocks.button("Meeting hours", blocks.SHOW_HOURS, value))
        buttons.append(blocks.button("Send me a connect link", blocks.SEND_LINK, value))
    line = one_line(status, desk.reader(asker.actor, client))
    return blocks.joined(blocks.plain(line), blocks.pressing(*buttons))


def _kept(desk: Desk) -> str | None:
    if desk.integration is None:
        return None
    try:
        return kept_words(desk.integration.desk.promise(timeout=BRIEF))
    except ServiceError as error:
        log.info("App Home goes without the promise: %s", error)
        return None


def kept_words(promise: Promise) -> str | None:
    """How often the promise was kept, never rounded up; None while too few asked."""
    if promise.share is None:
        return None
    share = percent(promise.kept, promise.counted)
    return KEPT.format(days=promise.days, kept=promise.kept, counted=promise.counted, percent=share)


def view(library: Library, asked: Asked, live: Live) -> Block:
    """The Home tab for one person at one moment."""
    hours = f"🕘 {support_hours.describe(asked.now, asked.zone)}. {PROMISE} {live.kept or ''}"
    shown = blocks.joined(
        Message("", (blocks.header("Zoom and Retain: questions and answers"),)),
        live.notice,
        live.own,
        live.standing,
        blocks.marked(
            "Ask me in the *Messages* tab, mention me in a channel, or type `/retain ask` and your question."
        ),
        blocks.small(hours.strip()),
        Message("", (_person_row(),)),
        blocks.DIVIDER,
        blocks.marked("*Common questions*"),
    )
    return {"type": "home", "blocks": [*shown.blocks, *_common(library)]}


def _person_row() -> Block:
    value = ButtonValue.of(None, None, "").packed()
    return blocks.actions([blocks.button("Talk to a person", blocks.TALK_TO_PERSON, value, style="primary")])


def _common(library: Library) -> list[Block]:
    articles = [library.articles[slug] for slug in COMMON_QUESTIONS if slug in library.articles]
    return [
        blocks.actions(
            [
                blocks.button(
                    article.title,
                    f"{blocks.CHOOSE_ARTICLE}_{article.slug.replace('-', '_')}",
                    ButtonValue.of(None, article.slug, article.title).packed(),
                )
            ]
        )
        for article in articles
    ]
