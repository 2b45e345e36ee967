"""No route under /v1 answers without an API key; found by asking the app for its routes."""

import re
from collections.abc import Iterator

import pytest
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient

from integration.app import ROUTERS
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
