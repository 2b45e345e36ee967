"""Steps that tests of support requests take."""

from collections.abc import Mapping
from typing import Any

from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import select

from integration.desk.models import RequestEvent, ResponseClock, SupportRequest
from integration.notifications.models import Notification
from integration.notifications.service import payload_of
from integration.runtime import Runtime

REQUESTS = "/v1/support-requests"
DANA = "slack:T0ACME/UDANA"
AS_DANA = {"X-Actor": DANA, "X-Role": "member", "X-Tenant": "acme"}
AS_EVE = AS_DANA | {"X-Actor": "slack:T0ACME/UEVE"}
SAM, ROBIN = "slack:T0RETAIN/USAM", "slack:T0RETAIN/UROBIN"
AS_SAM = {"X-Actor": SAM, "X-Role": "staff"}
AS_ROBIN = {"X-Actor": ROBIN, "X-Role": "staff"}
THREAD = "slack:T0ACME/D1/1736879400.000100"
ASKED = {"key": "view:V1", "text": "Why must I connect again?", "place": THREAD, "via": "slack"}


def hand_over(client: TestClient, who: Mapping[str, str] = AS_DANA, **changes: Any) -> str:
    """Open a support request; its id."""
    response = client.post(REQUESTS, json=ASKED | changes, headers=who)
    assert response.status_code == 201, response.text
    return str(response.json()["id"])


def act(client: TestClient, request: str, what: str, who: Mapping[str, str] = AS_SAM, **body: Any) -> Response:
    """Do something to a request; the response, whatever it is."""
    return client.post(f"{REQUESTS}/{request}/{what}", json=body or None, headers=who)


def done(client: TestClient, request: str, what: str, who: Mapping[str, str] = AS_SAM, **body: Any) -> dict[str, Any]:
    """Do something to a request that is possible."""
    response = act(client, request, what, who, **body)
    assert response.status_code == 200, response.text
    shown: dict[str, Any] = response.json()
    return shown


def answered(client: TestClient, request: str, **changes: Any) -> dict[str, Any]:
    body: dict[str, Any] = {"key": "view:A1", "text": "Because a token was revoked."} | changes
    return done(client, request, "answer", **body)


def shown(client: TestClient, request: str) -> dict[str, Any]:
    """The request as a bot reads it."""
    response = client.get(f"{REQUESTS}/{request}")
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def queue(client: TestClient, state: str = "open") -> list[str]:
    """The ids of the queue, in order."""
    response = client.get(REQUESTS, params={"state": state}, headers=AS_SAM)
    assert response.status_code == 200, response.text
    return [one["id"] for one in response.json()["requests"]]


def stand_card(client: TestClient, request: str, place: str = "slack:T0RETAIN/CSTAFF/1.1") -> None:
    assert client.put(f"{REQUESTS}/{request}/card", json={"place": place}).status_code == 204


def happened(runtime: Runtime) -> list[str]:
    """What is recorded, of all requests, in order."""
    with runtime.database.reading() as session:
        return list(session.scalars(select(RequestEvent.kind).order_by(RequestEvent.number)))


def clocks(runtime: Runtime) -> list[ResponseClock]:
    with runtime.database.reading() as session:
        return list(session.scalars(select(ResponseClock).order_by(ResponseClock.number)))


def told(runtime: Runtime, kind: str) -> list[tuple[Notification, dict[str, Any]]]:
    """What of this kind somebody must be told or was, with what it says."""
    with runtime.database.reading() as session:
        rows = session.scalars(
            select(Notification).where(Notification.kind == kind).order_by(Notification.created_at)
        ).all()
        return [(row, dict(payload_of(runtime.vault, row))) for row in rows]


def kept(runtime: Runtime) -> list[SupportRequest]:
    with runtime.database.reading() as session:
        return list(session.scalars(select(SupportRequest).order_by(SupportRequest.asked_at)))
