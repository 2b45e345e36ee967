"""Steps that several tests take."""

import threading

from fastapi.testclient import TestClient
from sqlalchemy import select

from integration.notifications.models import Notification
from integration.questions import service
from integration.runtime import Runtime
from integration.work import Worker
from tests.integration.conftest import TestClock

ASKED = {"key": "Ev1", "text": "Why must I connect again?", "actor": "slack:T1/U1", "place": "slack:T1/C1/1.2"}


def ask(client: TestClient, **changes: str) -> str:
    response = client.post("/v1/questions", json=ASKED | changes)
    assert response.status_code == 201, response.text
    return str(response.json()["id"])


def mark_answered(client: TestClient, question: str, **changes: object) -> None:
    body = {"status": "answered", "article": "reauthorize-zoom", "confidence": 0.9} | changes
    assert client.post(f"/v1/questions/{question}/answered", json=body).status_code == 204


def leave_unanswered(runtime: Runtime, clock: TestClock) -> None:
    """Let the patience pass, and a worker do one round."""
    clock.move(service.PATIENCE.total_seconds())
    work(runtime)


def work(runtime: Runtime) -> None:
    Worker(runtime).round(threading.Event())


def claim(client: TestClient, wait: float = 0, place: str | None = None) -> list[dict[str, object]]:
    headers = {"X-Place": place} if place else {}
    response = client.post("/v1/notifications/claim", params={"wait": wait}, headers=headers)
    assert response.status_code == 200, response.text
    found: list[dict[str, object]] = response.json()["notifications"]
    return found


def acknowledge(client: TestClient, notification: object, outcome: str = "delivered", **more: str) -> int:
    body = {"outcome": outcome, **more}
    return int(client.post(f"/v1/notifications/{notification}/ack", json=body).status_code)


def notifications(runtime: Runtime) -> list[Notification]:
    with runtime.database.reading() as session:
        return list(session.scalars(select(Notification).order_by(Notification.created_at)))
