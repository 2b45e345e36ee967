"""What the bot sends is what the service takes, held against the service's own OpenAPI document."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from jsonschema import Draft202012Validator
from pydantic import BaseModel, TypeAdapter

from bot.connections import disconnecting
from bot.errors import Refused
from bot.inquiry import Actor, Inquiry, Place
from bot.integration_client import IntegrationClient, Notification, Outcome
from bot.service import desk_api, gaps_service, meetings_api, notification_service, service_api
from bot.service.connection_service import OnBehalf
from bot.service.desk_api import Taken
from bot.service.desk_service import REQUESTS, NewRequest
from bot.service.meetings_api import NothingFound
from bot.service.service_api import Role
from bot.support import desk_home, request_card, request_snooze, request_words
from bot.telling import undelivered
from integration.connections import chronicle
from integration.desk import page_words, request_form
from integration.desk import sla_endpoints as promise
from integration.desk import views as desk
from integration.desk.opening import Contact
from integration.gaps import views as gaps
from integration.incidents import endpoints as incidents
from integration.meetings import views as meetings
from integration.meetings.endpoints import MissingProblem
from integration.notifications import words as notification_words
from integration.notifications.endpoints import UndeliveredOne
from integration.reports import views as reports
from integration.tenants.models import Tenant
from integration.tenants.preferences_endpoints import PreferencesView
from tests.support.service import API_KEY, Service, running_service

ROOT = Path(__file__).parents[1]
CLIENTS = (
    "bot/service/connection_service.py",
    "bot/service/desk_service.py",
    "bot/service/gaps_service.py",
    "bot/service/incident_service.py",
    "bot/integration_client.py",
    "bot/service/meeting_service.py",
    "bot/service/notification_service.py",
)
STAFF = OnBehalf(Actor("T0", "U0"), Role.STAFF)
QUESTION = Inquiry("action:T1/1", "How?", Actor("T1", "U1"), Place("T1", "C1"), "connect-zoom")


class Recording(requests.Session):
    """A session that keeps every request."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False
        self.sent: list[tuple[str, str, Mapping[str, Any]]] = []

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **more: Any) -> requests.Response:
        self.sent.append((str(method).lower(), str(url), json.loads(json.dumps(more.get("json") or {}))))
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
    hand_over_and_answer(client, service)
    look_after_the_desk(client, service)
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
    assert not client.begin(owed[0]).again
    client.acknowledge(owed[0].id, "gave_up", "channel_not_found")


def look_after_a_connection(client: IntegrationClient, service: Service) -> None:
    """Every call for a person. What is refused for its state (there is nobody at Zoom) was understood all the same."""
    with service.runtime.database.writing() as database:
        database.add(Tenant(id="acme", name="Acme Corp", created_at=service.clock()))
    staff, calls = STAFF, client.connections
    client.workspace_seen("T1", "Acme's Slack")
    calls.link_workspace(staff, "T1", "acme")
    assert calls.workspace(OnBehalf(Actor("T1", "U1"), Role.MEMBER)).tenant == "acme"
    assert [found.id for found in calls.tenants(staff, "acme corp")] == ["acme"]
    calls.enable_zoom(staff, "acme")
    admin = OnBehalf(Actor("T1", "U1"), Role.ADMIN, "acme", "slack:T1/D1")
    link = calls.make_link(admin, "acme", email="jonas@acme.example", name="Jonas Weber")
    calls.keep_card(admin, link.id, "slack:T1/D1/1.0", "https://acme.example.slack.com/archives/D1/p10")
    assert calls.link(admin, link.id).state == "sent"
    for decide in (calls.confirm, calls.reject):
        with suppress(Refused):
            decide(admin, link.id)
    assert calls.status(admin, "acme").state == "not_connected"
    assert calls.events(admin, "acme")
    with suppress(Refused):
        calls.disconnect(admin, "acme")
    assert client.incidents.kept().incident is None


def look_meetings_up(client: IntegrationClient) -> None:
    admin = OnBehalf(Actor("T1", "U1"), Role.ADMIN, "acme", "slack:T1/D1")
    calls = client.meetings
    assert isinstance(calls.duration(admin, "acme", "932 0123 5621", on=date(2026, 10, 12)), NothingFound)
    assert calls.hours(admin, "acme", date(2026, 10, 1), date(2026, 10, 31)).total.meetings == 0
    assert calls.latest(admin, "acme", date(2026, 10, 1), date(2026, 10, 31)) == ()
    with suppress(Refused):
        calls.ask_zoom(admin, "acme")
    assert calls.customers(admin, "acme") == ()
    assert calls.page_link(
        admin, "/reports/meeting-hours", email="jonas@acme.example", name="Jonas Weber"
    ).url.startswith("http")


def hand_over_and_answer(client: IntegrationClient, service: Service) -> None:
    asker, calls = OnBehalf(Actor("T1", "U1"), Role.MEMBER, "acme", "slack:T1/D1"), client.desk
    new = NewRequest(
        "form/1", "Why?", more="Since Monday.", place="slack:T1/D1/1.0", article="connect-zoom", name="Maya"
    )
    mine = calls.open_request(asker, new)
    assert [one.id for one in calls.mine(asker)] == [mine.id]
    calls.keep_card(mine.id, "slack:T0/C0/1.0")
    calls.keep_place(mine.id, "slack:T1/D1/1.0")
    assert [one.id for one in calls.queue(STAFF).requests] == [mine.id]
    assert calls.request(mine.id).text == "Why?"
    calls.snooze(STAFF, mine.id, service.clock() + timedelta(minutes=15))
    assert not isinstance(calls.claim(STAFF, mine.id), Taken)
    calls.release(STAFF, mine.id)
    calls.answer(STAFF, mine.id, key="form/2", text="Because of this.")
    calls.write(asker, mine.id, key="message/1", text="And that?")
    calls.answered_elsewhere(STAFF, mine.id)
    assert calls.solved(asker, mine.id).state == "resolved"
    calls.reopen(STAFF, mine.id)
    assert calls.resolve(STAFF, mine.id).state == "resolved"
    assert calls.sla(STAFF).counted + calls.promise().counted


def look_after_the_desk(client: IntegrationClient, service: Service) -> None:
    asked, notices = client.notifications, client.incidents
    assert asked.prefer(STAFF, "news", on=False) == asked.preferences(STAFF)
    assert asked.undelivered(STAFF)
    until = service.clock() + timedelta(hours=1)
    notice = notices.set(STAFF, "Zoom is down.", until, ("connect-zoom",))
    assert notices.board(STAFF).notice == notice
    notices.lift(STAFF)
    assert client.gaps.gaps(STAFF, days=30, limit=20).questions


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
        (desk_api.OwnRequest, desk.Own),
        (desk_api.SupportRequest, desk.RequestView),
        (desk_api.Said, desk.Said),
        (desk_api.Contact, Contact),
        (desk_api.ZoomThen, desk.ZoomThen),
        (desk_api.Queue, desk.Queue),
        (desk_api.Sla, promise.Sla),
        (desk_api.Week, promise.Week),
        (desk_api.Promise, promise.Promise),
        (notification_service.Preferences, PreferencesView),
        (notification_service.Undelivered, UndeliveredOne),
        (gaps_service.Gaps, gaps.Gaps),
        (gaps_service.Gap, gaps.Gap),
        (service_api.Board, incidents.TheIncident),
        (service_api.Notice, incidents.NoticeView),
    ],
)
def test_what_the_bot_reads_is_what_the_service_says(ours: type[BaseModel], theirs: type[Any]) -> None:
    """The bot fills in what is missing, so a name that only it knows would be shown as nothing at all."""
    assert names_in(ours) <= names_in(theirs)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (disconnecting.WORDS, chronicle.DELETED),
        (disconnecting.COUNTED, chronicle.COUNTED),
        (request_card.HEADINGS, page_words.HEADINGS),
        ((request_card.WROTE_AGAIN, request_card.WAITS_AGAIN), (page_words.WROTE_AGAIN, page_words.WAITS_AGAIN)),
        (
            (request_card.CLOSED_UNANSWERED, request_card.ANSWER_LOST),
            (page_words.CLOSED_UNANSWERED, page_words.ANSWER_LOST),
        ),
        (request_snooze.FOR, request_form.SNOOZES),
        (request_words.NO_SNOOZE, page_words.NO_SNOOZE),
        (desk_home.SOON, page_words.SOON),
        (undelivered.KINDS, notification_words.KINDS),
    ],
)
def test_slack_and_the_pages_say_the_same_in_the_same_words(ours: object, theirs: object) -> None:
    """Apostrophes aside: pages write them as books do, Slack as keyboards do."""
    assert repr(ours).replace("’", "'").replace('"', "'") == repr(theirs).replace("’", "'").replace('"', "'")


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
    paths = re.findall(r'f?"(/v1/[^"]*)"', source)
    paths += [f"{REQUESTS}/{what}" for what in re.findall(r'f"\{REQUESTS\}/(mine)"', source)]
    paths += [f"{REQUESTS}/{{request}}/{what}" for what in re.findall(r'request, "([a-z-]+)"', source)]
    return {bare(path.partition("?")[0]) for path in [*paths, f"{REQUESTS}/{{request}}"]}


def bare(path: str) -> str:
    return re.sub(r"\{[^}]+\}", "{}", path)
