"""What the bot sends is what the service takes, held against the service's own OpenAPI document."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import requests
from jsonschema import Draft202012Validator

from bot.inquiry import Actor, Inquiry, Place
from bot.integration_client import IntegrationClient, Notification, Outcome
from tests.support.service import API_KEY, Service, running_service

ROOT = Path(__file__).parents[1]
QUESTION = Inquiry("action:T1/1", "How?", Actor("T1", "U1"), Place("T1", "C1"), "connect-zoom")


class Recording(requests.Session):
    """A session that keeps every request."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False
        self.sent: list[tuple[str, str, Mapping[str, Any]]] = []

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **more: Any) -> requests.Response:
        self.sent.append((str(method).lower(), str(url), more.get("json") or {}))
        return super().request(method, url, *args, **more)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with running_service(tmp_path) as running:
        yield running


def test_every_call_of_the_bot_fits_the_services_document(service: Service) -> None:
    session = Recording()
    client = IntegrationClient(service.url, API_KEY, session)
    receipt = client.claim_question(QUESTION)
    client.mark_answered(receipt.id, Outcome("answered", "connect-zoom", 0.9))
    client.send_feedback(receipt.id, QUESTION.actor, helpful=True)
    service.clock.forward(60)
    client.claim_question(Inquiry("message:T1/2", "", Actor("T1", "U1"), Place("T1", "D1", "1.0")))
    service.clock.forward(60)
    owed: list[Notification] = []
    while not owed:
        owed = client.claim_notifications("T1", wait=5)
    client.acknowledge(owed[0].id, "gave_up", "channel_not_found")
    document = session.get(f"{service.url}/openapi.json", timeout=5).json()
    calls = session.sent[:-1]
    assert {operation(document, method, url) for method, url, _ in calls} == called_in_source()
    for method, url, body in calls:
        schema = body_schema(document, method, operation(document, method, url))
        assert not list(Draft202012Validator(schema).iter_errors(body))


def operation(document: Mapping[str, Any], method: str, url: str) -> str:
    path = "/" + url.split("/", 3)[3].partition("?")[0]
    matching = [known for known in document["paths"] if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", known), path)]
    assert matching, f"the service has no {path}"
    assert method in document["paths"][matching[0]]
    return str(matching[0])


def body_schema(document: Mapping[str, Any], method: str, path: str) -> Mapping[str, Any]:
    body = document["paths"][path][method].get("requestBody", {"content": {"application/json": {"schema": {}}}})
    return {**body["content"]["application/json"]["schema"], "components": document["components"]}


def called_in_source() -> set[str]:
    """Paths in the client's source, with `{id}` for what is filled in."""
    source = (ROOT / "bot/integration_client.py").read_text("utf-8")
    return {re.sub(r"\{\w+\}", "{id}", path).partition("?")[0] for path in re.findall(r'f?"(/v1/[^"]*)"', source)}
