"""Step after step until a grant is a connection, waits for somebody, or is gone. Any process may take any step."""

import logging
import random
from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from integration.connecting import grants
from integration.connecting.errors import LostLease
from integration.connecting.grants import Held
from integration.connecting.identifying import identify
from integration.connecting.letting_go import ASK_FOR, let_go
from integration.connecting.models import ConnectLink, Grant, GrantStep
from integration.connecting.selftest import test_and_keep
from integration.connections import backoff, lease
from integration.connections.models import Connection
from integration.db import DATABASE_AWAY
from integration.errors import VaultError
from integration.notifications.staff import tell_staff
from integration.runtime import Runtime
from integration.vault import Vault

log = logging.getLogger(__name__)

BATCH = 5

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
    except DATABASE_AWAY:
        raise  # that says nothing about this grant
    except VaultError as error:
        log.error("a grant does not open: %s", error, extra={"grant": grant_id})
    except Exception:  # the edge of one grant: whatever is wrong with it, the others must not wait behind it
        log.exception("a grant met a bug", extra={"grant": grant_id})
    with runtime.database.writing() as session:
        _put_off(session, runtime.vault, grant_id, runtime.clock())
    return False


def _put_off(session: Session, vault: Vault, grant_id: str, now: datetime) -> None:
    """Later each time; in the end it is decided against, and what cannot even be let go is deleted."""
    link, grant = _locked(session, grant_id)
    if link is None or grant is None:
        return
    grant.attempts += 1
    grant.due_at = backoff.after_failure(now, grant.attempts, random.uniform(0.5, 1))  # noqa: S311 - no secret
    if grant.step == GrantStep.DISCARD and now - grant.received_at >= ASK_FOR:
        _tell_staff(session, vault, grant, now)
        session.delete(grant)
    elif grant.step != GrantStep.DISCARD and now >= grant.expires_at:
        _tell_staff(session, vault, grant, now)
        grants.failed(session, vault, link, grant, "self_test_failed", now)


def _locked(session: Session, grant_id: str) -> tuple[ConnectLink | None, Grant | None]:
    """In the order in which all lock them (see `grants.locked`)."""
    seen = session.get(Grant, grant_id)
    if seen is None:
        return None, None
    session.scalars(select(Connection.id).where(Connection.tenant_id == seen.tenant_id).with_for_update()).all()
    link = session.get(ConnectLink, seen.link_id, with_for_update=True)
    return link, session.get(Grant, grant_id, with_for_update=True, populate_existing=True)


def _tell_staff(session: Session, vault: Vault, grant: Grant, now: datetime) -> None:
    tell_staff(
        session,
        vault,
        topic="connection",
        title="A sign-in at Zoom could not be finished",
        text="Something on our side is wrong with it; the log says what. If it stays so for a week after the sign-in, "
        "we delete our copy of the permission. Then only removing the app in that Zoom account withdraws it.",
        about=f"{grant.id}/stuck",
        now=now,
        tenant=grant.tenant_id,
        article="deauthorize-zoom",
    )
