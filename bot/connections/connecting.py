"""Connecting Zoom from Slack: `/retain connect`, "Send me a connect link", and the buttons of a link's message."""

import re
from http.client import HTTPException
from typing import NamedTuple

from slack_bolt import App, BoltContext, Respond
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import blocks, finding
from bot.acting import again_button, asker_of, attempt, service_of, tenancy_of
from bot.asking import Desk
from bot.blocks import Message
from bot.carried import Subject
from bot.connections import link_card
from bot.connections.following import bring_up_to_date
from bot.connections.sending_links import Handed, Wanted, hand_over, send_to_me
from bot.errors import Refused
from bot.identity import actor_of, team_of
from bot.inquiry import Actor, is_direct
from bot.once import DOUBLE_CLICK_SECONDS, REDELIVERY_SECONDS
from bot.posting import kept_with
from bot.service.service_api import Link
from bot.surfaces import Body, acknowledge, open_modal, replace, tell
from bot.tenancy import Asker

PERSON = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
TYPED_PERSON = re.compile(r"(?<![\w@])@\S+")
ONLY_THEIRS = (
    "Slack offers you only people who share a workspace or a channel with you. Leave the person out: I send you the"
    " link for {name}, and you pass it on."
)
NO_SUCH_PERSON = "I do not know that person."
NOTHING = Message("", ())
DOING = "send a connect link"


class Words(NamedTuple):
    """What stands behind `/retain connect`: an organisation's name, and a person as Slack writes one."""

    name: str
    person: str | None
    typed_person: bool

    @classmethod
    def of(cls, text: str) -> "Words":
        found = PERSON.search(text)
        without = PERSON.sub(" ", text)
        name = " ".join(TYPED_PERSON.sub(" ", without).split())
        return cls(name, found[1] if found else None, TYPED_PERSON.search(without) is not None)


def register(app: App, desk: Desk) -> None:
    """Add the listeners."""

    def send(body: Body, context: BoltContext, client: WebClient, respond: Respond) -> None:
        action = body["actions"][0]
        subject, actor = Subject.unpacked(action.get("value")), actor_of(body, context)
        if not desk.once.first((actor, action["action_id"], subject), DOUBLE_CLICK_SECONDS):
            return
        enabling = action["action_id"] == blocks.ENABLE_AND_LINK
        again = again_button(body)
        told = attempt(lambda: _send(desk, subject, body, context, client, enabling=enabling), DOING, again)
        put = tell if action["action_id"] == blocks.SEND_LINK else replace
        if told.blocks:
            put(body, client, respond, told)

    def forward(body: Body, context: BoltContext, client: WebClient) -> None:
        open_modal(body, client, attempt(lambda: _forward(desk, body, context, client), "look up the link"))

    def decide(body: Body, context: BoltContext, client: WebClient, respond: Respond) -> None:
        replace(body, client, respond, blocks.plain(link_card.ONE_MOMENT))
        failed = attempt(lambda: _decide(desk, body, context, client), "record your decision")
        if failed.blocks:
            message = body["message"]
            replace(body, client, respond, Message(message["text"], tuple(message["blocks"])))
            tell(body, client, respond, failed)

    for action, listener in (
        (re.compile(rf"^({blocks.SEND_LINK}|{blocks.LINK_FOR}\w+|{blocks.ENABLE_AND_LINK})$"), send),
        (blocks.FORWARD, forward),
        (re.compile(rf"^({blocks.CONFIRM}|{blocks.REJECT})$"), decide),
    ):
        app.action(action, middleware=[acknowledge])(listener)


def by_command(desk: Desk, rest: str, body: Body, context: BoltContext, client: WebClient) -> Message:
    """`/retain connect`, with a name (and a person) behind it where staff ask. May be empty: nothing is to be said."""
    if not desk.once.first(body["trigger_id"], REDELIVERY_SECONDS):
        return NOTHING
    again = blocks.button("Try again", f"{blocks.LINK_FOR}again", Subject.asked(rest).packed())
    return attempt(lambda: _command(desk, Words.of(rest), body, context, client), DOING, again)


def _command(desk: Desk, words: Words, body: Body, context: BoltContext, client: WebClient) -> Message:
    asker = asker_of(desk, body, context, client)
    if not asker.is_staff:
        return _told(hand_over(desk, asker, Wanted(), client), body, client)
    if not words.name:
        return blocks.plain(link_card.USAGE)
    receiver = None
    if words.person is not None:
        team = team_of(words.person, client)
        if team is None:
            return blocks.plain(NO_SUCH_PERSON)
        receiver = Actor(team, words.person)
    found = finding.find(tenancy_of(desk), asker, words.name)
    one = finding.the_one(found)
    if one is not None and words.typed_person:
        return blocks.joined(blocks.plain(ONLY_THEIRS.format(name=one.name)), blocks.pressing(send_to_me(one.id)))
    if one is not None:
        return _told(hand_over(desk, asker, Wanted(one.id, receiver), client), body, client)
    actor = str(receiver) if receiver else None
    return finding.did_you_mean(
        words.name, found, blocks.LINK_FOR, lambda tenant: Subject(tenant=tenant.id, actor=actor).packed()
    )


def _send(
    desk: Desk, subject: Subject, body: Body, context: BoltContext, client: WebClient, *, enabling: bool = False
) -> Message:
    asker = asker_of(desk, body, context, client)
    if enabling:
        service_of(desk).enable_zoom(asker.behalf, subject.needed("tenant"))
    if subject.query:
        return _command(desk, Words.of(subject.query), body, context, client)
    receiver = Actor.parse(subject.actor) if subject.actor else None
    return _told(hand_over(desk, asker, Wanted(subject.tenant, receiver), client), body, client)


def _told(handed: Handed, body: Body, client: WebClient) -> Message:
    """What the asker reads. Nothing where the link itself has just appeared before their eyes."""
    if handed.channel is None or handed.ts is None:
        return handed.told
    here = body.get("channel_id") or body.get("channel", {}).get("id")
    if here == handed.channel and is_direct(here) and not body.get("container", {}).get("is_ephemeral"):
        return NOTHING
    link = _permalink(client, handed.channel, handed.ts)
    return blocks.joined(handed.told, blocks.linked("Open the message", link) if link else None)


def _permalink(client: WebClient, channel: str, ts: str) -> str | None:
    try:
        return str(client.chat_getPermalink(channel=channel, message_ts=ts)["permalink"])
    except (SlackApiError, HTTPException, OSError, KeyError):
        return None  # they find it in their direct messages


def _forward(desk: Desk, body: Body, context: BoltContext, client: WebClient) -> Message:
    asker, link = _link(desk, body, context, client)
    if link.forward is None or Actor.parse(link.requested_by) != asker.actor:
        return blocks.plain(link_card.OVER)
    url = kept_with(client, body["channel"]["id"], body["message"]["ts"]).get("url")
    return link_card.forward_text(link.forward, url, desk.replies.account_page)


def _decide(desk: Desk, body: Body, context: BoltContext, client: WebClient) -> Message:
    asker = asker_of(desk, body, context, client)
    link_id = Subject.unpacked(body["actions"][0].get("value")).needed("link")
    service = service_of(desk)
    deciding = service.confirm if body["actions"][0]["action_id"] == blocks.CONFIRM else service.reject
    try:
        deciding(asker.behalf, link_id)
    except Refused as refused:
        if refused.status != 409:  # decided already, or too late: it is shown as it stands
            raise
    bring_up_to_date(desk, asker, link_id, client)
    return NOTHING


def _link(desk: Desk, body: Body, context: BoltContext, client: WebClient) -> tuple[Asker, Link]:
    asker = asker_of(desk, body, context, client)
    link_id = Subject.unpacked(body["actions"][0].get("value")).needed("link")
    return asker, service_of(desk).link(asker.behalf, link_id)
