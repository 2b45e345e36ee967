"""`/v1/tenants/{tenant}/backfill`."""

import pytest
from fastapi.testclient import TestClient

from tests.integration.backfill.steps import Scene
from tests.integration.connections.steps import STAFF, add_tenant, as_role


def test_asked_for_it_goes_on_in_the_worker_and_can_be_followed(client: TestClient, scene: Scene) -> None:
    for days in (3, 40):
        scene.held(scene.ago(days=days))
    path, admin = "/v1/tenants/acme/backfill", as_role("admin")
    nothing = client.get(path, headers=admin).json()
    assert (nothing["state"], nothing["share"], nothing["since"]) == ("none", 0.0, None)
    made = client.post(path, headers=admin)
    assert made.status_code == 202
    assert (made.json()["state"], made.json()["why"], made.json()["windows"]) == ("running", "asked", 7)
    assert client.post(path, headers=STAFF).json()["since"] == made.json()["since"]
    shares = []
    while scene.turn():
        shares.append(client.get(path, headers=admin).json()["share"])
    assert shares == sorted(shares)
    assert 0 < shares[0] < 0.5
    done = client.get(path, headers=admin).json()
    assert (done["state"], done["share"], done["sessions_found"], done["fresh"]) == ("done", 1.0, 2, 2)
    assert done["explanation"] == "Zoom was asked about the past: it told of 2 calls, 2 of them new to us."
    assert done["asked_from"] < done["asked_until"]
    assert done["finished_at"] is not None


@pytest.mark.parametrize(("tenant", "status", "cause"), [("globex", 409, "never_connected"), ("nobody", 404, None)])
def test_without_a_connection_or_a_tenant_it_says_what_to_do(
    client: TestClient, scene: Scene, tenant: str, status: int, cause: str | None
) -> None:
    add_tenant(scene.runtime, "globex")
    refused = client.post(f"/v1/tenants/{tenant}/backfill", headers=STAFF)
    assert refused.status_code == status
    assert refused.json().get("cause") == cause
    assert refused.json()["remedy"]
