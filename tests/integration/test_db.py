import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import make_url, select, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import IntegrityError, StatementError

from integration.db import Database, utcnow
from integration.questions.models import Feedback, Question
from integration.runtime import Runtime

NOON = datetime(2025, 1, 14, 12, 0, 0, 123456, tzinfo=UTC)


def question(**changes: object) -> Question:
    values = {"id": "1" * 32, "key": "k", "text": "sealed", "actor": "a", "place": "p", "asked_at": NOON}
    return Question(**(values | changes))


def test_times_come_back_aware_and_in_utc(runtime: Runtime) -> None:
    in_tokyo = NOON.astimezone(timezone(timedelta(hours=9)))
    with runtime.database.writing() as session:
        session.add(question(asked_at=in_tokyo))
    with runtime.database.reading() as session:
        kept = session.scalars(select(Question)).one().asked_at
    assert kept == NOON
    assert kept.utcoffset() == timedelta(0)


def test_a_time_without_a_zone_is_refused(runtime: Runtime) -> None:
    with pytest.raises(StatementError, match="without a zone"), runtime.database.writing() as session:
        session.add(question(asked_at=NOON.replace(tzinfo=None)))


def test_the_clock_is_aware_and_in_utc() -> None:
    assert utcnow().utcoffset() == timedelta(0)


def test_an_error_undoes_everything(runtime: Runtime) -> None:
    with pytest.raises(IntegrityError), runtime.database.writing() as session:
        session.add_all([question(), question(id="2" * 32)])  # one key twice
    with runtime.database.reading() as session:
        assert session.scalars(select(Question)).all() == []


def test_a_row_that_belongs_to_nothing_is_refused(runtime: Runtime) -> None:
    with pytest.raises(IntegrityError), runtime.database.writing() as session:
        session.add(Feedback(question_id="nope", actor="a", helpful=True, given_at=NOON))


def test_an_error_of_the_database_does_not_repeat_what_was_stored(runtime: Runtime) -> None:
    with pytest.raises(IntegrityError) as caught, runtime.database.writing() as session:
        session.add(Feedback(question_id="nope", actor="Ada Lovelace", helpful=True, given_at=NOON))
    assert "Ada Lovelace" not in str(caught.value)


def test_many_writers_that_read_first_all_get_their_turn(runtime: Runtime) -> None:
    with runtime.database.writing() as session:
        session.add(question(confidence=0))

    def add_one(_: int) -> None:
        with runtime.database.writing() as session:
            found = session.get(Question, "1" * 32, with_for_update=True)
            assert found is not None
            assert found.confidence is not None
            found.confidence += 1

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(add_one, range(80)))
    with runtime.database.reading() as session:
        assert session.scalars(select(Question.confidence)).one() == 80


def test_a_reader_does_not_wait_for_a_writer(runtime: Runtime) -> None:
    with runtime.database.writing() as writer:
        writer.add(question())
        writer.flush()
        with runtime.database.reading() as reader:
            assert reader.scalars(select(Question)).all() == []


def test_sqlite_keeps_a_write_ahead_log_and_foreign_keys(sqlite_template: Path) -> None:
    database = Database(make_url(f"sqlite:///{sqlite_template}"))
    with database.reading() as session:
        for pragma, value in {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 15000}.items():
            assert session.scalar(text(f"PRAGMA {pragma}")) == value
    database.close()


def test_closing_gives_every_connection_back(database_url: URL) -> None:
    database = Database(database_url)
    with database.reading() as session:
        session.execute(text("SELECT 1"))
    database.close()
    assert database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]


def test_what_is_committed_on_sqlite_outlasts_a_power_cut_outside_of_tests(tmp_path: Path) -> None:
    ask = "from sqlalchemy import make_url; from integration.db import make_engine; import sys; "
    ask += "print(make_engine(make_url(sys.argv[1])).connect().exec_driver_sql('PRAGMA synchronous').scalar())"
    command = [sys.executable, "-W", "error", "-c", ask, f"sqlite:///{tmp_path / 'ours.db'}"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == "2"  # FULL
