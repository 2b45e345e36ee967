"""Everything that is kept of a tenant, wherever it stands: `export` shows it, and `delete` deletes it.

What Retain's own people were told of a tenant is deleted with it and not shown to it: it may tell of other tenants.
Questions and notifications name no tenant. They name people and places, and those begin with their workspace
(`slack:T0ACME/U1`): what comes from the tenant's workspaces is the tenant's.
Revocations are not among it: they hold what we promised to give up, until Zoom has confirmed that, and nothing else.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import Session

from integration.connecting.models import ConnectLink, Grant
from integration.connections import tokens
from integration.connections.models import Connection, ConnectionEvent
from integration.db import Base
from integration.errors import VaultError
from integration.notifications.models import Notification
from integration.notifications.staff import PLACE
from integration.questions.models import Feedback, Question
from integration.tenants.models import Person, Workspace
from integration.vault import Vault
from integration.webhooks.delivery import read_delivery
from integration.webhooks.models import Webhook

NAMES_THE_TENANT: Sequence[type[Base]] = (
    Workspace,
    Person,
    Connection,
    ConnectionEvent,
    ConnectLink,
    Grant,
)


def belongings(session: Session, vault: Vault, tenant_id: str) -> dict[str, list[Base]]:
    """The tenant's rows by table; the tenant's own row is not among them."""
    found = {
        model.__tablename__: _rows(session, model, _column(model, "tenant_id") == tenant_id)
        for model in NAMES_THE_TENANT
    }
    teams = [workspace.team for workspace in found["workspaces"] if isinstance(workspace, Workspace)]
    found["questions"] = _rows(session, Question, _within(Question.actor, teams))
    asked = [question.id for question in found["questions"] if isinstance(question, Question)]
    found["question_feedback"] = _rows(
        session, Feedback, or_(_within(Feedback.actor, teams), Feedback.question_id.in_(asked))
    )
    found["notifications"] = _rows(session, Notification, _within(Notification.place, teams))
    found["webhooks"] = [*webhooks_of(session, vault, tenant_id)]
    return found


def with_staff_notices(session: Session, vault: Vault, tenant_id: str) -> dict[str, list[Base]]:
    """The same, and what staff were told of the tenant."""
    found = belongings(session, vault, tenant_id)
    teams = [workspace.team for workspace in found["workspaces"] if isinstance(workspace, Workspace)]
    found["notifications"] += _told_staff(session, vault, tenant_id, teams)
    return found


def _rows(session: Session, model: type[Base], where: ColumnElement[bool]) -> list[Base]:
    return list(session.scalars(select(model).where(where)))


def _column(model: type[Base], name: str) -> Any:
    return model.__table__.c[name]


def _within(column: Any, teams: Sequence[str]) -> ColumnElement[bool]:
    """Does a person or a place belong to one of these workspaces?"""
    return or_(false(), *(column.contains(f":{team}/", autoescape=True) for team in teams))


def _told_staff(session: Session, vault: Vault, tenant_id: str, teams: Sequence[str]) -> list[Base]:
    """What Retain's people were told of the tenant, or of its workspaces before those were linked."""
    kept: list[Base] = []
    for notice in session.scalars(select(Notification).where(Notification.place == PLACE)):
        payload = _opened(vault, "notifications", "payload", notice.id, notice.payload)
        data = payload.get("data", {})
        if tenant_id in (payload.get("tenant"), data.get("other_tenant")) or data.get("team") in teams:
            kept.append(notice)
    return kept


def webhooks_of(session: Session, vault: Vault, tenant_id: str) -> list[Webhook]:
    """What Zoom told us of the tenant's account; it is kept for some days only."""
    connection = session.scalars(select(Connection).where(Connection.tenant_id == tenant_id)).one_or_none()
    if connection is None or connection.account_hash is None:
        return []
    theirs = []
    for webhook in session.scalars(select(Webhook)):
        try:
            delivery = read_delivery(vault.open(webhook.payload, table="webhooks", column="payload", row=webhook.id))
        except VaultError:
            continue
        account = delivery.payload.account_id if delivery else None
        if account is not None and connection.account_hash in vault.lookup_hashes(tokens.ACCOUNT, account):
            theirs.append(webhook)
    return theirs


def _opened(vault: Vault, table: str, column: str, row: str, sealed: str) -> Mapping[str, Any]:
    try:
        found: Mapping[str, Any] = json.loads(vault.open(sealed, table=table, column=column, row=row))
    except VaultError:
        return {}
    return found
