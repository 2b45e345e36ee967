"""Everything that is kept of a tenant, wherever it stands: `export` shows it, and `delete` deletes it.

What Retain's own people were told of a tenant is deleted with it and not shown to it: it may tell of other tenants.
Questions and notifications name no tenant. They name people and places, and those begin with their workspace
(`slack:T0ACME/U1`): what comes from the tenant's workspaces is the tenant's. So is a support request that names no
tenant: a guest's, or one of the time before their workspace was linked.
Revocations are not among it: they hold what we promised to give up, until Zoom has confirmed that, and nothing else.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import Session

from integration.backfill.models import Backfill, BackfillWindow, Coverage
from integration.connecting.models import ConnectLink, Grant
from integration.connections import tokens
from integration.connections.models import Connection, ConnectionEvent
from integration.db import Base
from integration.desk.models import RequestEvent, ResponseClock, SupportRequest
from integration.errors import VaultError
from integration.meetings.models import (
    CalendarEvent,
    Customer,
    CustomerDomain,
    EventCustomer,
    MeetingSession,
    PersonalRoom,
)
from integration.notifications.models import Notification
from integration.notifications.staff import PLACE
from integration.questions.models import Feedback, Question
from integration.signing_in.models import PageLink
from integration.tenants.models import Person, Preference, Tenant, Workspace
from integration.vault import Vault
from integration.webhooks.delivery import read_delivery
from integration.webhooks.models import Webhook, WebhookState

NAMES_THE_TENANT = (
    Workspace,
    Person,
    Connection,
    ConnectionEvent,
    ConnectLink,
    Grant,
    MeetingSession,
    CalendarEvent,
    Customer,
    CustomerDomain,
    PersonalRoom,
    Backfill,
    PageLink,
)

# Which rows, by table: there may be too many to hold them all at once.
Rows = dict[type[Base], ColumnElement[bool]]


def belongings(session: Session, vault: Vault, tenant_id: str) -> Rows:
    """The tenant's rows; its own one first."""
    teams = _teams(session, tenant_id)
    asked = select(Question.id).where(_within(Question.actor, teams))
    theirs = _handed_over(tenant_id, teams)
    handed_over = select(SupportRequest.id).where(theirs)
    return {
        Tenant: Tenant.id == tenant_id,
        **{model: model.tenant_id == tenant_id for model in NAMES_THE_TENANT},
        EventCustomer: EventCustomer.event_id.in_(select(CalendarEvent.id).where(CalendarEvent.tenant_id == tenant_id)),
        Coverage: Coverage.id == tenant_id,
        BackfillWindow: BackfillWindow.backfill_id.in_(select(Backfill.id).where(Backfill.tenant_id == tenant_id)),
        SupportRequest: theirs,
        RequestEvent: RequestEvent.request_id.in_(handed_over),
        ResponseClock: ResponseClock.request_id.in_(handed_over),
        Preference: _within(Preference.actor, teams),
        Question: _within(Question.actor, teams),
        Feedback: or_(_within(Feedback.actor, teams), Feedback.question_id.in_(asked)),
        Notification: _within(Notification.place, teams),
        Webhook: Webhook.id.in_(_webhooks(session, vault, tenant_id)),
    }


def with_staff_notices(session: Session, vault: Vault, tenant_id: str) -> Rows:
    """The same, and what staff were told of the tenant."""
    rows = belongings(session, vault, tenant_id)
    told = Notification.id.in_(_told_staff(session, vault, tenant_id, _teams(session, tenant_id)))
    return rows | {Notification: or_(rows[Notification], told)}


def support_requests(session: Session, tenant_id: str) -> ColumnElement[bool]:
    """Which ones are the tenant's."""
    return _handed_over(tenant_id, _teams(session, tenant_id))


def _teams(session: Session, tenant_id: str) -> Sequence[str]:
    return session.scalars(select(Workspace.team).where(Workspace.tenant_id == tenant_id)).all()


def _handed_over(tenant_id: str, teams: Sequence[str]) -> ColumnElement[bool]:
    nobodys = SupportRequest.tenant_id.is_(None) & _within(SupportRequest.actor, teams)
    return or_(SupportRequest.tenant_id == tenant_id, nobodys)


def _within(column: Any, teams: Sequence[str]) -> ColumnElement[bool]:
    """Does a person or a place belong to one of these workspaces?"""
    return or_(false(), *(column.contains(f":{team}/", autoescape=True) for team in teams))


def _told_staff(session: Session, vault: Vault, tenant_id: str, teams: Sequence[str]) -> list[str]:
    """What Retain's people were told of the tenant, of its support requests, or of its workspaces before those were
    linked.
    """
    requests = set(session.scalars(select(SupportRequest.id).where(_handed_over(tenant_id, teams))))
    kept: list[str] = []
    for notice in session.scalars(select(Notification).where(Notification.place == PLACE)):
        payload = _opened(vault, "notifications", "payload", notice.id, notice.payload)
        data = payload.get("data", {})
        named = tenant_id in (payload.get("tenant"), data.get("other_tenant")) or data.get("team") in teams
        if named or not requests.isdisjoint((payload.get("request"), data.get("request"))):
            kept.append(notice.id)
    return kept


def _webhooks(session: Session, vault: Vault, tenant_id: str) -> list[str]:
    """What Zoom told us of the tenant's account and we have not acted upon; of others only a digest is left."""
    account_hash = session.scalar(select(Connection.account_hash).where(Connection.tenant_id == tenant_id))
    if account_hash is None:
        return []
    theirs = []
    for webhook in session.scalars(select(Webhook).where(Webhook.state != WebhookState.DONE)):
        try:
            delivery = read_delivery(vault.open(webhook.payload, table="webhooks", column="payload", row=webhook.id))
        except VaultError:
            continue
        account = delivery.payload.account_id if delivery else None
        if account is not None and account_hash in vault.lookup_hashes(tokens.ACCOUNT, account):
            theirs.append(webhook.id)
    return theirs


def _opened(vault: Vault, table: str, column: str, row: str, sealed: str) -> Mapping[str, Any]:
    try:
        found: Mapping[str, Any] = json.loads(vault.open(sealed, table=table, column=column, row=row))
    except VaultError:
        return {}
    return found
