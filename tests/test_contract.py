"""What the bot sends is what the service takes, held against the service's own OpenAPI document."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import requests
from jsonschema import Draft202012Validator
from pydantic import BaseModel, TypeAdapter

from bot import meetings_api
from bot.connection_service import OnBehalf
from bot.errors import Refused
from bot.inquiry import Actor, Inquiry, Place
from bot.integration_client import IntegrationClient, Notification, Outcome
from bot.meetings_api import NothingFound
from bot.service_api import Role
from integration.meetings import views as meetings
from integration.meetings.endpoints import MissingProblem
from integration.reports import views as reports
from integration.tenants.models import Tenant
from tests.support.service import API_KEY, Service, running_service

ROOT = Path(__file__).parents[1]
CLIENTS = ("bot/integration_client.py", "bot/connection_service.py", "bot/meeting_service.py")
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
    ask_and_deliver(client, service)
    look_after_a_connection(client, service)
    look_meetings_up(client)
    document = session.get(f"{service.url}/openapi.json", timeout=5).json()
    calls = [(method, operation(document, method, url), body) for method, url, body in session.sent[:-1]]
    assert {bare(path) for _, path, _ in calls} == called_in_source()
    for method, path, body in calls:
        schema = body_schema(document, method, path)
        assert not list(Draft202012Validator(schema).iter_errors(body))


def ask_and_deliver(client: IntegrationClient, service: Service) -> None:
    receipt = client.claim_question(QUESTION)
    client.mark_answered(receipt.id, Outcome("answered", "connect-zoom", 0.9))
    client.send_feedback(receipt.id, QUESTION.actor, helpful=True)
    client.claim_question(Inquiry("message:T1/2", "", Actor("T1", "U1"), Place("T1", "D1", "1.0")))
    service.clock.forward(60)
    owed: list[Notification] = []
    while not owed:
        owed = client.claim_notifications("slack:T1", wait=5)
    client.acknowledge(owed[0].id, "gave_up", "channel_not_found")


def look_after_a_connection(client: IntegrationClient, service: Service) -> None:
    """Every call for a person. What is refused for its state (there is nobody at Zoom) was understood all the same."""
    with service.runtime.database.writing() as database:
        database.add(Tenant(id="acme", name="Acme Corp", created_at=service.clock()))
    staff, calls = OnBehalf(Actor("T0", "U0"), Role.STAFF), client.connections
    client.workspace_seen("T1", "Acme's Slack")
    calls.link_workspace(staff, "T1", "acme")
    assert calls.workspace(OnBehalf(Actor("T1", "U1"), Role.MEMBER)).tenant == "acme"
    assert [found.id for found in calls.tenants(staff, "acme corp")] == ["acme"]
    calls.enable_zoom(staff, "acme")
    admin = OnBehalf(Actor("T1", "U1"), Role.ADMIN, "acme", "slack:T1/D1")
    link = calls.make_link(admin, "acme", email="jonas@acme.example", name="Jonas Weber")
    calls.keep_card(admin, link.id, "slack:T1/D1/1.0")
    assert calls.link(admin, link.id).state == "sent"
    for decide in (calls.confirm, calls.reject):
        with suppress(Refused):
            decide(admin, link.id)
    assert calls.status(admin, "acme").state == "not_connected"
    assert calls.events(admin, "acme")
    with suppress(Refused):
        calls.disconnect(admin, "acme")
    assert calls.incident() is None


def look_meetings_up(client: IntegrationClient) -> None:
    admin = OnBehalf(Actor("T1", "U1"), Role.ADMIN, "acme", "slack:T1/D1")
    calls = client.meetings
    assert isinstance(calls.duration(admin, "acme", "932 0123 5621", on=date(2026, 10, 12)), NothingFound)
    assert calls.hours(admin, "acme", date(2026, 10, 1), date(2026, 10, 31)).total.meetings == 0
    assert calls.latest(admin, "acme", date(2026, 10, 1), date(2026, 10, 31)) == ()
    with suppress(Refused):
        calls.ask_zoom(admin, "acme")
    assert calls.customers(admin, "acme") == ()
    assert calls.page_link(admin, "/reports/meeting-hours").url.startswith("http")


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (meetings_api.Duration, meetings.DurationAnswer),
        (meetings_api.CalendarEvent, meetings.EventView),
        (meetings_api.Stretch, meetings.SessionView),
        (meetings_api.Occurrence, meetings.OtherView),
        (meetings_api.NothingFound, MissingProblem),
        (meetings_api.Hours, reports.Hours),
        (meetings_api.Group, reports.Group),
        (meetings_api.Meetings, reports.Meetings),
        (meetings_api.Sums, reports.Sums),
    ],
)
def test_what_the_bot_reads_is_what_the_service_says(ours: type[BaseModel], theirs: type[Any]) -> None:
    """The bot fills in what is missing, so a name that only it knows would be shown as nothing at all."""
    assert names_in(ours) <= names_in(theirs)


def names_in(model: type[Any]) -> set[str]:
    schema = TypeAdapter(model).json_schema(by_alias=True)
    return set(schema["properties"])


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
    """Paths in the clients' source, with `{}` for what is filled in."""
    source = "".join((ROOT / path).read_text("utf-8") for path in CLIENTS)
    return {bare(path.partition("?")[0]) for path in re.findall(r'f?"(/v1/[^"]*)"', source)}


def bare(path: str) -> str:
    return re.sub(r"\{[^}]+\}", "{}", path)
