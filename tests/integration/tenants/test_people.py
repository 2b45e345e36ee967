import pytest

from tests.integration.tenants.conftest import Ask

ADA = "slack:TACME/UADA"


def people(staff: Ask, **params: str) -> list[tuple[str, str | None, str]]:
    found = staff("GET", "/people", **params).json()["people"]
    return [(one["actor"], one["tenant"], one["role"]) for one in found]


def test_people_are_listed_staff_first(staff: Ask, acme: str, globex: str) -> None:
    for actor, tenant, role in [("b", "globex", "admin"), ("a", "acme", "admin"), ("z", None, "staff")]:
        assert staff("PUT", "/people", {"actor": actor, "tenant": tenant, "role": role}).status_code == 200
    assert people(staff) == [("z", None, "staff"), ("a", "acme", "admin"), ("b", "globex", "admin")]
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
