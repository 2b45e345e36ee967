"""A tenant is deleted with everything that is kept of it, and Zoom is told."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.engine import URL

from integration.connecting.models import Grant
from integration.connections import lease, revocations, tokens
from integration.connections.disconnect import disconnect
from integration.connections.models import Connection, Revocation
from integration.db import Base
from integration.desk import telling
from integration.desk.models import RequestEvent, SupportRequest
from integration.errors import NotFound, Unavailable
from integration.notifications import staff
from integration.notifications.models import Notification
from integration.runtime import Runtime, make_runtime
from integration.tenants import removal
from integration.zoom.oauth import TokenPair
from integration.zoom.sandbox.driver import ZoomStandIn
from tests.integration.conftest import make_settings
from tests.integration.tenants.rows import fill
from tests.support.zoom import running_zoom

# Of no tenant; and what is owed to Zoom, which outlives the tenant until it is done.
STAYS = {"article_votes", "incidents", "incident_notices", "revocations"}
NOTICES = [
    ({"tenant": "acme"}, False),
    ({"tenant": "globex", "data": {"other_tenant": "acme"}}, False),  # Globex came with Acme's Zoom account
    ({"data": {"team": "TACME"}}, False),  # before its workspace was linked
    ({"tenant": "globex", "data": {"other_tenant": "initech", "team": "TGLOBEX"}}, True),
    ({}, True),
]


@pytest.fixture
def zoom() -> Iterator[ZoomStandIn]:
    with running_zoom() as stand_in:
        yield stand_in


@pytest.fixture
def service(database_url: URL, zoom: ZoomStandIn) -> Iterator[Runtime]:
    """The service beside the stand-in, both at the real time."""
    made = make_runtime(
        make_settings(
            database_url,
            zoom_client_id=zoom.client_id,
            zoom_client_secret=zoom.client_secret,
            zoom_oauth_url=zoom.oauth_url,
            zoom_api_url=zoom.api_url,
        )
    )
    yield made
    made.database.close()


def counts(runtime: Runtime) -> dict[str, int]:
    with runtime.database.reading() as session:
        found = {
            table.name: session.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
        }
    return {name: count for name, count in found.items() if count}


def fill_unconnected(runtime: Runtime, *tenants: str) -> None:
    """Rows of tenants whose tokens are none of the stand-in's, and none that would have to be revoked."""
    with runtime.database.writing() as session:
        for tenant in tenants:
            fill(session, runtime.vault, tenant)
            session.execute(update(Connection).values(access_token=None, refresh_token=None))
        session.execute(Base.metadata.tables["grants"].delete())
        session.execute(Base.metadata.tables["revocations"].delete())


def connect(runtime: Runtime, zoom: ZoomStandIn, tenant: str, person: str) -> TokenPair:
    """Put a live pair of `person` into the tenant's connection."""
    given = zoom.connect(person)
    expires_at = datetime.now(UTC) + timedelta(hours=1)
    pair = TokenPair(given["access_token"], given["refresh_token"], expires_at, frozenset())
    with runtime.database.writing() as session:
        connection = session.scalars(select(Connection).where(Connection.tenant_id == tenant)).one()
        tokens.store_pair(runtime.vault, connection, pair)
    return pair


def test_all_rows_of_the_tenant_go_and_no_others(service: Runtime) -> None:
    fill_unconnected(service, "acme", "globex")
    before = counts(service)
    assert set(before.values()) == {2}
    removed = removal.remove(service, "acme", actor="slack:TR/US")
    after = counts(service)
    assert after == {name: 2 if name in STAYS else 1 for name in before}
    assert removed.deleted == dict.fromkeys(set(before) - STAYS, 1)
    assert removed.revoked


def test_a_support_request_that_names_no_tenant_goes_with_its_askers_workspace(service: Runtime) -> None:
    fill_unconnected(service, "acme", "globex")
    told: dict[str, Any] = {"topic": "-", "title": "-", "text": "-", "about": "it", "now": service.clock()}
    with service.database.writing() as session:
        ours = session.scalars(select(SupportRequest).where(SupportRequest.tenant_id == "acme")).one()
        ours.tenant_id = None  # a guest's
        event = session.scalars(select(RequestEvent).where(RequestEvent.request_id == ours.id)).one()
        telling.wrote(session, service.vault, ours, event.id, "Timpani", service.clock())
        staff.tell_staff(session, service.vault, **told, data={"request": ours.id})
        session.add(SupportRequest(id="form", key="form", via="web", text="-", asked_at=service.clock(), state="open"))
    removed = removal.remove(service, "acme", actor=None).deleted
    assert [removed[f"{name}s"] for name in ("support_request", "support_request_event", "response_clock")] == [1, 1, 1]
    assert removed["notifications"] == 3  # one of all rows, what they wrote, and what staff were told of it
    left = counts(service)
    assert (left["support_requests"], left["notifications"]) == (2, 1)  # Globex's; and one from nobody's workspace


def test_what_would_go_is_what_goes(service: Runtime) -> None:
    fill_unconnected(service, "acme")
    with service.database.reading() as session:
        announced = removal.what_would_go(session, service.vault, "acme")
    assert removal.remove(service, "acme", actor=None).deleted == announced


def test_our_permission_at_zoom_is_withdrawn(service: Runtime, zoom: ZoomStandIn) -> None:
    fill_unconnected(service, "acme")
    connect(service, zoom, "acme", "jonas")
    assert zoom.live_pairs("jonas")
    assert removal.remove(service, "acme", actor=None).revoked
    assert not zoom.live_pairs("jonas")
    assert counts(service).keys() <= STAYS


def test_while_zoom_is_away_the_withdrawal_stays_owed_and_happens_later(service: Runtime, zoom: ZoomStandIn) -> None:
    fill_unconnected(service, "acme")
    connect(service, zoom, "acme", "jonas")
    zoom.faults.switch_on("server_error", where="revoke")
    removed = removal.remove(service, "acme", actor=None)
    assert not removed.revoked
    assert counts(service)["revocations"] == 1
    zoom.faults.clear()
    with service.database.writing() as session:
        [owed] = session.scalars(update(Revocation).values(due_at=service.clock()).returning(Revocation.id)).all()
    assert revocations.carry_out(service, owed)
    assert not zoom.live_pairs("jonas")


def grant_of(runtime: Runtime, zoom: ZoomStandIn, person: str) -> None:
    """Something that Zoom gave us and that is no connection yet."""
    given = zoom.connect(person)
    kept = {
        "access_token": given["access_token"],
        "refresh_token": given["refresh_token"],
        "expires_at": (datetime.now(UTC) + timedelta(hours=1)).isoformat(),
        "scopes": [],
    }
    with runtime.database.writing() as session:
        fill(session, runtime.vault, "acme", grants__tokens=json.dumps(kept))
        session.execute(update(Connection).values(access_token=None, refresh_token=None))
        session.execute(update(Grant).values(zoom_user=None))
        session.execute(Base.metadata.tables["revocations"].delete())


def test_a_grant_that_is_no_connection_yet_is_withdrawn_too(service: Runtime, zoom: ZoomStandIn) -> None:
    grant_of(service, zoom, "jonas")
    assert removal.remove(service, "acme", actor=None).revoked
    assert not zoom.live_pairs("jonas")


def test_while_somebody_connects_nothing_is_deleted_blindly(service: Runtime, zoom: ZoomStandIn) -> None:
    grant_of(service, zoom, "jonas")
    with service.database.writing() as session:
        grant_id = session.scalars(select(Grant.id)).one()
        assert lease.take(session, Grant, grant_id, "somebody", seconds=60)
    with pytest.raises(Unavailable, match="connecting"):
        removal.remove(service, "acme", actor=None)
    assert counts(service)["tenants"] == 1
    with service.database.writing() as session:
        lease.release(session, Grant, grant_id, "somebody")
    removal.remove(service, "acme", actor=None)
    assert "tenants" not in counts(service)


def test_what_became_a_connection_meanwhile_is_withdrawn_too(
    service: Runtime, zoom: ZoomStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody finishes connecting just after the connection was ended, and before everything is deleted."""
    fill_unconnected(service, "acme")
    ended = disconnect

    def ended_and_connected_again(*args: Any, **named: Any) -> Any:
        receipt = ended(*args, **named)
        connect(service, zoom, "acme", "jonas")
        return receipt

    monkeypatch.setattr(removal, "disconnect", ended_and_connected_again)
    assert removal.remove(service, "acme", actor=None).revoked
    assert not zoom.live_pairs("jonas")
    assert counts(service).keys() <= STAYS


def test_what_does_not_open_is_deleted_and_not_called_withdrawn(service: Runtime, zoom: ZoomStandIn) -> None:
    grant_of(service, zoom, "jonas")
    with service.database.writing() as session:
        session.execute(update(Grant).values(tokens="v1.gone.AAAA"))
    assert not removal.remove(service, "acme", actor=None).revoked
    assert counts(service).keys() <= STAYS


def test_a_connection_that_does_not_open_is_not_called_withdrawn(service: Runtime) -> None:
    fill_unconnected(service, "acme")
    with service.database.writing() as session:
        session.execute(update(Connection).values(access_token="v1.gone.AAAA", refresh_token="v1.gone.AAAA"))
    assert not removal.remove(service, "acme", actor=None).revoked
    assert counts(service).keys() <= STAYS


@pytest.mark.parametrize(("notice", "stays"), NOTICES)
def test_what_staff_were_told_of_it_goes_and_nothing_else(
    service: Runtime, notice: dict[str, Any], stays: bool
) -> None:
    fill_unconnected(service, "acme")
    told: dict[str, Any] = {"topic": "connection", "title": "-", "text": "-", "about": "it", "now": service.clock()}
    with service.database.writing() as session:
        staff.tell_staff(session, service.vault, **told | notice)
    removal.remove(service, "acme", actor=None)
    with service.database.reading() as session:
        left = session.scalars(select(Notification.about).where(Notification.place == staff.PLACE)).all()
    assert ("it" in left) is stays


def test_it_is_done_once(service: Runtime) -> None:
    fill_unconnected(service, "acme")
    removal.remove(service, "acme", actor=None)
    with pytest.raises(NotFound):
        removal.remove(service, "acme", actor=None)
