"""The bot's settings, read from the environment and checked at once."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    InstanceOf,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.errors import ConfigError
from bot.installation.vault import EncryptionKeys

DEFAULT_DATABASE_URL = "sqlite:///bot.db"
SECRET_OF_MODE = {"socket": "SLACK_APP_TOKEN", "http": "SLACK_SIGNING_SECRET"}
TOO_MANY = (
    "and SLACK_CLIENT_ID are both set. Keep SLACK_BOT_TOKEN to serve its workspace only, or SLACK_CLIENT_ID to serve "
    "every workspace that installs the app."
)

WHERE_TO_GET = {
    "SLACK_BOT_TOKEN": "Slack app settings > OAuth & Permissions > Bot User OAuth Token; it starts with xoxb-. "
    "(For several workspaces, SLACK_CLIENT_ID instead.)",
    "SLACK_APP_TOKEN": "Slack app settings > Basic Information > App-Level Tokens, with the scope "
    "connections:write; it starts with xapp-. Or set SLACK_MODE=http.",
    "SLACK_CLIENT_ID": "Slack app settings > Basic Information > App Credentials > Client ID.",
    "SLACK_CLIENT_SECRET": "Slack app settings > Basic Information > App Credentials > Client Secret.",
    "BOT_DATABASE_URL": "Use sqlite:///bot.db or postgresql+psycopg://user:password@host/database.",
    "BOT_ENCRYPTION_KEYS": "Make one with `python -m integration keys generate` (several are separated by commas, "
    "the newest first).",
    "SLACK_SIGNING_SECRET": "Slack app settings > Basic Information > App Credentials > Signing Secret.",
    "SLACK_MODE": "Use socket (no public address needed) or http.",
    "SLACK_API_URL": "Leave it out for Slack itself, or give an address such as http://127.0.0.1:8010/api/.",
    "INTEGRATION_URL": "Use the address of the web process, such as https://support.example.com.",
    "INTEGRATION_API_KEY": "Make one with `python -m integration keys api bot`, and list it in API_KEYS.",
    "STAFF_TEAM_ID": "The id of your own Slack workspace: it begins with T, and stands in the workspace's address "
    "(app.slack.com/client/T...).",
    "STAFF_USERGROUP_ID": "The id of the user group of your support staff: it begins with S (More > People > "
    "User groups > Copy group ID).",
    "STAFF_USER_IDS": "Ids of people, separated by commas: each begins with U or W (their profile > Copy member ID).",
    "STAFF_CHANNEL_ID": "The id of the channel that is told: it begins with C or G (at the end of the channel's "
    "details).",
    "PORT": "Use a number from 1 to 65535.",
    "LOG_LEVEL": "Use DEBUG, INFO, WARNING or ERROR.",
}


def parse_database_url(text: str) -> URL:
    """An SQLAlchemy address. Hosts hand out `postgres://`; both spellings mean PostgreSQL through psycopg."""
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise ValueError("is not a database address.") from None
    if url.drivername in ("postgres", "postgresql", "postgresql+psycopg"):
        return url.set(drivername="postgresql+psycopg")
    if url.drivername != "sqlite" or url.database in (None, "", ":memory:"):
        raise ValueError("names neither an SQLite file nor a PostgreSQL database.")
    return url


def _id(letters: str) -> BeforeValidator:
    def check(text: str) -> str:
        if not re.fullmatch(rf"[{letters}][A-Z0-9]+", text):
            raise ValueError("is not an id of Slack's.")
        return text

    return BeforeValidator(check)


def _ids(text: str) -> frozenset[str]:
    ids = frozenset(entry.strip() for entry in text.split(",") if entry.strip())
    if not all(re.fullmatch(r"[UW][A-Z0-9]+", entry) for entry in ids):
        raise ValueError("is not a list of ids of Slack's.")
    return ids


class Settings(BaseModel):
    """What the bot needs to know. Secrets are masked in `repr`.

    With `slack_bot_token` it serves one workspace, with `slack_client_id` any number; `load_settings` sees to it
    that one of the two is there, and what goes with it.
    """

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    slack_bot_token: SecretStr | None = Field(None, alias="SLACK_BOT_TOKEN")
    slack_app_token: SecretStr | None = Field(None, alias="SLACK_APP_TOKEN")
    slack_mode: Literal["socket", "http"] = Field("socket", alias="SLACK_MODE")
    slack_signing_secret: SecretStr | None = Field(None, alias="SLACK_SIGNING_SECRET")
    slack_client_id: str | None = Field(None, alias="SLACK_CLIENT_ID")
    slack_client_secret: SecretStr | None = Field(None, alias="SLACK_CLIENT_SECRET")
    bot_database_url: Annotated[InstanceOf[URL], BeforeValidator(parse_database_url)] = Field(
        parse_database_url(DEFAULT_DATABASE_URL), alias="BOT_DATABASE_URL", repr=False
    )
    bot_encryption_keys: Annotated[InstanceOf[EncryptionKeys], BeforeValidator(EncryptionKeys.parse)] | None = Field(
        None, alias="BOT_ENCRYPTION_KEYS"
    )
    slack_api_url: str = Field("https://slack.com/api/", alias="SLACK_API_URL")
    integration_url: str | None = Field(None, alias="INTEGRATION_URL")
    integration_api_key: SecretStr | None = Field(None, alias="INTEGRATION_API_KEY")
    staff_team_id: Annotated[str, _id("T")] | None = Field(None, alias="STAFF_TEAM_ID")
    staff_usergroup_id: Annotated[str, _id("S")] | None = Field(None, alias="STAFF_USERGROUP_ID")
    staff_user_ids: Annotated[frozenset[str], BeforeValidator(_ids)] = Field(frozenset(), alias="STAFF_USER_IDS")
    staff_channel_id: Annotated[str, _id("CG")] | None = Field(None, alias="STAFF_CHANNEL_ID")
    port: int = Field(3000, alias="PORT", ge=1, le=65535)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", alias="LOG_LEVEL")

    @field_validator("slack_api_url", "integration_url")
    @classmethod
    def _an_address(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("http://", "https://")):
            raise ValueError("is not an http or https address.")
        return value

    @field_validator("slack_api_url")
    @classmethod
    def _ends_with_a_slash(cls, value: str) -> str:
        # slack_sdk joins the method's name to it as to a folder.
        return value.rstrip("/") + "/"

    @field_validator("slack_bot_token", "slack_app_token")
    @classmethod
    def _the_right_kind_of_token(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        mixed_up = {"slack_bot_token": ("xapp-", "an app-level"), "slack_app_token": ("xoxb-", "a bot")}
        prefix, kind = mixed_up[str(info.field_name)]
        if value is not None and value.get_secret_value().startswith(prefix):
            raise ValueError(f"holds {kind} token, which begins with {prefix}.")
        return value


def load_settings(env: Mapping[str, str]) -> Settings:
    """Read the settings from `env`, usually `os.environ`; an empty value counts as absent.

    Raises ConfigError that names every missing or wrong setting, and where to get it, never its value.
    """
    given = {name: value for name in _names() if (value := env.get(name, "").strip())}
    lines = [_line(name, problem) for name, problem in _lacking(given)]
    settings = None
    try:
        settings = Settings.model_validate(given)
    except ValidationError as error:
        lines += [_line(str(problem["loc"][0]), problem["msg"]) for problem in error.errors()]
    if settings is None or lines:
        # Outside the handler above: pydantic's own error would carry the values it refused.
        raise ConfigError("The bot cannot start:\n" + "\n".join(f"  - {line}" for line in lines))
    return settings


def _names() -> list[str]:
    return [field.alias or name for name, field in Settings.model_fields.items()]


def _lacking(given: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Settings that go, or do not go, with those that are there; each with what is wrong about it."""
    several = "SLACK_CLIENT_ID" in given
    if several and "SLACK_BOT_TOKEN" in given:
        yield "SLACK_BOT_TOKEN", TOO_MANY
    mode = given.get("SLACK_MODE", "socket")
    needed = {SECRET_OF_MODE[mode]: f"SLACK_MODE is {mode}"} if mode in SECRET_OF_MODE else {}
    if several:
        needed |= dict.fromkeys(("SLACK_CLIENT_SECRET", "BOT_ENCRYPTION_KEYS"), "SLACK_CLIENT_ID is set")
    else:
        needed["SLACK_BOT_TOKEN"] = ""
    if "INTEGRATION_URL" in given:
        needed["INTEGRATION_API_KEY"] = "INTEGRATION_URL is set"
    for name in ("STAFF_USERGROUP_ID", "STAFF_USER_IDS", "STAFF_CHANNEL_ID"):
        if name in given:
            needed["STAFF_TEAM_ID"] = f"{name} is set"
    for name, why in needed.items():
        if name not in given:
            yield name, f"is missing ({why})." if why else "is missing."


def _line(name: str, message: str) -> str:
    return f"{name} {message.removeprefix('Value error, ')}" + ("" if message == TOO_MANY else f" {WHERE_TO_GET[name]}")
