"""What Zoom's events bring, in whatever form, order and number they come."""

import json
import threading
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import delete, select, update

from integration.connections.disconnect import disconnect
from integration.connections.models import Connection, ConnectionState
from integration.meetings.models import CalendarEvent, MeetingSession
from integration.runtime import Runtime
from integration.tenants.models import Tenant
from integration.vault import EncryptionKeys, Vault
from integration.webhooks.models import Webhook
from integration.webhooks.service import Processed, process_due
from tests.integration.conftest import KEY_ENTRY, TestClock
from tests.integration.webhooks.steps import about, calls, connect, connected, connection, states, topics, work
from tests.integration.webhooks.zoom_says import event, stored, tell

AT_17 = datetime(2025, 1, 14, 17, tzinfo=UTC)
AT_17_45 = AT_17 + timedelta(minutes=45)
STARTED = about("meeting.started")
JOINED = about("meeting.participant_joined", participant={"user_name": "Kim", "join_time": "2025-01-14T17:04:00Z"})
LEFT = about("meeting.participant_left", participant={"user_name": "Kim", "leave_time": "2025-01-14T17:30:00Z"})
ENDED = about("meeting.ended", end_time="2025-01-14T17:45:00Z")
RUNNING = [("acme", "u1==", "93201235621", AT_17, None)]
OVER = [("acme", "u1==", "93201235621", AT_17, AT_17_45)]


@pytest.fixture(autouse=True)
def acme(runtime: Runtime, clock: TestClock) -> None:
    connect(runtime, clock)


def told(client: TestClient, runtime: Runtime, clock: TestClock, *bodies: bytes) -> Processed:
    """Each is delivered and all are acted upon at once."""
    for body in bodies:
        assert tell(client, body, clock.now).status_code == 204
    return work(runtime, clock)


def test_a_call_is_known_from_its_start_to_its_end(anonymous: TestClient, runtime: Runtime, clock: TestClock) -> None:
    told(anonymous, runtime, clock, STARTED)
    assert calls(runtime) == RUNNING
    told(anonymous, runtime, clock, JOINED, LEFT)
    assert calls(runtime) == RUNNING
    told(anonymous, runtime, clock, ENDED)
    assert calls(runtime) == OVER
    assert topics(runtime) == ["Plans"]
    assert {state for _, state, _ in states(runtime)} == {"done"}


def test_no_order_of_events_makes_a_difference(anonymous: TestClient, runtime: Runtime, clock: TestClock) -> None:
    for one_by_one in (True, False):
        for order in permutations((STARTED, JOINED, ENDED)):
            with runtime.database.writing() as session:
                session.execute(delete(MeetingSession))
                session.execute(delete(Webhook))
            for group in [[one] for one in order] if one_by_one else [order]:
                told(anonymous, runtime, clock, *group)
            assert calls(runtime) == OVER


@pytest.mark.parametrize("name", ["meeting.participant_joined", "meeting.participant_left"])
def test_somebody_in_a_call_proves_it_and_no_more(
    anonymous: TestClient, runtime: Runtime, clock: TestClock, name: str
) -> None:
    told(anonymous, runtime, clock, about(name, uuid="u2==", start_time=None), about(name))
    assert calls(runtime) == RUNNING
    assert connection(runtime).last_webhook_at == clock.now


def test_an_end_that_comes_after_the_next_start_ends_the_call_it_is_about(
    anonymous: TestClient, runtime: Runtime, clock: TestClock
) -> None:
    again = about("meeting.started", uuid="u2==", start_time="2025-01-14T17:44:50Z")
    told(anonymous, runtime, clock, STARTED, again, ENDED)
    later = datetime(2025, 1, 14, 17, 44, 50, tzinfo=UTC)
    assert calls(runtime) == [*OVER, ("acme", "u2==", "93201235621", later, None)]


def test_an_event_an_hour_late_is_as_good(anonymous: TestClient, runtime: Runtime, clock: TestClock) -> None:
    clock.move(3600)
    told(anonymous, runtime, clock, ENDED)
    assert calls(runtime) == OVER


@pytest.mark.parametrize("written", [93201235621, "932 0123 5621", "932-0123-5621"])
def test_a_meeting_id_may_be_a_number_or_have_gaps(
    anonymous: TestClient, runtime: Runtime, clock: TestClock, written: object
) -> None:
    told(anonymous, runtime, clock, about("meeting.started", id=written))
    assert calls(runtime) == RUNNING


@pytest.mark.parametrize(
    "times",
    [
        {"start_time": "2025-01-14T17:00:00.400Z", "end_time": "2025-01-14T17:45:00.9+00:00"},
        {"start_time": "2025-01-14T18:00:00+01:00", "end_time": "2025-01-14T17:45:00Z"},
        {"start_time": "2025-01-14T09:00:00", "end_time": "2025-01-14T09:45:00", "timezone": "America/Los_Angeles"},
        {"start_time": "2025-01-14T17:00:00Z", "end_time": "2025-01-14T17:45:00Z", "timezone": "America/Los_Angeles"},
        {"start_time": "2025-01-14 17:00:00", "end_time": "2025-01-14T17:45:00", "timezone": "Nowhere/Land"},
        {"start_time": "2025-01-14T17:00:00", "end_time": "2025-01-14T17:45:00", "timezone": "America"},
        {"start_time": "2025-01-14T17:00:00", "end_time": "2025-01-14T17:45:00", "timezone": ""},
        {"start_time": 1736874000, "end_time": "1736876700000"},
    ],
)
def test_times_are_read_in_every_form(
    anonymous: TestClient, runtime: Runtime, clock: TestClock, times: dict[str, Any]
) -> None:
    told(anonymous, runtime, clock, about("meeting.ended", **times))
    assert calls(runtime) == OVER


@pytest.mark.parametrize("inside", [True, False])
@pytest.mark.parametrize("unit", [1, 1000])
def test_without_a_time_of_its_own_the_event_says_when(
    anonymous: TestClient, runtime: Runtime, clock: TestClock, unit: int, *, inside: bool
) -> None:
    for at, unsaid in (
        (AT_17, about("meeting.started", start_time=None)),
        (AT_17_45, about("meeting.ended", end_time=None)),
    ):
        body = json.loads(unsaid)
        del body["event_ts"]
        (body["payload"] if inside else body)["event_ts"] = int(at.timestamp() * unit)
        told(anonymous, runtime, clock, json.dumps(body).encode())
    assert calls(runtime) == OVER


def test_an_end_before_the_start_is_the_start(anonymous: TestClient, runtime: Runtime, clock: TestClock) -> None:
    told(anonymous, runtime, clock, about("meeting.ended", end_time="2025-01-14T16:59:58Z"))
    assert calls(runtime) == [("acme", "u1==", "93201235621", AT_17, AT_17)]


@pytest.mark.parametrize(
    "body",
    [
        about("meeting.started", uuid=None),
        about("meeting.started", id=None),
        about("meeting.started", id="my/jonas"),
        about("meeting.started", start_time="9999-12-31T23:59:59Z"),
        about("meeting.started", start_time="0001-01-01T00:00:00+14:00", id=[]),
        about("meeting.started", start_time=0),
        about("meeting.ended", start_time=None, end_time="2025-01-14T17:45:00Z"),
        about("meeting.ended", start_time="soon"),
        about("meeting.ended", end_time="2025-01-16T17:00:00Z"),
        about("meeting.ended", start_time="2025-01-14T18:00:00Z", end_time="2025-01-15T20:00:00Z"),
        event("meeting.ended", account_id="acc-1"),
        event("meeting.ended", account_id="acc-1", object=["u1=="]),
    ],
)
def test_what_does_not_say_which_call_or_when_is_put_off_and_guesses_nothing(
    anonymous: TestClient, runtime: Runtime, clock: TestClock, body: bytes
) -> None:
    assert told(anonymous, runtime, clock, body, STARTED) == Processed(taken=2, of_nobody=0, failed=1)
    assert calls(runtime) == RUNNING
    assert sorted(state for _, state, _ in states(runtime)) == ["done", "open"]


def test_an_account_that_nobody_has_leaves_nothing(anonymous: TestClient, runtime: Runtime, clock: TestClock) -> None:
    strange = about("meeting.ended", account="acc-9", end_time="2025-01-14T17:45:00Z")
    assert told(anonymous, runtime, clock, strange) == Processed(taken=1, of_nobody=1, failed=0)
    (row,) = stored(runtime)
    assert (row.state, calls(runtime)) == ("done", [])
    assert runtime.vault.open(row.payload, table="webhooks", column="payload", row=row.id) == ""


def test_nothing_is_taken_in_while_zoom_is_switched_off(
    anonymous: TestClient, runtime: Runtime, clock: TestClock
) -> None:
    def switch(*, enabled: bool) -> None:
        with runtime.database.writing() as session:
            session.execute(update(Tenant).values(zoom_enabled=enabled))

    switch(enabled=False)
    assert told(anonymous, runtime, clock, STARTED) == Processed(taken=1, of_nobody=0, failed=0)
    assert calls(runtime) == []
    assert connection(runtime).last_webhook_at == clock.now
    switch(enabled=True)
    told(anonymous, runtime, clock, ENDED)
    assert calls(runtime) == OVER


def test_each_tenant_gets_its_own_calls(anonymous: TestClient, runtime: Runtime, clock: TestClock) -> None:
    connect(runtime, clock, tenant="globex", account="acc-2")
    theirs = about("meeting.ended", account="acc-2", end_time="2025-01-14T17:45:00Z")
    told(anonymous, runtime, clock, theirs, ENDED)
    assert calls(runtime) == [*OVER, ("globex", *OVER[0][1:])]


def test_a_connection_on_an_older_key_is_found(anonymous: TestClient, runtime: Runtime, clock: TestClock) -> None:
    tell(anonymous, ENDED, clock.now)
    newer = Vault(EncryptionKeys.parse(f"k2:{'QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY='},{KEY_ENTRY}"))
    assert work(runtime, clock, newer) == Processed(1, 0, 0)
    with runtime.database.reading() as session:
        (row,) = session.scalars(select(MeetingSession))
    assert row.ended_at == AT_17_45
    assert connection(runtime).last_webhook_at == clock.now


def test_a_call_that_ends_settles_its_event(anonymous: TestClient, runtime: Runtime, clock: TestClock) -> None:
    planned = {"start_at": AT_17, "end_at": AT_17 + timedelta(hours=1), "scheduled_seconds": 3600}
    meeting_hash = runtime.vault.lookup_hash("zoom_meeting", "93201235621")
    sealed = runtime.vault.seal("93201235621", table="calendar_events", column="meeting_id", row="e1")
    with runtime.database.writing() as session:
        session.add(
            CalendarEvent(
                id="e1",
                tenant_id="acme",
                google_id="",
                google_hash="",
                details="",
                meeting_id=sealed,
                meeting_hash=meeting_hash,
                **planned,
            )
        )
    expected = ((STARTED, None, True), (ENDED, 2700, False))
    for body, seconds, running in expected:
        told(anonymous, runtime, clock, body)
        with runtime.database.reading() as session:
            found = session.get_one(CalendarEvent, "e1")
            assert (found.actual_seconds, found.running) == (seconds, running)


def test_every_known_event_shows_that_webhooks_of_its_account_arrive(
    anonymous: TestClient, runtime: Runtime, clock: TestClock
) -> None:
    connect(runtime, clock, tenant="globex", account="acc-2")
    clock.move(60)
    told(
        anonymous, runtime, clock, JOINED, about("meeting.started", account="acc-9"), event("meeting.participant_left")
    )
    assert connection(runtime).last_webhook_at == clock.now
    assert connection(runtime, "globex").last_webhook_at is None


def test_the_time_of_the_last_webhook_never_goes_back(
    anonymous: TestClient, runtime: Runtime, clock: TestClock
) -> None:
    latest = clock.now + timedelta(hours=1)
    with runtime.database.writing() as session:
        session.execute(update(Connection).values(last_webhook_at=latest))
    told(anonymous, runtime, clock, STARTED)
    assert connection(runtime).last_webhook_at == latest


def uninstalled(at: object, account: str = "acc-1") -> bytes:
    return event("app_deauthorized", account_id=account, user_id="user-1", deauthorization_time=at)


def test_an_uninstall_ends_the_connection_it_is_about_and_no_other(
    anonymous: TestClient, runtime: Runtime, clock: TestClock
) -> None:
    connect(runtime, clock, tenant="globex", account="acc-2")
    clock.move(600)
    told(anonymous, runtime, clock, uninstalled(clock.now.isoformat()))
    assert connection(runtime).state == ConnectionState.DEAUTHORIZED
    assert connection(runtime, "globex").state == ConnectionState.CONNECTED


@pytest.mark.parametrize("told_first", [True, False])
def test_of_an_uninstalled_account_no_call_is_kept(
    anonymous: TestClient, runtime: Runtime, clock: TestClock, *, told_first: bool
) -> None:
    told(anonymous, runtime, clock, STARTED)
    clock.move(600)
    gone = uninstalled(clock.now.isoformat())
    told(anonymous, runtime, clock, *((gone, ENDED) if told_first else (ENDED, gone)))
    assert connection(runtime).state == ConnectionState.DEAUTHORIZED
    assert calls(runtime) == []


def test_an_uninstall_of_before_the_connection_is_ignored(
    anonymous: TestClient, runtime: Runtime, clock: TestClock
) -> None:
    told(anonymous, runtime, clock, uninstalled("2025-01-14T18:00:00Z"))
    assert connection(runtime).state == ConnectionState.CONNECTED
    assert states(runtime) == [("app_deauthorized", "done", 1)]


def test_an_uninstall_never_happened_after_we_were_told_of_it(
    anonymous: TestClient, runtime: Runtime, clock: TestClock
) -> None:
    tell(anonymous, uninstalled("2099-01-01T00:00:00Z"), clock.now)
    clock.move(60)
    with runtime.database.writing() as session:
        session.execute(update(Connection).values(connected_at=clock.now))
    work(runtime, clock)
    assert connection(runtime).state == ConnectionState.CONNECTED


def test_what_was_told_to_a_connection_that_ended_does_not_come_back_with_the_next_one(
    anonymous: TestClient, runtime: Runtime, clock: TestClock
) -> None:
    tell(anonymous, ENDED, clock.now)
    with runtime.database.writing() as session:
        session.execute(update(Webhook).values(due_at=clock.now + timedelta(minutes=5)))
    disconnect(runtime, "acme", cause="disconnected", actor="slack:T1/U1")
    clock.move(600)
    with runtime.database.writing() as session:
        session.execute(update(Connection).values(connected(runtime, clock, "acme", "acc-1")))
    assert work(runtime, clock) == Processed(1, 0, 0)
    assert calls(runtime) == []
    told(anonymous, runtime, clock, STARTED)  # told anew, though it began before: the back-fill may have it as well
    assert calls(runtime) == RUNNING


def test_a_disconnection_at_the_same_time_leaves_nothing(
    anonymous: TestClient, runtime: Runtime, clock: TestClock
) -> None:
    for number in range(3):
        tell(anonymous, about("meeting.started", uuid=f"u{number}"), clock.now)
    leaving = threading.Thread(
        target=disconnect, args=(runtime, "acme"), kwargs={"cause": "disconnected", "actor": "slack:T1/U1"}
    )
    with runtime.database.writing() as session:
        process_due(session, runtime.vault, clock.now)
        leaving.start()  # it waits for what is not committed yet, and deletes that too
        leaving.join(0.2)
    leaving.join()
    assert calls(runtime) == []
