"""What is true of a tenant's connection: what we know, since when, how fresh that is, and who must act."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, select
from sqlalchemy.orm import Session

from integration.backfill.models import Backfill, BackfillState
from integration.backfill.progress import progress_of
from integration.connections import history, incidents
from integration.connections.causes import meaning
from integration.connections.details import NO_DETAILS, details_of
from integration.connections.history import Standing
from integration.connections.models import Connection, ConnectionState
from integration.connections.status_view import Checked, Freshness, Notice, Status, Trouble
from integration.incidents import service as notices
from integration.meetings.affected import BROKEN, affected_by
from integration.meetings.knowledge import knowledge_of
from integration.tenants import finding
from integration.tenants.models import Tenant
from integration.vault import Vault
from integration.zoom.wording import Reader

FRESH = timedelta(minutes=10)
AS_FAR_AS_WE_KNOW = "As far as we know, Zoom is connected."

Allowed = Callable[[str], bool]
NO_HOURS: dict[str, Any] = dict.fromkeys(("hours_affected", "meetings_affected", "backfill"))
# What somebody may do next with a connection, by the policy's action for it.
STEPS = {
    "verify": "status_details",
    "history": "status_details",
    "connect_link": "connect",
    "disconnect": "connect",
    "enable_zoom": "administer",
}


def read_status(
    session: Session,
    vault: Vault,
    tenant_id: str,
    *,
    now: datetime,
    allowed: Allowed,
    details: bool | None = None,
    as_of: datetime | None = None,
    checked: Checked | None = None,
) -> Status:
    """The status now, or `as_of` a past moment. Raises NotFound.

    `allowed` answers whether the policy allows the reader an action on this tenant. Details (who connected, which
    account, times of tokens) are for those who may see them, or as `details` says.
    """
    row = session.connection().execute(_everything(), {"tenant": tenant_id}).one_or_none()
    if row is None:
        finding.tenant_of(session, tenant_id)  # raises, naming those that it may be
        raise AssertionError("a tenant without a row")
    at = as_of or now
    standing = _standing(session, row, at) if as_of is None else history.standing_at(session, tenant_id, as_of)
    shown = allowed("status_details") if details is None else details
    reader = reader_of(allowed)
    notice = _notice(session, standing, at)
    return Status.model_construct(
        tenant=tenant_id,
        name=row.name,
        **(_hours(session, row, standing, at) if shown and allowed("hours") else NO_HOURS),
        as_of=at,
        checked=checked,
        incident=_incident(session, standing, at, reader, notice),
        notice=notice,
        may=_may(row, allowed),
        **_stated(standing, at, reader),
        **(details_of(session, vault, row, standing.connected_by, at) if shown else NO_DETAILS),
    )


def _hours(session: Session, row: Row[Any], standing: Standing, at: datetime) -> dict[str, Any]:
    """What it does to the customer's hours."""
    unfinished = row.backfill_state not in (None, BackfillState.DONE)
    progress = progress_of(session, row.tenant_id) if unfinished else None
    if standing.state not in BROKEN or standing.since is None:
        return NO_HOURS | {"backfill": progress}
    knowledge = replace(knowledge_of(session, row.tenant_id), state=standing.state, since=standing.since)
    affected = affected_by(session, row.tenant_id, knowledge, at)
    return {"hours_affected": affected.hours, "meetings_affected": affected.meetings, "backfill": progress}


def reader_of(allowed: Allowed) -> Reader:
    """For whom next steps are worded: each hears what they can do themselves."""
    return "staff" if allowed("administer") else "admin" if allowed("connect") else "member"


def _stated(standing: Standing, at: datetime, reader: Reader) -> dict[str, Any]:
    """What everybody of the tenant may know."""
    means, freshness = meaning(standing.state, standing.cause), freshness_of(standing.verified_at, at)
    believed = standing.state == ConnectionState.CONNECTED and freshness != "verified"
    return {
        "state": standing.state,
        "since": standing.since,
        "cause": standing.cause,
        "who_must_act": means.who_must_act,
        "explanation": AS_FAR_AS_WE_KNOW if believed else means.explanation,
        "article": means.article,
        "next_step": means.step_for(reader),
        "freshness": freshness,
        "verified_at": standing.verified_at,
    }


def freshness_of(verified_at: datetime | None, at: datetime) -> Freshness:
    """How far what is known can be relied upon at a moment."""
    if verified_at is None:
        return "unknown"
    return "verified" if at - verified_at <= FRESH else "believed"


@cache
def _everything() -> Select[*tuple[Any, ...]]:
    """Built once, and run without the ORM: a status is asked for more often than anything else."""
    return (
        select(
            Tenant.name,
            Tenant.zoom_enabled,
            Tenant.id.label("tenant_id"),
            Connection.id.label("connection_id"),
            Connection.state,
            Connection.cause,
            Connection.since,
            Connection.connected_by,
            Connection.connected_at,
            Connection.zoom_user,
            Connection.refresh_token.is_not(None).label("has_tokens"),
            Connection.verified_at,
            Connection.refreshed_at,
            Connection.last_webhook_at,
            select(Backfill.state)
            .where(Backfill.tenant_id == Tenant.id)
            .order_by(Backfill.created_at.desc())
            .limit(1)
            .scalar_subquery()
            .label("backfill_state"),
        )
        .outerjoin(Connection, Connection.tenant_id == Tenant.id)
        .where(Tenant.id == bindparam("tenant"))
    )


def _standing(session: Session, row: Row[Any], at: datetime) -> Standing:
    return standing_of(row, lambda: history.last_switch(session, row.tenant_id, at))


def standing_of(row: Row[Any], last_switch: Callable[[], history.Switch | None]) -> Standing:
    """Where a connection stands now. `row` holds the columns of tenant and connection; `last_switch` is asked for only
    where no connection is in use.
    """
    if row.zoom_enabled and row.connection_id is not None:
        return Standing(ConnectionState(row.state), row.cause, row.since, row.verified_at, row.connected_by)
    switch = last_switch()
    since = switch.at if switch else None
    if row.zoom_enabled:
        return Standing(ConnectionState.NOT_CONNECTED, "never_connected", since)
    cause = switch.cause if switch and switch.state == ConnectionState.NOT_ENABLED else "not_enabled"
    return Standing(ConnectionState.NOT_ENABLED, cause, since, row.verified_at, row.connected_by)


def _incident(
    session: Session, standing: Standing, at: datetime, reader: Reader, notice: Notice | None
) -> Trouble | None:
    if standing.state != ConnectionState.DEGRADED:
        return None
    incident = incidents.at(session, at, cause=standing.cause)
    if incident is None or (notice is not None and notice.incident_id == incident.id):
        return None
    return Trouble(since=incident.began_at, text=incidents.text_of(incident, reader))


def _notice(session: Session, standing: Standing, at: datetime) -> Notice | None:
    """What staff say about connections in general, or about what this one has."""
    notice = notices.standing(session, at)
    about = {meaning(standing.state, standing.cause).article, *notices.ABOUT_CONNECTIONS}
    return Notice.model_validate(notice) if notice is not None and notices.touches(notice, about) else None


def _may(row: Row[Any], allowed: Allowed) -> list[str]:
    possible = {
        "verify": row.has_tokens and row.zoom_enabled,
        "history": True,
        "connect_link": row.zoom_enabled,
        "disconnect": row.has_tokens,
        "enable_zoom": not row.zoom_enabled,
    }
    return [step for step, action in STEPS.items() if possible[step] and allowed(action)]
