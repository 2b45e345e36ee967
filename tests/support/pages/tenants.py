"""Tenants in every state that a connection can be in, each with the history that led there."""

from datetime import datetime, timedelta
from uuid import uuid4

from integration.connections import events, tokens
from integration.connections.models import Connection, ConnectionState
from integration.tenants.models import Tenant
from integration.zoom.oauth import TokenPair
from tests.support.pages.people import PEOPLE, Who
from tests.support.pages.site import NOW, Site

DAY = timedelta(days=1)
MANY = 60  # more than one page of a list
NAMES = {
    "acme": "Acme Corp",
    "globex": "Globex",
    "initech": "Initech",
    "umbrella": "Umbrella Health",
    "hooli": "Hooli",
    "wonka": "Wonka Industries",
    "stark": "Stark & Partners <Consulting>",
    "cyberdyne": "Cyberdyne Systems",
}
NOT_ENABLED = "umbrella"
# How each connection stands in the end: state, cause, and since when (days ago). Initech never connected.
STANDS = {
    "acme": None,
    "globex": (ConnectionState.DEGRADED, "zoom_unavailable", 0.1),
    "hooli": (ConnectionState.NEEDS_REAUTHORIZATION, "grant_revoked", 3.2),
    "wonka": (ConnectionState.NEEDS_REAUTHORIZATION, "not_admin", 12.5),
    "cyberdyne": (ConnectionState.NEEDS_REAUTHORIZATION, "app_removed", 0.5),
    "stark": None,  # they disconnect it
}


def add_tenants(site: Site) -> None:
    """All of them, with their workspaces and people."""
    site.at(NOW - 120 * DAY)
    for tenant, name in NAMES.items():
        site.api("POST", "tenants", id=tenant, name=name, domains=[f"{tenant}.example"], zoom_enabled=True)
    for who in PEOPLE.values():
        linking = {"tenant": who.tenant, "name": NAMES[who.tenant]} if who.tenant else {"staff": True, "name": "Retain"}
        site.api("PUT", f"workspaces/{who.team}", **linking)
    site.api("PUT", "people", actor=PEOPLE["admin"].actor, tenant="acme", role="admin")
    site.api("PATCH", f"tenants/{NOT_ENABLED}", zoom_enabled=False)
    with site.service.runtime.database.writing() as session:
        for number in range(MANY):
            more = Tenant(id=f"client-{number:02}", name=f"Client {number:02}", domains=[], created_at=NOW - 30 * DAY)
            more.zoom_enabled = number % 3 > 0
            session.add(more)
    site.at(NOW)


def add_connections(site: Site) -> None:
    """Connected some time ago; what became of that is in STANDS."""
    for number, (tenant, stands) in enumerate(STANDS.items()):
        who = next(one for one in PEOPLE.values() if one.tenant == tenant and one.role == "admin")
        person = "jonas" if tenant == "acme" else site.zoom.add_account(tenant)
        site.at(NOW - 80 * DAY - number * 3 * DAY)
        _connect(site, who, person)
        if stands:
            state, cause, days = stands
            _becomes(site, tenant, state, cause, NOW - days * DAY)
    site.at(NOW - 6 * DAY)
    site.api("DELETE", "tenants/stark/zoom/connection", PEOPLE["stark"])
    site.at(NOW)


def _connect(site: Site, who: Who, person: str) -> None:
    """As a finished sign-in leaves it."""
    runtime = site.service.runtime
    now, answer = runtime.clock(), site.zoom.connect(person)
    pair = TokenPair(
        access_token=answer["access_token"],
        refresh_token=answer["refresh_token"],
        expires_at=now + timedelta(seconds=answer["expires_in"]),
        scopes=frozenset(answer["scope"].split()),
    )
    user = runtime.zoom.me(pair.access_token)
    with runtime.database.writing() as session:
        connection = Connection(id=uuid4().hex, tenant_id=who.tenant, connected_by=who.actor)
        tokens.store_new_pair(runtime.vault, connection, pair)
        tokens.store_user(runtime.vault, connection, user)
        connection.connected_at = connection.refreshed_at = connection.verified_at = now
        connection.check_due_at = NOW + DAY  # nobody looks meanwhile
        session.add(connection)
        state = ConnectionState.CONNECTED
        events.change(session, runtime.vault, connection, state=state, cause="connected", now=now, actor=who.actor)


def _becomes(site: Site, tenant: str, state: ConnectionState, cause: str, at: datetime) -> None:
    runtime = site.service.runtime
    with runtime.database.writing() as session:
        connection = session.scalars(Connection.of_tenant(tenant)).one()
        connection.verified_at = connection.refreshed_at = connection.last_webhook_at = at - timedelta(hours=7)
        details = {"status": 400, "code": "invalid_grant", "sign": cause}
        events.change(session, runtime.vault, connection, state=state, cause=cause, now=at, details=details)
