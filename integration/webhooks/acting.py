"""What events bring: calls and their times, the end of a connection, and proof that webhooks of an account arrive.

https://developers.zoom.us/docs/api/meetings/events/
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from integration.connections import tokens
from integration.connections.disconnect import deauthorized_by_zoom
from integration.connections.models import Connection
from integration.db import take_turns
from integration.errors import IntegrationError
from integration.meetings.models import Evidence
from integration.meetings.sessions import Seen, record
from integration.meetings.settling import settle
from integration.tenants.models import Tenant
from integration.vault import Vault
from integration.webhooks.delivery import Delivery

UNINSTALLED = "app_deauthorized"
BETWEEN_DIGITS = re.compile(r"[\s-]")
DIGITS = re.compile(r"[0-9]{1,20}")
FIRST_CALL = datetime(2011, 1, 1, tzinfo=UTC)  # Zoom is not older
AHEAD = timedelta(days=1)  # by how much Zoom's clock, or a stand-in's, may differ from ours
LONGEST = timedelta(hours=36)  # Zoom ends a call after 30 hours (support.zoom.com, "Meeting duration limits")


@dataclass(frozen=True)
class Happening:
    """An event that is acted upon: what Zoom said, when it reached us, and what it says of a call, if anything."""

    delivery: Delivery
    received_at: datetime
    seen: Seen | None = None

    @property
    def at(self) -> datetime:
        """When it happened: never after it reached us, whatever it says."""
        return min(self.delivery.happened_at or self.received_at, self.received_at)

    @property
    def account(self) -> str | None:
        """The Zoom account that it is about."""
        return self.delivery.payload.account_id


def happening(delivery: Delivery, received_at: datetime) -> Happening:
    """What an event says. Raises IntegrationError when it lacks what every event of its kind has."""
    plain = Happening(delivery, received_at)
    if delivery.event == UNINSTALLED and (plain.account is None or delivery.payload.user_id is None):
        raise IntegrationError("app_deauthorized names no account or no user.")
    witness = WITNESSES.get(delivery.event)
    return plain if witness is None else Happening(delivery, received_at, witness(plain))


def act(session: Session, vault: Vault, happenings: Sequence[Happening], now: datetime) -> int:
    """Act upon events, all at once; in which order they came does not matter. Returns how many were nobody's.

    Connections are locked until the transaction ends, so that one that is ended meanwhile leaves nothing behind.
    """
    connections = _connections(session, vault, {one.account for one in happenings if one.account})
    for one in happenings:
        if one.delivery.event == UNINSTALLED:
            _uninstalled(session, vault, one, now)
    said: dict[str, list[Seen]] = defaultdict(list)
    enabled = _enabled(session, {connection.tenant_id for connection in connections.values()})
    for one in happenings:
        connection = connections.get(one.account or "")
        if connection is not None and _concerns(connection, one):
            connection.last_webhook_at = max(connection.last_webhook_at or one.received_at, one.received_at)
            if one.seen and connection.tenant_id in enabled:
                said[connection.tenant_id].append(one.seen)
    _store(session, vault, said, now)
    return sum(one.account not in connections for one in happenings)


def _connections(session: Session, vault: Vault, accounts: Iterable[str]) -> dict[str, Connection]:
    by_hash = {known: account for account in accounts for known in vault.lookup_hashes(tokens.ACCOUNT, account)}
    theirs = select(Connection).where(Connection.account_hash.in_(by_hash))
    # In one order: of two who lock several, neither waits for the other.
    found = session.scalars(theirs.order_by(Connection.id).with_for_update()).all()
    return {by_hash[one.account_hash]: one for one in found if one.account_hash is not None}


def _enabled(session: Session, tenant_ids: Collection[str]) -> set[str]:
    """Those whose Zoom is switched on. Of the others nothing is taken in, though they stay connected: switched on
    again, Zoom is asked what happened meanwhile.
    """
    return set(session.scalars(select(Tenant.id).where(Tenant.id.in_(tenant_ids), Tenant.zoom_enabled)))


def _concerns(connection: Connection, one: Happening) -> bool:
    """Was it told to this connection? Not when it was told to one before: what that one got is deleted.

    The call may have begun before: it was told of afterwards, and the back-fill asks for such calls too.
    """
    return connection.account_hash is not None and one.received_at >= connection.connected_at


def _uninstalled(session: Session, vault: Vault, one: Happening, now: datetime) -> None:
    account, user = one.account or "", one.delivery.payload.user_id or ""
    deauthorized_by_zoom(session, vault, account_id=account, user_id=user, at=one.at, now=now)


def _store(session: Session, vault: Vault, said: Mapping[str, Sequence[Seen]], now: datetime) -> None:
    take_turns(session, said)
    recorded = [record(session, vault, tenant, seen, now) for tenant, seen in sorted(said.items())]
    spans = [span for one in recorded for span in one.spans]
    if spans:
        settle(session, vault, spans)


def _started(one: Happening) -> Seen:
    return _seen(one, one.delivery.payload.call.started_at or one.at, None, Evidence.STARTED)


def _ended(one: Happening) -> Seen:
    call = one.delivery.payload.call
    if call.started_at is None:
        raise IntegrationError("meeting.ended does not say when the meeting started.")
    return _seen(one, call.started_at, call.ended_at or one.at, Evidence.ENDED)


def _somebody_in_it(one: Happening) -> Seen | None:
    """When somebody came or went says nothing about the call's length; that they were there says that it began."""
    began = one.delivery.payload.call.started_at
    return None if began is None else _seen(one, began, None, Evidence.PARTICIPANT)


def _seen(one: Happening, started_at: datetime, ended_at: datetime | None, evidence: Evidence) -> Seen:
    call = one.delivery.payload.call
    meeting_id = BETWEEN_DIGITS.sub("", call.id or "")
    if call.uuid is None or not DIGITS.fullmatch(meeting_id):
        raise IntegrationError(f"{one.delivery.event} does not say which meeting it is about.")
    if not FIRST_CALL < started_at < one.received_at + AHEAD:
        raise IntegrationError(f"{one.delivery.event} gives a time at which the meeting cannot have started.")
    if ended_at is not None and not ended_at < min(started_at + LONGEST, one.received_at + AHEAD):
        raise IntegrationError(f"{one.delivery.event} gives a time at which the meeting cannot have ended.")
    return Seen(call.uuid, meeting_id, started_at, ended_at, evidence, call.topic)


WITNESSES: Mapping[str, Callable[[Happening], Seen | None]] = {
    "meeting.started": _started,
    "meeting.ended": _ended,
    "meeting.participant_joined": _somebody_in_it,
    "meeting.participant_left": _somebody_in_it,
}
KNOWN = frozenset({UNINSTALLED, *WITNESSES})
