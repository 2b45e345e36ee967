"""What Slack sends when a person uses a command, a control, a shortcut or a modal (docs.slack.dev)."""

import copy
from collections.abc import Mapping
from typing import Any

from bot.sandbox.model import App, Channel, Command, Json, Message, Person, Shortcut, View
from bot.sandbox.reading import Control
from bot.sandbox.records import ResponseUrl
from bot.sandbox.world import World

VERIFICATION = "sandbox-verification"  # the deprecated token, which nothing should trust


def _common(world: World, app: App, person: Person, kind: str) -> Json:
    """What all interactions share. The person's own team is given, not the channel's."""
    return {
        "type": kind,
        "team": {"id": app.team_id, "domain": world.workspaces[app.team_id].domain},
        "user": {
            "id": person.id,
            "username": person.handle,
            "name": person.handle,
            "team_id": person.team_id,
        },
        "api_app_id": app.app_id,
        "token": VERIFICATION,
        "enterprise": None,
        "is_enterprise_install": False,
        "trigger_id": world.new_trigger(app.team_id, person.id),
    }


def command(world: World, person: Person, channel: Channel, name: str, text: str) -> Json:
    """A slash command; the fields of a form, all text."""
    app = world.app_of(channel.team_id)
    target = ResponseUrl(app.team_id, channel.id, person.id, world.clock())
    return {
        "token": VERIFICATION,
        "team_id": app.team_id,
        "team_domain": world.workspaces[app.team_id].domain,
        "channel_id": channel.id,
        "channel_name": channel.payload_name,
        "user_id": person.id,
        "user_name": person.handle,
        "command": name,
        "text": text,
        "api_app_id": app.app_id,
        "is_enterprise_install": "false",
        "response_url": world.new_response_url("commands", target),
        "trigger_id": world.new_trigger(app.team_id, person.id),
    }


def find_command(app: App, name: str) -> Command | None:
    return next((command for command in app.manifest.commands if command.name == name), None)


def message_click(world: World, person: Person, message: Message, action: Json, state: Json) -> Json:
    """`block_actions` from a message. Slack leaves the message out when it was ephemeral."""
    channel = world.channels[message.channel]
    app = world.app_of(channel.team_id)
    ephemeral = message.ephemeral_to is not None
    container = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": ephemeral,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    target = ResponseUrl(app.team_id, channel.id, person.id, world.clock(), message.ts, message.thread_ts)
    payload = _common(world, app, person, "block_actions") | {
        "container": container,
        "channel": {"id": channel.id, "name": channel.payload_name},
        "state": {"values": state},
        "response_url": world.new_response_url("actions", target),
        "actions": [action],
    }
    return payload if ephemeral else payload | {"message": message.to_slack()}


def view_click(world: World, person: Person, view: View, action: Json) -> Json:
    """`block_actions` from a modal or App Home: no channel, no response_url."""
    app = world.app_of(view.team_id)
    return _common(world, app, person, "block_actions") | {
        "container": {"type": "view", "view_id": view.id},
        "view": copy.deepcopy(view.data),
        "actions": [action],
    }


def shortcut(world: World, person: Person, entry: Shortcut, message: Message | None) -> Json:
    """A message shortcut (`message_action`), or a global one without a message."""
    app = world.app_of(person.workspace)
    kind = "message_action" if message else "shortcut"
    payload = _common(world, app, person, kind) | {"callback_id": entry.callback_id, "action_ts": world.next_ts()}
    if message is None:
        return payload
    channel = world.channels[message.channel]
    target = ResponseUrl(app.team_id, channel.id, person.id, world.clock(), message.ts, message.thread_ts)
    return payload | {
        "channel": {"id": channel.id, "name": channel.payload_name},
        "message_ts": message.ts,
        "message": message.to_slack(),
        "response_url": world.new_response_url("app", target),
    }


def view_submission(world: World, person: Person, view: View) -> Json:
    app = world.app_of(view.team_id)
    payload = _common(world, app, person, "view_submission")
    return payload | {"view": copy.deepcopy(view.data), "response_urls": []}


def view_closed(world: World, person: Person, view: View, *, cleared: bool) -> Json:
    app = world.app_of(view.team_id)
    payload = _common(world, app, person, "view_closed")
    del payload["trigger_id"]  # closing opens nothing
    return payload | {"view": copy.deepcopy(view.data), "is_cleared": cleared}


def action(world: World, control: Control, raw: Any) -> Json:
    """One entry of `actions`; `raw` is what was chosen or typed, if the control takes something."""
    element = control.element
    shared = {
        "type": element["type"],
        "action_id": control.action_id,
        "block_id": control.block_id,
        "action_ts": world.next_ts(),
    }
    if control.side:
        pressed = element[control.side]
        return shared | {"text": pressed["text"], "value": pressed["value"]}
    if element["type"] == "button":
        return shared | {key: element[key] for key in ("text", "value", "style", "url") if key in element}
    return shared | state_of(element, raw)


# Under which key an element's state carries what was given.
STATE_KEYS: Mapping[str, str] = {
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
    "conversations_select": "selected_conversation",
    "multi_conversations_select": "selected_conversations",
    "channels_select": "selected_channel",
    "multi_channels_select": "selected_channels",
}
ONE_OPTION = frozenset({"static_select", "external_select", "radio_buttons", "overflow"})
SOME_OPTIONS = frozenset({"multi_static_select", "multi_external_select", "checkboxes"})


def state_of(element: Json, raw: Any) -> Json:
    """An element's entry in `state.values`, from the value (or option values, or their labels) given."""
    kind = element["type"]
    if kind in ONE_OPTION:
        return {"type": kind, "selected_option": next(iter(_options(element, [raw])), None)}
    if kind in SOME_OPTIONS:
        return {"type": kind, "selected_options": _options(element, raw or [])}
    return {"type": kind, STATE_KEYS.get(kind, "value"): raw if raw not in ("", None) else None}


def _options(element: Json, wanted: Any) -> list[Json]:
    groups = [group["options"] for group in element.get("option_groups") or []]
    offered = [option for options in (element.get("options") or [], *groups) for option in options]
    return [option for option in offered if option["value"] in wanted or option["text"]["text"] in wanted]
