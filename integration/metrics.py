"""What the service counts, for Prometheus. Labels are few and fixed: never a tenant, a person or an address.

Counters are a process's own, so each process is scraped. What stands in the database is read at each scrape.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from sqlalchemy import Select, func, select
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from integration.backfill.models import Backfill, BackfillState
from integration.connecting.models import Grant
from integration.connections.models import ALIVE, Connection, ConnectionState, Revocation
from integration.db import DATABASE_AWAY, Database
from integration.notifications.models import Notification
from integration.notifications.models import State as NotificationState
from integration.questions.models import Question
from integration.tenants.models import Tenant
from integration.webhooks.models import Webhook, WebhookState

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
UNCOUNTABLE = (*DATABASE_AWAY, ProgrammingError)  # or it has not got these tables

WEBHOOKS = (
    "Webhooks: validated, stored, repeated, unknown or bad_signature when they arrive; later, of those stored: "
    "acted_upon, of_nobody (of an account that nobody here has) or failed (tried again)."
)
# What is owed, by what it is: since when the oldest of it is due.
OLDEST_DUE: Mapping[str, Select[Any]] = {
    "notification": select(func.min(Notification.due_at)).where(Notification.state == NotificationState.OPEN),
    "question": select(func.min(Question.owed_at)),
    "webhook": select(func.min(Webhook.due_at)).where(Webhook.state == WebhookState.OPEN),
    "grant": select(func.min(Grant.due_at)),
    "connection_check": select(func.min(Connection.check_due_at))
    .join(Tenant)
    .where(Tenant.zoom_enabled, Connection.state.in_(ALIVE)),
    "revocation": select(func.min(Revocation.due_at)),
    "backfill": select(func.min(Backfill.due_at)).where(Backfill.state == BackfillState.RUNNING),
}


class Metrics:
    """The counters of one process, in a registry of their own: two apps in one process count apart."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = self._counter("http_requests", "Requests answered.", "method", "route", "status")
        self.request_seconds = Histogram(
            "retain_http_request_seconds",
            "Time until the answer was sent.",
            ["method", "route"],
            buckets=SECONDS,
            registry=self.registry,
        )
        self.zoom_calls = self._counter(
            "zoom_calls", "Calls to Zoom; outcome: ok, or a cause's code.", "call", "outcome"
        )
        self.webhooks = self._counter("webhook_deliveries", WEBHOOKS, "result")
        self.missed_sessions = self._counter("missed_sessions", "Calls of which Zoom's API told, and no webhook had.")

    def _counter(self, name: str, help_text: str, *labels: str) -> Counter:
        return Counter(f"retain_{name}", help_text, labels, registry=self.registry)

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request. `route` is the route's own path, with {names} for what it carries."""
        self.requests.labels(method, route, status).inc()
        self.request_seconds.labels(method, route).observe(seconds)


def render(metrics: Metrics, database: Database, clock: Callable[[], datetime]) -> bytes:
    """Everything in Prometheus' text format. While the database is away, the process's own counters alone."""
    seen = CollectorRegistry()
    reachable = Gauge("retain_database_up", "Did the database answer this scrape?", registry=seen)
    try:
        with database.reading() as session:
            _read(session, seen, clock())
    except UNCOUNTABLE:
        reachable.set(0)
    else:
        reachable.set(1)
    return generate_latest(metrics.registry) + generate_latest(seen)


def seconds_overdue(session: Session, now: datetime) -> dict[str, float]:
    """For each thing that is owed, how long the oldest of it is due: 0 when nothing is."""
    oldest = {what: session.scalar(since) for what, since in OLDEST_DUE.items()}
    return {what: max(0.0, (now - since).total_seconds()) if since else 0.0 for what, since in oldest.items()}


def _read(session: Session, registry: CollectorRegistry, now: datetime) -> None:
    connections = Gauge("retain_connections", "Connections by state.", ["state"], registry=registry)
    held = dict(_counted(session, Connection.state))
    for state in list(ConnectionState)[2:]:  # the first two are the states of tenants without a connection
        connections.labels(state).set(held.get(state, 0))
    notifications = Gauge("retain_notifications", "Notifications that nobody has yet.", ["state"], registry=registry)
    waiting = (NotificationState.OPEN, NotificationState.PARKED)
    counts = dict(_counted(session, Notification.state, Notification.state.in_(waiting)))
    for waiting_state in waiting:
        notifications.labels(waiting_state).set(counts.get(waiting_state, 0))
    overdue = Gauge("retain_oldest_due_seconds", "How long the oldest of it is due.", ["what"], registry=registry)
    for what, seconds in seconds_overdue(session, now).items():
        overdue.labels(what).set(seconds)


def _counted(session: Session, column: Any, *where: Any) -> list[tuple[str, int]]:
    rows = session.execute(select(column, func.count()).where(*where).group_by(column))
    return [(value, count) for value, count in rows]
