"""What Zoom gave us, in a connection's sealed columns: tokens, the account, and the user who connected."""

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from integration.connections.models import ALIVE, Connection
from integration.errors import VaultError
from integration.vault import Vault
from integration.zoom.oauth import TokenPair
from integration.zoom.users import ZoomUser

log = logging.getLogger(__name__)

TABLE = "connections"
ACCOUNT, USER = "zoom_account", "zoom_user"  # purposes of look-up hashes


@dataclass(frozen=True)
class Account:
    """The Zoom user behind a connection, as admins are shown them."""

    email: str
    name: str
    role: str | None


def pair_to_json(pair: TokenPair) -> dict[str, Any]:
    """A pair for a sealed column that holds it whole."""
    return asdict(pair) | {"expires_at": pair.expires_at.isoformat(), "scopes": sorted(pair.scopes)}


def pair_of_json(kept: Mapping[str, Any]) -> TokenPair:
    """What `pair_to_json` made; what else is in it does not matter. Raises KeyError when something is missing."""
    return TokenPair(
        access_token=kept["access_token"],
        refresh_token=kept["refresh_token"],
        expires_at=datetime.fromisoformat(kept["expires_at"]),
        scopes=frozenset(kept.get("scopes", ())),  # revocations of earlier versions have none
    )


def store_pair(vault: Vault, connection: Connection, pair: TokenPair) -> None:
    """Put a pair into the row; it may be used once the session has committed."""
    connection.access_token = _seal(vault, connection, "access_token", pair.access_token)
    connection.refresh_token = _seal(vault, connection, "refresh_token", pair.refresh_token)
    connection.access_expires_at = pair.expires_at
    if pair.scopes:  # some answers leave them out
        connection.scopes = " ".join(sorted(pair.scopes))


def store_new_pair(vault: Vault, connection: Connection, pair: TokenPair) -> None:
    """Put in a pair of a new authorization. A refresh of the former pair that is still under way comes to nothing."""
    store_pair(vault, connection, pair)
    connection.lease_owner = connection.lease_until_ms = connection.refresh_began_at = None
    connection.failures = 0


def store_user(vault: Vault, connection: Connection, user: ZoomUser) -> None:
    """Put the Zoom user, and what finds this row by them, into the row."""
    account = Account(user.email, user.display_name, user.role_name)
    connection.zoom_user = _seal(vault, connection, "zoom_user", json.dumps(asdict(account)))
    connection.account_id = _seal(vault, connection, "account_id", user.account_id)
    connection.account_hash = vault.lookup_hash(ACCOUNT, user.account_id)
    connection.user_id = _seal(vault, connection, "user_id", user.id)
    connection.user_hash = vault.lookup_hash(USER, user.id)


def access_token_of(vault: Vault, connection: Connection) -> str | None:
    """The access token, or None when there is none. Raises VaultError when it does not open; so do those below."""
    return _open(vault, connection, "access_token", connection.access_token)


def refresh_token_of(vault: Vault, connection: Connection) -> str | None:
    """The refresh token."""
    return _open(vault, connection, "refresh_token", connection.refresh_token)


def user_id_of(vault: Vault, connection: Connection) -> str | None:
    """Zoom's id of the user who connected."""
    return _open(vault, connection, "user_id", connection.user_id)


def account_of(vault: Vault, connection_id: str, zoom_user: str | None) -> Account | None:
    """The Zoom user of a row's sealed `zoom_user`. None also where it does not open: it is shown, and nothing more."""
    if zoom_user is None:
        return None
    try:
        text = vault.open(zoom_user, table=TABLE, column="zoom_user", row=connection_id)
    except VaultError as error:
        log.error("whose a connection is does not open: %s", error, extra={"connection": connection_id})
        return None
    return Account(**json.loads(text))


def of_account(vault: Vault, account_id: str) -> Select[Connection]:
    """The connection with this Zoom account, sealed by whatever key; of one tenant at most."""
    return select(Connection).where(Connection.account_hash.in_(account_hashes(vault, account_id)))


def account_hashes(vault: Vault, account_id: str) -> Sequence[str]:
    """What `Connection.account_hash` may hold for this Zoom account."""
    return vault.lookup_hashes(ACCOUNT, account_id)


def user_hashes(vault: Vault, user_id: str) -> Sequence[str]:
    """What `Connection.user_hash` may hold for this Zoom user."""
    return vault.lookup_hashes(USER, user_id)


def is_user(vault: Vault, connection: Connection, user_id: str) -> bool:
    """Was the connection made by this Zoom user?"""
    return connection.user_hash in user_hashes(vault, user_id)


def has_tokens(connection: Connection) -> bool:
    """Is there anything to reach Zoom with?"""
    return connection.refresh_token is not None


def is_fresh(connection: Connection, until: datetime) -> bool:
    """Is there an access token that lasts beyond `until`?"""
    expires_at = connection.access_expires_at
    return connection.access_token is not None and expires_at is not None and expires_at > until


def forget(connection: Connection) -> dict[str, int]:
    """Delete everything Zoom gave us from the row, and return what there was, as counts."""
    there = {
        "access_token": connection.access_token,
        "refresh_token": connection.refresh_token,
        "zoom_user": connection.zoom_user,
        "zoom_account_id": connection.account_id,
        "zoom_user_id": connection.user_id,
    }
    connection.access_token = connection.refresh_token = connection.access_expires_at = None
    connection.zoom_user = connection.account_id = connection.account_hash = None
    connection.user_id = connection.user_hash = None
    connection.scopes = ""
    connection.lease_owner = connection.lease_until_ms = connection.refresh_began_at = None
    connection.check_due_at = None
    connection.failures = 0
    return {name: 1 for name, value in there.items() if value is not None}


def held_by_user(session: Session, vault: Vault, user_id: str) -> bool:
    """Does a connection live on a pair of this Zoom user? Revoking an older one of theirs would end it."""
    mine = select(Connection.id).where(Connection.user_hash.in_(user_hashes(vault, user_id)))
    return session.scalar(mine.where(Connection.state.in_(ALIVE)).limit(1)) is not None


def _seal(vault: Vault, connection: Connection, column: str, text: str) -> str:
    return vault.seal(text, table=TABLE, column=column, row=connection.id)


def _open(vault: Vault, connection: Connection, column: str, sealed: str | None) -> str | None:
    return None if sealed is None else vault.open(sealed, table=TABLE, column=column, row=connection.id)
