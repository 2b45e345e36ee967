import threading
from datetime import timedelta

import pytest

from integration.connections import refresh, tokens, turns
from integration.connections.models import Connection
from integration.errors import Unavailable
from integration.runtime import Runtime
from integration.zoom.errors import ZoomError
from integration.zoom.sandbox.driver import ZoomStandIn
from tests.integration.conftest import TestClock
from tests.integration.connections.steps import add_tenant, connect, found, history, row, stands, token

HOUR = 3600


def calls(zoom: ZoomStandIn, kind: str = "refresh") -> int:
    return sum(call.kind == kind for call in zoom.calls)


@pytest.fixture(autouse=True)
def connected(runtime: Runtime, zoom: ZoomStandIn) -> None:
    connect(runtime, zoom)


def run_down(clock: TestClock, left: float = 0) -> None:
    """Let the access token grow old, with `left` seconds to live."""
    clock.move(HOUR - left)


def test_a_token_with_a_quarter_of_an_hour_left_is_used_as_it_is(
    runtime: Runtime, zoom: ZoomStandIn, clock: TestClock
) -> None:
    first = token(runtime)
    run_down(clock, left=15 * 60 + 2)
    assert token(runtime) == first
    assert calls(zoom) == 0


def test_one_with_less_is_renewed_and_zoom_accepts_the_new_one(
    runtime: Runtime, zoom: ZoomStandIn, clock: TestClock
) -> None:
    first = token(runtime)
    run_down(clock, left=15 * 60 - 1)
    second = token(runtime)
    assert second != first
    assert runtime.zoom.me(second).email == "jonas@acme.example"
    assert token(runtime) == second
    assert calls(zoom) == 1


def test_each_refresh_uses_the_latest_refresh_token(runtime: Runtime, zoom: ZoomStandIn, clock: TestClock) -> None:
    for _ in range(5):
        run_down(clock)
        token(runtime)
    assert zoom.refreshes["jonas"] == 5
    assert stands(runtime) == ("connected", "connected")


def test_a_refresh_is_proof_that_the_connection_works_and_leaves_the_row_tidy(
    runtime: Runtime, clock: TestClock
) -> None:
    run_down(clock)
    token(runtime)
    connection = row(runtime)
    assert connection.verified_at == connection.refreshed_at == clock.now
    assert (connection.lease_owner, connection.lease_until_ms, connection.refresh_began_at) == (None, None, None)
    assert connection.check_due_at is not None
    assert connection.check_due_at > clock.now + timedelta(hours=20)


def test_a_transient_failure_leaves_the_present_token_in_use_as_long_as_it_lives(
    runtime: Runtime, zoom: ZoomStandIn, clock: TestClock
) -> None:
    first = token(runtime)
    run_down(clock, left=10 * 60)
    zoom.faults.switch_on("server_error")
    with pytest.raises(ZoomError):
        token(runtime)
    assert token(runtime) == first
    assert stands(runtime) == ("degraded", "zoom_unavailable")
    assert calls(zoom) == 1  # the pause is respected


def test_while_the_pause_lasts_zoom_is_not_asked_again(runtime: Runtime, zoom: ZoomStandIn, clock: TestClock) -> None:
    run_down(clock)
    zoom.faults.switch_on("server_error")
    for _ in range(3):
        with pytest.raises(ZoomError) as caught:
            token(runtime)
        assert caught.value.cause.code == "zoom_unavailable"
    assert calls(zoom) == 1


def test_after_the_pause_it_recovers_by_itself(runtime: Runtime, zoom: ZoomStandIn, clock: TestClock) -> None:
    run_down(clock)
    zoom.faults.switch_on("server_error", times=1)
    with pytest.raises(ZoomError):
        token(runtime)
    clock.move(60)
    assert runtime.zoom.me(token(runtime)).id
    assert stands(runtime) == ("connected", "restored")
    assert row(runtime).failures == 0


def test_success_times_are_never_lost_by_a_failure(runtime: Runtime, zoom: ZoomStandIn, clock: TestClock) -> None:
    before = row(runtime)
    run_down(clock)
    zoom.faults.switch_on("invalid_grant")
    with pytest.raises(ZoomError):
        token(runtime)
    after = row(runtime)
    assert (after.refreshed_at, after.verified_at) == (before.refreshed_at, before.verified_at)
    assert after.state == "needs_reauthorization"


def test_a_connection_that_was_refused_for_good_is_not_tried_again(
    runtime: Runtime, zoom: ZoomStandIn, clock: TestClock
) -> None:
    run_down(clock)
    zoom.faults.switch_on("invalid_grant", times=1)
    for _ in range(3):
        with pytest.raises(ZoomError) as caught:
            token(runtime)
        assert caught.value.cause.code == "grant_revoked"
        clock.move(HOUR)
    assert calls(zoom) == 1


def test_what_is_not_there_is_said_to_be_so(runtime: Runtime) -> None:
    add_tenant(runtime, "globex")
    with pytest.raises(ZoomError, match="never_connected"):
        token(runtime, "globex")


def test_a_tenant_that_is_switched_off_gets_no_token(runtime: Runtime, zoom: ZoomStandIn) -> None:
    add_tenant(runtime, "globex", enabled=False)
    connect(runtime, zoom, "globex", "carlos")
    with pytest.raises(ZoomError, match="disabled_by_staff"):
        token(runtime, "globex")


def test_a_dead_token_is_read_once_more_before_it_counts(runtime: Runtime, zoom: ZoomStandIn, clock: TestClock) -> None:
    """Somebody signs in anew while our refresh of the former pair is under way: Zoom refuses that one."""
    run_down(clock)
    stale = turns.take(runtime, row(runtime))
    assert stale is not None
    connect(runtime, zoom)
    assert turns.refresh(runtime, stale, 0.5) is None
    assert stands(runtime) == ("connected", "connected")
    assert runtime.zoom.me(token(runtime)).id


def test_an_answer_that_comes_too_late_never_overwrites_a_newer_pair(
    runtime: Runtime, zoom: ZoomStandIn, clock: TestClock
) -> None:
    zoom.faults.habits(old_refresh="lingers")
    run_down(clock)
    slow = turns.take(runtime, row(runtime))
    assert slow is not None
    expire_lease(runtime)
    newer = token(runtime)
    assert turns.refresh(runtime, slow, 0.5) is None
    assert token(runtime) == newer


def test_an_answer_that_comes_too_late_is_kept_when_nobody_has_a_better_one(
    runtime: Runtime, zoom: ZoomStandIn, clock: TestClock
) -> None:
    run_down(clock)
    slow = turns.take(runtime, row(runtime))
    assert slow is not None
    expire_lease(runtime)
    late = turns.refresh(runtime, slow, 0.5)
    assert late is not None
    assert token(runtime) == late


def test_whoever_waits_in_vain_is_told_to_come_again(runtime: Runtime, clock: TestClock) -> None:
    run_down(clock)
    assert turns.take(runtime, row(runtime))
    pauses: list[float] = []
    with pytest.raises(Unavailable, match="takes long"):
        refresh.access_token(runtime, "acme", sleep=pauses.append, jitter=lambda: 0.5)
    assert pauses[0] < pauses[5] <= 1
    assert 29 < sum(pauses) < 32


def test_threads_that_ask_at_once_share_one_refresh(runtime: Runtime, zoom: ZoomStandIn, clock: TestClock) -> None:
    run_down(clock)
    zoom.faults.switch_on("slow", where="refresh", seconds=0.2)
    got: list[str] = []
    threads = [threading.Thread(target=lambda: got.append(refresh.access_token(runtime, "acme"))) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(got), len(set(got)), calls(zoom)) == (12, 1, 1)


def test_those_who_waited_for_a_failure_are_told_of_it_without_asking_zoom_again(
    runtime: Runtime, zoom: ZoomStandIn, clock: TestClock
) -> None:
    run_down(clock)
    zoom.faults.switch_on("timeout", where="refresh")
    causes: list[str] = []

    def ask() -> None:
        try:
            refresh.renew(runtime, "acme")
        except ZoomError as error:
            causes.append(error.cause.code)

    first = threading.Thread(target=ask)
    first.start()
    zoom.wait_for_hanging()
    others = [threading.Thread(target=ask) for _ in range(4)]
    for thread in others:
        thread.start()
    for thread in [first, *others]:
        thread.join()
    assert causes == ["zoom_unavailable"] * 5
    assert calls(zoom) == 1


def test_who_looked_before_a_failure_and_comes_after_it_does_not_ask_zoom_again(
    runtime: Runtime, zoom: ZoomStandIn, clock: TestClock
) -> None:
    run_down(clock)
    seen = row(runtime)
    zoom.faults.switch_on("server_error")
    with pytest.raises(ZoomError):
        token(runtime)
    assert turns.take(runtime, seen) is None
    assert row(runtime).lease_owner is None


def test_renewing_asks_zoom_even_when_the_token_is_fresh(runtime: Runtime, zoom: ZoomStandIn) -> None:
    refresh.renew(runtime, "acme")
    assert calls(zoom) == 1


def test_a_pair_of_a_connection_that_ended_meanwhile_is_owed_to_be_revoked(
    runtime: Runtime, zoom: ZoomStandIn, clock: TestClock
) -> None:
    from integration.connections.disconnect import disconnect
    from integration.connections.revocations import revoke_due

    run_down(clock)
    slow = turns.take(runtime, row(runtime))
    assert slow is not None
    zoom.faults.switch_on("server_error", where="revoke")
    zoom.faults.switch_on("server_error", where="refresh", times=1)
    disconnect(runtime, "acme", cause="disconnected", actor=None)
    assert turns.refresh(runtime, slow, 0.5) is None
    assert zoom.live_pairs()
    zoom.faults.clear()
    clock.move(3600)
    revoke_due(runtime)
    assert zoom.live_pairs() == []
    assert row(runtime).refresh_token is None


def test_the_scopes_that_zoom_names_are_kept(runtime: Runtime, clock: TestClock) -> None:
    run_down(clock)
    token(runtime)
    assert "user:read:user:admin" in row(runtime).scopes.split()


def test_nothing_of_a_token_is_shown_by_what_holds_it(runtime: Runtime, clock: TestClock) -> None:
    run_down(clock)
    turn = turns.take(runtime, row(runtime))
    assert turn is not None
    assert turn.refresh_token not in repr(turn)
    assert turn.user_id is not None
    assert turn.user_id not in repr(turn)


def expire_lease(runtime: Runtime, tenant: str = "acme") -> None:
    with runtime.database.writing() as session:
        connection = found(session, tenant)
        assert isinstance(connection, Connection)
        connection.lease_until_ms = 0


def test_history_says_how_it_went(runtime: Runtime, zoom: ZoomStandIn, clock: TestClock) -> None:
    run_down(clock)
    zoom.faults.switch_on("server_error", times=1)
    with pytest.raises(ZoomError):
        token(runtime)
    clock.move(60)
    token(runtime)
    assert history(runtime) == [
        ("connected", "connected"),
        ("degraded", "zoom_unavailable"),
        ("connected", "restored"),
    ]
    with runtime.database.reading() as session:
        connection = found(session)
        assert connection is not None
        assert tokens.access_token_of(runtime.vault, connection) == token(runtime)
