"""Whatever happens, in whatever order: what must hold of a connection's state."""

from datetime import timedelta
from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from integration.connections import events, results
from integration.connections.models import Connection, ConnectionState
from integration.notifications.models import Notification
from integration.runtime import Runtime
from integration.tenants.models import Tenant
from integration.zoom.causes import CAUSES
from integration.zoom.errors import ZoomError
from tests.integration.conftest import TestClock
from tests.integration.connections.steps import row, stands

TRANSIENT = sorted(code for code, cause in CAUSES.items() if not cause.final and cause.who_must_act != "nobody")
FINAL = ["grant_revoked", "app_removed", "app_disabled", "user_removed", "scopes_changed"]
SHARED = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])

waits = st.integers(0, 200_000)
passing = st.tuples(st.sampled_from([*TRANSIENT, "ok", "cut off"]), waits)
anything = st.tuples(st.sampled_from([*TRANSIENT, *FINAL, "ok", "read"]), waits)


def new_connection(runtime: Runtime) -> str:
    tenant, now = uuid4().hex, runtime.clock()
    with runtime.database.writing() as session:
        session.add(Tenant(id=tenant, name="A tenant", zoom_enabled=True, created_at=now))
        session.flush()
        connection = Connection(id=uuid4().hex, tenant_id=tenant, connected_at=now, scopes="", failures=0)
        connection.verified_at, connection.connected_by = now, f"slack:{tenant}/U1"
        session.add(connection)
        state = ConnectionState.CONNECTED
        events.change(session, runtime.vault, connection, state=state, cause="connected", now=now)
    return tenant


def answer(runtime: Runtime, tenant: str, what: str, cut_off_at: timedelta | None = None) -> None:
    """Zoom's answer arrives."""
    with runtime.database.writing() as session:
        connection = session.scalars(select(Connection).where(Connection.tenant_id == tenant)).one()
        now = runtime.clock()
        if what in ("ok", "read"):
            results.succeeded(session, runtime.vault, connection, now, jitter=0.5, read=what == "read")
            return
        error = ZoomError(CAUSES["grant_revoked" if what == "cut off" else what], call="refresh")
        began = now - timedelta(hours=3) if what == "cut off" else None
        results.failed(session, runtime.vault, connection, error, now, jitter=0.5, cut_off_at=began)


def told(runtime: Runtime, tenant: str) -> list[str]:
    """The kinds of what the tenant's people are owed, the connection itself apart."""
    place = f"slack:{tenant}/U1"
    with runtime.database.reading() as session:
        mine = session.scalars(select(Notification).where(Notification.place == place))
        return [one.state for one in mine][1:]


@SHARED
@given(st.lists(passing, max_size=12))
def test_no_sequence_of_transient_failures_ever_asks_a_customer(
    runtime: Runtime, clock: TestClock, happens: list[tuple[str, int]]
) -> None:
    tenant = new_connection(runtime)
    for what, wait in happens:
        clock.move(wait)
        answer(runtime, tenant, what)
        assert stands(runtime, tenant)[0] in ("connected", "degraded")
        assert row(runtime, tenant).check_due_at is not None
    assert told(runtime, tenant) == []


@SHARED
@given(st.lists(anything, max_size=12))
def test_success_is_never_forgotten_and_failures_are_counted_from_the_last_one(
    runtime: Runtime, clock: TestClock, happens: list[tuple[str, int]]
) -> None:
    tenant, failures = new_connection(runtime), 0
    proven = row(runtime, tenant).verified_at
    for what, wait in happens:
        clock.move(wait)
        answer(runtime, tenant, what)
        now = row(runtime, tenant)
        failures = 0 if what in ("ok", "read") else failures + 1
        assert now.failures == failures
        assert now.verified_at is not None
        assert proven is not None
        assert now.verified_at >= proven
        proven = now.verified_at


@SHARED
@given(st.lists(anything, max_size=12))
def test_who_is_refused_for_good_stays_so_until_something_was_read_again(
    runtime: Runtime, clock: TestClock, happens: list[tuple[str, int]]
) -> None:
    tenant, broken = new_connection(runtime), False
    for what, wait in happens:
        clock.move(wait)
        answer(runtime, tenant, what)
        broken = (broken or what in FINAL) and what != "read"
        assert (stands(runtime, tenant)[0] == "needs_reauthorization") == broken
        assert (row(runtime, tenant).check_due_at is None) == broken
