"""A row in every table there is, made from the tables themselves: one that is added later is filled too."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import JSON, BigInteger, Boolean, Column, Date, Float, Integer, Table
from sqlalchemy.orm import Session

import integration.models  # noqa: F401 - every table
from integration.db import Base, UtcDateTime
from integration.vault import Vault

NOW = datetime(2025, 1, 14, 18, 30, tzinfo=UTC)
# Words that the service knows; by table where they differ.
WORDS: dict[str, Any] = {
    "time_zone": "Europe/Berlin",
    "role": "admin",
    "kind": "state",
    "step": "confirm",
    "cause": "connected",
    "connect_links.state": "sent",
    "connections.state": "connected",
    "connection_events.state": "connected",
    "notifications.state": "open",
    "webhooks.state": "open",
    "meeting_sessions.state": "ended",
    "backfills.state": "done",
    "support_requests.state": "open",
    "support_request_events.kind": "wrote",
    "response_clocks.ended": "answered",
}
JSON_FIELDS = {
    "connections.zoom_user": ("email", "name", "role"),
    "grants.zoom_user": ("id", "account_id", "email", "display_name", "role_id", "role_name"),
    "connection_events.details": ("words",),
    "notifications.payload": ("words",),
    "support_requests.contact": ("name", "email", "organisation"),
}
PLAIN: dict[type[Any], Any] = {
    Boolean: False,
    Integer: 0,
    BigInteger: None,
    Float: 0.5,
    JSON: [],
    UtcDateTime: NOW,
    Date: NOW.date(),
}


def fill(session: Session, vault: Vault, tenant: str, **sealed: str) -> dict[str, dict[str, Any]]:
    """One row in each table, all of one tenant and its workspace `T<TENANT>`. Returns their values by table.

    `sealed` gives the texts of sealed columns by `table__column`; others read "<table>.<column> of <tenant>".
    """
    made: dict[str, dict[str, Any]] = {}
    for table in Base.metadata.sorted_tables:
        made[table.name] = _values(vault, table, tenant, made, sealed)
        session.execute(table.insert().values(made[table.name]))
    return made


def text_of(tenant: str, table: str, column: str) -> str:
    """What a sealed column holds unless a test says otherwise: JSON where the service reads JSON."""
    words = f"{table}.{column} of {tenant}"
    if column == "tokens":
        pair = {"access_token": words, "refresh_token": words, "expires_at": NOW.isoformat()}
        more: dict[str, Any] = {"user_id": None} if table == "revocations" else {"scopes": []}
        return json.dumps(pair | more)
    if table == "webhooks":
        account = text_of(tenant, "connections", "account_id")
        return json.dumps({"event": "app_deauthorized", "payload": {"account_id": account}, "words": words})
    if f"{table}.{column}" in JSON_FIELDS:
        return json.dumps(dict.fromkeys(JSON_FIELDS[f"{table}.{column}"], words))
    return words


def _values(
    vault: Vault, table: Table, tenant: str, made: dict[str, dict[str, Any]], sealed: dict[str, str]
) -> dict[str, Any]:
    values = {column.name: _plain(column, tenant, made) for column in table.columns if not column.info}
    row_id = "/".join(str(values[column.name]) for column in table.primary_key)
    texts = {}
    for column in table.columns:
        if column.info.get("sealed"):
            texts[column.name] = sealed.get(f"{table.name}__{column.name}", text_of(tenant, table.name, column.name))
            values[column.name] = vault.seal(texts[column.name], table=table.name, column=column.name, row=row_id)
    for column in table.columns:
        if "hash_of" in column.info:
            values[column.name] = vault.lookup_hash(column.info["purpose"], texts[column.info["hash_of"]])
    return values


def _plain(column: Column[Any], tenant: str, made: dict[str, dict[str, Any]]) -> Any:
    for key in column.foreign_keys:
        return made[key.column.table.name][key.column.name]
    if column.table.name == "tenants" and column.name == "id":
        return tenant
    team = f"T{tenant.upper()}"
    people = dict.fromkeys(("actor", "connected_by", "requested_by", "made_by"), f"slack:{team}/U1")
    known = WORDS | {"team": team, "tenant_id": tenant, "place": f"slack:{team}/D1", **people}
    for name in (f"{column.table.name}.{column.name}", column.name):
        if name in known:
            return known[name]
    for kind, value in PLAIN.items():
        if isinstance(column.type, kind):
            return value
    return uuid4().hex[: getattr(column.type, "length", None) or 32]
