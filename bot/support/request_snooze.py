"""Staff snooze a support request: its reminders wait for a while, but not the one that says it is late."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from bot import blocks, fields
from bot.acting import requests_of
from bot.asking import Desk
from bot.blocks import Block, Message
from bot.carried import Subject
from bot.moments import calendar_words
from bot.service.desk_api import SupportRequest
from bot.support.request_actions import as_staff, follow, pressed, subject_of
from bot.support.request_words import NO_SNOOZE, snoozed_until
from bot.surfaces import Body, acknowledge, open_form
from bot.tenancy import Asker
from kb import support_hours

UNTIL_BLOCK = "until"
OPENING, END = "opening", "end"
FOR: Mapping[str, tuple[str, timedelta]] = {
    "15": ("15 minutes", timedelta(minutes=15)),
    "30": ("30 minutes", timedelta(minutes=30)),
    "60": ("1 hour", timedelta(hours=1)),
}
ENDED = "Not any more: remind us as usual"
WHAT_IT_DOES = "Reminders wait until then. When it is late, I say so all the same."


def register(app: App, desk: Desk) -> None:
    """Add the listeners."""

    def ask(body: Body, context: BoltContext, client: WebClient) -> None:
        subject = subject_of(body)

        def look(asker: Asker) -> Block:
            return form(requests_of(desk).request(subject.needed("request"), asker.behalf), desk.clock())

        shown = as_staff(desk, body, context, client, look, "look that up")
        open_form(body, client, blocks.modal(shown) if isinstance(shown, Message) else shown)

    def snooze(ack: Ack, body: Body, context: BoltContext, client: WebClient) -> None:
        done = as_staff(desk, body, context, client, lambda asker: _snooze(desk, asker, body))
        if isinstance(done, Message):
            fields.refuse(ack, UNTIL_BLOCK, done.text)
            return
        ack()
        follow(desk, done)

    app.action(pressed(blocks.SNOOZE_REQUEST), middleware=[acknowledge])(ask)
    app.view(blocks.SNOOZE_VIEW)(snooze)


def until(chosen: str, now: datetime) -> datetime:
    """When a choice ends (UTC)."""
    if chosen == END:
        return now + NO_SNOOZE
    return now + FOR[chosen][1] if chosen in FOR else support_hours.next_opening(now)


def form(request: SupportRequest, now: datetime) -> Block:
    """For how long: a few minutes while we are open, until we open next, or no longer where it is snoozed."""
    minutes = {value: label for value, (label, _) in FOR.items()} if support_hours.is_open(now) else {}
    opens = {OPENING: f"Until we open next ({calendar_words(until(OPENING, now), None)} PT)"}
    labels = {**minutes, **opens, **({END: ENDED} if snoozed_until(request, now) else {})}
    options = [{"text": {"type": "plain_text", "text": label}, "value": value} for value, label in labels.items()]
    element = {
        "type": "radio_buttons",
        "action_id": fields.GIVEN,
        "options": options,
        "initial_option": options[0],
    }
    asked = Message("", (fields.labelled(UNTIL_BLOCK, "Snooze for", element, hint=WHAT_IT_DOES),))
    metadata = Subject(request=request.id).packed()
    view = blocks.modal(asked, submit="Snooze", callback_id=blocks.SNOOZE_VIEW, private_metadata=metadata)
    return fields.titled(view, "Snooze")


def _snooze(desk: Desk, asker: Asker, body: Body) -> SupportRequest:
    request_id = Subject.unpacked(body["view"]["private_metadata"]).needed("request")
    chosen = str((fields.state(body, UNTIL_BLOCK).get("selected_option") or {}).get("value"))
    return requests_of(desk).snooze(asker.behalf, request_id, until(chosen, desk.clock()))
