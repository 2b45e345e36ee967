"""Sessions are put together from several witnesses; the order in which they speak does not matter."""

import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from itertools import permutations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from integration.meetings.models import Evidence, MeetingSession, SessionState
from integration.meetings.sessions import LONGEST, Recorded, Seen, record
from integration.meetings.settling import Span
from integration.runtime import Runtime
from integration.tenants.models import Tenant
from integration.vault import EncryptionKeys, Vault
from tests.integration.conftest import KEY_ENTRY, TestClock

START = datetime(2025, 1, 14, 17, 0, tzinfo=UTC)
NEWER_ENTRY = "k2:QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY="


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def seen(
    start: float, end: float | None, evidence: Evidence, *, uuid: str = "u1==", meeting: str = "93201235621"
) -> Seen:
    return Seen(uuid, meeting, at(start), None if end is None else at(end), evidence)


@pytest.fixture(autouse=True)
def acme(runtime: Runtime, clock: TestClock) -> None:
    with runtime.database.writing() as session:
        session.add(Tenant(id="acme", name="Acme", created_at=clock.now))


def say(runtime: Runtime, clock: TestClock, *said: Seen) -> Recorded:
    with runtime.database.writing() as session:
        return record(session, runtime.vault, "acme", said, clock.now)


def rows(session: Session) -> list[MeetingSession]:
    return list(session.scalars(select(MeetingSession).order_by(MeetingSession.started_at)))


def known(runtime: Runtime) -> list[tuple[datetime, datetime | None, str]]:
    with runtime.database.reading() as session:
        return [(row.started_at, row.ended_at, row.state) for row in rows(session)]


def test_a_call_that_began_runs_until_it_ends(runtime: Runtime, clock: TestClock) -> None:
    began = say(runtime, clock, seen(0, None, Evidence.STARTED))
    assert known(runtime) == [(at(0), None, SessionState.RUNNING)]
    assert began == Recorded(1, 1, [Span("acme", "93201235621", at(0), clock.now)])
    ended = say(runtime, clock, seen(0, 45, Evidence.ENDED))
    assert known(runtime) == [(at(0), at(45), SessionState.ENDED)]
    assert ended == Recorded(1, 0, [Span("acme", "93201235621", at(0), clock.now)])


def test_one_that_runs_is_asked_about_and_one_that_ended_no_more(runtime: Runtime, clock: TestClock) -> None:
    say(runtime, clock, seen(0, None, Evidence.PARTICIPANT))
    with runtime.database.reading() as session:
        assert [row.check_due_at for row in rows(session)] == [at(0) + LONGEST]
    say(runtime, clock, seen(0, 45, Evidence.ENDED))
    with runtime.database.reading() as session:
        assert [row.check_due_at for row in rows(session)] == [None]


def test_what_is_known_already_changes_nothing(runtime: Runtime, clock: TestClock) -> None:
    said = [seen(0, None, Evidence.STARTED), seen(0, 45, Evidence.ENDED), seen(60, 70, Evidence.ENDED, uuid="u2==")]
    assert say(runtime, clock, *said).fresh == 2
    before = known(runtime)
    assert say(runtime, clock, *said, *said) == Recorded(2, 0, [])
    assert known(runtime) == before


def test_the_better_evidence_is_believed_whenever_it_comes(runtime: Runtime, clock: TestClock) -> None:
    witnesses = (
        seen(3, None, Evidence.PARTICIPANT),
        seen(1, None, Evidence.STARTED),
        seen(2, 44, Evidence.ENDED),
        seen(2.5, 43, Evidence.REPORTED),
    )
    for order in permutations(witnesses):
        with runtime.database.writing() as session:
            session.execute(delete(MeetingSession))
        for one in order:
            say(runtime, clock, one)
        assert known(runtime) == [(at(2.5), at(43), SessionState.ENDED)]


def test_of_equal_evidence_the_longer_call_is_believed(runtime: Runtime, clock: TestClock) -> None:
    for order in ((seen(0, 40, Evidence.ENDED), seen(5, 45, Evidence.ENDED)), (seen(2, 30, Evidence.ENDED),)):
        say(runtime, clock, *order)
    assert known(runtime) == [(at(0), at(45), SessionState.ENDED)]


witnesses_of_two_calls = st.lists(
    st.builds(
        Seen,
        uuid=st.sampled_from(["a", "b"]),
        meeting_id=st.sampled_from(["111", "222"]),
        started_at=st.integers(0, 30).map(at),
        ended_at=st.none() | st.integers(0, 30).map(at),
        evidence=st.sampled_from(Evidence),
        topic=st.sampled_from(["", "Plans", "Secret plans"]),
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=witnesses_of_two_calls, data=st.data())
def test_no_order_and_no_grouping_makes_a_difference(
    runtime: Runtime, clock: TestClock, said: list[Seen], data: st.DataObject
) -> None:
    outcomes = []
    shuffled = data.draw(st.permutations(said))
    cut = data.draw(st.integers(0, len(said)))
    for groups in ([said], [shuffled[:cut], shuffled[cut:]], [[one] for one in shuffled]):
        outcomes.append(stored_after(runtime, clock, groups))
    assert outcomes[0] == outcomes[1] == outcomes[2]
    for start, end, *_ in outcomes[0]:
        assert end is None or start <= end


def stored_after(runtime: Runtime, clock: TestClock, groups: Sequence[Sequence[Seen]]) -> list[tuple[Any, ...]]:
    """What the rows say after each group was recorded; nothing of it is kept."""
    with runtime.database.writing() as session:
        for group in groups:
            record(session, runtime.vault, "acme", group, clock.now)
        by_uuid = sorted(rows(session), key=lambda row: opened(runtime, row, "uuid"))
        result = [everything(runtime, row) for row in by_uuid]
        session.rollback()
    return result


def everything(runtime: Runtime, row: MeetingSession) -> tuple[Any, ...]:
    texts = (opened(runtime, row, column) for column in ("uuid", "meeting_id", "topic"))
    return (row.started_at, row.ended_at, row.state, row.started_by, row.ended_by, *texts)


def opened(runtime: Runtime, row: MeetingSession, column: str) -> str:
    return runtime.vault.open(getattr(row, column), table="meeting_sessions", column=column, row=row.id)


def test_clocks_that_disagree_never_give_a_negative_length(runtime: Runtime, clock: TestClock) -> None:
    say(runtime, clock, seen(10, 9, Evidence.ENDED))
    assert known(runtime) == [(at(10), at(10), SessionState.ENDED)]
    say(runtime, clock, seen(20, None, Evidence.REPORTED))
    assert known(runtime) == [(at(10), at(10), SessionState.ENDED)]


def test_times_are_kept_in_whole_seconds_whatever_zone_they_come_in(runtime: Runtime, clock: TestClock) -> None:
    tokyo = timezone(timedelta(hours=9))
    start = at(0).astimezone(tokyo) + timedelta(milliseconds=999)
    say(runtime, clock, Seen("u", "1", start, start + timedelta(minutes=1), Evidence.REPORTED))
    assert known(runtime) == [(at(0), at(1), SessionState.ENDED)]


def test_one_given_up_comes_back_when_its_end_is_known_and_not_before(runtime: Runtime, clock: TestClock) -> None:
    say(runtime, clock, seen(0, None, Evidence.STARTED))
    with runtime.database.writing() as session:
        session.execute(update(MeetingSession).values(state=SessionState.LOST, check_due_at=None))
    say(runtime, clock, seen(-1, None, Evidence.STARTED))
    assert known(runtime) == [(at(-1), None, SessionState.LOST)]
    say(runtime, clock, seen(0, 45, Evidence.REPORTED))
    assert known(runtime) == [(at(0), at(45), SessionState.ENDED)]


def test_a_meeting_id_that_is_corrected_settles_both(runtime: Runtime, clock: TestClock) -> None:
    say(runtime, clock, seen(0, 45, Evidence.ENDED, meeting="111"))
    spans = say(runtime, clock, seen(0, 45, Evidence.REPORTED, meeting="222")).spans
    assert [span.meeting_id for span in spans] == ["111", "222"]
    with runtime.database.reading() as session:
        (row,) = rows(session)
    assert opened(runtime, row, "meeting_id") == "222"
    assert row.meeting_hash == runtime.vault.lookup_hash("zoom_meeting", "222")


def test_words_alone_settle_nothing(runtime: Runtime, clock: TestClock) -> None:
    say(runtime, clock, seen(0, 45, Evidence.ENDED))
    named = Seen("u1==", "93201235621", at(0), at(45), Evidence.ENDED, topic="Plans")
    assert say(runtime, clock, named).spans == []
    with runtime.database.reading() as session:
        (row,) = rows(session)
    assert opened(runtime, row, "topic") == "Plans"
    assert "Plans" not in row.topic


def test_rows_on_an_older_key_are_found(runtime: Runtime, clock: TestClock) -> None:
    say(runtime, clock, seen(0, None, Evidence.STARTED))
    newer = Vault(EncryptionKeys.parse(f"{NEWER_ENTRY},{KEY_ENTRY}"))
    with runtime.database.writing() as session:
        assert record(session, newer, "acme", [seen(0, 45, Evidence.ENDED)], clock.now).fresh == 0
    assert known(runtime) == [(at(0), at(45), SessionState.ENDED)]


def test_tenants_do_not_share_a_call(runtime: Runtime, clock: TestClock) -> None:
    say(runtime, clock, seen(0, 45, Evidence.ENDED))
    with runtime.database.writing() as session:
        session.add(Tenant(id="globex", name="Globex", created_at=clock.now))
        session.flush()
        assert record(session, runtime.vault, "globex", [seen(0, 45, Evidence.ENDED)], clock.now).fresh == 1
    assert len(known(runtime)) == 2


def test_many_at_once_are_found_again(runtime: Runtime, clock: TestClock) -> None:
    many = [seen(number, number + 1, Evidence.REPORTED, uuid=f"u{number}") for number in range(1200)]
    assert (say(runtime, clock, *many).fresh, say(runtime, clock, *many)) == (1200, Recorded(1200, 0, []))


def test_nothing_said_is_nothing_done(runtime: Runtime, clock: TestClock) -> None:
    assert say(runtime, clock) == Recorded(0, 0, [])


def test_those_who_record_the_same_call_at_once_make_one_row(runtime: Runtime, clock: TestClock) -> None:
    # As when a new key moves to the front: some processes have restarted already, some not.
    orders = (f"{KEY_ENTRY},{NEWER_ENTRY}", f"{NEWER_ENTRY},{KEY_ENTRY}")
    vaults = [Vault(EncryptionKeys.parse(order)) for order in orders] * 3
    starting = threading.Barrier(len(vaults))
    fresh = []

    def work(number: int, vault: Vault) -> None:
        starting.wait()
        with runtime.database.writing() as session:
            said = [seen(number, 40 + number, Evidence.ENDED), seen(60, None, Evidence.STARTED, uuid="u2==")]
            fresh.append(record(session, vault, "acme", said if number % 2 else said[::-1], clock.now).fresh)

    threads = [threading.Thread(target=work, args=one) for one in enumerate(vaults)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert known(runtime)[0] == (at(0), at(45), SessionState.ENDED)
    assert (len(known(runtime)), sorted(fresh)) == (2, [0, 0, 0, 0, 0, 2])
