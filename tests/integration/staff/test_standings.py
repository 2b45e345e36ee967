"""Where every tenant stands: as its own status says, in as many queries for many as for one."""

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from integration.connections.status import read_status
from integration.desk.models import SupportRequest
from integration.runtime import Runtime
from integration.staff import standings
from integration.tenants.models import Tenant
from tests.integration.staff.steps import DAY, HOUR, add_connection, add_event, add_request, add_tenant


@pytest.fixture
def seeded(runtime: Runtime) -> Session:
    """One tenant of every kind."""
    now = runtime.clock()
    session = Session(runtime.database.engine)
    for tenant, state, cause, verified in (
        ("fine", "connected", "connected", HOUR),
        ("again", "connected", "restored", 3 * DAY),
        ("trouble", "degraded", "zoom_unavailable", 2 * DAY),
        ("broken", "needs_reauthorization", "grant_revoked", 5 * DAY),
        ("gone", "deauthorized", "uninstalled", 9 * DAY),
    ):
        add_tenant(session, tenant, now - 30 * DAY)
        add_connection(session, tenant, state, cause, now - 4 * DAY, now - verified)
    add_tenant(session, "new", now - 8 * DAY)
    add_tenant(session, "without", now - 8 * DAY, enabled=False)
    add_tenant(session, "off", now - 30 * DAY)
    add_connection(session, "off", "connected", "connected", now - 20 * DAY, now - 2 * DAY)
    session.get_one(Tenant, "off").zoom_enabled = False
    add_event(session, "off", now - DAY, kind="switch", state="not_enabled", cause="disabled_by_staff")
    session.commit()
    return session


def test_the_list_says_what_each_status_says(runtime: Runtime, seeded: Session) -> None:
    now = runtime.clock()
    with seeded as session:
        found = standings.every(session, now)
        assert [one.id for one in found] == ["again", "broken", "fine", "gone", "new", "off", "trouble", "without"]
        for one in found:
            status = read_status(session, runtime.vault, one.id, now=now, allowed=lambda _: True)
            said = (status.state, status.cause, status.since, status.verified_at)
            standing = one.standing
            assert (standing.state, standing.cause, standing.since, standing.verified_at) == said
            assert standings.every(session, now, only=one.id) == [one]


def test_waiting_requests_are_counted_with_those_that_are_overdue(runtime: Runtime, seeded: Session) -> None:
    now = runtime.clock()
    with seeded as session:
        for late in (HOUR, -HOUR, -2 * HOUR):
            add_request(session, runtime, "fine", now - 3 * HOUR, now - late)
        answered = session.get_one(SupportRequest, add_request(session, runtime, "again", now, now))
        answered.state = "answered"
        session.flush()
        by_id = {one.id: one.waiting for one in standings.every(session, now)}
        assert by_id["fine"] == standings.Waiting(3, 1, now - HOUR)
        assert by_id["again"] is None


def test_many_tenants_take_no_more_queries_than_one(runtime: Runtime, seeded: Session) -> None:
    asked: list[str] = []
    event.listen(runtime.database.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    with seeded as session:
        session.connection()
        asked.clear()
        standings.every(session, runtime.clock(), only="fine")
        of_one = len(asked)
        standings.every(session, runtime.clock())
    assert len(asked) == 2 * of_one
