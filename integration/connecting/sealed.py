"""A grant's sealed columns: what Zoom gave, and who signed in. By the row's id, as JSON."""

import json
from datetime import datetime

from integration.connecting.models import Grant
from integration.vault import Vault
from integration.zoom.oauth import TokenPair
from integration.zoom.users import ZoomUser

TABLE = "grants"
USER_FIELDS = {"id", "account_id", "email", "display_name", "role_name"}


def user(vault: Vault, grant_id: str, zoom_user: ZoomUser) -> str:
    """Who signed in, for `Grant.zoom_user`."""
    text = zoom_user.model_dump_json(include=USER_FIELDS)
    return vault.seal(text, table=TABLE, column="zoom_user", row=grant_id)


def user_of(vault: Vault, row: Grant) -> ZoomUser | None:
    """Who signed in, once Zoom has said so. Raises VaultError when it does not open; so does the one below."""
    if row.zoom_user is None:
        return None
    return ZoomUser.model_validate_json(vault.open(row.zoom_user, table=TABLE, column="zoom_user", row=row.id))


def pair(vault: Vault, grant_id: str, tokens: TokenPair) -> str:
    """For `Grant.tokens`."""
    text = json.dumps(
        {
            "access_token": tokens.access_token,
            "refresh_token": tokens.refresh_token,
            "expires_at": tokens.expires_at.isoformat(),
            "scopes": sorted(tokens.scopes),
        }
    )
    return vault.seal(text, table=TABLE, column="tokens", row=grant_id)


def pair_of(vault: Vault, row: Grant) -> TokenPair:
    """The tokens."""
    kept = json.loads(vault.open(row.tokens, table=TABLE, column="tokens", row=row.id))
    return TokenPair(
        access_token=kept["access_token"],
        refresh_token=kept["refresh_token"],
        expires_at=datetime.fromisoformat(kept["expires_at"]),
        scopes=frozenset(kept["scopes"]),
    )
