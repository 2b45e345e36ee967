"""The worker: does what is owed, whenever it is due. What is owed stands in rows, so any number may run.

A duty takes due rows, acts, and settles them in one transaction: killed at any moment, it was done or it was not.
Rows another worker holds are skipped (`FOR UPDATE SKIP LOCKED`; on SQLite one writer works at a time anyway).
A duty that calls Zoom holds its row by a lease instead, for no transaction is open during a call.
"""

import logging
import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session

from integration import migrations
from integration.backfill.filling import run_backfills
from integration.backfill.repair import ask_what_is_new
from integration.backfill.still_running import check_running
from integration.connecting.advancing import finish_grants
from integration.connecting.expiring import expire_links, forget_links
from integration.connections.due import refresh_due
from integration.connections.revocations import revoke_due
from integration.connections.waves import watch_incidents
from integration.db import DATABASE_AWAY
from integration.desk import reminders, targets
from integration.desk.ending import resolve_quiet
from integration.errors import Unavailable
from integration.forgetting import forget_old
from integration.meetings.customers import resort_events
from integration.notification_kinds import KINDS
from integration.notifications.outcomes import park_spent
from integration.pauses import pause
from integration.questions import service as questions
from integration.questions.forgetting import forget_old_questions
from integration.runtime import Runtime
from integration.vault import Vault
from integration.webhooks import service as webhooks

log = logging.getLogger(__name__)

PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0

AWAY = (*DATABASE_AWAY, Unavailable)


@dataclass(frozen=True)
class Duty:
    """`do` handles some of the due rows and returns how many. Having found none, it is not done again for `rest`."""

    name: str
    do: Callable[[Runtime], int]
    rest: timedelta = timedelta()


def at_once(do: Callable[[Session, Vault, datetime], int]) -> Callable[[Runtime], int]:
    """A duty that needs nothing but the database: one transaction."""

    def in_a_transaction(runtime: Runtime) -> int:
        with runtime.database.writing() as session:
            return do(session, runtime.vault, runtime.clock())

    return in_a_transaction


HERE: Sequence[Duty] = (
    Duty("hand out unanswered questions", at_once(questions.hand_out_unanswered)),
    Duty("park notifications that nobody acknowledges", at_once(partial(park_spent, kinds=KINDS))),
    Duty("reckon targets by the hours of today", at_once(targets.recompute), rest=timedelta(seconds=15)),
    Duty("remind staff of targets that are near", at_once(reminders.owe_due), rest=timedelta(seconds=2)),
    Duty("act upon what Zoom told us", webhooks.act_upon_due),
    Duty("let connect links and confirmations expire", at_once(expire_links)),
    Duty("notice incidents, and their end", watch_incidents),
    Duty("resolve what was answered long ago", at_once(resolve_quiet), rest=timedelta(minutes=5)),
    Duty("tell customers apart by new rules", at_once(resort_events)),
    Duty("forget what is no longer needed", at_once(forget_old), rest=timedelta(hours=1)),
    Duty("forget old questions", forget_old_questions, rest=timedelta(hours=1)),
    Duty("forget old connect links", at_once(forget_links), rest=timedelta(hours=1)),
)
# These wait for Zoom, which may be slow: they have a thread of their own, so that nobody waits for them.
AT_ZOOM: Sequence[Duty] = (
    Duty("finish what was begun at Zoom", finish_grants),
    Duty("refresh connections that are due", refresh_due),
    Duty("revoke what is not kept", revoke_due),
)
# And these ask for much: neither a sign-in nor a connection's renewal must wait until a month was read.
ABOUT_CALLS: Sequence[Duty] = (
    Duty("look after calls that run for long", check_running, rest=timedelta(seconds=15)),
    Duty("ask Zoom what is new", ask_what_is_new, rest=timedelta(seconds=15)),
    Duty("go through the past at Zoom", run_backfills),
)
DUTIES = (*HERE, *AT_ZOOM, *ABOUT_CALLS)


@dataclass
class Worker:
    """Runs rounds of duties until told to stop. `jitter` gives a share between 0 and 1."""

    runtime: Runtime
    duties: Sequence[Duty] = DUTIES
    jitter: Callable[[], float] = random.random
    _failures: int = field(default=0, init=False)
    _migrated: bool = field(default=False, init=False)
    _rests_until: dict[str, datetime] = field(default_factory=dict, init=False)

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set; the duty at hand is finished first."""
        while not stop.is_set():
            stop.wait(self.round(stop))

    def round(self, stop: threading.Event) -> float:
        """Do every duty once, and return the seconds to wait before the next round."""
        done = 0
        try:
            self._check_tables()
            for duty in self.duties:
                if stop.is_set():
                    return 0
                done += self._do(duty)
        except AWAY as error:
            return self._away(error)
        if self._failures:
            log.info("the database answers again")
            self._failures = 0
        return 0 if done else PAUSE_SECONDS

    def _do(self, duty: Duty) -> int:
        now = self.runtime.clock()
        if duty.name in self._rests_until and now < self._rests_until[duty.name]:
            return 0
        try:
            done = duty.do(self.runtime)
        except AWAY:
            raise
        except Exception:  # the outermost edge: a bug in one duty must not keep the others from theirs
            log.exception("duty failed: %s", duty.name)
            done = 0
        if not done and duty.rest:
            self._rests_until[duty.name] = now + duty.rest
        return done

    def _check_tables(self) -> None:
        if not self._migrated and not migrations.at_head(self.runtime.database):
            raise Unavailable(
                "The database's tables are not those of this version.",
                remedy="Run: python -m integration db upgrade",
            )
        self._migrated = True

    def _away(self, error: Exception) -> float:
        self._failures += 1
        if self._failures == 1:  # once per outage: the log would drown otherwise
            log.warning("the database cannot be used; trying again until it can: %s", error)
        return pause(self._failures, PAUSE_SECONDS, LONGEST_PAUSE_SECONDS, self.jitter())


def run(runtime: Runtime, stop: threading.Event) -> None:
    """Do every duty until `stop` is set."""
    log.info("worker started")
    lanes = {"at-zoom": AT_ZOOM, "about-calls": ABOUT_CALLS}
    others = [
        threading.Thread(target=Worker(runtime, duties).run, args=(stop,), name=name) for name, duties in lanes.items()
    ]
    for other in others:
        other.start()
    Worker(runtime, HERE).run(stop)
    for other in others:
        other.join()
    log.info("worker stopped")
