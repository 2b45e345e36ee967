"""App Home: how the connection stands, when people are there, and the questions that most people come with."""

from typing import Any

from slack_bolt import App, BoltContext
from slack_sdk import WebClient

from bot import blocks
from bot.acting import asker_of, attempt, service_of
from bot.asking import Desk
from bot.blocks import Block, Message
from bot.carried import ButtonValue, Subject
from bot.facts import STAFF_HINT
from bot.identity import actor_of
from bot.replies import Asked
from bot.status_card import one_line
from bot.surfaces import Body
from kb import support_hours
from kb.library import Library

PROMISE = "Monday to Friday, 9:00 to 18:00 Pacific time. During these hours you get a response within 2 hours."
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


def register(app: App, desk: Desk) -> None:
    """Add the listener."""

    def show(event: dict[str, Any], body: dict[str, Any], context: BoltContext, client: WebClient) -> None:
        if event.get("tab", "home") != "home":
            return
        asked = desk.asked(actor_of(body, context), client)
        again = blocks.button("Try again", blocks.SHOW_STATUS, Subject().packed())
        connection = attempt(lambda: _connection(desk, body, context, client), "look up your connection", again)
        client.views_publish(user_id=event["user"], view=view(desk.library, asked, connection))

    app.event("app_home_opened")(show)


def _connection(desk: Desk, body: Body, context: BoltContext, client: WebClient) -> Message:
    """The state of the person's own connection in one line, with what they may do about it."""
    if desk.tenancy is None:
        return blocks.joined()
    asker = asker_of(desk, body, context, client)
    if asker.is_staff and asker.tenant is None:
        return blocks.small(STAFF_HINT)
    if asker.why_nobody or asker.tenant is None:
        return blocks.small(asker.why_nobody)
    status = service_of(desk).status(asker.behalf, asker.tenant)
    value = Subject(tenant=status.tenant).packed()
    buttons = [blocks.button("Show my status", blocks.SHOW_STATUS, value)]
    if "connect_link" in status.may:
        buttons.append(blocks.button("Meeting hours", blocks.SHOW_HOURS, value))
        buttons.append(blocks.button("Send me a connect link", blocks.SEND_LINK, value))
    line = one_line(status, desk.reader(asker.actor, client))
    return blocks.joined(blocks.plain(line), blocks.pressing(*buttons))


def view(library: Library, asked: Asked, connection: Message) -> Block:
    """The Home tab for one person at one moment. `connection` may be empty."""
    hours = support_hours.describe(asked.now, asked.zone)
    common = [library.articles[slug] for slug in COMMON_QUESTIONS if slug in library.articles]
    choices = [
        blocks.actions(
            [
                blocks.button(
                    article.title,
                    f"{blocks.CHOOSE_ARTICLE}_{article.slug.replace('-', '_')}",
                    ButtonValue.of(None, article.slug, article.title).packed(),
                )
            ]
        )
        for article in common
    ]
    return {
        "type": "home",
        "blocks": [
            blocks.header("Zoom and Retain: questions and answers"),
            blocks.section(
                "Ask me in the *Messages* tab, mention me in a channel, or type `/retain ask` and your question."
            ),
            blocks.context(f"🕘 {blocks.escape(hours)}. {PROMISE}"),
            *connection.blocks,
            {"type": "divider"},
            blocks.section("*Common questions*"),
            *choices,
            {"type": "divider"},
            blocks.actions(
                [blocks.button("Talk to a person", blocks.TALK_TO_PERSON, ButtonValue.of(None, None, "").packed())]
            ),
        ],
    }
