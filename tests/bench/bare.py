"""The floor for a status request: a bare FastAPI endpoint that reads one row."""

import os

from fastapi import FastAPI
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from integration.tenants.models import Tenant


def create_app() -> FastAPI:
    """Reads one row of BARE_DATABASE_URL for each request; no key, no policy, no headers, no log."""
    engine = create_engine(os.environ["BARE_DATABASE_URL"])
    app = FastAPI(openapi_url=None)

    @app.get("/row/{tenant}")
    def row(tenant: str) -> dict[str, object]:
        with Session(engine) as session:
            found = session.scalars(select(Tenant).where(Tenant.id == tenant)).one()
            return {"id": found.id, "name": found.name, "zoom_enabled": found.zoom_enabled, "domains": found.domains}

    return app
