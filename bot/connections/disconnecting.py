"""Disconnecting asks first, says what will be deleted, and leaves a receipt."""

from collections.abc import Callable, Mapping

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from bot import blocks
from bot.acting import asker_of, attempt, attempt_view, service_of
from bot.asking import Desk
from bot.blocks import Block, Message
from bot.carried import Subject
from bot.connections.status_card import Reader
from bot.meetings.amounts import count
from bot.moments import moment
from bot.service.service_api import Deletion
from bot.surfaces import Body, acknowledge, open_form, update_view

WILL_BE_DELETED = (
    "Retain gives its permission back to Zoom, and deletes the permission, the data of the Zoom account and its users,"
    " and what was read about Zoom meetings. Meetings then count with their scheduled length. You can connect again at"
    " any time."
)
NOT_YOURS = "Only an admin of your organisation, or Retain's support, can disconnect Zoom."
ZOOM_CONFIRMED = "Zoom has confirmed that our permission there is withdrawn."
ZOOM_HAS_NOT = "Zoom has not confirmed yet that our permission there is withdrawn: we keep asking."
WORDS: Mapping[str, str] = {
    "access_token": "our permission",
    "refresh_token": "our permission",
    "zoom_user": "the Zoom user's name and e-mail address",
    "zoom_account_id": "their ids at Zoom",
    "zoom_user_id": "their ids at Zoom",
    "grants": "a sign-in that was under way",
    "personal_rooms": "personal meeting links",
    "backfills": "how far we had asked Zoom about the past",
    "meeting_coverage": "how far we had asked Zoom about the past",
}
COUNTED: Mapping[str, str] = {"meeting_sessions": "Zoom call"}
WAITING = "⏳ Disconnecting Zoom, and deleting what came from there. This takes a few seconds."


def register(app: App, desk: Desk) -> None:
    """Add the listeners."""

    def ask_first(body: Body, context: BoltContext, client: WebClient) -> None:
        subject = Subject.unpacked(body["actions"][0].get("value"))
        asked = attempt_view(lambda: _question(desk, subject, body, context, client), "look up the connection")
        open_form(body, client, asked)

    def disconnect(body: Body, context: BoltContext, client: WebClient) -> None:
        subject = Subject.unpacked(body["view"]["private_metadata"])
        receipt = attempt(lambda: _disconnect(desk, subject, body, context, client), "disconnect Zoom")
        update_view(body, client, receipt)

    app.action(blocks.DISCONNECT, middleware=[acknowledge])(ask_first)
    app.view(blocks.DISCONNECT_VIEW, middleware=[waiting(WAITING)])(disconnect)


def waiting(words: str) -> Callable[[Ack, Callable[[], object]], None]:
    """Listener middleware: acknowledges a submitted modal with these words in its place."""

    def wait(ack: Ack, next_: Callable[[], object]) -> None:
        ack(response_action="update", view=blocks.modal(blocks.plain(words)))
        next_()

    return wait


def _question(desk: Desk, subject: Subject, body: Body, context: BoltContext, client: WebClient) -> Block:
    asker = asker_of(desk, body, context, client)
    status = service_of(desk).status(asker.behalf, subject.needed("tenant"))
    if "disconnect" not in status.may:
        return blocks.modal(blocks.plain(NOT_YOURS))
    asked = blocks.titled(f"Disconnect Zoom from {status.name}?", WILL_BE_DELETED)
    return blocks.modal(
        asked, submit="Disconnect", callback_id=blocks.DISCONNECT_VIEW, private_metadata=subject.packed()
    )


def _disconnect(desk: Desk, subject: Subject, body: Body, context: BoltContext, client: WebClient) -> Message:
    asker = asker_of(desk, body, context, client)
    deletion = service_of(desk).disconnect(asker.behalf, subject.needed("tenant"))
    return receipt_of(deletion, desk.reader(asker.actor, client))


def receipt_of(deletion: Deletion, reader: Reader) -> Message:
    """What was deleted, and when."""
    when = moment(deletion.at, reader.zone)
    return blocks.joined(
        blocks.titled("Zoom is disconnected", f"Deleted {when}: {deleted(deletion) or 'there was nothing left'}."),
        blocks.small(given_back(deletion)),
        blocks.small("This receipt stays in the connection's history."),
    )


def given_back(deletion: Deletion) -> str:
    """Whether Zoom knows that our permission is over."""
    return ZOOM_CONFIRMED if deletion.revoked else ZOOM_HAS_NOT


def deleted(deletion: Deletion) -> str:
    """Such as "our permission, the Zoom user's name and e-mail address, 12 Zoom calls"; empty where there was nothing.

    What the service counts and we have no words for is told by its name: "3 meetings".
    """
    there = {name: number for name, number in deletion.deleted.items() if number}
    return ", ".join(dict.fromkeys(_words(name, number) for name, number in there.items()))


def _words(name: str, number: int) -> str:
    return count(number, COUNTED[name]) if name in COUNTED else WORDS.get(name) or f"{number} {name.replace('_', ' ')}"
