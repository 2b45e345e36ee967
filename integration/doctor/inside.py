"""What can be seen from here: the database and what is in it, keys, articles."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from integration import health
from integration.doctor.finding import Check, Finding, Patient, fail, ok, warn
from integration.metrics import seconds_overdue
from integration.sealed import values_by_key

T = TypeVar("T")

PATIENCE_SECONDS = 300  # a worker looks every second; Zoom and bots may take their time
BOTS = "notification"  # the one thing owed that a bot does, not a worker
UNREADABLE = fail("The database cannot be read.", "See what is said about the database and its tables.")


def ready(name: str) -> Check:
    """A check of /readyz, which says the same to whoever watches the service."""

    def look(patient: Patient) -> Finding:
        found = health.check(name, patient.runtime)
        return ok(found.detail) if found.ok else fail(found.detail, found.remedy or "")

    return look


def keys(patient: Patient) -> Finding:
    """Is every key there that something is sealed with, and is one left over?"""
    held = _read(patient, values_by_key)
    if held is None:
        return UNREADABLE
    known = list(patient.runtime.settings.encryption_keys.by_id)
    used = {key for of_table in held.values() for key in of_table}
    if missing := sorted(used - set(known)):
        names = " and ".join(missing)
        return fail(
            f"Some texts are sealed with {names}, which ENCRYPTION_KEYS does not have: they do not open.",
            f"Add {names} back to the end of ENCRYPTION_KEYS; `python -m integration keys list` counts what is on it.",
        )
    if older := sorted(used - {known[0]}):
        return warn(
            f"Some texts are still sealed with {' and '.join(older)}.",
            "Run: python -m integration keys rotate",
        )
    return ok(f"Whatever is sealed is on {known[0]}, the first key.")


def worker(patient: Patient) -> Finding:
    """Does a worker run? What is long due tells."""
    overdue = _read(patient, lambda session: seconds_overdue(session, patient.runtime.clock()))
    if overdue is None:
        return UNREADABLE
    late = [what.replace("_", " ") for what, seconds in overdue.items() if seconds > PATIENCE_SECONDS and what != BOTS]
    if late:
        return warn(
            f"Work has waited for more than {PATIENCE_SECONDS // 60} minutes ({', '.join(late)}).",
            "Start a worker (python -m integration worker), or look into its log.",
        )
    return ok("No work waits for a worker.")


def notifications(patient: Patient) -> Finding:
    """Does a bot fetch what people must be told?"""
    overdue = _read(patient, lambda session: seconds_overdue(session, patient.runtime.clock()))
    if overdue is None:
        return UNREADABLE
    if overdue[BOTS] > PATIENCE_SECONDS:
        return warn(
            f"Messages for people have waited for more than {PATIENCE_SECONDS // 60} minutes: no bot fetches them.",
            "Start the bot (python -m bot), or look into its log; INTEGRATION_URL must lead it here.",
        )
    return ok("No message waits for a bot.")


def _read(patient: Patient, look: Callable[[Session], T]) -> T | None:
    try:
        with patient.runtime.database.reading() as session:
            return look(session)
    except SQLAlchemyError:
        return None
