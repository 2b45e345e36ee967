"""The settings that article texts use, as one table: `{SUPPORT_EMAIL}`, `{INTEGRATIONS_URL}` and so on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from kb.errors import SettingsError

# What a text says where the setting is unset.
FALLBACK_WORDS = {
    "SUPPORT_EMAIL": "Retain support",
    "REPRESENTATIVE_CONTACT": "your Retain representative",
    "INTEGRATIONS_URL": "the Retain integrations page",
    "HELP_URL": "the Retain help centre",
    "ZOOM_MARKETPLACE_URL": "the Zoom Marketplace",
    "ZOOM_ACCOUNT_URL": "your Zoom account page",
    "ZOOM_APP_NAME": "Retain",
}


# A folder with the sentence encoder's official files, where neither hub nor PyPI can be reached.
MODEL_DIR = "KB_MODEL_DIR"


@dataclass(frozen=True)
class SiteSettings:
    """Values for the placeholders of articles; None means unset. URLs have no slash at their end."""

    support_email: str | None = None
    representative_contact: str | None = None
    integrations_url: str | None = None
    help_url: str | None = None
    zoom_marketplace_url: str | None = "https://marketplace.zoom.us"
    zoom_account_url: str | None = "https://zoom.us/account"
    zoom_app_name: str | None = "Retain"

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Self:
        """Read the settings from an environment; a blank value counts as unset.

        Raises SettingsError for an address that is not http(s) or an e-mail address without "@".
        """
        public_url = _url(env, "PUBLIC_URL")
        support_email = _email(env, "SUPPORT_EMAIL")
        return cls(
            support_email=support_email,
            representative_contact=_text(env, "REPRESENTATIVE_CONTACT") or support_email,
            integrations_url=_url(env, "INTEGRATIONS_URL") or (public_url and f"{public_url}/integrations"),
            help_url=_url(env, "HELP_URL") or public_url,
            zoom_marketplace_url=_url(env, "ZOOM_MARKETPLACE_URL") or cls.zoom_marketplace_url,
            zoom_account_url=_url(env, "ZOOM_ACCOUNT_URL") or cls.zoom_account_url,
            zoom_app_name=_text(env, "ZOOM_APP_NAME") or cls.zoom_app_name,
        )

    def value(self, name: str) -> str | None:
        """The value of a setting by its environment name; None when unset or not for articles."""
        if name not in FALLBACK_WORDS:
            return None
        value: str | None = getattr(self, name.lower())
        return value


def _text(env: Mapping[str, str], name: str) -> str | None:
    return env.get(name, "").strip() or None


def _email(env: Mapping[str, str], name: str) -> str | None:
    value = _text(env, name)
    if value and ("@" not in value or any(c.isspace() for c in value)):
        raise SettingsError(
            f"{name} is not an e-mail address.",
            field=name,
            remedy=f"Set {name} to one, such as help@example.com.",
        )
    return value


def _url(env: Mapping[str, str], name: str) -> str | None:
    value = _text(env, name)
    if value is None:
        return None
    if not _is_web_address(value):
        raise SettingsError(
            f"{name} is not a web address.",
            field=name,
            remedy=f"Set {name} to one that starts with https://, or leave it empty.",
        )
    return value.rstrip("/")


def _is_web_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:  # such as an unclosed "[" of an IPv6 address
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not any(c.isspace() for c in value)
