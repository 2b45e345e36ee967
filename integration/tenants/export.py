"""What we hold of a tenant, for the tenant to have: everything but what opens doors."""

import json
from datetime import date, datetime
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from integration.db import Base
from integration.errors import VaultError
from integration.tenants.belongings import belongings
from integration.tenants.finding import tenant_of
from integration.tenants.models import Tenant
from integration.vault import Vault

# Tokens and what stands for them, and our own book-keeping, which says nothing about anybody.
LEFT_OUT = frozenset(
    {
        "access_token",
        "refresh_token",
        "tokens",
        "verifier",
        "token_hash",
        "cookie_hash",
        "nonce_hash",
        "browser_hash",
        "digest",
        "lease_owner",
        "lease_until_ms",
    }
)
UNREADABLE = {"unreadable": "It does not open with the keys that the service has."}


def export(session: Session, vault: Vault, tenant_id: str, now: datetime) -> dict[str, Any]:
    """All that is kept of the tenant as plain JSON, opened, by table; times in UTC. Raises NotFound."""
    tenant = _shown(tenant_of(session, tenant_id), vault)
    kept = {
        model.__tablename__: [_shown(row, vault) for row in session.scalars(select(model).where(theirs))]
        for model, theirs in belongings(session, vault, tenant_id).items()
        if model is not Tenant
    }
    return {"exported_at": now.isoformat(), "tenant": tenant, **kept}


def _shown(row: Base, vault: Vault) -> dict[str, Any]:
    table = row.__table__
    row_id = "/".join(str(value) for value in inspect(row).identity or ())
    shown: dict[str, Any] = {}
    for column in table.columns:
        if column.name in LEFT_OUT or "hash_of" in column.info:
            continue
        value = getattr(row, column.name)
        if column.info.get("sealed") and value is not None:
            value = _opened(vault, value, {"table": str(row.__tablename__), "column": column.name, "row": row_id})
        shown[column.name] = value.isoformat() if isinstance(value, date) else value
    return shown


def _opened(vault: Vault, sealed: str, place: dict[str, str]) -> Any:
    """The text, or what it holds where that is a JSON object. One that does not open keeps nothing else back."""
    try:
        text = vault.open(sealed, **place)
    except VaultError:
        return UNREADABLE
    if not text.startswith("{"):
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text
