"""The message of a connect link follows the link along, however late, doubled or disordered the news of it comes."""

from slack_sdk import WebClient

from bot.acting import service_of
from bot.asking import Desk
from bot.connections.sending_links import keep_place, show_card
from bot.service.service_api import Link
from bot.tenancy import Asker

MOST_ROUNDS = 4


def bring_up_to_date(desk: Desk, asker: Asker, link_id: str, client: WebClient) -> None:
    """Show the requester, who is `asker`, how their link stands now.

    News only says that something changed: what is shown is asked for anew, and asked for again once it is shown. So
    of two processes that show states at once, the one that shows the older state replaces it.
    Raises NotToldBySlack, ServiceError or SlackApiError.
    """
    service = service_of(desk)
    link = service.link(asker.behalf, link_id)
    for _ in range(MOST_ROUNDS):
        reader = desk.reader(asker.actor, client, at_home=link.tenant == asker.tenant)
        where = show_card(desk, link, reader, client, asker.actor)
        if where is not None:
            keep_place(desk, asker, link, where, client)
        now = service.link(asker.behalf, link_id)
        if _shown(now) == _shown(link):
            return
        link = now


def _shown(link: Link) -> object:
    return link.state, link.cause, link.zoom_user, link.explanation, link.forward, link.replaces
