import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from integration.connections.models import Connection, ConnectionState
from integration.errors import IntegrationError
from integration.runtime import Runtime
from integration.tenants.models import Tenant
from integration.vault import EncryptionKeys, Vault
from integration.webhooks.models import Webhook
from integration.webhooks.service import MAX_ATTEMPTS, Handler, Happening, process_due
from tests.integration.conftest import KEY_ENTRY, TestClock
from tests.integration.webhooks.zoom_says import event, stored, tell

GONE = event("app_deauthorized", account_id="acc-1", user_id="user-1", deauthorization_time="2025-01-14T18:00:00Z")


def work(runtime: Runtime, clock: TestClock, handlers: Mapping[str, Handler] | None = None) -> int:
    with runtime.database.writing() as session:
        return process_due(session, runtime.vault, clock.now, handlers=handlers, jitter=lambda: 1.0)


def refuses(_session: Session, _vault: Vault, _happening: Happening) -> None:
    raise IntegrationError("Not now.")


def stumbles(_session: Session, _vault: Vault, _happening: Happening) -> None:
    raise KeyError("private words")


def connect(runtime: Runtime, clock: TestClock, *, tenant: str = "acme", account: str = "acc-1") -> None:
    """A tenant that is connected, as far as webhooks care."""
    with runtime.database.writing() as session:
        session.add(Tenant(id=tenant, name=tenant, zoom_enabled=True, created_at=clock.now))
        session.flush()
        seal = {"table": "connections", "row": f"c-{tenant}"}
        session.add(
            Connection(
                id=f"c-{tenant}",
                tenant_id=tenant,
                state=ConnectionState.CONNECTED,
                cause="connected",
                since=clock.now,
                connected_at=clock.now,
                account_id=runtime.vault.seal(account, column="account_id", **seal),
                account_hash=runtime.vault.lookup_hash("zoom_account", account),
                user_id=runtime.vault.seal("user-1", column="user_id", **seal),
                user_hash=runtime.vault.lookup_hash("zoom_user", "user-1"),
            )
        )


def connection(runtime: Runtime, tenant: str = "acme") -> Connection:
    with runtime.database.reading() as session:
        found = session.get(Connection, f"c-{tenant}")
    assert found is not None
    return found


def states(runtime: Runtime) -> list[tuple[str, str, int]]:
    return [(row.event, row.state, row.attempts) for row in stored(runtime)]


def test_a_handler_is_told_what_happened_and_when(anonymous: TestClient, runtime: Runtime, clock: TestClock) -> None:
    seen: list[Happening] = []
    tell(anonymous, GONE, clock.now)
    received = clock.now
    clock.move(60)
    assert work(runtime, clock, {"app_deauthorized": lambda _s, _v, happening: seen.append(happening)}) == 1
    (happening,) = seen
    assert (happening.delivery.payload.account_id, happening.delivery.payload.user_id) == ("acc-1", "user-1")
    assert happening.at == datetime.fromisoformat("2025-01-14T18:00:00Z")
    assert (happening.received_at, happening.now) == (received, clock.now)
    assert states(runtime) == [("app_deauthorized", "done", 1)]
    assert work(runtime, clock) == 0


def test_nothing_happened_after_we_were_told_of_it(anonymous: TestClient, runtime: Runtime, clock: TestClock) -> None:
    seen: list[Happening] = []
    tell(anonymous, event("app_deauthorized", deauthorization_time="2099-01-01T00:00:00Z"), clock.now)
    work(runtime, clock, {"app_deauthorized": lambda _s, _v, happening: seen.append(happening)})
    assert [happening.at for happening in seen] == [clock.now]


def test_an_uninstall_ends_the_connection_it_is_about_and_no_other(
    anonymous: TestClient, runtime: Runtime, clock: TestClock
) -> None:
    connect(runtime, clock)
    connect(runtime, clock, tenant="globex", account="acc-2")
    clock.move(600)
    later = event("app_deauthorized", account_id="acc-1", user_id="user-1", event_ts=clock.now.timestamp() * 1000)
    tell(anonymous, later, clock.now)
    work(runtime, clock)
    assert connection(runtime).state == ConnectionState.DEAUTHORIZED
    assert connection(runtime, "globex").state == ConnectionState.CONNECTED


def test_an_uninstall_of_before_the_connection_is_ignored(
    anonymous: TestClient, runtime: Runtime, clock: TestClock
) -> None:
    connect(runtime, clock)
    tell(anonymous, GONE, clock.now)
    work(runtime, clock)
    assert connection(runtime).state == ConnectionState.CONNECTED
    assert states(runtime) == [("app_deauthorized", "done", 1)]


def test_an_uninstall_that_names_nobody_is_parked_and_not_guessed(
    anonymous: TestClient, runtime: Runtime, clock: TestClock
) -> None:
    connect(runtime, clock)
    tell(anonymous, event("app_deauthorized", account_id="acc-1"), clock.now)
    for _ in range(MAX_ATTEMPTS):
        work(runtime, clock)
        clock.move(3600)
    assert states(runtime) == [("app_deauthorized", "parked", MAX_ATTEMPTS)]
    assert connection(runtime).state == ConnectionState.CONNECTED


def test_any_other_event_shows_that_webhooks_of_its_account_arrive(
    anonymous: TestClient, runtime: Runtime, clock: TestClock
) -> None:
    connect(runtime, clock)
    connect(runtime, clock, tenant="globex", account="acc-2")
    clock.move(60)
    first = clock.now
    tell(anonymous, event("meeting.ended", account_id="acc-1"), clock.now)
    tell(anonymous, event("meeting.ended", account_id="nobody's"), clock.now)
    tell(anonymous, event("something.new"), clock.now)
    work(runtime, clock)
    assert connection(runtime).last_webhook_at == first
    assert connection(runtime, "globex").last_webhook_at is None
    assert {state for _, state, _ in states(runtime)} == {"done"}


def test_the_time_of_the_last_webhook_never_goes_back(
    anonymous: TestClient, runtime: Runtime, clock: TestClock
) -> None:
    connect(runtime, clock)
    tell(anonymous, event("meeting.ended", account_id="acc-1"), clock.now)
    latest = clock.now + timedelta(hours=1)
    with runtime.database.writing() as session:
        session.execute(update(Connection).values(last_webhook_at=latest))
    clock.move(7200)
    work(runtime, clock)
    assert connection(runtime).last_webhook_at == latest


@pytest.mark.parametrize("broken", [refuses, stumbles])
def test_what_fails_is_put_off_longer_each_time_and_then_parked(
    anonymous: TestClient, runtime: Runtime, clock: TestClock, caplog: pytest.LogCaptureFixture, broken: Handler
) -> None:
    tell(anonymous, GONE, clock.now)
    pauses = []
    for _ in range(MAX_ATTEMPTS - 1):
        assert work(runtime, clock, {"app_deauthorized": broken}) == 1
        (row,) = stored(runtime)
        pauses.append((row.due_at - clock.now).total_seconds())
        clock.move(pauses[-1] - 0.001)
        assert work(runtime, clock, {"app_deauthorized": broken}) == 0
        clock.move(0.001)
    assert pauses == [30, 60, 120, 240, 480, 960, 1920]
    work(runtime, clock, {"app_deauthorized": broken})
    (row,) = stored(runtime)
    assert (row.state, row.attempts, row.settled_at) == ("parked", MAX_ATTEMPTS, clock.now)
    assert row.reason in ("Not now.", "a bug: KeyError")
    (record,) = [one for one in caplog.records if "parked" in one.getMessage()]
    assert (record.levelno, vars(record)["webhook"]) == (logging.ERROR, row.id)
    clock.move(86400)
    assert work(runtime, clock) == 0


def test_one_that_fails_holds_up_no_other_and_leaves_nothing_behind(
    anonymous: TestClient, runtime: Runtime, clock: TestClock
) -> None:
    def half_done(session: Session, _vault: Vault, _happening: Happening) -> None:
        session.execute(update(Connection).values(cause="half done"))
        raise KeyError

    connect(runtime, clock)
    tell(anonymous, GONE, clock.now)
    clock.move(1)
    tell(anonymous, event("meeting.ended", account_id="acc-1"), clock.now)
    assert work(runtime, clock, {"app_deauthorized": half_done}) == 2
    assert states(runtime) == [("app_deauthorized", "open", 1), ("meeting.ended", "done", 1)]
    assert connection(runtime).cause == "connected"


def test_one_that_does_not_open_holds_up_no_other(anonymous: TestClient, runtime: Runtime, clock: TestClock) -> None:
    tell(anonymous, b"nonsense", clock.now)
    tell(anonymous, event("meeting.started"), clock.now)
    with runtime.database.writing() as session:
        session.execute(update(Webhook).where(Webhook.event == "meeting.started").values(payload="v1.gone.AAAA"))
    tell(anonymous, event("meeting.ended"), clock.now)
    work(runtime, clock)
    assert sorted(states(runtime)) == [
        ("meeting.ended", "done", 1),
        ("meeting.started", "open", 1),
        ("unreadable", "open", 1),
    ]


def test_many_are_taken_in_batches_oldest_first(anonymous: TestClient, runtime: Runtime, clock: TestClock) -> None:
    for number in range(25):
        tell(anonymous, event("meeting.ended", number=number), clock.now)
        clock.move(1)
    assert [work(runtime, clock), work(runtime, clock), work(runtime, clock)] == [20, 5, 0]


def test_a_webhook_sealed_by_an_older_key_still_finds_its_connection(
    anonymous: TestClient, runtime: Runtime, clock: TestClock
) -> None:
    connect(runtime, clock)
    tell(anonymous, event("meeting.ended", account_id="acc-1"), clock.now)
    newer = Vault(EncryptionKeys.parse(f"k2:{'QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY='},{KEY_ENTRY}"))
    with runtime.database.writing() as session:
        assert process_due(session, newer, clock.now) == 1
    assert connection(runtime).last_webhook_at == clock.now


def test_what_was_acted_upon_is_forgotten_at_once_but_known_when_it_comes_again(
    anonymous: TestClient, runtime: Runtime, clock: TestClock
) -> None:
    body = event("meeting.ended", topic="Secret plans")
    tell(anonymous, body, clock.now)
    work(runtime, clock)
    (row,) = stored(runtime)
    assert runtime.vault.open(row.payload, table="webhooks", column="payload", row=row.id) == ""
    tell(anonymous, body, clock.now)
    assert len(stored(runtime)) == 1
