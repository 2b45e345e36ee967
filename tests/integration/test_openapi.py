"""The OpenAPI document's every promise, tried by schemathesis: no server error, no breach of contract."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Case
from schemathesis.checks import CheckFunction
from schemathesis.specs.openapi.checks import positive_data_acceptance
from schemathesis.specs.openapi.schemas import OpenApiSchema
from sqlalchemy import make_url, update
from sqlalchemy.engine import URL

from integration.app import create_app
from integration.runtime import Runtime
from integration.tenants.models import Tenant
from integration.zoom.sandbox.driver import ZoomStandIn
from tests.integration.conftest import API_KEY, make_settings
from tests.integration.connections.steps import connect
from tests.support.zoom import impatient, reached_at, running_zoom

EXAMPLES = 5
REQUESTS = "/v1/support-requests"
# That a zone exists, a domain is one, or a moment has passed is said in words and refused with 422, as documented.
BEYOND_A_SCHEMA: list[CheckFunction] = [positive_data_acceptance]
WHO = {"Authorization": f"Bearer {API_KEY}", "X-Actor": "slack:T1/U1"}
ROLES = ({"X-Role": "staff"}, {"X-Role": "admin", "X-Tenant": "acme"}, {"X-Role": "nobody"})


def operations() -> list[str]:
    """Method and path of every operation, from an app that no request reaches."""
    app = create_app(make_settings(make_url("sqlite:////nowhere/openapi.db")))
    paths = app.openapi()["paths"]
    return sorted(f"{method.upper()} {path}" for path, methods in paths.items() for method in methods)


@dataclass(frozen=True)
class Tried:
    """One app for all examples, its Zoom the stand-in."""

    document: OpenApiSchema
    runtime: Runtime
    zoom: ZoomStandIn

    def things(self, path: str) -> Mapping[str, str]:
        """Acme, connected, and a link or a request of theirs: what addresses may name besides what is made up."""
        connect(self.runtime, self.zoom)
        with self.runtime.database.writing() as session:  # an example may have switched it off
            session.execute(update(Tenant).where(Tenant.id == "acme").values(zoom_enabled=True))
        if path.startswith(REQUESTS):
            return {"id": self._made(REQUESTS, {"key": uuid4().hex, "text": "Why?", "via": "slack"})}
        links = "/v1/tenants/{tenant}/connect-links"
        return {"tenant": "acme", "id": self._made(links, {"requester_email": "jonas@acme.example"})}

    def _made(self, path: str, body: dict[str, Any]) -> str:
        case = self.document[path]["POST"].Case(
            path_parameters={"tenant": "acme"} if "{tenant}" in path else {}, body=body, media_type="application/json"
        )
        answer = case.call(headers=WHO | ROLES[0])
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])


@pytest.fixture(scope="module")
def tried(module_database_url: URL) -> Iterator[Tried]:
    with running_zoom() as zoom:
        app = create_app(make_settings(module_database_url, **reached_at(zoom)))
        app.state.runtime = runtime = impatient(app.state.runtime)
        yield Tried(schemathesis.openapi.from_asgi("/openapi.json", app), runtime, zoom)
        runtime.database.close()


@pytest.mark.parametrize("operation", operations())
def test_an_operation_keeps_what_the_document_says(tried: Tried, operation: str) -> None:
    method, path = operation.split(" ")
    things = tried.things(path)

    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=tried.document[path][method].as_strategy(), real=st.booleans())
    def keeps_its_word(case: Case[Any], real: bool) -> None:
        if "wait" in case.query:
            case.query["wait"] = 0  # nobody waits half a minute for each example
        if real:
            case.path_parameters |= {name: things[name] for name in things.keys() & case.path_parameters.keys()}
        for role in ROLES:
            case.validate_response(case.call(headers=WHO | role), excluded_checks=BEYOND_A_SCHEMA)

    keeps_its_word()
