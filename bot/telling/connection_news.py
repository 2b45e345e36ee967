"""What the service has to say about links and connections, delivered: to one person, or to the staff's channel."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from bot import blocks, incident
from bot.acting import service_of
from bot.asking import Desk
from bot.blocks import Block, Message
from bot.carried import Subject
from bot.connections import status_card
from bot.connections.disconnecting import deleted, given_back
from bot.connections.following import bring_up_to_date
from bot.errors import Refused, Undeliverable
from bot.integration_client import Notification
from bot.naming import by_whom
from bot.service.service_api import Link, Role, Status
from bot.telling.receiving import MAY_NOT, parsed, receiver, staff_channel
from bot.telling.sending import send, send_directly
from bot.tenancy import Asker

OPENINGS: Mapping[str, str] = {
    "connected": "Zoom is connected for {name}.",
    "restored": "The connection to Zoom works again for {name}. You need not do anything.",
    "lost": "The connection to Zoom does not work any more for {name}.",
    "needs_reauthorization": "Zoom has to be connected again for {name}.",
    "deauthorized": "Zoom is disconnected for {name}, and what came from there was deleted.",
}
SOMETHING_CHANGED = "Something changed about Zoom for {name}."
GOOD_NEWS = ("connected", "restored")
BY_PEOPLE = "disconnected"  # a cause: nobody needs to be told why, and nobody must act
NOTHING_TO_DO = "Nobody needs to do anything."
MOST_SUGGESTED = 3


class LinkChanged(BaseModel):
    link: Link


class ConnectionChanged(BaseModel):
    actor: str
    change: str
    status: Status


class Suggestion(BaseModel):
    tenant: str
    name: str


class UnknownWorkspace(BaseModel):
    """A workspace that nobody has linked yet, and whose it may be."""

    team: str
    name: str = ""
    suggestions: tuple[Suggestion, ...] = ()


class StaffNotice(BaseModel):
    """`data` is as the topic has it; a topic that we do not know is shown all the same."""

    topic: str
    title: str
    text: str = ""
    tenant: str | None = None
    article: str | None = None
    data: dict[str, Any] = {}


def follow_link(desk: Desk, notification: Notification) -> None:
    """`connect_link.changed`: bring the message of the link up to date."""
    link = parsed(LinkChanged, notification).link
    asker, client = receiver(desk, link.requested_by)
    try:
        bring_up_to_date(desk, asker, link.id, client)
    except Refused as refused:
        raise Undeliverable(f"{MAY_NOT}: {refused.message}") from None


def tell_of_connection(desk: Desk, notification: Notification) -> None:
    """`connection.changed`: tell one person, by direct message."""
    changed = parsed(ConnectionChanged, notification)
    asker, client = receiver(desk, changed.actor)
    if asker.tenant != changed.status.tenant and not asker.is_staff:
        raise Undeliverable(MAY_NOT)
    reader = desk.reader(asker.actor, client, at_home=asker.tenant == changed.status.tenant)
    receipt = _receipt(desk, asker, changed) if changed.change == "deauthorized" else None
    news = _news(desk, changed, reader, receipt)
    send_directly(desk, notification, client, asker.actor.user, news)


def tell_staff(desk: Desk, notification: Notification) -> None:
    """`staff.notice`: post it where the staff look."""
    notice = parsed(StaffNotice, notification)
    client, channel = staff_channel(desk)
    send(desk, notification, client, channel, _staff_card(desk, notice))


def _receipt(desk: Desk, asker: Asker, changed: ConnectionChanged) -> Message | None:
    """Who ended it and what was deleted, for those who may read the history."""
    if asker.role not in (Role.ADMIN, Role.STAFF):
        return None
    events = service_of(desk).events(asker.behalf, changed.status.tenant)
    ended = next((event for event in events if event.receipt is not None), None)
    if ended is None or ended.receipt is None:
        return None
    words = deleted(ended.receipt)
    gone = blocks.small(f"Deleted: {words}.") if words else None
    told = blocks.small(given_back(ended.receipt)) if ended.receipt.revoked is not None else None
    return blocks.joined(by_whom(ended.actor, asker.actor, desk.staff), gone, told)


def _news(
    desk: Desk, changed: ConnectionChanged, reader: status_card.Reader, receipt: Message | None = None
) -> Message:
    status = changed.status
    symbol, _ = status_card.symbol_and_words(status)
    opening = OPENINGS.get(changed.change, SOMETHING_CHANGED).format(name=status.name)
    meant = changed.change == "deauthorized" and status.cause == BY_PEOPLE
    good = changed.change in GOOD_NEWS or meant
    value = Subject(tenant=status.tenant).packed()
    reconnect = blocks.button("Send me a connect link", blocks.SEND_LINK, value, style="primary")
    show = blocks.button("Show status", f"{blocks.STATUS_OF}news", value)
    offered = [reconnect, show] if changed.change == "needs_reauthorization" else [show]
    return blocks.joined(
        blocks.titled(f"{symbol} {opening}"),
        None if good else status_card.explained(status, reader),
        blocks.small(NOTHING_TO_DO) if meant else None,
        receipt,
        None if good else desk.replies.read_more(status.article),
        blocks.pressing(*offered),
    )


def _staff_card(desk: Desk, notice: StaffNotice) -> Message:
    return blocks.joined(
        blocks.titled(notice.title, *([notice.text] if notice.text else [])),
        desk.replies.read_more(notice.article),
        incident.touched(desk.library, notice.data.get("articles", ())) if notice.topic == "notice_set" else None,
        blocks.pressing(*_staff_buttons(notice)),
    )


def _staff_buttons(notice: StaffNotice) -> list[Block]:
    if notice.topic == "unknown_workspace":
        return _workspace_buttons(notice)
    if request := notice.data.get("request"):
        return [blocks.button("Show the request", f"{blocks.SHOW_REQUEST}notice", Subject(request=request).packed())]
    if notice.tenant is None:
        return [*incident.below(notice.topic, notice.data)]
    return [blocks.button("Show status", f"{blocks.STATUS_OF}notice", Subject(tenant=notice.tenant).packed())]


def _workspace_buttons(notice: StaffNotice) -> list[Block]:
    """A workspace is linked by one click, or after a search."""
    try:
        unknown = UnknownWorkspace.model_validate(notice.data)
    except ValidationError:
        return []
    offered = [
        link_button(unknown.team, unknown.name, one, number)
        for number, one in enumerate(unknown.suggestions[:MOST_SUGGESTED])
    ]
    label = "Another organisation…" if offered else "Choose the organisation…"
    return [*offered, blocks.button(label, blocks.FIND_TENANT, Subject(team=unknown.team).packed())]


def link_button(team: str, workspace: str, to: Suggestion, number: int) -> Block:
    """Links a workspace to an organisation, once that is confirmed."""
    asked = blocks.confirm(
        f"Link {workspace or team} to {to.name}?",
        f"Its people will see the Zoom connection of {to.name}, and its admins can change it.",
        "Link it",
    )
    value = Subject(team=team, tenant=to.tenant).packed()
    return blocks.button(f"Link to {to.name}", f"{blocks.LINK_WORKSPACE}{number}", value, confirm=asked)
