"""Reads from an app's manifest what the sandbox must know: scopes, events, commands, shortcuts."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from bot.sandbox.errors import SettingError
from bot.sandbox.model import Command, Manifest, Prompt, Shortcut

PRODUCT = Path(__file__).resolve().parents[1] / "manifest.yaml"

# Used while there is no manifest: what a support app needs at the least.
FALLBACK: Mapping[str, Any] = {
    "display_information": {"name": "Retain"},
    "features": {
        "app_home": {"home_tab_enabled": True},
        "slash_commands": [
            {
                "command": "/retain",
                "description": "Ask Retain",
                "usage_hint": "ask <question> | help",
                "should_escape": True,
            }
        ],
        "shortcuts": [
            {"name": "Ask Retain", "type": "message", "callback_id": "ask_retain", "description": "Answer this"}
        ],
    },
    "oauth_config": {
        "scopes": {"bot": ["app_mentions:read", "chat:write", "commands", "im:history", "im:write", "users:read"]}
    },
    "settings": {"event_subscriptions": {"bot_events": ["app_home_opened", "app_mention", "message.im"]}},
}


def read_manifest(source: Path | Mapping[str, Any] | None = None) -> Manifest:
    """Reads a manifest from a YAML file or a mapping; None means the product's own, if it is there.

    Raises SettingError when it is not a manifest.
    """
    if source is None:
        source = PRODUCT if PRODUCT.exists() else FALLBACK
    try:
        return _manifest(yaml.safe_load(source.read_text(encoding="utf-8")) if isinstance(source, Path) else source)
    except (KeyError, TypeError, AttributeError, yaml.YAMLError) as error:
        where = source if isinstance(source, Path) else "mapping"
        remedy = "Check it against Slack's manifest schema."
        raise SettingError(
            f"The manifest ({where}) cannot be read: {error}.", field="manifest", remedy=remedy
        ) from error


def _manifest(raw: Mapping[str, Any]) -> Manifest:
    features = raw.get("features", {})
    scopes = raw.get("oauth_config", {}).get("scopes", {})
    return Manifest(
        name=features.get("bot_user", {}).get("display_name") or raw["display_information"]["name"],
        scopes=frozenset(scopes.get("bot", [])),
        optional=frozenset(scopes.get("bot_optional", [])),
        events=frozenset(raw.get("settings", {}).get("event_subscriptions", {}).get("bot_events", [])),
        commands=tuple(_command(entry) for entry in features.get("slash_commands", [])),
        shortcuts=tuple(_shortcut(entry) for entry in features.get("shortcuts", [])),
        prompts=tuple(
            Prompt(entry["title"], entry["message"])
            for entry in features.get("agent_view", {}).get("suggested_prompts", [])
        ),
        home_tab=bool(features.get("app_home", {}).get("home_tab_enabled", False)),
    )


def _command(entry: Mapping[str, Any]) -> Command:
    return Command(
        entry["command"],
        entry.get("description", ""),
        entry.get("usage_hint", ""),
        bool(entry.get("should_escape", False)),
    )


def _shortcut(entry: Mapping[str, Any]) -> Shortcut:
    return Shortcut(entry["name"], entry["type"], entry["callback_id"], entry.get("description", ""))
