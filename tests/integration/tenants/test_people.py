import pytest
from fastapi.testclient import TestClient

from tests.integration.tenants.conftest import Ask

ADA = "slack:TACME/UADA"
SAM = "slack:TR/USAM"


def people(staff: Ask, **params: str) -> list[tuple[str, str | None, str]]:
    found = staff("GET", "/people", **params).json()["people"]
    return [(one["actor"], one["tenant"], one["role"]) for one in found]


def test_people_are_listed_staff_first(staff: Ask, acme: str, globex: str, retain: str) -> None:
    for actor, tenant, role in [("b", "globex", "admin"), ("a", "acme", "admin"), (SAM, None, "staff")]:
        assert staff("PUT", "/people", {"actor": actor, "tenant": tenant, "role": role}).status_code == 200
    assert people(staff) == [(SAM, None, "staff"), ("a", "acme", "admin"), ("b", "globex", "admin")]
    assert people(staff, tenant="globex") == [("b", "globex", "admin")]


def test_a_person_is_listed_once_the_last_word_counts(staff: Ask, acme: str, globex: str) -> None:
    for tenant in ("acme", "acme", "globex"):
        staff("PUT", "/people", {"actor": ADA, "tenant": tenant, "role": "admin"})
    assert people(staff) == [(ADA, "globex", "admin")]


@pytest.mark.parametrize("tenant", ["acme", None])
def test_a_member_is_not_listed_any_more(staff: Ask, acme: str, tenant: str | None) -> None:
    staff("PUT", "/people", {"actor": ADA, "tenant": "acme", "role": "admin"})
    for _ in range(2):
        assert staff("PUT", "/people", {"actor": ADA, "tenant": tenant, "role": "member"}).status_code == 200
    assert people(staff) == []


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"role": "admin"}, 422, "tenant"),
        ({"role": "staff", "tenant": "acme"}, 422, "tenant"),
        ({"role": "staff"}, 422, "actor"),
        ({"role": "admin", "tenant": "acmee"}, 404, "tenant"),
        ({"role": "nobody"}, 422, "role"),
        ({"role": "owner", "tenant": "acme"}, 422, "role"),
        ({"role": "admin", "tenant": "Not A Slug"}, 422, "tenant"),
        ({"role": "admin", "tenant": "acme", "actor": ""}, 422, "actor"),
    ],
)
def test_what_cannot_be_listed_names_the_field(
    staff: Ask, acme: str, body: dict[str, str], status: int, field: str
) -> None:
    response = staff("PUT", "/people", {"actor": ADA} | body)
    assert (response.status_code, response.json()["field"]) == (status, field)
    assert response.json()["remedy"]
    assert people(staff) == []


def test_a_tenant_that_goes_takes_its_admins_with_it(staff: Ask, acme: str) -> None:
    staff("PUT", "/people", {"actor": ADA, "tenant": "acme", "role": "admin"})
    assert staff("DELETE", "/tenants/acme").json()["deleted"]["people"] == 1
    assert people(staff) == []


@pytest.mark.parametrize("actor", [ADA, "slack:TRR/USAM", "TR/USAM", "slack:T/TR/USAM", "slack:TACME/U:TR/U"])
def test_nobody_is_staff_outside_of_retains_own_workspaces(staff: Ask, acme: str, retain: str, actor: str) -> None:
    response = staff("PUT", "/people", {"actor": actor, "role": "staff"})
    assert (response.status_code, response.json()["field"]) == (422, "actor")
    assert "workspaces link TEAM --staff" in response.json()["remedy"]


def test_listed_staff_are_so_as_long_as_their_workspace_is_retains_own(
    client: TestClient, staff: Ask, acme: str, retain: str
) -> None:
    assert staff("PUT", "/people", {"actor": SAM, "role": "staff"}).status_code == 200
    headers = {"X-Actor": SAM, "X-Role": "member"}
    assert client.get("/v1/tenants/acme", headers=headers).status_code == 200
    staff("PUT", "/workspaces/TR", {"staff": False})
    assert client.get("/v1/tenants/acme", headers=headers).status_code == 403
