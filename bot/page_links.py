"""Private links to the service's pages. One signs its person in, for five minutes: it is made when it is wanted."""

import logging
import re
from collections.abc import Mapping
from urllib.parse import urlencode

from slack_sdk import WebClient

from bot import blocks
from bot.acting import meetings_of
from bot.asking import Desk
from bot.blocks import Block
from bot.carried import Page
from bot.errors import ServiceError
from bot.meetings.whose import Whose
from bot.tenancy import Asker

log = logging.getLogger(__name__)

LONGEST_ID = 200


def page_button(label: str, path: str) -> Block:
    """Opens a page (a path of the service's, with its query) for whoever presses it, whenever that is.

    It may stand in any message, also where others read it: the link is made for the one who presses it, and shown to
    them alone. What they see there is decided by who they are then.
    """
    suffix = re.sub(r"\W+", "_", path).strip("_")
    return blocks.button(label, f"{blocks.LINK_TO_PAGE}{suffix}"[:LONGEST_ID], Page(path=path).packed())


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
    desk: Desk, asker: Asker, client: WebClient, of: Whose | None, path: str, query: Mapping[str, str | None]
) -> str | None:
    """The address of a page about that organisation (None: one of the staff's own pages); None where there is none
    just now."""
    tenant = of.tenant if of and not of.at_home else None
    try:
        return address_of(desk, asker, client, path, {**query, "tenant": tenant})
    except ServiceError as error:
        log.info("an answer goes without its page: %s", error)
        return None
