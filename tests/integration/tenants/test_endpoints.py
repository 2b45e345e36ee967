import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from integration.connections.models import ConnectionEvent
from integration.runtime import Runtime
from tests.integration.tenants.conftest import Ask


def events(runtime: Runtime) -> list[tuple[str, str, str | None]]:
    with runtime.database.reading() as session:
        rows = session.scalars(select(ConnectionEvent).order_by(ConnectionEvent.number))
        return [(row.state, row.cause, row.actor) for row in rows]


def test_a_tenant_is_added_with_sensible_defaults(staff: Ask) -> None:
    response = staff("POST", "/tenants", {"id": "acme", "name": "Acme Corp"})
    assert response.status_code == 201
    kept = response.json()
    assert (kept["zoom_enabled"], kept["domains"], kept["time_zone"]) == (False, [], "America/Los_Angeles")
    assert staff("GET", "/tenants/acme").json() == kept


def test_adding_it_again_just_so_changes_nothing(staff: Ask, acme: str) -> None:
    body = {"id": "acme", "name": "Acme Corp", "domains": ["@ACME.example"], "zoom_enabled": True}
    response = staff("POST", "/tenants", body)
    assert response.status_code == 200
    assert response.json()["domains"] == ["acme.example"]


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", "Acme"), ("domains", []), ("time_zone", "Europe/Berlin"), ("zoom_enabled", False)],
)
def test_adding_it_again_otherwise_is_refused_and_names_the_field(
    staff: Ask, acme: str, field: str, value: object
) -> None:
    body = {"id": "acme", "name": "Acme Corp", "domains": ["acme.example"], "zoom_enabled": True}
    response = staff("POST", "/tenants", body | {field: value})
    assert response.status_code == 409
    assert response.json()["field"] == field
    assert "tenants change acme" in response.json()["remedy"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"id": "Acme Corp"}, "id"),
        ({"name": ""}, "name"),
        ({"name": "a\0b"}, "name"),
        ({"name": " \n "}, "name"),
        ({"time_zone": "berlin"}, "time_zone"),
        ({"domains": ["gmail.com"]}, "domains"),
        ({"domains": "acme.example"}, "domains"),
        ({"zoom_enabled": "perhaps"}, "zoom_enabled"),
    ],
)
def test_a_value_that_is_not_acceptable_names_its_field(staff: Ask, change: dict[str, object], field: str) -> None:
    response = staff("POST", "/tenants", {"id": "acme", "name": "Acme Corp"} | change)
    assert response.status_code == 422
    assert response.json()["field"] == field


def test_tenants_are_listed_by_name(staff: Ask, globex: str, acme: str) -> None:
    listed = staff("GET", "/tenants").json()["tenants"]
    assert [(one["id"], one["score"]) for one in listed] == [("acme", None), ("globex", None)]


def test_tenants_are_found_best_first_with_their_scores(staff: Ask, globex: str, acme: str) -> None:
    assert [one["id"] for one in staff("GET", "/tenants", query="acme").json()["tenants"]] == ["acme"]
    [found] = staff("GET", "/tenants", query="globx").json()["tenants"]
    assert found["id"] == "globex"
    assert 0.6 < found["score"] < 1


def test_what_is_left_out_stays_as_it_is(staff: Ask, acme: str) -> None:
    before = staff("GET", "/tenants/acme").json()
    changed = staff("PATCH", "/tenants/acme", {"name": "Acme Inc"}).json()
    assert changed == before | {"name": "Acme Inc"}
    assert staff("PATCH", "/tenants/acme", {}).json() == changed


def test_enabling_and_disabling_zoom_is_recorded_with_who_did_it(staff: Ask, runtime: Runtime, globex: str) -> None:
    for enabled in (True, True, False, False):
        response = staff("PATCH", "/tenants/globex", {"zoom_enabled": enabled})
        assert response.json()["zoom_enabled"] is enabled
    assert events(runtime) == [
        ("not_connected", "never_connected", "slack:TR/US"),
        ("not_enabled", "disabled_by_staff", "slack:TR/US"),
    ]


def test_a_tenant_that_does_not_exist_is_not_found(staff: Ask, acme: str) -> None:
    for method, path in {"GET": "", "PATCH": "", "DELETE": ""}.items():
        response = staff(method, f"/tenants/acmee{path}", {})
        assert response.status_code == 404
        assert response.json()["remedy"] == "Did you mean acme?"
    assert staff("GET", "/tenants/acmee/export").status_code == 404


def test_an_address_that_can_be_no_tenants_is_not_found(staff: Ask) -> None:
    assert staff("GET", "/tenants/No%20Slug%00").status_code == 404


@pytest.mark.parametrize("role", ["nobody", "member", "admin"])
def test_only_staff_see_which_tenants_there_are(client: TestClient, acme: str, role: str) -> None:
    headers = {"X-Actor": "slack:TACME/U1", "X-Role": role, "X-Tenant": "acme"}
    for path in ("/v1/tenants", "/v1/tenants/acme", "/v1/tenants/nope", "/v1/tenants/acme/export", "/v1/people"):
        assert client.get(path, headers=headers).status_code == 403


def test_a_name_is_kept_on_one_line(staff: Ask) -> None:
    assert staff("POST", "/tenants", {"id": "acme", "name": " Acme \n Corp "}).json()["name"] == "Acme Corp"
