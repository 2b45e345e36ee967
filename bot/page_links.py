"""Private links to the service's pages, as buttons of private messages."""

import logging
from collections.abc import Mapping
from urllib.parse import urlencode

from slack_sdk import WebClient

from bot.acting import meetings_of
from bot.asking import Desk
from bot.errors import ServiceError
from bot.meetings.whose import Whose
from bot.tenancy import Asker

log = logging.getLogger(__name__)


def page_for(
    desk: Desk, asker: Asker, client: WebClient, of: Whose | None, path: str, query: Mapping[str, str | None]
) -> str | None:
    """The address of a page about that organisation, for this person alone; None where there is none just now.

    `of` None: one of the staff's own pages. It signs them in: it belongs nowhere but into a message that they alone
    read. Times are shown there in their zone.
    """
    zone = desk.zones.zone(asker.actor, client)
    around = {"tenant": of.tenant if of and not of.at_home else None, "zone": zone.key if zone else None}
    asked = urlencode({name: value for name, value in {**query, **around}.items() if value})
    try:
        return meetings_of(desk).page_link(asker.behalf, f"{path}?{asked}" if asked else path).url
    except ServiceError as error:
        log.info("an answer goes without its page: %s", error)
        return None
