"""Steps that tests of the staff's pages about tenants take."""

import re
from datetime import datetime, timedelta
from html import unescape
from uuid import uuid4

from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from integration.connections.models import Connection, ConnectionEvent
from integration.desk.models import ResponseClock, SupportRequest
from integration.policy import Role
from integration.runtime import Runtime
from integration.tenants.models import Tenant, Workspace
from integration.tenants.people import team_of
from tests.integration import signed_in

SAM = "slack:T0RETAIN/USAM"
DANA = "slack:T0ACME/UDANA"
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def sign_in(client: TestClient, runtime: Runtime, role: Role, tenant: str | None = None) -> None:
    """As Sam of Retain, or as Dana of a tenant."""
    actor = DANA if tenant else SAM
    team = team_of(actor)
    with runtime.database.writing() as session:
        if session.get(Workspace, team) is None:
            now = runtime.clock()
            workspace = Workspace(team=team, tenant_id=tenant, staff=tenant is None, name="There", first_seen_at=now)
            session.add(workspace)
            session.flush()
        signed_in.sign_in(client, session, runtime, actor, role, tenant)


def add_tenant(session: Session, tenant: str, now: datetime, *, enabled: bool = True, name: str | None = None) -> None:
    """It was added, and Zoom switched on, just then."""
    session.add(
        Tenant(
            id=tenant,
            name=name or tenant.capitalize(),
            zoom_enabled=enabled,
            domains=[f"{tenant}.example"],
            created_at=now,
        )
    )
    session.flush()
    if enabled:
        add_event(session, tenant, now, kind="switch", state="not_connected", cause="never_connected")


def add_connection(
    session: Session, tenant: str, state: str, cause: str, since: datetime, verified_at: datetime | None
) -> None:
    session.add(
        Connection(
            id=uuid4().hex,
            tenant_id=tenant,
            state=state,
            cause=cause,
            since=since,
            connected_at=since,
            verified_at=verified_at,
        )
    )
    add_event(session, tenant, since, state=state, cause=cause)


def add_event(session: Session, tenant: str, at: datetime, *, state: str, cause: str, kind: str = "state") -> None:
    number = int(at.timestamp())
    event = ConnectionEvent(id=uuid4().hex, tenant_id=tenant, number=number, at=at, kind=kind, state=state, cause=cause)
    session.add(event)


def add_request(
    session: Session, runtime: Runtime, tenant: str, asked_at: datetime, respond_by: datetime, text: str = "Why?"
) -> str:
    """One that waits."""
    row = uuid4().hex
    sealed = runtime.vault.seal(text, table="support_requests", column="text", row=row)
    session.add(
        SupportRequest(id=row, key=row, via="slack", tenant_id=tenant, text=sealed, asked_at=asked_at, state="open")
    )
    session.flush()
    session.add(ResponseClock(id=uuid4().hex, request_id=row, number=1, started_at=asked_at, respond_by=respond_by))
    return row


def text_of(page: str) -> str:
    """What is read of a page, in one line."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page)).split())


def lines_of(page: str) -> list[list[str]]:
    """The cells of the first table's body, line by line, as they are read."""
    body = page.split("<tbody>")[1].split("</tbody>", maxsplit=1)[0] if "<tbody>" in page else ""
    lines = re.findall(r"<tr.*?</tr>", body, re.DOTALL)
    return [[text_of(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", line, re.DOTALL)] for line in lines]
