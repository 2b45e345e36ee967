"""Sealed columns: of a grant what Zoom gave, and who signed in, as JSON; of a link who asked for it."""

import json
import logging
from typing import Any

from sqlalchemy import Row

from integration.connecting.models import ConnectLink, Grant
from integration.connections import tokens
from integration.errors import VaultError
from integration.vault import Vault
from integration.zoom.oauth import TokenPair
from integration.zoom.users import ZoomUser

log = logging.getLogger(__name__)

TABLE = "grants"
USER_FIELDS = {"id", "account_id", "email", "display_name", "role_name"}


def user(vault: Vault, grant_id: str, zoom_user: ZoomUser) -> str:
    """Who signed in, for `Grant.zoom_user`."""
    text = zoom_user.model_dump_json(include=USER_FIELDS)
    return vault.seal(text, table=TABLE, column="zoom_user", row=grant_id)


def user_of(vault: Vault, row: Grant) -> ZoomUser | None:
    """Who signed in, once Zoom has said so. Raises VaultError when it does not open; so do those below."""
    if row.zoom_user is None:
        return None
    return ZoomUser.model_validate_json(vault.open(row.zoom_user, table=TABLE, column="zoom_user", row=row.id))


def requester_of(vault: Vault, link: ConnectLink | Row[*tuple[Any, ...]]) -> tuple[str | None, str]:
    """Name, if it is known, and e-mail address of who asked for the link, as they said when they did."""
    place = {"table": "connect_links", "row": link.id}
    name = link.requester_name and vault.open(link.requester_name, column="requester_name", **place)
    return name, vault.open(link.requester_email, column="requester_email", **place)


def back(vault: Vault, link_id: str, address: str) -> str:
    """For `ConnectLink.back`."""
    return vault.seal(address, table="connect_links", column="back", row=link_id)


def back_of(vault: Vault, link: ConnectLink) -> str | None:
    """The address of the requester's message. None, too, where it does not open: people find it without us."""
    try:
        return link.back and vault.open(link.back, table="connect_links", column="back", row=link.id)
    except VaultError as error:
        log.error("the way back to a message does not open: %s", error, extra={"link": link.id})
        return None


def pair(vault: Vault, grant_id: str, given: TokenPair) -> str:
    """For `Grant.tokens`."""
    return vault.seal(json.dumps(tokens.pair_to_json(given)), table=TABLE, column="tokens", row=grant_id)


def pair_of(vault: Vault, row: Grant) -> TokenPair:
    """The tokens."""
    return tokens.pair_of_json(json.loads(vault.open(row.tokens, table=TABLE, column="tokens", row=row.id)))
