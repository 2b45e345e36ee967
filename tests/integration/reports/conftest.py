"""What tests of the reports' pages begin with."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from integration.runtime import Runtime
from integration.tenants.models import Workspace
from tests.integration.reports.reading import DAY, Site
from tests.integration.reports.rows import NOW, Rows


@pytest.fixture
def site(anonymous: TestClient, runtime: Runtime) -> Iterator[Site]:
    """Acme, connected to Zoom, with an admin who is signed in."""
    with Session(runtime.database.engine) as session:
        rows = Rows(session, runtime.vault).tenant().connected().asked(NOW - 200 * DAY, NOW)
        for team, tenant in (("T0ACME", "acme"), ("T0RETAIN", None)):
            session.add(Workspace(team=team, tenant_id=tenant, staff=tenant is None, first_seen_at=NOW))
        made = Site(anonymous, runtime, rows)
        made.sign_in()
        yield made
