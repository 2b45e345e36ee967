"""Private links in every state, by the addresses of their pages."""

from datetime import timedelta

from sqlalchemy import select

from integration.connecting.models import ConnectLink, LinkState
from tests.support.pages.people import PEOPLE, Who
from tests.support.pages.site import NOW, Site, token_of

# What a link is called in the table, its state, and the cause that goes with it. "open" stays as it is.
ENDED = {
    "used": (LinkState.CONNECTED, None),
    "rejected": (LinkState.REJECTED, "rejected"),
    "not_confirmed": (LinkState.REJECTED, "not_confirmed"),
    "expired": (LinkState.EXPIRED, "link_expired"),
    "replaced": (LinkState.EXPIRED, "link_replaced"),
    "withdrawn": (LinkState.EXPIRED, "link_withdrawn"),
}


def add_links(site: Site) -> None:
    """One of each state, and one that is good, all of Initech, which has not connected yet."""
    site.at(NOW - timedelta(hours=2))
    for name in (*ENDED, "open"):
        made = new_link(site, PEOPLE["initech"])
        site.names[f"link_{name}"] = token_of(made["url"])
        if name in ENDED:
            _end(site, made["id"], *ENDED[name])
    site.names["sign_in_late"] = token_of(site.page_link("admin", "/integrations"))
    site.at(NOW)
    used = site.page_link("admin", "/integrations")
    site.sign_in(used)
    site.names["sign_in_used"] = token_of(used)


def new_link(site: Site, person: Who) -> dict[str, str]:
    """A connect link for an admin, as the bot asks for it."""
    back = {"requester_email": person.email, "requester_name": person.name}
    return site.api("POST", f"tenants/{person.tenant}/connect-links", person, **back)


def _end(site: Site, link_id: str, state: LinkState, cause: str | None) -> None:
    with site.service.runtime.database.writing() as session:
        link = session.scalars(select(ConnectLink).where(ConnectLink.id == link_id)).one()
        link.state, link.cause, link.finished_at = state, cause, NOW - timedelta(hours=1)
