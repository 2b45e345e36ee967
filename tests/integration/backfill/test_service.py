"""Owing a back-fill while the worker is at work."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from integration.backfill import holding, service
from integration.backfill.holding import Held
from integration.backfill.models import Coverage
from integration.connections import lease
from tests.integration.backfill.steps import Scene


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # on SQLite one at a time writes
def test_who_asks_for_one_waits_for_the_worker_and_holds_nothing_that_it_needs(scene: Scene) -> None:
    scene.fill()
    with scene.runtime.database.writing() as session:
        lease.take(session, Coverage, "acme", "the worker", seconds=60)
        connected_at = holding.standing(session, "acme").connected_at
        assert connected_at is not None
    held = Held(Coverage, "acme", "the worker", "acme", connected_at)
    with scene.runtime.database.writing() as worker, Session(scene.runtime.database.engine) as person:
        for session in (worker, person):
            session.execute(text("SET LOCAL lock_timeout = '100ms'"))
        holding.confirm(worker, held)
        with pytest.raises(OperationalError):
            service.start(person, "acme", "asked", "a person", scene.clock.now)
        assert service.start(worker, "acme", "missed", None, scene.clock.now).why == "missed"
