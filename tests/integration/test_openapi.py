"""The OpenAPI document's every promise, tried by schemathesis: no server error, no breach of contract."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import Case
from schemathesis.checks import CheckFunction
from schemathesis.specs.openapi.checks import positive_data_acceptance
from schemathesis.specs.openapi.schemas import OpenApiSchema
from sqlalchemy import make_url
from sqlalchemy.engine import URL

from integration.app import create_app
from tests.integration.conftest import API_KEY, make_settings

EXAMPLES = 25
# That a zone exists, a domain is one, or a moment has passed is said in words and refused with 422, as documented.
BEYOND_A_SCHEMA: list[CheckFunction] = [positive_data_acceptance]
WHO = {"Authorization": f"Bearer {API_KEY}", "X-Actor": "slack:T1/U1"}
ROLES = ({"X-Role": "staff"}, {"X-Role": "admin", "X-Tenant": "acme"}, {"X-Role": "nobody"})


def operations() -> list[str]:
    """Method and path of every operation, from an app that no request reaches."""
    app = create_app(make_settings(make_url("sqlite:////nowhere/openapi.db")))
    paths = app.openapi()["paths"]
    return sorted(f"{method.upper()} {path}" for path, methods in paths.items() for method in methods)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def document(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> OpenApiSchema:
    """One app for all examples, with a tenant that some of them may hit."""
    if request.param == "sqlite":
        path: Path = tmp_path_factory.mktemp("openapi") / "retain.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        url = make_url(f"sqlite:///{path}")
    else:
        copied: URL = request.getfixturevalue("new_postgres_database")(request.getfixturevalue("postgres_template"))
        url = copied
    return schemathesis.openapi.from_asgi("/openapi.json", create_app(make_settings(url)))


@pytest.mark.parametrize("operation", operations())
def test_an_operation_keeps_what_the_document_says(document: OpenApiSchema, operation: str) -> None:
    method, path = operation.split(" ")

    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=document[path][method].as_strategy())
    def keeps_its_word(case: Case[Any]) -> None:
        if "wait" in case.query:
            case.query["wait"] = 0  # nobody waits half a minute for each example
        for role in ROLES:
            case.validate_response(case.call(headers=WHO | role), excluded_checks=BEYOND_A_SCHEMA)

    keeps_its_word()
