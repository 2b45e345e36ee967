"""Why an event counts as it does: the rule, and that SQL and Python agree on it."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from integration.connections.models import ConnectionState
from integration.db import Database
from integration.errors import NotFound
from integration.meetings.knowledge import Knowledge, knowledge_of
from integration.meetings.models import CalendarEvent
from integration.meetings.reasons import counted_column, counted_of, reason_column, reason_of, words_for
from integration.meetings.words import NOT_CONNECTED_IN, WORDS, Reason
from integration.runtime import Runtime
from integration.vault import EncryptionKeys, Vault
from kb.library import load_library
from tests.integration.conftest import KEY_ENTRY
from tests.integration.reports.rows import NOW, Rows, at

START = at("2025-01-10 15:00")
END = START + timedelta(hours=1)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
CONNECTED = Knowledge(ConnectionState.CONNECTED, NOW - 300 * DAY, None, None)
COVERED = Knowledge(ConnectionState.CONNECTED, NOW - 300 * DAY, NOW - 300 * DAY, NOW)
BROKEN = Knowledge(ConnectionState.NEEDS_REAUTHORIZATION, NOW - DAY, None, None)
REMOVED = Knowledge(ConnectionState.DEAUTHORIZED, NOW - DAY, None, None)
MOMENTS = (START, END, NOW, NOW - 365 * DAY, NOW - 366 * DAY, NOW - DAY)


def facts(**changes: Any) -> dict[str, Any]:
    """An event of yesterday's that has a Zoom link and no call."""
    plain = {
        "meeting_hash": "k1.x",
        "running": False,
        "actual_seconds": None,
        "asked_at": None,
        "forgotten_at": None,
        "scheduled_seconds": 60,
    }
    return plain | {"start_at": START, "end_at": END} | changes


def until(moment: datetime) -> Knowledge:
    return Knowledge(ConnectionState.CONNECTED, None, START - 30 * MINUTE, moment)


CASES: list[tuple[Reason, Mapping[str, Any], Knowledge]] = [
    (Reason.NOT_ON_ZOOM, facts(meeting_hash=None), REMOVED),
    (Reason.STILL_RUNNING, facts(running=True, actual_seconds=5), COVERED),
    (Reason.ADJUSTED, facts(actual_seconds=0), CONNECTED),
    (Reason.ADJUSTED, facts(actual_seconds=2700), BROKEN),
    (Reason.NO_SESSION, facts(), COVERED),
    (Reason.NO_SESSION, facts(), until(END + 120 * MINUTE)),
    (Reason.AWAITING_ZOOM, facts(), until(END + 119 * MINUTE)),
    (Reason.AWAITING_ZOOM, facts(start_at=START - MINUTE), until(NOW)),
    (Reason.NO_SESSION, facts(asked_at=END + 120 * MINUTE), CONNECTED),
    (Reason.AWAITING_ZOOM, facts(asked_at=END + 119 * MINUTE), CONNECTED),
    (Reason.TOO_OLD_FOR_ZOOM, facts(forgotten_at=NOW), CONNECTED),
    (Reason.NO_SESSION, facts(forgotten_at=NOW), COVERED),
    (Reason.ADJUSTED, facts(forgotten_at=NOW, actual_seconds=60), CONNECTED),
    (Reason.NO_SESSION, facts(asked_at=END + 120 * MINUTE), BROKEN),
    (Reason.NOT_CONNECTED, facts(), BROKEN),
    (Reason.NOT_CONNECTED, facts(), Knowledge(ConnectionState.NOT_CONNECTED, None, None, None)),
    (Reason.NOT_CONNECTED, facts(), Knowledge(ConnectionState.NOT_ENABLED, None, None, None)),
    (Reason.ZOOM_DATA_DELETED, facts(), REMOVED),
    (Reason.NOT_CONNECTED, facts(start_at=NOW - DAY), REMOVED),
    (Reason.TOO_OLD_FOR_ZOOM, facts(start_at=NOW - 366 * DAY), CONNECTED),
    (Reason.TOO_OLD_FOR_ZOOM, facts(start_at=NOW - 366 * DAY), REMOVED),
    (Reason.TOO_OLD_FOR_ZOOM, facts(start_at=NOW - 366 * DAY), BROKEN),
    (Reason.ZOOM_DATA_DELETED, facts(start_at=NOW - 365 * DAY), REMOVED),
    (Reason.AWAITING_ZOOM, facts(start_at=NOW - 365 * DAY), CONNECTED),
    (Reason.AWAITING_ZOOM, facts(), Knowledge(ConnectionState.DEGRADED, NOW, None, None)),
]


@pytest.fixture(scope="module")
def stored(module_database_url: URL) -> Iterator[Database]:
    """A database with one tenant, for many examples: each of them is rolled back."""
    database = Database(module_database_url)
    with database.writing() as session:
        Rows(session, Vault(EncryptionKeys.parse(KEY_ENTRY))).tenant()
    yield database
    database.close()


def in_sql(session: Session, events: list[dict[str, Any]], knowledge: Knowledge) -> list[tuple[str, int]]:
    """What the database makes of these events, in their order."""
    blank = {"google_id": "", "details": "", "tenant_id": "acme", "customers": 0, "customer_rules": 0}
    blank |= {"all_day": False, "cancelled": False}
    numbered = [
        blank | event | {"id": f"{number:032}", "google_hash": str(number)} for number, event in enumerate(events)
    ]
    session.execute(CalendarEvent.__table__.insert(), numbered)  # type: ignore[attr-defined]
    event = CalendarEvent
    reason = reason_column(knowledge, NOW).label("reason")
    judged = select(event.id, reason, event.actual_seconds, event.scheduled_seconds).subquery().c
    told = select(judged.reason, counted_column(judged)).order_by(judged.id)
    return [(reason, counted) for reason, counted in session.execute(told)]


def in_python(events: list[dict[str, Any]], knowledge: Knowledge) -> list[tuple[str, int]]:
    rows = [CalendarEvent(**event) for event in events]
    reasons = [reason_of(row, knowledge, NOW) for row in rows]
    return [(reason, counted_of(row, reason)) for row, reason in zip(rows, reasons, strict=True)]


@pytest.mark.parametrize(("reason", "event", "knowledge"), CASES)
def test_the_first_that_fits(reason: Reason, event: dict[str, Any], knowledge: Knowledge) -> None:
    assert reason_of(CalendarEvent(**event), knowledge, NOW) is reason


def test_the_database_agrees_on_each_case(stored: Database) -> None:
    for reason, event, knowledge in CASES:
        with stored.engine.connect() as connection, Session(connection) as session:
            assert in_sql(session, [dict(event)], knowledge) == in_python([dict(event)], knowledge)
            assert reason_of(CalendarEvent(**event), knowledge, NOW) is reason


moments = st.one_of(
    st.sampled_from(MOMENTS),
    st.builds(
        lambda moment, minutes, seconds: moment + timedelta(minutes=minutes, seconds=seconds),
        st.sampled_from(MOMENTS),
        st.sampled_from((-120, -30, 0, 30, 120)),
        st.integers(-1, 1),
    ),
)
knowledges = st.builds(
    Knowledge, st.sampled_from(ConnectionState), st.none() | moments, st.none() | moments, st.none() | moments
)
events = st.fixed_dictionaries(
    {
        "meeting_hash": st.sampled_from((None, "k1.x", "k1.x")),
        "running": st.sampled_from((False, False, True)),
        "actual_seconds": st.none() | st.none() | st.integers(0, 90_000),
        "start_at": moments,
        "end_at": moments,
        "asked_at": st.none() | moments,
        "forgotten_at": st.none() | moments,
        "scheduled_seconds": st.integers(0, 90_000),
    }
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(events=st.lists(events, min_size=1, max_size=25), knowledge=knowledges)
def test_sql_and_python_agree(stored: Database, events: list[dict[str, Any]], knowledge: Knowledge) -> None:
    with stored.engine.connect() as connection, Session(connection) as session:
        assert in_sql(session, events, knowledge) == in_python(events, knowledge)


def test_what_is_known_of_a_tenant(runtime: Runtime) -> None:
    with runtime.database.writing() as session:
        for name, enabled, state in [
            ("new", False, None),
            ("enabled", True, None),
            ("fine", True, "connected"),
            ("switched-off", False, "connected"),
            ("removed", False, "deauthorized"),
        ]:
            rows = Rows(session, runtime.vault, name).tenant(enabled=enabled)
            if state:
                rows.connected(state, START).asked(START, END)
    with runtime.database.reading() as session:
        known = {name: knowledge_of(session, name) for name in ("new", "enabled", "fine", "switched-off", "removed")}
        with pytest.raises(NotFound):
            knowledge_of(session, "nobody")
    assert known["new"] == Knowledge(ConnectionState.NOT_ENABLED, None, None, None)
    assert known["enabled"].state is ConnectionState.NOT_CONNECTED
    assert known["fine"] == Knowledge(ConnectionState.CONNECTED, START, START, END)
    assert known["switched-off"].state is ConnectionState.NOT_ENABLED
    assert known["removed"].state is ConnectionState.DEAUTHORIZED


def test_every_reason_has_words_and_an_article_that_exists() -> None:
    slugs = set(load_library().articles)
    assert set(WORDS) == set(Reason)
    for words in (*WORDS.values(), *NOT_CONNECTED_IN.values()):
        assert words.article in slugs
        assert words.title
        assert words.explanation.endswith(".")
        assert words.next_step.endswith(".")


def test_a_connection_that_is_missing_is_told_as_it_is() -> None:
    assert words_for(Reason.NOT_CONNECTED, BROKEN).article == "reauthorize-zoom"
    assert words_for(Reason.NOT_CONNECTED, REMOVED) is WORDS[Reason.NOT_CONNECTED]
    assert words_for(Reason.NO_SESSION, BROKEN) is WORDS[Reason.NO_SESSION]
