"""Which tenants need somebody of Retain's, why, and in which order."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from integration.connections.history import Standing
from integration.connections.models import ConnectionState
from integration.runtime import Runtime
from integration.staff import attention
from integration.staff.standings import TenantNow, Waiting
from tests.integration.staff.steps import DAY, HOUR, add_connection, add_request, add_tenant

NOW = datetime(2025, 1, 14, 18, 30, tzinfo=UTC)
CONNECTED = ("connected", "connected", 30 * DAY, HOUR)


def tenant(
    state: str, cause: str, since: timedelta, verified: timedelta | None, waiting: Waiting | None = None
) -> TenantNow:
    at = None if verified is None else NOW - verified
    return TenantNow("acme", "Acme", [], Standing(ConnectionState(state), cause, NOW - since, at), waiting)


def waiting(number: int, overdue: int) -> Waiting:
    return Waiting(number, overdue, NOW - HOUR if overdue else NOW + HOUR)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (tenant(*CONNECTED), None),
        (tenant(*CONNECTED, waiting(2, 1)), "A request is overdue"),
        (tenant(*CONNECTED, waiting(3, 2)), "2 requests overdue"),
        (tenant(*CONNECTED, waiting(1, 0)), "A request waits"),
        (tenant(*CONNECTED, waiting(2, 0)), "2 requests wait"),
        (tenant("connected", "restored", 9 * DAY, 3 * DAY), "Not verified for 3 days"),
        (tenant("connected", "connected", 9 * DAY, None), "Not verified for 9 days"),
        (tenant("connected", "connected", HOUR, None), None),
        (tenant("degraded", "zoom_unavailable", HOUR, 2 * HOUR), None),
        (tenant("degraded", "zoom_unavailable", 2 * DAY, 3 * DAY), "In trouble for 2 days"),
        (tenant("degraded", "invalid_client", HOUR, 2 * HOUR), "Retain must act"),
        (tenant("degraded", "refresh_interrupted", HOUR, 2 * HOUR), None),
        (tenant("needs_reauthorization", "grant_revoked", HOUR, 2 * HOUR), "An admin of theirs must act"),
        (tenant("needs_reauthorization", "app_disabled", HOUR, 2 * HOUR), "A Zoom admin of theirs must act"),
        (tenant("deauthorized", "uninstalled", DAY, 2 * DAY), "Zoom ended the connection: was that meant?"),
        (tenant("deauthorized", "uninstalled", 20 * DAY, 21 * DAY), None),
        (tenant("deauthorized", "disconnected", DAY, 2 * DAY), None),
        (tenant("not_connected", "never_connected", 3 * DAY, None), None),
        (tenant("not_connected", "never_connected", 12 * DAY, None), "Enabled 12 days ago, not connected yet"),
        (tenant("not_connected", "never_connected", 90 * DAY, None), None),
        (tenant("not_enabled", "not_enabled", 90 * DAY, None), None),
    ],
)
def test_each_reason_is_said_in_words(found: TenantNow, words: str | None) -> None:
    need = attention.need_of(found, NOW)
    assert (need and need.words) == words


def test_the_gravest_reason_is_told_and_comes_first() -> None:
    overdue = attention.need_of(tenant("needs_reauthorization", "grant_revoked", DAY, DAY, waiting(1, 1)), NOW)
    broken = attention.need_of(tenant("needs_reauthorization", "grant_revoked", DAY, DAY, waiting(1, 0)), NOW)
    longer = attention.need_of(tenant("needs_reauthorization", "grant_revoked", 2 * DAY, DAY), NOW)
    assert overdue is not None
    assert broken is not None
    assert longer is not None
    assert (overdue.words, broken.words) == ("A request is overdue", "An admin of theirs must act")
    assert sorted([broken, longer, overdue], key=lambda need: need.urgency) == [overdue, longer, broken]


def test_those_that_need_attention_are_found_most_urgent_first(runtime: Runtime) -> None:
    now = runtime.clock()
    with Session(runtime.database.engine) as session:
        for name, state, cause in (
            ("acme", "connected", "connected"),
            ("broken", "needs_reauthorization", "grant_revoked"),
            ("ours", "degraded", "invalid_client"),
        ):
            add_tenant(session, name, now - 30 * DAY)
            add_connection(session, name, state, cause, now - DAY, now - HOUR)
        session.flush()
        assert [one.id for one, _ in attention.needing(session, now)] == ["ours", "broken"]
        add_request(session, runtime, "acme", now - 5 * HOUR, now - HOUR)
        session.flush()
        assert [one.id for one, _ in attention.needing(session, now)] == ["acme", "ours", "broken"]
