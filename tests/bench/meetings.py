"""How long a meeting was, against the bare indexed query; a year's report, against one bare SQL aggregate.

In one process, on SQLite, in turns, so that what else the machine does falls on both alike.
"""

import random
import secrets
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Select, bindparam, func, insert, make_url, select, text
from sqlalchemy.orm import Session

from integration import migrations
from integration.db import Database
from integration.meetings.knowledge import about
from integration.meetings.lookup import find_duration
from integration.meetings.models import MEETING, CalendarEvent, EventCustomer, MeetingSession
from integration.reports.filters import Filters, scope_of
from integration.reports.hours import read_hours
from integration.reports.views import GroupBy
from integration.vault import EncryptionKeys, Vault
from tests.integration.reports.rows import Rows

NOW = datetime(2025, 1, 14, 18, 30, tzinfo=UTC)
FIRST, LAST = date(2024, 1, 15), date(2025, 1, 14)
SIZES = (10_000, 1_000_000)
# Meetings that are looked up, by how often they were held: in each call somebody dropped out, and came again.
KINDS = {"held once": 1, "weekly for a year": 52}
MEETINGS = 20  # of each
EVENTS = 100_000
CUSTOMERS, ORGANIZERS = 200, 60
LOOKUPS = 1_000
REPORTS = 7
VAULT = Vault(EncryptionKeys.parse(f"k1:{secrets.token_urlsafe(32)}"))
# As long as sealed texts are; nobody opens these.
SEALED = f"v1.k1.{'x' * 60}"

Pair = tuple[float, float]


def main() -> None:
    """Print the milliseconds of both, and their ratio."""
    with tempfile.TemporaryDirectory() as folder:
        _print_lookups(Path(folder))
        _print_reports(Path(folder))


def _print_lookups(folder: Path) -> None:
    print(f"{'how long was that meeting':46}{'bare ms':>12}{'ms':>8}{'ratio':>8}")
    took: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for size in SIZES:
        database = _migrated(folder / f"{size}.db")
        meetings = _fill_sessions(database, size)
        for kind, ids in meetings.items():
            bare, ours = _lookups(database, ids)
            took[kind].append(ours)
            print(f"{f'{kind}, among {size:,} sessions':46}{bare:12.3f}{ours:8.3f}{ours / bare:8.2f}")
        database.close()
    for kind, (few, many) in took.items():
        print(f"{f'{kind}, among {SIZES[1]:,} against {SIZES[0]:,}':46}{few:12.3f}{many:8.3f}{many / few:8.2f}")


def _lookups(database: Database, ids: Sequence[str]) -> Pair:
    """The bare query: the calls of a meeting, by the index, in a session of its own; both given the meeting."""
    chosen = random.Random(1).choices(ids, k=LOOKUPS)
    calls = MeetingSession.__table__.c
    bare = select(calls.id, calls.uuid, calls.state, calls.started_at, calls.ended_at, calls.event_id).where(
        calls.tenant_id == bindparam("tenant"), calls.meeting_hash == bindparam("meeting")
    )
    in_order = bare.order_by(calls.started_at.desc())

    def ask_bare(meeting: str) -> None:
        with database.reading() as session:
            given = {"tenant": "acme", "meeting": VAULT.lookup_hash(MEETING, meeting)}
            assert session.connection().execute(in_order, given).all()

    def ask(meeting: str) -> None:
        with database.reading() as session:
            assert find_duration(session, VAULT, "acme", meeting, None, NOW).counted_seconds

    return _in_turns([lambda one=one: ask_bare(one) for one in chosen], [lambda one=one: ask(one) for one in chosen])  # type: ignore[misc]


def _print_reports(folder: Path) -> None:
    database = _migrated(folder / "report.db")
    _fill_events(database)
    print(f"{f'a report over {EVENTS:,} events':46}{'bare ms':>12}{'ms':>8}{'ratio':>8}")
    grouped: dict[GroupBy, Any] = {
        "customer": EventCustomer.customer_id,
        "month": func.substr(CalendarEvent.start_at, 1, 7),
        "organizer": CalendarEvent.organizer_hash,
    }
    for group_by, key in grouped.items():
        bare, ours = _reports(database, group_by, _bare_aggregate(key, joined=group_by == "customer"))
        print(f"{f'by {group_by}':46}{bare:12.1f}{ours:8.1f}{ours / bare:8.2f}")
    database.close()


def _reports(database: Database, group_by: GroupBy, bare: Select[Any]) -> Pair:
    def ask_bare() -> None:
        with database.reading() as session:
            assert session.connection().execute(bare).all()

    def ask() -> None:
        with database.reading() as session:
            scope = scope_of(session, VAULT, about(session, "acme"), Filters(FIRST, LAST), NOW)
            report = read_hours(session, VAULT, scope, group_by)
            assert report.total.meetings == EVENTS

    return _in_turns([ask_bare] * REPORTS, [ask] * REPORTS)


def _bare_aggregate(key: Any, *, joined: bool) -> Select[Any]:
    event = CalendarEvent
    counted = func.coalesce(event.actual_seconds, event.scheduled_seconds)
    found = select(key, func.count(), func.sum(event.scheduled_seconds), func.sum(counted)).where(
        event.tenant_id == "acme", event.start_at >= NOW - timedelta(days=366), event.start_at <= NOW
    )
    if joined:
        found = found.join(EventCustomer, EventCustomer.event_id == event.id)
    return found.group_by(key)


def _in_turns(bare: Sequence[Callable[[], None]], ours: Sequence[Callable[[], None]]) -> Pair:
    """The medians, in milliseconds."""
    took: tuple[list[float], list[float]] = ([], [])
    for pair in zip(bare, ours, strict=True):
        for call, times in zip(pair, took, strict=True):
            started = time.perf_counter()
            call()
            times.append((time.perf_counter() - started) * 1000)
    return statistics.median(took[0]), statistics.median(took[1])


def _migrated(path: Path) -> Database:
    url = make_url(f"sqlite:///{path}")
    migrations.upgrade(url)
    return Database(url)


def _fill_sessions(database: Database, size: int) -> dict[str, list[str]]:
    """The meetings that are looked up, and as many others' sessions as are wanted; one event for ten of these."""
    meetings = {kind: [f"9{times:02}{number:08}" for number in range(MEETINGS)] for kind, times in KINDS.items()}
    with database.writing() as session:
        rows = Rows(session, VAULT).tenant().connected().asked(NOW - timedelta(days=400), NOW)
        for kind, ids in meetings.items():
            for number, meeting in enumerate(ids):
                for week in range(KINDS[kind]):
                    _hold(rows, meeting, NOW - timedelta(weeks=week, hours=2, minutes=number))
    missing = size - 2 * MEETINGS * sum(KINDS.values())
    with database.writing() as session:
        _multiply(session, CalendarEvent, missing // 10, EVENT_CHANGES)
        _multiply(session, MeetingSession, missing, SESSION_CHANGES)
    return meetings


def _hold(rows: Rows, meeting: str, start: datetime) -> None:
    event = rows.event(start, meeting=meeting, actual_seconds=2400)
    rows.call(start, 20, event=event, meeting=meeting)
    rows.call(start + timedelta(minutes=25), 20, event=event, meeting=meeting)


# What differs in the n-th copy of a row.
EVENT_CHANGES = {
    "id": "printf('%032x', n)",
    "google_hash": "printf('k1.%043x', n)",
    "meeting_hash": "printf('k1.%043x', n / 5)",
    "start_at": "strftime('%Y-%m-%d %H:%M:00.000000', '2024-03-01', printf('+%d minutes', n % 400000))",
}
SESSION_CHANGES = {
    "id": "printf('%032x', n)",
    "uuid_hash": "printf('k1.%043x', n)",
    "meeting_hash": "printf('k1.%043x', n / 50)",
    "started_at": "strftime('%Y-%m-%d %H:%M:00.000000', '2024-03-01', printf('+%d minutes', n % 400000))",
    "event_id": "NULL",
}


def _multiply(session: Session, model: Any, times: int, changes: dict[str, str]) -> None:
    """Copy the first row of a table again and again: a million rows in SQL take seconds."""
    columns = [column.name for column in model.__table__.columns]
    values = ", ".join(changes.get(name, f"one.{name}") for name in columns)
    session.execute(
        text(
            f"WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :times) "
            f"INSERT INTO {model.__tablename__} ({', '.join(columns)}) SELECT {values} "
            f"FROM numbers CROSS JOIN (SELECT * FROM {model.__tablename__} LIMIT 1) one"
        ),
        {"times": times},
    )


def _fill_events(database: Database) -> None:
    """A year of one tenant: one customer or two in each event, most of them adjusted."""
    dice = random.Random(2)
    with database.writing() as session:
        rows = Rows(session, VAULT).tenant(zone="UTC").connected().asked(NOW - timedelta(days=300), NOW)
        customers = [rows.customer(f"Customer {number}") for number in range(CUSTOMERS)]
        events = [_event(number, dice) for number in range(EVENTS)]
        session.execute(insert(CalendarEvent), events)
        session.execute(
            insert(EventCustomer),
            [
                {"event_id": event["id"], "customer_id": customer, "position": position}
                for event in events
                for position, customer in enumerate(dice.sample(customers, event["customers"]))
            ],
        )


def _event(number: int, dice: random.Random) -> dict[str, Any]:
    row_id = f"{number:032x}"
    address = f"person{number % ORGANIZERS}@acme.example"
    place = {"table": "calendar_events", "column": "organizer", "row": row_id}
    start = NOW - timedelta(minutes=5 * number)
    return {
        "id": row_id,
        "tenant_id": "acme",
        "google_id": SEALED,
        "google_hash": f"k1.{number:043x}",
        "meeting_id": SEALED,
        "meeting_hash": None if number % 10 == 0 else f"k1.{number // 40:043x}",
        "organizer": VAULT.seal(address, **place),
        "organizer_hash": VAULT.lookup_hash("organizer", address),
        "details": SEALED * 6,
        "start_at": start,
        "end_at": start + timedelta(hours=1),
        "scheduled_seconds": 3600,
        "customers": dice.choice((1, 1, 1, 2)),
        "customer_rules": 1,
        "actual_seconds": None if number % 5 == 0 else dice.randrange(7200),
    }


if __name__ == "__main__":
    main()
