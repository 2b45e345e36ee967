"""App Home: when people are there, and the questions that most people come with."""

from typing import Any

from slack_bolt import App, BoltContext
from slack_sdk import WebClient

from bot import blocks
from bot.asking import Desk
from bot.blocks import Block
from bot.carried import ButtonValue
from bot.identity import actor_of
from bot.replies import Asked
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
        client.views_publish(user_id=event["user"], view=view(desk.library, asked))

    app.event("app_home_opened")(show)


def view(library: Library, asked: Asked) -> Block:
    """The Home tab for one person at one moment."""
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
            {"type": "divider"},
            blocks.section("*Common questions*"),
            *choices,
            {"type": "divider"},
            blocks.actions(
                [blocks.button("Talk to a person", blocks.TALK_TO_PERSON, ButtonValue.of(None, None, "").packed())]
            ),
        ],
    }
