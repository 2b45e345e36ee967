"""Step after step until a grant is a connection, waits for somebody, or is gone. Any process may take any step."""

import logging
from collections.abc import Callable, Mapping
from datetime import timedelta

from sqlalchemy import select, update

from integration.connecting import grants
from integration.connecting.errors import LostLease
from integration.connecting.grants import Held
from integration.connecting.identifying import identify
from integration.connecting.letting_go import let_go
from integration.connecting.models import Grant, GrantStep
from integration.connecting.selftest import test_and_keep
from integration.connections import lease
from integration.errors import VaultError
from integration.runtime import Runtime

log = logging.getLogger(__name__)

BATCH = 5
UNREADABLE_AGAIN_AFTER = timedelta(hours=1)

# What is done in each step; True: the next one can follow at once. A confirmation is a person's step.
STEPS: Mapping[GrantStep, Callable[[Runtime, Held], bool]] = {
    GrantStep.IDENTIFY: identify,
    GrantStep.TEST: test_and_keep,
    GrantStep.DISCARD: let_go,
}


def advance(runtime: Runtime, grant_id: str) -> bool:
    """Go as far as possible now. False: it is in other hands, or gone. Raises VaultError.

    Zoom being away leaves it to the worker's next try; that is no error.
    """
    owner = grants.take(runtime, grant_id)
    if owner is None:
        return False
    try:
        _go_on(runtime, grant_id, owner)
    except LostLease:
        log.info("a grant is in other hands", extra={"grant": grant_id})
    finally:
        grants.release(runtime, grant_id, owner)
    return True


def _go_on(runtime: Runtime, grant_id: str, owner: str) -> None:
    more = True
    while more:
        held = grants.look(runtime, grant_id, owner)
        step = STEPS.get(held.step) if held is not None else None
        more = held is not None and step is not None and step(runtime, held)


def finish_grants(runtime: Runtime) -> int:
    """A worker's duty: go on with grants whose process died, whose next try is due, or that are to be let go."""
    due = (
        select(Grant.id)
        .where(Grant.due_at <= runtime.clock(), Grant.step != GrantStep.CONFIRM, lease.is_free(Grant))
        .order_by(Grant.due_at)
        .limit(BATCH)
    )
    with runtime.database.reading() as session:
        grant_ids = session.scalars(due).all()
    return sum(_advanced(runtime, grant_id) for grant_id in grant_ids)


def _advanced(runtime: Runtime, grant_id: str) -> bool:
    try:
        return advance(runtime, grant_id)
    except VaultError as error:
        # It will not open on the next round either, and the others must not wait behind it.
        log.error("a grant does not open: %s", error, extra={"grant": grant_id})
    with runtime.database.writing() as session:
        later = runtime.clock() + UNREADABLE_AGAIN_AFTER
        session.execute(update(Grant).where(Grant.id == grant_id).values(due_at=later))
    return False
