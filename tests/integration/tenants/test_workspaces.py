import pytest
from fastapi.testclient import TestClient

from tests.integration.tenants.conftest import Ask

WHO = {"X-Actor": "slack:TACME/U1", "X-Role": "member"}


def seen(client: TestClient, team: str, name: str | None) -> dict[str, object]:
    response = client.post(f"/v1/workspaces/{team}/seen", json={"name": name}, headers=WHO)
    assert response.status_code == 200
    found: dict[str, object] = response.json()
    return found


def notices(client: TestClient) -> list[dict[str, object]]:
    claimed = client.post("/v1/notifications/claim", headers={"X-Place": "staff"}).json()["notifications"]
    return [one["payload"] for one in claimed if one["kind"] == "staff.notice"]


def test_a_linked_workspace_says_whose_it_is(client: TestClient, acme: str) -> None:
    assert client.get("/v1/workspaces/TACME", headers=WHO).json() == {
        "team": "TACME",
        "tenant": "acme",
        "name": "Acme Corp",
        "time_zone": "America/Los_Angeles",
        "workspace_name": "acme",
        "staff": False,
        "role": "member",
    }


def test_any_key_holder_may_ask_before_anything_is_known_of_the_person(client: TestClient, acme: str) -> None:
    found = client.get("/v1/workspaces/TACME").json()
    assert (found["tenant"], found["role"]) == ("acme", "program")


def test_a_workspace_that_never_wrote_is_not_known(client: TestClient) -> None:
    response = client.get("/v1/workspaces/TNEW", headers=WHO)
    assert response.status_code == 404
    assert response.json()["field"] == "team"
    assert client.get("/v1/workspaces/a%00b", headers=WHO).status_code == 404


def test_staff_hear_of_a_new_workspace_once_with_whose_it_may_be(client: TestClient, acme: str, globex: str) -> None:
    for _ in range(3):
        found = seen(client, "TNEW", "Globex Inc")
    assert (found["tenant"], found["workspace_name"], found["staff"]) == (None, "Globex Inc", False)
    [notice] = notices(client)
    assert notice["topic"] == "unknown_workspace"
    assert notice["data"] == {
        "team": "TNEW",
        "name": "Globex Inc",
        "suggestions": [{"tenant": "globex", "name": "Globex"}],
    }


def test_a_new_workspace_without_a_name_is_named_by_its_id(client: TestClient) -> None:
    seen(client, "TNEW", None)
    [notice] = notices(client)
    assert notice["data"] == {"team": "TNEW", "name": "TNEW", "suggestions": []}
    assert "TNEW belongs to no organisation" in str(notice["text"])


def test_staff_do_not_hear_of_a_workspace_that_is_linked(client: TestClient, acme: str) -> None:
    assert seen(client, "TACME", "Acme Inc")["workspace_name"] == "Acme Inc"
    assert notices(client) == []


def test_once_it_is_linked_nobody_needs_to_be_told_any_more(client: TestClient, staff: Ask, acme: str) -> None:
    seen(client, "TNEW", "acme too")
    assert staff("PUT", "/workspaces/TNEW", {"tenant": "acme"}).json()["workspace_name"] == "acme too"
    assert notices(client) == []


def test_linking_may_be_repeated_moved_and_undone(staff: Ask, acme: str, globex: str) -> None:
    for tenant in ("globex", "globex", "acme", None):
        assert staff("PUT", "/workspaces/TNEW", {"tenant": tenant}).json()["tenant"] == tenant


def test_a_workspace_can_be_retains_own(staff: Ask) -> None:
    assert staff("PUT", "/workspaces/TR", {"staff": True, "name": "Retain"}).json()["staff"] is True
    assert staff("PUT", "/workspaces/TR", {"name": "Retain HQ"}).json()["staff"] is True
    assert staff("PUT", "/workspaces/TR", {"staff": False}).json()["staff"] is False


@pytest.mark.parametrize("body", [{"tenant": "acme", "staff": True}, {"tenant": "acme"}])
def test_no_workspace_is_retains_own_and_a_tenants(staff: Ask, acme: str, body: dict[str, object]) -> None:
    staff("PUT", "/workspaces/TR", {"staff": True})
    response = staff("PUT", "/workspaces/TR", body)
    assert response.status_code == 422
    assert response.json()["field"] == "staff"
    assert staff("PUT", "/workspaces/TR", {"tenant": "acme", "staff": False}).json()["tenant"] == "acme"


def test_it_cannot_be_linked_to_a_tenant_that_does_not_exist(staff: Ask, acme: str) -> None:
    response = staff("PUT", "/workspaces/TNEW", {"tenant": "acmee"})
    assert response.status_code == 404
    assert response.json()["remedy"] == "Did you mean acme?"
    assert staff("GET", "/workspaces/TNEW").status_code == 404


@pytest.mark.parametrize(
    ("said", "listed", "role"),
    [
        ("nobody", {"role": "admin", "tenant": "acme"}, "nobody"),
        ("member", {"role": "admin", "tenant": "acme"}, "admin"),
        ("member", {"role": "admin", "tenant": "globex"}, "member"),
        ("admin", {"role": "admin", "tenant": "globex"}, "admin"),
        ("staff", {"role": "admin", "tenant": "acme"}, "staff"),
    ],
)
def test_the_role_there_is_what_retain_has_listed_or_more(
    client: TestClient, staff: Ask, acme: str, globex: str, said: str, listed: dict[str, str], role: str
) -> None:
    assert staff("PUT", "/people", {"actor": "slack:TACME/U1"} | listed).status_code == 200
    headers = {"X-Actor": "slack:TACME/U1", "X-Role": said, "X-Tenant": "globex"}
    assert client.get("/v1/workspaces/TACME", headers=headers).json()["role"] == role


@pytest.mark.parametrize("said", ["member", "admin"])
def test_listed_staff_are_staff_in_every_workspace_that_asks_about_them(
    client: TestClient, staff: Ask, acme: str, retain: str, said: str
) -> None:
    assert staff("PUT", "/people", {"actor": "slack:TR/USAM", "role": "staff"}).status_code == 200
    headers = {"X-Actor": "slack:TR/USAM", "X-Role": said}
    assert client.get("/v1/workspaces/TACME", headers=headers).json()["role"] == "staff"


def test_a_role_of_another_tenant_does_not_follow_into_this_workspace(
    client: TestClient, staff: Ask, acme: str, globex: str
) -> None:
    staff("PUT", "/people", {"actor": "slack:TACME/U1", "tenant": "globex", "role": "admin"})
    headers = WHO | {"X-Tenant": "globex"}
    assert client.get("/v1/workspaces/TACME", headers=headers).json()["role"] == "member"
