from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from integration.connections import lease
from integration.connections.models import Revocation
from integration.runtime import Runtime

ROW = "r" * 32


@pytest.fixture(autouse=True)
def a_row(runtime: Runtime) -> None:
    with runtime.database.writing() as session:
        session.add(Revocation(id=ROW, tenant_id="acme", created_at=runtime.clock(), attempts=0))


def take(runtime: Runtime, owner: str, seconds: float = 60) -> bool:
    with runtime.database.writing() as session:
        return lease.take(session, Revocation, ROW, owner, seconds=seconds)


def run_out(runtime: Runtime) -> None:
    with runtime.database.writing() as session:
        session.execute(update(Revocation).values(lease_until_ms=Revocation.lease_until_ms - 61_000))


def test_one_holds_it_until_it_is_released(runtime: Runtime) -> None:
    assert take(runtime, "one")
    assert not take(runtime, "two")
    assert not take(runtime, "one")
    with runtime.database.writing() as session:
        assert lease.release(session, Revocation, ROW, "one")
    assert take(runtime, "two")


def test_it_runs_out_and_passes_to_the_next(runtime: Runtime) -> None:
    take(runtime, "one")
    run_out(runtime)
    assert take(runtime, "two")
    with runtime.database.writing() as session:
        assert not lease.held(session, Revocation, ROW, "one")
        assert lease.held(session, Revocation, ROW, "two")
        assert not lease.release(session, Revocation, ROW, "one")


def test_whether_it_is_free_can_be_asked_without_taking_it(runtime: Runtime) -> None:
    free = select(Revocation.id).where(lease.is_free(Revocation))
    with runtime.database.reading() as session:
        assert session.scalars(free).all() == [ROW]
    take(runtime, "one")
    with runtime.database.reading() as session:
        assert session.scalars(free).all() == []


def test_a_row_that_is_not_there_cannot_be_leased(runtime: Runtime) -> None:
    with runtime.database.writing() as session:
        assert not lease.take(session, Revocation, "nope", "one", seconds=1)
        assert not lease.held(session, Revocation, "nope", "one")


def test_of_many_at_once_one_gets_it(runtime: Runtime) -> None:
    with ThreadPoolExecutor(8) as threads:
        taken = list(threads.map(lambda _: take(runtime, uuid4().hex), range(40)))
    assert taken.count(True) == 1


def test_the_clock_is_the_databases(runtime: Runtime) -> None:
    with runtime.database.reading() as session:
        first = session.scalars(select(lease.database_ms())).one()
        assert 1_700_000_000_000 < first < 10_000_000_000_000
