"""`/retain notifications`: what I tell a person by myself, and buttons to turn it off and on."""

import re
from typing import NamedTuple

from slack_bolt import App, BoltContext, Respond
from slack_sdk import WebClient

from bot import blocks
from bot.acting import again_button, asker_of, attempt, tenancy_of
from bot.asking import Desk
from bot.blocks import Message
from bot.carried import StaleButton
from bot.service.notification_service import NotificationService, Preferences
from bot.service.service_api import Role
from bot.surfaces import Body, acknowledge, replace
from bot.tenancy import Asker

DOING = "look up what you want to be told"
TITLE = "What I tell you by myself"
IN_ANY_CASE = "What needs you to act, I tell you in any case: that Zoom has to be connected again, for example."
IN_ANY_CASE_STAFF = "A target that was missed on a request you have claimed, I tell you in any case."


class Kind(NamedTuple):
    """Something that can be turned off; `name` is the service's."""

    name: str
    words: str


NEWS = Kind("news", "Good news: Zoom works again, or your past meetings have been read")
REMINDERS = Kind("reminders", "Reminders before the target of a support request you have claimed")


def by_command(desk: Desk, _rest: str, body: Body, context: BoltContext, client: WebClient) -> Message:
    """`/retain notifications`."""

    def shown() -> Message:
        asker = asker_of(desk, body, context, client)
        if asker.identity.role is Role.NOBODY:
            return blocks.plain(asker.why_nobody)
        return card(asker, _service(desk).preferences(asker.behalf))

    return attempt(shown, DOING)


def register(app: App, desk: Desk) -> None:
    """Add the listener."""

    def turn(body: Body, context: BoltContext, client: WebClient, respond: Respond) -> None:
        name, on = _wanted(str(body["actions"][0]["action_id"]))

        def turned() -> Message:
            asker = asker_of(desk, body, context, client)
            return card(asker, _service(desk).prefer(asker.behalf, name, on=on))

        replace(body, client, respond, attempt(turned, "note that", again_button(body)))

    app.action(re.compile(rf"^{blocks.PREFER}\w+$"), middleware=[acknowledge])(turn)


def card(asker: Asker, wants: Preferences) -> Message:
    """What is on and what is off, each with its button. Staff hear of requests, customers of their connection."""
    kind, always = (REMINDERS, IN_ANY_CASE_STAFF) if asker.is_staff else (NEWS, IN_ANY_CASE)
    on = bool(getattr(wants, kind.name))
    state = "🔔 On" if on else "🔕 Off"
    action = f"{blocks.PREFER}{kind.name}_{'off' if on else 'on'}"
    return blocks.joined(
        blocks.titled(TITLE, f"{kind.words}. {state}"),
        blocks.pressing(blocks.button("Turn off" if on else "Turn on", action)),
        blocks.small(always),
    )


def _wanted(action_id: str) -> tuple[str, bool]:
    name, _, wanted = action_id.removeprefix(blocks.PREFER).partition("_")
    if name not in (NEWS.name, REMINDERS.name) or wanted not in ("on", "off"):
        raise StaleButton("there is nothing to turn on by that name")
    return name, wanted == "on"


def _service(desk: Desk) -> NotificationService:
    return tenancy_of(desk).integration.notifications
