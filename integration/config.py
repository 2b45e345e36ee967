"""The settings of web and worker, read from the environment once and checked as a whole."""

import ipaddress
import os
import sys
from collections.abc import Mapping
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, InstanceOf, SecretStr, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from integration.callers import ApiKeys
from integration.errors import SettingsError
from integration.vault import EncryptionKeys
from kb.errors import SettingsError as SiteSettingsError
from kb.settings import SiteSettings

DEFAULT_DATABASE_URL = "sqlite:///retain.db"

# Where to get each setting; shown with what is wrong about it.
REMEDIES: Mapping[str, str] = {
    "PUBLIC_URL": "Set the https address people open, such as https://support.example.com "
    "(http is accepted for localhost alone).",
    "SECRET_KEY": "Get one with: python -m integration keys secret",
    "ENCRYPTION_KEYS": "Get one with: python -m integration keys generate  "
    "(several are separated by commas, the newest first).",
    "API_KEYS": "Get one with: python -m integration keys api bot  "
    "(one for each calling program, separated by commas).",
    "ZOOM_CLIENT_ID": "Zoom App Marketplace > Manage > your app > App Credentials > Client ID (the production one).",
    "ZOOM_CLIENT_SECRET": "Zoom App Marketplace > Manage > your app > App Credentials > Client Secret.",
    "ZOOM_WEBHOOK_SECRET": "Zoom App Marketplace > Manage > your app > Access > Secret Token.",
    "ZOOM_OAUTH_URL": "Leave it out for Zoom itself, or give an address such as https://zoom.us.",
    "ZOOM_API_URL": "Leave it out for Zoom itself, or give an address such as https://api.zoom.us/v2.",
    "DATABASE_URL": "Set sqlite:///retain.db or postgresql+psycopg://user:password@host/database.",
    "QUESTIONS_KEPT_DAYS": "Set a number of days from 1 to 3650; 90 without it.",
    "LOG_LEVEL": "Set DEBUG, INFO, WARNING or ERROR.",
}


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def parse_public_url(text: str) -> str:
    """The address without a trailing slash. Raises ValueError unless it is https, or http on loopback."""
    try:
        parts = urlsplit(text.strip())
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ValueError("is not an address") from None
    if parts.scheme not in ("http", "https") or not host:
        raise ValueError("is not an address that starts with https://")
    if parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc:
        raise ValueError("must end after the host name (and port)")
    if parts.scheme == "http" and not _is_loopback(host):
        raise ValueError("must be https: sign-in and connect links travel over it")
    return f"{parts.scheme}://{parts.netloc}"


def parse_zoom_url(text: str) -> str:
    """The address without a trailing slash. Raises ValueError unless it is https, or http on loopback."""
    parts = urlsplit(text.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("is not an address that starts with https://")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise ValueError("must be https: tokens travel over it")
    return text.strip().rstrip("/")


def parse_database_url(text: str) -> URL:
    """An SQLAlchemy address. Hosts hand out `postgres://`; both spellings mean PostgreSQL through psycopg."""
    try:
        url = make_url(text.strip())
    except (ArgumentError, ValueError):
        raise ValueError("is not a database address") from None
    if url.drivername in ("postgres", "postgresql", "postgresql+psycopg"):
        return url.set(drivername="postgresql+psycopg")
    if url.drivername != "sqlite":
        raise ValueError(f"names {url.drivername}; only sqlite and postgresql are known")
    if url.database in (None, "", ":memory:"):
        raise ValueError("must name a file: a database in memory is gone with the process")
    return url


class Settings(BaseSettings):
    """What web and worker need. Its repr shows no secret."""

    model_config = SettingsConfigDict(
        hide_input_in_errors=True,
        frozen=True,
        enable_decoding=False,  # lists are read by our own parsers, not as JSON
        env_ignore_empty=True,  # .env.example has a line for every setting
        validate_default=False,
    )

    public_url: Annotated[str, BeforeValidator(parse_public_url)]
    secret_key: SecretStr = Field(min_length=32)
    encryption_keys: Annotated[InstanceOf[EncryptionKeys], BeforeValidator(EncryptionKeys.parse)]
    api_keys: Annotated[InstanceOf[ApiKeys], BeforeValidator(ApiKeys.parse)]
    database_url: Annotated[InstanceOf[URL], BeforeValidator(parse_database_url)] = Field(
        default=parse_database_url(DEFAULT_DATABASE_URL), repr=False
    )
    zoom_client_id: str = Field(min_length=1)
    zoom_client_secret: SecretStr = Field(min_length=1)
    zoom_webhook_secret: SecretStr = Field(min_length=1)
    zoom_oauth_url: Annotated[str, BeforeValidator(parse_zoom_url)] = "https://zoom.us"
    zoom_api_url: Annotated[str, BeforeValidator(parse_zoom_url)] = "https://api.zoom.us/v2"
    questions_kept_days: int = Field(default=90, ge=1, le=3650)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"


def load_settings() -> Settings:
    """Read the settings from the environment. Raises SettingsError that lists every fault at once."""
    faults: dict[str, str] = {}
    settings = None
    try:
        settings = Settings()
    except ValidationError as error:
        for fault in error.errors(include_input=False, include_url=False):
            name = str(fault["loc"][0]).upper()
            faults[name] = f"{name} {_what_is_wrong(fault)}\n      {REMEDIES[name]}"
    try:
        SiteSettings.from_env(os.environ)
    except SiteSettingsError as error:
        name = error.field or ""
        faults.setdefault(name, f"{error.message}\n      {error.remedy}")
    if settings is None or faults:
        # Outside the handlers above: pydantic's own error would carry the values it refused.
        raise _all_of(faults)
    return settings


def settings_or_exit() -> Settings:
    """The settings for a process that starts now; without them it ends, saying which and how to get them."""
    try:
        return load_settings()
    except SettingsError as error:
        print(error, file=sys.stderr)  # noqa: T201 - logging is set up from the settings that are missing
        raise SystemExit(2) from None


def _all_of(faults: Mapping[str, str]) -> SettingsError:
    count = "One setting needs" if len(faults) == 1 else f"{len(faults)} settings need"
    return SettingsError(
        "\n".join([f"This cannot start yet. {count} attention:", *(f"  {fault}" for fault in faults.values())]),
        field=", ".join(faults),
        remedy="\nPut them into .env (.env.example explains each) or into your host's settings, and start again.",
    )


def _what_is_wrong(fault: ErrorDetails) -> str:
    if fault["type"] == "missing":
        return "is missing."
    if fault["type"] == "value_error":
        return f"is not usable: {fault['ctx']['error']}."
    if fault["type"] == "too_short":
        return f"is too short ({fault['ctx']['min_length']} characters or more)."
    return "is not one of the known values."
