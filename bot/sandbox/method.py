"""What a Web API method is, and what it is given."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from bot.sandbox import limits
from bot.sandbox.errors import ApiError
from bot.sandbox.model import App, Channel, Json, Person
from bot.sandbox.world import World

TRUE_WORDS = ("1", "true", "True")


@dataclass(frozen=True)
class Caller:
    """Who calls: the token's kind, and the installation that it belongs to (the app's own token has none)."""

    kind: Literal["bot", "app", "revoked", "unknown", "none"]
    installation: App | None = None


@dataclass(frozen=True)
class Call:
    """One call: the installation that makes it and its arguments, from a form or from JSON alike."""

    world: World
    installation: App | None
    args: Mapping[str, Any]

    @property
    def app(self) -> App:
        """The installation, for methods that need one."""
        if self.installation is None:
            raise ApiError("not_allowed_token_type")
        return self.installation

    def text(self, name: str, default: str = "") -> str:
        value = self.args.get(name)
        return default if value is None else str(value)

    def required(self, name: str) -> str:
        if value := self.text(name):
            return value
        raise ApiError.invalid("invalid_arguments", [f"missing required field: {name}"])

    def flag(self, name: str) -> bool | None:
        """True or False when it was given, else None."""
        value = self.args.get(name)
        if value is None or value == "":
            return None
        return value if isinstance(value, bool) else str(value) in TRUE_WORDS

    def data(self, name: str, error: str = "invalid_arguments") -> Any:
        """A JSON argument, decoded when it came through a form; None when it is absent."""
        value = self.args.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value.strip() else None
        except json.JSONDecodeError as broken:
            raise ApiError(error) from broken

    def channel(self, name: str = "channel") -> Channel:
        """The channel named by an argument: one of the app's workspace, or a person's direct message."""
        wanted = self.required(name)
        if wanted in self.world.people:
            return self.world.direct_message(self.person(wanted))
        channel = self.world.channels.get(wanted)
        if channel is None or channel.team_id != self.app.team_id:
            raise ApiError("channel_not_found")
        return channel

    def joined_channel(self, name: str = "channel") -> Channel:
        channel = self.channel(name)
        if self.app.bot_user_id not in channel.members:
            raise ApiError("not_in_channel")
        return channel

    def person(self, user_id: str) -> Person:
        """A person that this app can see: of its workspace, or in a channel shared with it."""
        person = self.world.people.get(user_id)
        if person is None or person.workspace != self.app.team_id:
            raise ApiError("user_not_found")
        return person

    def message_text(self) -> str:
        text = self.text("text")
        if len(text) > limits.MESSAGE_TEXT:
            raise ApiError("msg_too_long")
        return text


def missing_scope(app: App, needed: str) -> ApiError:
    """Slack's refusal of a call that the app's scopes do not cover."""
    return ApiError("missing_scope", needed=needed, provided=",".join(sorted(app.scopes)))


@dataclass(frozen=True)
class Method:
    """How a method is reached. `scopes`: one of them is needed. `per_minute`: Slack's tier.

    `caller`: whose token it takes, the bot's or the app-level one.
    """

    run: Callable[[Call], Json]
    scopes: tuple[str, ...] = ()
    per_minute: int = 50
    caller: Literal["bot", "app", "any", "none"] = "bot"
