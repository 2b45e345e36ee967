"""The nouns of the sandbox: plain data, shaped after what Slack shows of them."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Json = dict[str, Any]
APP_ID = "A0RETAIN"
BROADCAST = "thread_broadcast"  # the subtype of a reply that is shown in its channel as well
Role = Literal["customer", "admin", "guest", "external", "colleague", "staff"]


@dataclass(frozen=True)
class Workspace:
    """A Slack team. `domain` is its subdomain and its short name in the driver ("acme")."""

    id: str
    name: str
    domain: str


@dataclass(frozen=True)
class Person:
    """Someone who can be played. `workspace` is where one meets them, `team_id` who employs them.

    The two differ for an external person (Slack Connect) only. `zone` is an IANA name.
    """

    id: str
    handle: str
    name: str
    workspace: str
    team_id: str
    title: str
    role: Role
    zone: str
    email: str
    is_admin: bool = False
    is_owner: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    deleted: bool = False

    @property
    def is_stranger(self) -> bool:
        return self.team_id != self.workspace


@dataclass
class Channel:
    """A channel or a direct message; `person` is the human side of a direct message with the app."""

    id: str
    team_id: str
    name: str
    kind: Literal["channel", "im"]
    members: set[str]
    topic: str = ""
    shared: bool = False
    person: str | None = None
    archived: bool = False

    @property
    def payload_name(self) -> str:
        """The name that commands and interactions carry."""
        return "directmessage" if self.kind == "im" else self.name


@dataclass(frozen=True)
class UserGroup:
    id: str
    team_id: str
    handle: str
    name: str
    users: tuple[str, ...]


@dataclass(frozen=True)
class Tokens:
    """One installation's secrets; never shown in a repr.

    `app` is an app-level token whose connections get this workspace's events only, for a bot that serves one.
    """

    bot: str = field(repr=False)
    app: str = field(repr=False)

    @classmethod
    def random(cls) -> "Tokens":
        return cls(bot=f"xoxb-{secrets.token_hex(16)}", app=f"xapp-1-{secrets.token_hex(16)}")


@dataclass
class Registration:
    """The app as its makers set it up at Slack, once for all workspaces. No secret is shown in a repr.

    `app_token`: its connections get the events of every workspace. `redirect_url`: where people go who allowed it.
    """

    client_id: str
    client_secret: str = field(repr=False)
    app_token: str = field(repr=False)
    signing_secret: str = field(repr=False)
    install_url: str | None = None
    redirect_url: str | None = None
    request_url: str | None = None

    @classmethod
    def random(cls) -> "Registration":
        return cls(
            client_id=f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}",
            client_secret=secrets.token_hex(16),
            app_token=f"xapp-1-{secrets.token_hex(16)}",
            signing_secret=secrets.token_hex(16),
        )


@dataclass(frozen=True)
class Command:
    name: str
    description: str = ""
    usage_hint: str = ""
    should_escape: bool = False


@dataclass(frozen=True)
class Shortcut:
    name: str
    kind: Literal["message", "global"]
    callback_id: str
    description: str = ""


@dataclass(frozen=True)
class Prompt:
    """A suggested prompt: what one sees, and what is sent."""

    title: str
    message: str


@dataclass(frozen=True)
class Manifest:
    """What an app's manifest asks of Slack, as far as it matters here; `optional` scopes may be withheld."""

    name: str
    scopes: frozenset[str]
    events: frozenset[str]
    commands: tuple[Command, ...] = ()
    shortcuts: tuple[Shortcut, ...] = ()
    home_tab: bool = True
    prompts: tuple[Prompt, ...] = ()
    optional: frozenset[str] = frozenset()


@dataclass
class App:
    """The app as installed in one workspace, with the scopes that were granted there.

    With a `request_url` of its own it is reached there by signed HTTP.
    """

    team_id: str
    bot_id: str
    bot_user_id: str
    tokens: Tokens
    manifest: Manifest
    scopes: frozenset[str]
    request_url: str | None = None
    app_id: str = APP_ID

    @property
    def name(self) -> str:
        return self.manifest.name


@dataclass
class Message:
    """One message. `ephemeral_to` names its only reader; `fetched_links` are the links that Slack's
    servers would fetch because the app left unfurling on; `metadata` is read back by apps only."""

    channel: str
    ts: str
    text: str
    user: str
    team_id: str
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    bot_id: str | None = None
    subtype: str | None = None
    client_msg_id: str | None = None
    ephemeral_to: str | None = None
    edited_ts: str | None = None
    unfurl_links: bool | None = None
    unfurl_media: bool | None = None
    fetched_links: tuple[str, ...] = ()
    profile: Json | None = None
    metadata: Json | None = None
    sender: str | None = None  # shown instead of the user's name: Slackbot, another bot

    @property
    def is_reply(self) -> bool:
        return self.thread_ts is not None and self.thread_ts != self.ts

    def to_slack(self) -> Json:
        """The message object as events and Web API responses carry it."""
        optional: Json = {
            "subtype": self.subtype,
            "bot_id": self.bot_id,
            "bot_profile": self.profile,
            "app_id": self.profile["app_id"] if self.profile else None,
            "client_msg_id": self.client_msg_id,
            "thread_ts": self.thread_ts,
            "blocks": self.blocks or None,
            "edited": {"user": self.user, "ts": self.edited_ts} if self.edited_ts else None,
        }
        found = {key: value for key, value in optional.items() if value is not None}
        required = {"type": "message", "user": self.user, "ts": self.ts, "text": self.text}
        return required | {"team": self.team_id} | found


@dataclass
class View:
    """A modal or an App Home as its `data` (Slack's view object), with what its owner sees of it."""

    user: str
    team_id: str
    data: Json
    errors: dict[str, str] = field(default_factory=dict)
    notice: str = ""

    @property
    def id(self) -> str:
        return str(self.data["id"])

    @property
    def blocks(self) -> list[Json]:
        return list(self.data["blocks"])

    @property
    def title(self) -> str:
        return str((self.data.get("title") or {}).get("text", ""))


@dataclass(frozen=True)
class ApiCall:
    """A Web API call as the app made it (without its token) and how it ended."""

    at: datetime
    team_id: str | None
    method: str
    args: Mapping[str, Any]
    status: int
    ok: bool
    error: str | None = None
    messages: tuple[str, ...] = ()


@dataclass
class Delivery:
    """One attempt to hand something to an app; `outcome` is "waiting", "acked" or why it failed."""

    team_id: str
    kind: str
    payload: Json
    attempt: int
    reason: str
    outcome: str = "waiting"

    @property
    def event_id(self) -> str | None:
        found = self.payload.get("event_id")
        return str(found) if found else None
