"""Every route × everybody × whose tenant, against the table of the design, which is written down here once more.

The routes are asked of the app itself, so none can be forgotten: one that is not written down here fails.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import httpx2 as httpx
import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from sqlalchemy import update
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from integration.app import create_app
from integration.auth import check_routes
from integration.connections.models import Connection
from integration.db import Base
from integration.errors import SettingsError
from integration.policy import ACTIONS, ROUTES, Action, Role, Scope, allowed
from integration.runtime import Runtime
from integration.tenants.models import Workspace
from tests.integration.conftest import API_KEY, make_settings
from tests.integration.tenants.rows import fill

# "Who may do what" of the design: whose things a member, an admin and staff may do it to; then for nobody, who is known
# to be nobody of a tenant, and still gets answers from the knowledge base; and a program that acts for itself.
DESIGN = {
    #                                 program nobody  member  admin  staff
    "questions, hand-over":          ("any", "any", "any", "any", "any"),
    "a bot's own":                   ("any", "any", "any", "any", "any"),
    "own tenant's status":           ("-", "-", "own", "own", "any"),
    "who connected, events":         ("-", "-", "-", "own", "any"),
    "connect link, confirm, disconnect": ("-", "-", "-", "own", "any"),
    "duration, meeting hours":       ("-", "-", "-", "own", "any"),
    "pages":                         ("-", "-", "own", "own", "any"),
    "calendar events":               ("any", "-", "-", "-", "any"),
    "tenants, workspaces, roles":    ("-", "-", "-", "-", "any"),
    "queue, gaps, notices":          ("-", "-", "-", "-", "any"),
    "a request's card":              ("any", "-", "-", "-", "any"),
}  # fmt: skip

LINES = {
    "questions, hand-over": [
        "POST /v1/questions",
        "POST /v1/questions/{id}/answered",
        "POST /v1/questions/{id}/feedback",
        "GET /v1/incident",
        "GET /v1/promise",
        "POST /v1/support-requests",
        "GET /v1/support-requests/mine",
        "POST /v1/support-requests/{id}/write",
        "POST /v1/support-requests/{id}/solved",
        "GET /v1/people/preferences",
        "PUT /v1/people/preferences",
    ],
    "a bot's own": [
        "POST /v1/notifications/claim",
        "POST /v1/notifications/{id}/begin",
        "POST /v1/notifications/{id}/ack",
        "GET /v1/workspaces/{team}",
        "POST /v1/workspaces/{team}/seen",
    ],
    "own tenant's status": ["GET /v1/tenants/{tenant}/zoom/status"],
    "who connected, events": [
        "GET /v1/tenants/{tenant}/zoom/status?live=true",
        "GET /v1/tenants/{tenant}/zoom/events",
    ],
    "connect link, confirm, disconnect": [
        "POST /v1/tenants/{tenant}/connect-links",
        "GET /v1/connect-links/{id}",
        "PUT /v1/connect-links/{id}/card",
        "POST /v1/connect-links/{id}/confirm",
        "POST /v1/connect-links/{id}/reject",
        "DELETE /v1/tenants/{tenant}/zoom/connection",
    ],
    "duration, meeting hours": [
        "GET /v1/tenants/{tenant}/duration",
        "GET /v1/tenants/{tenant}/meeting-hours",
        "GET /v1/tenants/{tenant}/meetings",
        "GET /v1/tenants/{tenant}/customers",
        "PUT /v1/tenants/{tenant}/customers",
        "GET /v1/tenants/{tenant}/backfill",
        "POST /v1/tenants/{tenant}/backfill",
    ],
    "pages": ["POST /v1/page-links"],
    "calendar events": ["PUT /v1/tenants/{tenant}/calendar-events"],
    "tenants, workspaces, roles": [
        "GET /v1/tenants",
        "POST /v1/tenants",
        "GET /v1/tenants/{tenant}",
        "PATCH /v1/tenants/{tenant}",
        "DELETE /v1/tenants/{tenant}",
        "GET /v1/tenants/{tenant}/export",
        "PUT /v1/workspaces/{team}",
        "GET /v1/people",
        "PUT /v1/people",
        "DELETE /v1/people",
    ],
    "queue, gaps, notices": [
        "GET /v1/support-requests",
        "POST /v1/support-requests/{id}/claim",
        "POST /v1/support-requests/{id}/release",
        "POST /v1/support-requests/{id}/answer",
        "POST /v1/support-requests/{id}/answered-elsewhere",
        "POST /v1/support-requests/{id}/snooze",
        "POST /v1/support-requests/{id}/resolve",
        "POST /v1/support-requests/{id}/reopen",
        "GET /v1/sla",
        "GET /v1/gaps",
        "PUT /v1/incident",
        "DELETE /v1/incident",
        "GET /v1/notifications/undelivered",
    ],
    "a request's card": [
        "GET /v1/support-requests/{id}",
        "PUT /v1/support-requests/{id}/card",
        "PUT /v1/support-requests/{id}/place",
    ],
}
LINE_OF = {route: line for line, routes in LINES.items() for route in routes}
OF_ONE_TENANT = ("{tenant}", "/connect-links/{id}")
BODIES: dict[str, object] = {
    "PUT /v1/connect-links/{id}/card": {"place": "slack:TACME/D1/1.0"},
    "PUT /v1/tenants/{tenant}/calendar-events": {"items": []},
    "PUT /v1/support-requests/{id}/card": {"place": "slack:TRETAIN/C1/1.0"},
    "PUT /v1/support-requests/{id}/place": {"place": "slack:TACME/D1/1.0"},
    "POST /v1/support-requests/{id}/answer": {"key": "a form", "text": "An answer."},
    "POST /v1/support-requests/{id}/write": {"key": "a message", "text": "One thing more."},
}


@dataclass(frozen=True)
class Person:
    """What the bot says somebody is (all are of acme), what Retain has listed, and what comes of both."""

    said: Role
    listed: Role | None
    is_in_effect: Role

    @property
    def actor(self) -> str:
        return LISTED_STAFF if self.listed is Role.STAFF else ACTOR

    def __str__(self) -> str:
        return f"{self.said}, listed as {self.listed}" if self.listed else self.said


EVERYBODY = [
    *(Person(role, None, role) for role in Role),
    Person(Role.MEMBER, Role.ADMIN, Role.ADMIN),
    Person(Role.MEMBER, Role.STAFF, Role.STAFF),
    Person(Role.ADMIN, Role.STAFF, Role.STAFF),
    Person(Role.NOBODY, Role.ADMIN, Role.NOBODY),
    Person(Role.NOBODY, Role.STAFF, Role.NOBODY),
]
ACTOR = "slack:TACME/U1"
LISTED_STAFF = "slack:TRETAIN/U1"


# Which table the id of a path is of.
IDS = {"connect-links": "connect_links", "support-requests": "support_requests"}
CHANGES_NOTHING = {401, 403, 404, 405, 422}


@dataclass
class Place:
    """An app with two tenants' rows in every table; `ids` are those of theirs, by tenant and table."""

    client: TestClient
    runtime: Runtime
    ids: dict[str, dict[str, str]]
    changed: bool = True

    def renew(self, person: Person) -> None:
        """All rows as they were, should a call have changed any, and the person listed."""
        with self.runtime.database.writing() as session:
            if self.changed:
                self._fill(session)
            session.execute(Base.metadata.tables["people"].delete())
            if person.listed is not None:
                tenant_id = None if person.listed is Role.STAFF else "acme"
                listed = {"actor": person.actor, "tenant_id": tenant_id, "role": person.listed}
                session.execute(
                    Base.metadata.tables["people"].insert().values(**listed, changed_at=self.runtime.clock())
                )
        self.changed = False

    def _fill(self, session: Session) -> None:
        for table in reversed(Base.metadata.sorted_tables):
            session.execute(table.delete())
        for tenant in ("acme", "globex"):
            made = fill(session, self.runtime.vault, tenant)
            self.ids[tenant] = {table: made[table]["id"] for table in IDS.values()}
        session.execute(update(Connection).values(access_token=None, refresh_token=None))  # nobody calls Zoom
        for name in ("grants", "revocations"):
            session.execute(Base.metadata.tables[name].delete())
        session.add(Workspace(team="TRETAIN", staff=True, first_seen_at=self.runtime.clock()))

    def ask(self, route: str, person: Person, own: str | None, tenant: str) -> httpx.Response:
        method, _, path = route.partition(" ")
        row_id = self.ids[tenant][IDS.get(path.split("/")[2], "connect_links")]
        path = path.replace("{tenant}", tenant).replace("{team}", f"T{tenant.upper()}").replace("{id}", row_id)
        actor = {} if person.said is Role.PROGRAM else {"X-Actor": person.actor}
        headers = {"X-Role": person.said.value, **actor} | ({"X-Tenant": own} if own else {})
        answer = self.client.request(method, path, headers=headers, json=BODIES.get(route))
        self.changed |= method != "GET" and answer.status_code not in CHANGES_NOTHING
        return answer


@pytest.fixture(scope="module")
def place(module_database_url: URL) -> Iterator[Place]:
    app = create_app(make_settings(module_database_url))
    with TestClient(app, headers={"Authorization": f"Bearer {API_KEY}"}) as client:
        yield Place(client, app.state.runtime, {})


def routes_of(app: FastAPI) -> set[str]:
    return {
        f"{method} {context.path}"
        for context in iter_route_contexts(app.routes)
        for method in getattr(context, "methods", None) or ()
        if str(getattr(context, "path", "")).startswith("/v1/")
    }


def expected(route: str, person: Person, own: str | None, tenant: str) -> bool:
    """Does the design allow it?"""
    scope = DESIGN[LINE_OF[route]][list(Role).index(person.is_in_effect)]
    if scope == "own" and any(part in route for part in OF_ONE_TENANT):
        return own == tenant
    return scope != "-"


@pytest.mark.parametrize("route", sorted(LINE_OF))
def test_who_may_is_let_through_and_nobody_else(place: Place, route: str) -> None:
    for person in EVERYBODY:
        place.renew(person)
        for own, tenant in [("acme", "acme"), ("acme", "globex"), (None, "acme")]:
            if person.listed is Role.ADMIN and own is None:
                continue  # listed for a tenant that nobody names: see below
            response = place.ask(route, person, own, tenant)
            may = expected(route, person, own, tenant)
            assert (response.status_code != 403) is may, f"{person} of {own} on {tenant}: {response.text}"
            assert response.status_code < 500, response.text
            assert may or response.json()["remedy"]


def test_who_is_listed_for_a_tenant_is_its_admin_only_where_it_is_named(place: Place) -> None:
    route, person = "GET /v1/tenants/{tenant}/zoom/events", Person(Role.MEMBER, Role.ADMIN, Role.ADMIN)
    place.renew(person)
    assert place.ask(route, person, "acme", "acme").status_code == 200
    assert place.ask(route, person, None, "acme").status_code == 403
    assert place.ask(route, person, "globex", "globex").status_code == 403


def test_every_route_is_written_down_here_and_every_line_is_a_route(place: Place) -> None:
    assert {route.partition("?")[0] for route in LINE_OF} == routes_of(place.client.app)  # type: ignore[arg-type]


def test_every_line_of_the_policy_is_a_route_and_the_reverse(place: Place) -> None:
    assert {f"{method} {path}" for method, path in ROUTES} == routes_of(place.client.app)  # type: ignore[arg-type]


def test_every_action_is_asked_for_somewhere() -> None:
    assert set(ROUTES.values()) == set(ACTIONS)


def test_a_route_that_nobody_decided_on_keeps_the_app_from_starting() -> None:
    router = APIRouter()
    router.add_api_route("/v1/new", lambda: None)
    with pytest.raises(SettingsError, match="GET /v1/new is missing"):
        check_routes(router.routes)


@pytest.mark.parametrize("action", sorted(ACTIONS))
def test_a_higher_role_may_all_that_a_lower_one_may(action: str) -> None:
    scopes = [ACTIONS[action].scope(role) for role in Role if role is not Role.PROGRAM]
    assert scopes == sorted(scopes)


@pytest.mark.parametrize(
    ("headers", "status"),
    [({}, 200), ({"X-Role": "program"}, 200), ({"X-Actor": "slack:TACME/U1"}, 403), ({"X-Role": "nobody"}, 403)]
    + [({"X-Actor": "slack:TACME/U1", "X-Role": role}, 403) for role in ("program", "nobody", "member", "admin")],
)
def test_a_program_acts_for_itself_only_where_it_names_nobody(
    place: Place, headers: dict[str, str], status: int
) -> None:
    place.renew(EVERYBODY[0])
    answer = place.client.put("/v1/tenants/acme/calendar-events", json={"items": []}, headers=headers)
    assert answer.status_code == status


def test_own_means_the_very_tenant() -> None:
    for action, role in product(ACTIONS, Role):
        assert allowed(action, role, "acme", "acme") == (ACTIONS[action].scope(role) is not Scope.NONE)
        assert allowed(action, role, "acme", "acme-europe") == (ACTIONS[action].scope(role) is Scope.ANY)
        assert allowed(action, role, None, "acme") == (ACTIONS[action].scope(role) is Scope.ANY)


def test_each_role_has_its_own_column() -> None:
    action = Action(Scope.ANY, Scope.NONE, Scope.OWN, Scope.ANY, Scope.NONE)
    assert [action.scope(role) for role in Role] == [Scope.ANY, Scope.NONE, Scope.OWN, Scope.ANY, Scope.NONE]


def test_what_was_refused_is_logged_with_who_asked_for_what(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    person = Person(Role.MEMBER, None, Role.MEMBER)
    place.renew(person)
    with caplog.at_level("WARNING", logger="integration.auth"):
        place.ask("DELETE /v1/tenants/{tenant}", person, "acme", "globex")
    [record] = [record for record in caplog.records if record.name == "integration.auth"]
    facts = {name: getattr(record, name) for name in ("action", "role", "of", "tenant", "actor", "caller")}
    assert facts == {
        "action": "administer",
        "role": "member",
        "of": "acme",
        "tenant": "globex",
        "actor": ACTOR,
        "caller": "bot",
    }


def test_what_was_allowed_is_logged_with_who_did_what(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    person = Person(Role.MEMBER, Role.STAFF, Role.STAFF)
    place.renew(person)
    with caplog.at_level("INFO", logger="integration.envelope"):
        place.ask("GET /v1/tenants/{tenant}", person, "acme", "globex")
    [record] = [record for record in caplog.records if record.name == "integration.envelope"]
    assert (record.action, record.role, record.actor) == ("administer", "staff", LISTED_STAFF)  # type: ignore[attr-defined]


@pytest.mark.parametrize("role", ["owner", "ADMIN", "", "staff, admin"])
def test_a_role_that_does_not_exist_is_refused(place: Place, role: str) -> None:
    for path in ("/v1/incident", "/v1/tenants/acme/zoom/status"):
        response = place.client.get(path, headers={"X-Role": role})
        assert response.status_code == 422
        assert response.json()["field"].lower() == "x-role"
