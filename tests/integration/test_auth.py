"""No route under /v1 answers without an API key; found by asking the app for its routes."""

import re
from collections.abc import Callable, Iterator

import pytest
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from sqlalchemy import event

from integration.app import ROUTERS
from integration.auth import Principal
from integration.policy import Role
from integration.runtime import Runtime
from tests.integration.conftest import API_KEY


def v1_routes() -> Iterator[tuple[str, str]]:
    for context in iter_route_contexts([route for router in ROUTERS for route in router.routes]):
        for method in sorted(getattr(context, "methods", None) or ()):
            path = str(getattr(context, "path", ""))
            if path.startswith("/v1"):
                yield method, path


ROUTES = sorted(set(v1_routes()))


def test_the_routes_are_found() -> None:
    assert ("POST", "/v1/questions") in ROUTES
    assert ("POST", "/v1/notifications/{id}/ack") in ROUTES


def test_every_route_of_the_document_is_among_them(pages: TestClient) -> None:
    paths = pages.get("/openapi.json").json()["paths"]
    described = {(method.upper(), path) for path, methods in paths.items() for method in methods}
    assert {one for one in described if one[1].startswith("/v1")} == set(ROUTES)


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer nope", f"Basic {API_KEY}", API_KEY, "Bearer é"])
@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_a_route_is_closed_without_a_known_key(pages: TestClient, method: str, path: str, header: str | None) -> None:
    headers = [] if header is None else [(b"Authorization", header.encode())]
    response = pages.request(method, re.sub(r"\{\w+\}", "0" * 32, path), headers=headers)
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"].startswith("Bearer")
    problem = response.json()
    assert problem["field"] == "Authorization"
    assert "python -m integration keys api" in problem["remedy"]


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_a_route_is_open_to_a_known_key(client: TestClient, method: str, path: str) -> None:
    address = re.sub(r"\{\w+\}", "0" * 32, path)
    response = client.request(method, address, headers={"Authorization": f"bearer {API_KEY}"})
    assert response.status_code != 401


def reads_of_the_list(runtime: Runtime, ask: Callable[[], object]) -> int:
    """How often Retain's list of people is read while `ask` runs."""
    read: list[str] = []

    def listen(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if "FROM people" in statement:
            read.append(statement)

    event.listen(runtime.database.engine, "before_cursor_execute", listen)
    try:
        ask()
    finally:
        event.remove(runtime.database.engine, "before_cursor_execute", listen)
    return len(read)


@pytest.mark.parametrize(
    ("method", "path", "role", "times"),
    [
        ("GET", "/v1/tenants/acme/zoom/status", "staff", 0),  # more than staff nobody can be
        ("GET", "/v1/tenants/acme/zoom/status", "nobody", 0),  # nobody stays nobody
        ("GET", "/v1/tenants/acme/zoom/status", "member", 1),
        ("GET", "/v1/tenants/acme/zoom/status", "admin", 1),
        ("POST", "/v1/questions", "member", 0),  # everybody may
        ("GET", "/v1/incident", "member", 0),
        ("GET", "/v1/tenants", "member", 1),
    ],
)
def test_retains_list_is_read_once_and_only_where_it_can_matter(
    client: TestClient, method: str, path: str, role: str, times: int
) -> None:
    staff = {"X-Actor": "slack:TR/U9", "X-Role": "staff"}
    client.post("/v1/tenants", json={"id": "acme", "name": "Acme"}, headers=staff)
    runtime = client.app.state.runtime  # type: ignore[attr-defined]
    headers = {"X-Actor": "slack:TACME/U1", "X-Role": role, "X-Tenant": "acme"}
    assert reads_of_the_list(runtime, lambda: client.request(method, path, headers=headers)) == times


def test_who_is_listed_as_admin_sees_what_admins_see(client: TestClient) -> None:
    staff = {"X-Actor": "slack:TR/U9", "X-Role": "staff"}
    client.post("/v1/tenants", json={"id": "acme", "name": "Acme", "zoom_enabled": True}, headers=staff)
    member = {"X-Actor": "slack:TACME/U1", "X-Role": "member", "X-Tenant": "acme"}
    path = "/v1/tenants/acme/zoom/status"
    assert "connect_link" not in client.get(path, headers=member).json()["may"]
    client.put("/v1/people", json={"actor": "slack:TACME/U1", "tenant": "acme", "role": "admin"}, headers=staff)
    assert "connect_link" in client.get(path, headers=member).json()["may"]


def test_a_principal_knows_its_role_without_a_database() -> None:
    for role in Role:
        assert Principal("bot", "slack:T1/U1", role, "acme").role is role


def test_a_role_that_was_established_is_not_asked_for_again(runtime: Runtime) -> None:
    principal = Principal("bot", "slack:T1/U1", Role.MEMBER, "acme", None, runtime.database)
    with runtime.database.reading() as session:
        assert principal.listed_in(session).listed_in(session).role is Role.MEMBER
    assert reads_of_the_list(runtime, lambda: principal.may("administer", "acme")) == 0
