"""A Zoom user, and what one must be allowed to do to connect Zoom for everyone."""

from collections.abc import Collection, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator

OWNER_ROLE = "0"

# What a role must hold: to read about users and their meetings, and to read reports of meetings
# (https://developers.zoom.us/docs/api/references/privileges/). Who may edit may read.
ADMIN_PERMISSIONS = (("User:Read", "User:Edit"), ("UsageReport:Read",))

# What each call that the product makes needs: any one of these scopes. Apps made before 2024, and connections that
# were made with them, have the classic ones (https://developers.zoom.us/docs/integrations/oauth-scopes-overview/).
SCOPES = (
    ("user:read:user:admin", "user:read:admin", "user:write:admin"),
    ("user:read:list_users:admin", "user:read:admin", "user:write:admin"),
    ("user:read:list_permissions:admin", "user:read:admin", "user:write:admin"),
    ("meeting:read:past_meeting:admin", "meeting:read:admin", "meeting:write:admin"),
    ("meeting:read:list_past_instances:admin", "meeting:read:admin", "meeting:write:admin"),
    ("report:read:list_history_meetings:admin", "report:read:admin"),
)


class ZoomUser(BaseModel):
    """A user as `/users/me` and `/users` describe one. Lists leave `account_id` out: it is empty then."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True, coerce_numbers_to_str=True)

    id: str
    account_id: str = ""
    email: str = ""
    display_name: str = ""
    role_id: str | None = None  # "0" is the owner; roles that an account made itself have opaque ids
    role_name: str | None = None
    type: int | None = None  # the licence, not the role
    status: str | None = None
    timezone: str | None = None
    pmi: str | None = None
    personal_meeting_url: str | None = None
    vanity_url: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _tidied(cls, given: Any) -> Any:
        """Zoom leaves out what it does not know, or sends null; names may come in two parts."""
        if not isinstance(given, Mapping):
            return given
        known = {name: value for name, value in given.items() if value is not None}
        names = (known.get("first_name"), known.get("last_name"))
        known.setdefault("display_name", " ".join(name for name in names if isinstance(name, str) and name))
        return known


def missing_scopes(scopes: Collection[str]) -> tuple[str, ...]:
    """The granular scope of each call that `scopes` do not allow; empty when all are."""
    return tuple(wanted[0] for wanted in SCOPES if not any(scope in scopes for scope in wanted))


def is_admin_level(permissions: Collection[str]) -> bool:
    """Do these permissions (of `/users/me/permissions`) suffice to connect? A role's id and name say too little."""
    return all(any(one in permissions for one in wanted) for wanted in ADMIN_PERMISSIONS)
