"""Making a connect link and handing it over in a direct message, to one person and nowhere else."""

from typing import NamedTuple

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import blocks
from bot.acting import service_of, tenancy_of
from bot.asking import Desk
from bot.blocks import Block, Message
from bot.carried import Subject
from bot.connections import link_card
from bot.connections.link_card import LinkCard
from bot.connections.status_card import Reader, enable_button, talk_button
from bot.errors import Refused, Undeliverable
from bot.inquiry import Actor, Place
from bot.posting import kept_with, post_directly, update
from bot.service.service_api import Link, NewLink, Role
from bot.surfaces import Spot, link_to
from bot.tenancy import Asker

NO_EMAIL = (
    "I need an e-mail address, to check later who signs in at Zoom, and Slack shows me none. Please add one to the"
    " Slack profile, and try again."
)
NOT_AN_ADMIN = "Only an admin of your organisation can ask for a connect link. Here is a text for one of them:"
CONNECTED = (
    "Zoom is connected for {name}, and nobody has to connect it again. If it ever has to be, an admin of yours can."
)
NOT_ENABLED = "Zoom is not enabled for {name} yet, so there is nothing to connect. Retain's support can enable it."
NOT_ENABLED_STAFF = "Zoom is not enabled for {name} yet."
NOT_THEIRS = "{who} cannot connect Zoom there: only an admin of that organisation can, or Retain's support."
NOT_SERVED = "I cannot write to that person: I am not in their workspace. I can send you the link, and you pass it on."
NOT_WRITTEN_TO = "I made a link, but Slack does not let me write to that person. Nobody has it."


class Wanted(NamedTuple):
    """For which organisation (None: the asker's own), and for whom if not for the one who asks."""

    tenant: str | None = None
    receiver: Actor | None = None


class Handed(NamedTuple):
    """What the asker is told, and where the link's message stands if there is one."""

    told: Message
    channel: str | None = None
    ts: str | None = None


def hand_over(desk: Desk, asker: Asker, wanted: Wanted, client: WebClient) -> Handed:
    """Make a link and send it. Raises NotToldBySlack, ServiceError or SlackApiError."""
    tenant = wanted.tenant or asker.tenant
    if asker.why_nobody or tenant is None:
        return Handed(blocks.plain(asker.why_nobody or link_card.USAGE))
    if asker.role not in (Role.ADMIN, Role.STAFF):
        return Handed(_for_members(desk, asker, tenant))
    try:
        receiver, its_client = _receiver(desk, asker, wanted.receiver, client)
    except Undeliverable:
        return Handed(blocks.joined(blocks.plain(NOT_SERVED), blocks.pressing(send_to_me(tenant))))
    if not receiver.is_staff and (receiver.role is not Role.ADMIN or receiver.tenant != tenant):
        return Handed(blocks.plain(NOT_THEIRS.format(who=receiver.identity.name or "That person")))
    if receiver.identity.email is None:
        return Handed(blocks.plain(NO_EMAIL))
    return _make_and_send(desk, asker, receiver, tenant, its_client)


def send_to_me(tenant: str) -> Block:
    """For staff: they get the link themselves, and pass it on."""
    return blocks.button("Send it to me", f"{blocks.LINK_FOR}me", Subject(tenant=tenant).packed())


def _for_members(desk: Desk, asker: Asker, tenant: str) -> Message:
    """Who can connect Zoom, and a text to send them; nobody has to where it is connected."""
    status = service_of(desk).status(asker.behalf, tenant)
    if status.state == "connected":
        return blocks.plain(CONNECTED.format(name=status.name))
    text = link_card.ASK_AN_ADMIN
    return blocks.joined(blocks.plain(NOT_AN_ADMIN), Message(text, (blocks.section(f"```{blocks.escape(text)}```"),)))


def show_card(
    desk: Desk, link: Link, reader: Reader, client: WebClient, receiver: Actor, *, url: str | None = None
) -> tuple[str, str] | None:
    """Bring a link's message up to date; a new one where there is none. Where that stands, if it is new."""
    place = _card_of(link)
    if url is None and place is not None and place.thread_ts:
        url = kept_with(client, place.channel, place.thread_ts).get("url")
    card = LinkCard(link, reader, desk.replies.read_more(link.article), url, desk.replies.account_page).message()
    if place is not None and place.thread_ts and update(client, place.channel, place.thread_ts, card):
        return None
    key = f"link:{link.id}"
    channel, ts = post_directly(client, receiver.user, card, key, {"url": url} if url else None)
    update(client, channel, ts, card)  # one that stood there without our knowing may tell of an earlier state
    return channel, ts


def keep_place(desk: Desk, asker: Asker, link: Link, where: tuple[str, str], client: WebClient) -> None:
    """Tell the service where the message stands, and the address by which pages lead back to it."""
    place = Place(asker.actor.team, *where)
    service_of(desk).keep_card(asker.behalf, link.id, str(place), link_to(Spot(place, where[1]), client))


def _receiver(desk: Desk, asker: Asker, receiver: Actor | None, client: WebClient) -> tuple[Asker, WebClient]:
    if receiver is None or receiver == asker.actor:
        return asker, client
    its_client = client if receiver.team == asker.actor.team else desk.client_for(receiver.team)
    return tenancy_of(desk).asker(receiver, receiver.team, its_client), its_client


def _make_and_send(desk: Desk, asker: Asker, receiver: Asker, tenant: str, client: WebClient) -> Handed:
    service, other = service_of(desk), receiver.actor if receiver is not asker else None
    try:
        new = service.make_link(
            asker.behalf, tenant, email=str(receiver.identity.email), name=receiver.identity.name, for_actor=other
        )
    except Refused as refused:
        if refused.cause != "not_enabled":
            raise
        return Handed(_not_enabled(desk, asker, tenant, other))
    link = service.link(asker.behalf, new.id)
    reader = desk.reader(receiver.actor, client, at_home=receiver.tenant == tenant)
    try:
        where = _send(desk, link, new, reader, client, receiver)
    except SlackApiError as error:
        if other is None or error.response.get("error") not in CANNOT_WRITE:
            raise
        return Handed(blocks.plain(NOT_WRITTEN_TO))
    return Handed(blocks.plain(_sent_words(link, receiver, other)), *where)


# https://docs.slack.dev/reference/methods/conversations.open#errors
CANNOT_WRITE = frozenset(("cannot_dm_bot", "user_disabled", "user_not_found", "user_not_visible", "channel_not_found"))


def _send(desk: Desk, link: Link, new: NewLink, reader: Reader, client: WebClient, receiver: Asker) -> tuple[str, str]:
    card = LinkCard(link, reader, None, new.url).message()
    where = post_directly(client, receiver.actor.user, card, f"link:{link.id}", {"url": new.url})
    keep_place(desk, receiver, link, where, client)
    return where


def _sent_words(link: Link, receiver: Asker, other: Actor | None) -> str:
    if other is not None:
        return f"I sent {receiver.identity.name or 'them'} a direct message with the link for {link.tenant_name}."
    return f"I sent you a direct message with the link for {link.tenant_name}."


def _not_enabled(desk: Desk, asker: Asker, tenant: str, receiver: Actor | None) -> Message:
    if not asker.is_staff:
        said = NOT_ENABLED.format(name=asker.tenant_name)
        more = desk.replies.read_more("zoom-icon-missing")
        return blocks.joined(blocks.plain(said), more, blocks.pressing(talk_button(said)))
    name = service_of(desk).status(asker.behalf, tenant).name
    value = Subject(tenant=tenant, actor=str(receiver) if receiver else None).packed()
    button = enable_button(name, blocks.ENABLE_AND_LINK, value)
    return blocks.joined(blocks.plain(NOT_ENABLED_STAFF.format(name=name)), blocks.pressing(button))


def _card_of(link: Link) -> Place | None:
    try:
        return Place.parse(link.card) if link.card else None
    except ValueError:
        return None
