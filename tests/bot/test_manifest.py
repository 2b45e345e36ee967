"""The manifest creates a Slack app that may do what the bot does, and nothing more."""

import ast
import json
import re
from pathlib import Path

import yaml
from jsonschema import Draft7Validator

from bot.asking import SHORTCUT
from bot.commands import COMMAND

BOT = Path(__file__).parents[2] / "bot"
MANIFEST = yaml.safe_load((BOT / "manifest.yaml").read_text("utf-8"))
# Methods that the bot calls, each with its scope: https://docs.slack.dev/reference/methods
SCOPES = {
    "auth_test": None,
    "chat_postMessage": "chat:write",
    "chat_getPermalink": None,
    "chat_postEphemeral": "chat:write",
    "chat_update": "chat:write",
    "conversations_history": "im:history",  # our own answers in direct messages, before one is posted again
    "conversations_open": "im:write",
    "conversations_replies": "im:history",
    "oauth_v2_access": None,
    "usergroups_users_list": "usergroups:read",
    "users_info": "users:read",
    "users_list": "users:read",
    "views_open": None,
    "views_push": None,
    "views_update": None,
    "views_publish": None,
}
EVENT_SCOPES = {
    "app_home_opened": None,
    "app_mention": "app_mentions:read",
    "app_uninstalled": None,
    "message.im": "im:history",
    "tokens_revoked": None,
}
FEATURE_SCOPES = {
    "assistant:write",  # agent_view
    "commands",  # slash commands and shortcuts
    "users:read.email",  # the address in users.info
}


def methods_called() -> set[str]:
    """Attributes that look like Web API methods in the bot's own modules."""
    called = set()
    for path in BOT.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and re.fullmatch(
                r"(apps|auth|chat|conversations|oauth|usergroups|users|views)_\w+", node.attr
            ):
                called.add(node.attr)
    return called


def test_it_follows_slacks_schema(shared: Path) -> None:
    schema = json.loads((shared / "facts/slack_schema/manifest.schema.2.0.0.json").read_text("utf-8"))
    assert [e.message for e in Draft7Validator(schema).iter_errors(MANIFEST)] == []


def test_its_events_exist_in_slack(shared: Path) -> None:
    known = json.loads((shared / "facts/slack_schema/manifest_events.json").read_text("utf-8"))["events"]
    assert set(MANIFEST["settings"]["event_subscriptions"]["bot_events"]) <= set(known)


def test_the_scopes_are_exactly_those_that_the_bot_uses() -> None:
    assert methods_called() <= set(SCOPES)
    needed = {SCOPES[method] for method in methods_called()} | set(EVENT_SCOPES.values()) | FEATURE_SCOPES
    assert set(MANIFEST["oauth_config"]["scopes"]["bot"]) == needed - {None}
    assert set(MANIFEST["settings"]["event_subscriptions"]["bot_events"]) == set(EVENT_SCOPES)


def test_it_needs_to_read_no_channel_and_uses_the_agent_view() -> None:
    assert "assistant_view" not in MANIFEST["features"]
    assert MANIFEST["features"]["agent_view"]
    assert not {s for s in MANIFEST["oauth_config"]["scopes"]["bot"] if re.match(r"(channels|groups|mpim):", s)}


def test_it_may_be_let_to_look_for_its_own_messages_in_channels() -> None:
    assert MANIFEST["oauth_config"]["scopes"]["bot_optional"] == ["channels:history", "groups:history"]


def test_its_names_are_those_that_the_listeners_wait_for() -> None:
    features = MANIFEST["features"]
    assert [c["command"] for c in features["slash_commands"]] == [COMMAND]
    assert [s["callback_id"] for s in features["shortcuts"]] == [SHORTCUT]
