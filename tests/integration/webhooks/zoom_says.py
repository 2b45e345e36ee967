"""Webhooks as Zoom sends them, to an app in this process."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import httpx2 as httpx
from fastapi.testclient import TestClient
from sqlalchemy import select

from integration.runtime import Runtime
from integration.webhooks.models import Webhook

SECRET = "test-webhook-secret-0123456789"


def signed(body: bytes, at: datetime, *, secret: str = SECRET, unit: int = 1) -> Mapping[str, str]:
    """The headers of a delivery; `unit` 1000 stamps it in milliseconds."""
    stamp = str(int(at.timestamp() * unit))
    digest = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    return {"x-zm-request-timestamp": stamp, "x-zm-signature": f"v0={digest}", "Content-Type": "application/json"}


def event(name: str, **payload: Any) -> bytes:
    return json.dumps({"event": name, "payload": payload, "event_ts": 1736879400000}).encode()


def tell(client: TestClient, body: bytes, at: datetime, **how: Any) -> httpx.Response:
    return client.post("/webhooks/zoom", content=body, headers=signed(body, at, **how))


def stored(runtime: Runtime) -> list[Webhook]:
    with runtime.database.reading() as session:
        return list(session.scalars(select(Webhook).order_by(Webhook.received_at, Webhook.id)))
