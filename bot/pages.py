"""The service's pages from Slack: `/retain integrations`, and every button that opens a page."""

import logging
import re
from collections.abc import Mapping
from urllib.parse import urlencode

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from bot import blocks, finding
from bot.acting import asker_of, attempt, meetings_of, tenancy_of
from bot.asking import Desk
from bot.blocks import Message
from bot.carried import Page
from bot.errors import ServiceError
from bot.service.service_api import Role
from bot.surfaces import Body, acknowledge, open_modal
from bot.tenancy import Asker

log = logging.getLogger(__name__)

INTEGRATIONS, TENANTS = "/integrations", "/staff/tenants"
DOING = "open the page"
OPEN = "Open it in your browser"
READY = "Your page is ready."
PRIVATE = "The link is yours alone, and works once, within 5 minutes."
SHOWS = "How Zoom stands for {name}, and what happened to the connection so far."
CHANGES = "Zoom can be connected and disconnected there, too."
CHOOSE = "All customers, those that need somebody first. Each leads to its integrations page."
NO_OTHER = "It is your own organisation's: I show you no other."


def register(app: App, desk: Desk) -> None:
    """Add the listeners."""

    def open_page(body: Body, context: BoltContext, client: WebClient) -> None:
        page = Page.unpacked(body["actions"][0].get("value"))
        shown = attempt(lambda: _ready(desk, asker_of(desk, body, context, client), client, page.path), DOING)
        open_modal(body, client, shown)

    def opened(ack: Ack) -> None:
        ack()  # Slack opens the address by itself

    app.action(re.compile(rf"^{blocks.LINK_TO_PAGE}\w*$"), middleware=[acknowledge])(open_page)
    app.action(blocks.OPEN_PAGE)(opened)


def address_of(desk: Desk, asker: Asker, client: WebClient, path: str, query: Mapping[str, str | None]) -> str:
    """The address of a page, for this person alone. Times are shown there in their zone. Raises ServiceError.

    It signs them in: it belongs nowhere but into a message that they alone read.
    """
    zone = desk.zones.zone(asker.actor, client)
    asked = {name: value for name, value in {**query, "zone": zone.key if zone else None}.items() if value}
    page = f"{path}{'&' if '?' in path else '?'}{urlencode(asked)}" if asked else path
    identity = asker.identity
    return meetings_of(desk).page_link(asker.behalf, page, email=identity.email, name=identity.name).url


def page_for(
    desk: Desk, asker: Asker, client: WebClient, tenant: str | None, path: str, query: Mapping[str, str | None]
) -> str | None:
    """The same, about another organisation than the asker's own, if one is named; None where there is none just now."""
    try:
        return address_of(desk, asker, client, path, {**query, "tenant": tenant})
    except ServiceError as error:
        log.info("an answer goes without its page: %s", error)
        return None


def by_command(desk: Desk, rest: str, body: Body, context: BoltContext, client: WebClient) -> Message:
    """`/retain integrations`, with a name behind it where staff ask."""

    def look() -> Message:
        asker = asker_of(desk, body, context, client)
        return _of_staff(desk, asker, rest, client) if asker.is_staff else _own(desk, asker, rest, client)

    return attempt(look, DOING)


def _own(desk: Desk, asker: Asker, rest: str, client: WebClient) -> Message:
    if asker.why_nobody or asker.tenant is None:
        return blocks.plain(asker.why_nobody)
    other = rest and rest.casefold() not in (asker.tenant, asker.tenant_name.casefold())
    about = SHOWS.format(name=asker.tenant_name)
    told = f"{about} {CHANGES}" if asker.role is Role.ADMIN else about
    return blocks.joined(_ready(desk, asker, client, INTEGRATIONS, told), blocks.small(NO_OTHER) if other else None)


def _of_staff(desk: Desk, asker: Asker, rest: str, client: WebClient) -> Message:
    if not rest:
        return _ready(desk, asker, client, TENANTS, CHOOSE)
    found = finding.find(tenancy_of(desk), asker, rest)
    one = finding.the_one(found)
    if one is not None:
        about = f"{SHOWS.format(name=one.name)} {CHANGES}"
        return _ready(desk, asker, client, _of(one.id), about)
    return finding.did_you_mean(rest, found, blocks.LINK_TO_PAGE, lambda tenant: Page(path=_of(tenant.id)).packed())


def _of(tenant: str) -> str:
    """As staff open an organisation's."""
    return f"{INTEGRATIONS}?tenant={tenant}"


def _ready(desk: Desk, asker: Asker, client: WebClient, path: str, about: str = READY) -> Message:
    """A fresh link, for the person who asks."""
    if asker.why_nobody:
        return blocks.plain(asker.why_nobody)
    url = address_of(desk, asker, client, path, {})
    button = blocks.button(OPEN, blocks.OPEN_PAGE, url=url, style="primary")
    return blocks.joined(blocks.plain(about), blocks.pressing(button), blocks.small(PRIVATE))
