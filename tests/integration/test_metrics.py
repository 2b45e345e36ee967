from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import make_url, update
from sqlalchemy.engine import URL

from integration.app import create_app
from integration.connections.models import Connection
from integration.metrics import OLDEST_DUE, Metrics
from integration.notifications.models import Notification
from integration.runtime import Runtime
from integration.tenants.models import Tenant
from integration.webhooks.models import Webhook
from tests.integration.conftest import API_KEY, make_settings
from tests.integration.tenants.rows import NOW, fill

KEY = {"Authorization": f"Bearer {API_KEY}"}


def samples(client: TestClient) -> dict[tuple[str, ...], float]:
    """Values by name and labels' values."""
    response = client.get("/metrics", headers=KEY)
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/plain; version=0.0.4")
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(response.text)
        for sample in family.samples
    }


def test_it_needs_a_key(pages: TestClient) -> None:
    response = pages.get("/metrics")
    assert response.status_code == 401
    assert response.json()["field"] == "Authorization"
    assert "retain_" not in response.text


def test_requests_are_counted_by_route_and_never_by_what_an_address_carries(client: TestClient) -> None:
    client.get("/v1/workspaces/TSECRET")
    client.get("/help/connect-zoom")
    client.get("/no-such-page/secret")
    client.request("BREW", "/healthz")
    found = samples(client)
    assert found["retain_http_requests_total", "GET", "/v1/workspaces/{team}", "404"] == 1
    assert found["retain_http_requests_total", "GET", "/help/{slug}", "200"] == 1
    assert found["retain_http_requests_total", "GET", "(no route)", "404"] == 1
    assert found["retain_http_request_seconds_count", "GET", "/help/{slug}"] == 1
    assert "secret" not in str(found).lower()
    assert "BREW" not in str(found)


def test_what_others_count_is_shown(client: TestClient, runtime: Runtime) -> None:
    metrics = client.app.state.runtime.metrics  # type: ignore[attr-defined]
    metrics.zoom_calls.labels("refresh", "zoom_unavailable").inc()
    metrics.webhooks.labels("stored").inc()
    found = samples(client)
    assert found["retain_zoom_calls_total", "refresh", "zoom_unavailable"] == 1
    assert found["retain_webhook_deliveries_total", "stored"] == 1


def test_an_empty_database_counts_as_zero(client: TestClient) -> None:
    found = samples(client)
    assert found["retain_database_up",] == 1
    assert {found["retain_connections", state] for state in ("connected", "degraded", "deauthorized")} == {0}
    assert {found["retain_notifications", state] for state in ("open", "parked")} == {0}
    assert {found["retain_oldest_due_seconds", what] for what in OLDEST_DUE} == {0}


def test_what_waits_is_read_from_the_database(client: TestClient, runtime: Runtime) -> None:
    with runtime.database.writing() as session:
        for tenant in ("acme", "globex"):
            fill(session, runtime.vault, tenant)
        session.execute(update(Tenant).values(zoom_enabled=True))
        session.execute(update(Connection).values(check_due_at=NOW + timedelta(hours=1)))
        late = Connection.tenant_id == "acme"
        session.execute(
            update(Connection).where(late).values(state="degraded", check_due_at=NOW - timedelta(minutes=5))
        )
        session.execute(update(Notification).where(Notification.place.contains("ACME")).values(state="parked"))
        session.execute(update(Webhook).values(state="done", due_at=NOW - timedelta(days=3)))
    found = samples(client)
    assert found["retain_connections", "degraded"] == 1
    assert found["retain_connections", "connected"] == 1
    assert (found["retain_notifications", "open"], found["retain_notifications", "parked"]) == (1, 1)
    assert found["retain_oldest_due_seconds", "connection_check"] == 300
    assert found["retain_oldest_due_seconds", "webhook"] == 0


@pytest.mark.parametrize(("state", "enabled"), [("connected", False), ("needs_reauthorization", True)])
def test_a_connection_that_nobody_looks_after_is_not_overdue(
    client: TestClient, runtime: Runtime, state: str, enabled: bool
) -> None:
    with runtime.database.writing() as session:
        fill(session, runtime.vault, "acme")
        session.execute(update(Tenant).values(zoom_enabled=enabled))
        session.execute(update(Connection).values(state=state, check_due_at=NOW - timedelta(days=5)))
    assert samples(client)["retain_oldest_due_seconds", "connection_check"] == 0


@pytest.mark.parametrize("url", ["sqlite:////nonexistent/x.db", "postgresql+psycopg://u:pass-word@127.0.0.1:1/db"])
def test_while_the_database_is_away_the_rest_is_shown(url: str) -> None:
    with TestClient(create_app(make_settings(make_url(url)))) as client:
        client.get("/healthz")
        found = samples(client)
    assert found["retain_database_up",] == 0
    assert found["retain_http_requests_total", "GET", "/healthz", "200"] == 1
    assert not [name for name, *_ in found if name == "retain_connections"]


def test_a_database_without_tables_is_no_server_error(empty_database_url: URL) -> None:
    with TestClient(create_app(make_settings(empty_database_url))) as client:
        assert samples(client)["retain_database_up",] == 0


def test_two_apps_in_one_process_count_apart() -> None:
    one, other = Metrics(), Metrics()
    one.webhooks.labels("stored").inc()
    assert other.registry.get_sample_value("retain_webhook_deliveries_total", {"result": "stored"}) is None
