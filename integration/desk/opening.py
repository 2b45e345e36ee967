"""A support request is opened: by the bot's form, or by the one of the help centre."""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Literal
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from integration.connections.status import read_status
from integration.db import insert
from integration.desk import clocks, telling
from integration.desk.models import EventKind, RequestState, SupportRequest
from integration.desk.recording import record
from integration.errors import Conflict
from integration.tenants.fields import known_zone
from integration.tenants.models import Tenant
from integration.vault import Vault

TABLE = "support_requests"

Via = Literal["slack", "web"]


@dataclass(frozen=True)
class Contact:
    """Who asks, as they say themselves."""

    name: str | None = field(default=None, repr=False)
    email: str | None = field(default=None, repr=False)
    organisation: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class NewRequest:
    """What is handed over. `key` is the form's: sent twice, it is one request.

    `actor` is none for the form of the help centre: then `contact` says how to answer. `place` is the asker's
    conversation with the bot, where answers go; None: as a direct message to them. `link` leads to where the bot was
    asked, `question_id` and `article` say what, and what it answered. An unknown `tenant` or `time_zone` is left out.
    """

    key: str
    text: str = field(repr=False)
    via: Via
    more: str | None = field(default=None, repr=False)
    tenant: str | None = None
    actor: str | None = None
    place: str | None = None
    contact: Contact | None = field(default=None, repr=False)
    time_zone: str | None = None
    question_id: str | None = None
    article: str | None = None
    link: str | None = field(default=None, repr=False)


def open_request(session: Session, vault: Vault, new: NewRequest, now: datetime) -> tuple[SupportRequest, bool]:
    """The request, and whether it is new: its clock runs, and the staff are told.

    A form that arrives again brings the request that it made. Raises Conflict when its key is another person's.
    """
    new_id = uuid4().hex
    statement = insert(session, SupportRequest).values(_row(session, vault, new_id, new, now))
    inserted = session.scalar(statement.on_conflict_do_nothing(index_elements=["key"]).returning(SupportRequest.id))
    request = session.scalars(select(SupportRequest).where(SupportRequest.key == new.key)).one()
    if request.actor != new.actor:
        raise Conflict("This key was used by somebody else.", field="key", remedy="Make a new key for each form.")
    if inserted is None:
        return request, False
    record(session, vault, request, EventKind.OPENED, now, actor=new.actor)
    clocks.start(session, request.id, now)
    telling.opened(session, vault, request, now)
    return request, True


def _row(session: Session, vault: Vault, new_id: str, new: NewRequest, now: datetime) -> dict[str, object]:
    def sealed(column: str, text: str | None) -> str | None:
        return vault.seal(text, table=TABLE, column=column, row=new_id) if text is not None else None

    tenant = _tenant(session, new.tenant)
    zoom = read_status(session, vault, tenant, now=now, allowed=lambda _action: False) if tenant else None
    return {
        "id": new_id,
        "key": new.key,
        "via": new.via,
        "tenant_id": tenant,
        "actor": new.actor,
        "place": new.place,
        "contact": sealed("contact", json.dumps(asdict(new.contact)) if new.contact else None),
        "time_zone": _zone(new.time_zone),
        "text": sealed("text", new.text),
        "more": sealed("more", new.more),
        "question_id": new.question_id,
        "article": new.article,
        "link": sealed("link", new.link),
        "zoom_state": zoom.state if zoom else None,
        "zoom_cause": zoom.cause if zoom else None,
        "asked_at": now,
        "state": RequestState.OPEN,
        "version": 0,
    }


def _tenant(session: Session, tenant: str | None) -> str | None:
    """The tenant's id while it exists; it is not deleted before this transaction ends."""
    if tenant is None:
        return None
    known = select(Tenant.id).where(Tenant.id == tenant)
    return session.scalar(known.with_for_update(read=True, key_share=True))


def _zone(zone: str | None) -> str | None:
    """Nobody is turned away over the spelling of their zone."""
    try:
        return known_zone(zone) if zone else None
    except ValueError:
        return None
