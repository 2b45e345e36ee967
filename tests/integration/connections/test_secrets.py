"""Nothing secret is found in logs, errors, responses or the database."""

import logging
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, MetaData, select
from sqlalchemy.engine import URL

from integration.connections import tokens
from integration.connections.due import refresh_due
from integration.connections.revocations import revoke_due
from integration.connections.waves import watch_incidents
from integration.runtime import Runtime
from integration.zoom.errors import ZoomError
from integration.zoom.sandbox.driver import ZoomStandIn
from tests.integration.conftest import TestClock
from tests.integration.connections.steps import STAFF, as_role, connect, deliver, found, row, token

FAULTS = ("server_error", "half_written", "unreadable", "invalid_grant", "invalid_client", "cut_after")


def secrets_of(runtime: Runtime) -> set[str]:
    with runtime.database.reading() as session:
        connection = found(session)
        assert connection is not None
        held = {tokens.access_token_of(runtime.vault, connection), tokens.refresh_token_of(runtime.vault, connection)}
    return {one for one in held if one}


def live(runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock) -> tuple[set[str], list[str]]:
    """A connection's whole life; returns every token there was, and everything that was answered or raised."""
    secrets, said = set[str](), list[str]()

    def look() -> None:
        secrets.update(secrets_of(runtime))
        for path in ("status", "status?live=true", "events"):
            said.append(client.get(f"/v1/tenants/acme/zoom/{path}", headers=as_role("admin")).text)
        secrets.update(secrets_of(runtime))

    connect(runtime, zoom)
    look()
    for fault in FAULTS:
        number = zoom.faults.switch_on(fault)
        clock.now = max(clock.now, row(runtime).check_due_at or clock.now)
        clock.move(3600)
        try:
            token(runtime)
        except ZoomError as error:
            said += [str(error), repr(error)]
        refresh_due(runtime)
        watch_incidents(runtime)
        look()
        zoom.faults.switch_off(number)
        connect(runtime, zoom)
    zoom.faults.switch_on("server_error", where="revoke", times=8)
    said.append(repr(row(runtime)))
    said.append(client.delete("/v1/tenants/acme/zoom/connection", headers=STAFF).text)
    clock.move(3600)
    revoke_due(runtime)
    said += [str(one) for one in deliver(client)]
    return secrets, said


def everything_in(engine: Engine, url: URL) -> bytes:
    """The database as bytes: the files of SQLite, every value of PostgreSQL's tables."""
    if url.get_backend_name() == "sqlite":
        assert url.database is not None
        path = Path(url.database)
        return b"".join(part.read_bytes() for part in path.parent.glob(f"{path.name}*"))
    metadata = MetaData()
    metadata.reflect(engine)
    with engine.connect() as connection:
        return str([connection.execute(select(table)).all() for table in metadata.sorted_tables]).encode()


def test_no_secret_is_found_anywhere(
    runtime: Runtime,
    zoom: ZoomStandIn,
    client: TestClient,
    clock: TestClock,
    database_url: URL,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.DEBUG):
        secrets, said = live(runtime, zoom, client, clock)
    assert len(secrets) >= 2 * len(FAULTS)
    user = zoom.people["jonas"]
    stored = everything_in(runtime.database.engine, database_url)
    logged = "\n".join(f"{record.getMessage()} {vars(record)}" for record in caplog.records)
    for secret in {*secrets, zoom.client_secret, zoom.webhook_secret}:
        assert secret not in logged
        assert not any(secret in one for one in said)
        assert secret.encode() not in stored
    for of_zooms_people in (user.email, user.id, user.account.id):
        assert of_zooms_people.encode() not in stored
        assert of_zooms_people not in logged


def test_after_disconnecting_nothing_of_zoom_can_be_opened_any_more(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient
) -> None:
    connect(runtime, zoom)
    client.delete("/v1/tenants/acme/zoom/connection", headers=STAFF)
    left = row(runtime)
    sealed = [getattr(left, column.key) for column in left.__table__.columns if column.info]
    assert sealed == [None] * len(sealed) != []
    events = client.get("/v1/tenants/acme/zoom/events", headers=STAFF).text
    assert "jonas@acme.example" not in events
