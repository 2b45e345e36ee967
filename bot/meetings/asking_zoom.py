"""Having Zoom asked about past calls now: "Ask Zoom now", under a meeting of which we have not heard everything."""

from slack_bolt import App, BoltContext, Respond
from slack_sdk import WebClient

from bot import blocks
from bot.acting import again_button, asker_of, attempt, meetings_of
from bot.asking import Desk
from bot.blocks import Message
from bot.carried import Subject
from bot.connections.status_card import Reader
from bot.errors import Refused
from bot.moments import moment
from bot.service.service_api import Progress
from bot.surfaces import Body, acknowledge, tell

DOING = "ask Zoom"
ASKED = "Zoom is being asked. Look again in a minute."
WAITS = "Zoom will be asked, but that has to wait until {when}."
WAITS_A_WHILE = "Zoom will be asked, but that has to wait."
STOPPED = "Zoom could not be asked."
NOT_CONNECTED = "Zoom is not connected, so it cannot be asked."


def register(app: App, desk: Desk) -> None:
    """Add the listener."""

    def ask(body: Body, context: BoltContext, client: WebClient, respond: Respond) -> None:
        tell(body, client, respond, attempt(lambda: _ask(desk, body, context, client), DOING, again_button(body)))

    app.action(blocks.ASK_ZOOM, middleware=[acknowledge])(ask)


def _ask(desk: Desk, body: Body, context: BoltContext, client: WebClient) -> Message:
    asker = asker_of(desk, body, context, client)
    tenant = Subject.unpacked(body["actions"][0].get("value")).needed("tenant")
    try:
        progress = meetings_of(desk).ask_zoom(asker.behalf, tenant)
    except Refused as refused:
        if refused.status != 409:
            raise
        show = blocks.button("Show status", f"{blocks.STATUS_OF}asked", Subject(tenant=tenant).packed())
        return blocks.joined(blocks.plain(_sentences(NOT_CONNECTED, refused.remedy)), blocks.pressing(show))
    return told(progress, desk.reader(asker.actor, client))


def told(progress: Progress, reader: Reader) -> Message:
    """What becomes of it: it is asked, it waits, or it cannot be."""
    if progress.state == "waiting":
        until = progress.waiting_until
        waits = WAITS.format(when=moment(until, reader.zone)) if until else WAITS_A_WHILE
        return blocks.plain(_sentences(waits, progress.explanation))
    if progress.state == "stopped":
        return blocks.plain(_sentences(STOPPED, progress.explanation))
    return blocks.plain(ASKED)


def _sentences(*parts: str | None) -> str:
    return " ".join(part for part in parts if part)
