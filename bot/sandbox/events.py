"""Which events an app gets, and what they look like on the wire (docs.slack.dev, Events API)."""

import secrets

from bot.sandbox import delivery
from bot.sandbox.model import App, Channel, Json, Message, Person
from bot.sandbox.world import World


def _apps_hearing(world: World, channel: Channel) -> list[App]:
    return [app for app in world.apps.values() if app.bot_user_id in channel.members]


def _kind(channel: Channel) -> str:
    return "message.im" if channel.kind == "im" else "message.channels"


def send(world: World, app: App, event: Json, channel: Channel | None = None) -> str:
    """Wraps an event in its callback and starts its delivery; returns the event's id."""
    event_id = f"Ev{secrets.token_hex(5).upper()}"
    payload: Json = {
        "token": "sandbox-verification",
        "team_id": app.team_id,
        "context_team_id": app.team_id,
        "context_enterprise_id": None,
        "api_app_id": app.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": int(world.clock().timestamp()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": app.team_id,
                "user_id": app.bot_user_id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": bool(channel and channel.shared),
        "event_context": f"4-{secrets.token_hex(24)}",
    }
    delivery.dispatch(world, app, payload)
    return event_id


def message_posted(world: World, message: Message) -> None:
    """Sends `message` and, where the app is mentioned, `app_mention`."""
    if message.ephemeral_to is not None:
        return
    channel = world.channels[message.channel]
    for app in _apps_hearing(world, channel):
        common = _on_the_wire(world, message, channel)
        if f"<@{app.bot_user_id}>" in message.text and channel.kind != "im":
            _send_if_subscribed(world, app, "app_mention", common | {"type": "app_mention"}, channel)
        kind = "im" if channel.kind == "im" else "channel"
        _send_if_subscribed(world, app, _kind(channel), common | {"channel_type": kind}, channel)


def _on_the_wire(world: World, message: Message, channel: Channel) -> Json:
    event = message.to_slack() | {"channel": channel.id, "event_ts": message.ts}
    if message.is_reply and (parent := _parent(world, message)):
        event["parent_user_id"] = parent.user
    if channel.shared and message.team_id != channel.team_id:
        event |= {"user_team": message.team_id, "source_team": message.team_id}
    return event


def _parent(world: World, message: Message) -> Message | None:
    return next((m for m in world.messages.get(message.channel, []) if m.ts == message.thread_ts), None)


def message_changed(world: World, message: Message, before: Json) -> None:
    """Sends the `message_changed` that follows an edit."""
    _hidden(world, message, {"subtype": "message_changed", "message": message.to_slack(), "previous_message": before})


def message_deleted(world: World, message: Message) -> None:
    """Sends the `message_deleted` that follows a removal."""
    gone = {"subtype": "message_deleted", "deleted_ts": message.ts, "previous_message": message.to_slack()}
    _hidden(world, message, gone)


def _hidden(world: World, message: Message, what: Json) -> None:
    channel, ts = world.channels[message.channel], world.next_ts()
    event = what | {"type": "message", "channel": channel.id, "hidden": True, "ts": ts, "event_ts": ts}
    event["channel_type"] = "im" if channel.kind == "im" else "channel"
    for app in _apps_hearing(world, channel):
        _send_if_subscribed(world, app, _kind(channel), event, channel)


def _send_if_subscribed(world: World, app: App, name: str, event: Json, channel: Channel | None) -> None:
    if name in app.manifest.events:
        send(world, app, event, channel)


def app_removed(world: World, app: App) -> None:
    """Sends `app_uninstalled` and `tokens_revoked`, which Slack sends in no certain order."""
    _send_if_subscribed(world, app, "app_uninstalled", {"type": "app_uninstalled"}, None)
    revoked = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [app.bot_user_id]}}
    _send_if_subscribed(world, app, "tokens_revoked", revoked, None)


def home_opened(world: World, person: Person, tab: str) -> None:
    """Sends `app_home_opened`; `tab` is "home" or "messages"."""
    app = world.app_of(person.workspace)
    event: Json = {
        "type": "app_home_opened",
        "user": person.id,
        "channel": world.direct_message(person).id,
        "tab": tab,
        "event_ts": world.next_ts(),
    }
    if tab == "home" and (view := world.homes.get(person.id)):
        event["view"] = view.data
    _send_if_subscribed(world, app, "app_home_opened", event, None)
