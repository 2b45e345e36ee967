"""What one person sees, as the chat page draws it."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.sandbox import clock, messages
from bot.sandbox.actions import top_modal
from bot.sandbox.model import BROADCAST, ApiCall, Channel, Json, Message, Person, View
from bot.sandbox.world import World, bot_user_of

KEPT_NOTICES = 20


def state(world: World) -> Json:
    """Who and what there is, whoever looks; `connected`: the app of that workspace answers."""
    workspaces = [
        {
            "id": w.id,
            "name": w.name,
            "domain": w.domain,
            "installed": w.id in world.apps,
            "connected": world.connected(w.id),
        }
        for w in world.workspaces.values()
    ]
    return {"workspaces": workspaces, "people": [_person(world, person) for person in world.people.values()]}


def _person(world: World, person: Person) -> Json:
    shown = ("id", "handle", "name", "workspace", "title", "role", "zone")
    kept = {name: getattr(person, name) for name in shown}
    return kept | {"left": person.deleted, "local_time": _local(world.clock(), person.zone)}


def _local(now: datetime, zone: str) -> str:
    return now.astimezone(ZoneInfo(zone)).strftime("%H:%M")


def picture(world: World, person: Person) -> Json:
    """Everything on one person's screen. Messages of all their channels: they are few here."""
    workspace = world.workspaces[person.workspace]
    channels = world.channels_of(person)
    return {
        "version": world.version,
        "person": _person(world, person),
        "workspace": {"id": workspace.id, "name": workspace.name, "domain": workspace.domain},
        "clock": clock.shown(world, person),
        "connected": world.connected(workspace.id),
        "app": _app(world, person),
        "links": [{"label": label, "url": url} for label, url in world.links],
        "channels": [_channel(world, channel, person) for channel in channels],
        "home": _view(world.homes.get(person.id)),
        "modal": _view(top_modal(world, person)),
        "names": names(world, person),
        "notices": [_notice(world, call) for call in _failures(world, workspace.id)],
        "waiting": sum(d.team_id == workspace.id and d.outcome == "waiting" for d in world.deliveries),
    }


def _app(world: World, person: Person) -> Json:
    """The app as this person finds it; `may_install` and `may_remove` say what they can do about it."""
    manifest, installed = world.manifest, person.workspace in world.apps
    usable = installed and not person.is_stranger
    may_manage = not (person.is_stranger or person.is_restricted)
    return {
        "name": manifest.name,
        "user": bot_user_of(person.workspace),
        "installed": installed,
        "may_install": may_manage and not installed and world.registration.install_url is not None,
        "may_remove": may_manage and installed,
        "commands": [asdict(command) for command in manifest.commands] if usable else [],
        "shortcuts": [asdict(shortcut) for shortcut in manifest.shortcuts] if usable else [],
        "home_tab": manifest.home_tab,
    }


def _channel(world: World, channel: Channel, person: Person) -> Json:
    offered = world.prompts.get(channel.id)
    prompts = offered.prompts if offered else world.manifest.prompts
    return {
        "id": channel.id,
        "name": channel.name,
        "kind": channel.kind,
        "topic": channel.topic,
        "shared": channel.shared,
        "archived": channel.archived,
        "app_is_here": channel.team_id in world.apps and bot_user_of(channel.team_id) in channel.members,
        "messages": [_message(world, m) for m in messages.visible(world, channel.id, person.id)],
        "statuses": {ts: text for (where, ts), text in world.statuses.items() if where == channel.id},
        "prompts": [asdict(prompt) for prompt in prompts] if channel.kind == "im" else [],
    }


def _message(world: World, message: Message) -> Json:
    return {
        "ts": message.ts,
        "thread_ts": message.thread_ts,
        "text": message.text,
        "blocks": message.blocks,
        "user": message.user,
        "name": message.sender or _display_name(world, message.user),
        "in_channel": not message.is_reply or message.subtype == BROADCAST,
        "is_app": message.bot_id is not None,
        "is_system": message.subtype == "channel_join",
        "ephemeral": message.ephemeral_to is not None,
        "edited": message.edited_ts is not None,
        "fetched_links": list(message.fetched_links),
    }


def _display_name(world: World, user_id: str) -> str:
    if person := world.people.get(user_id):
        return person.name
    return next((world.manifest.name for team in world.workspaces if bot_user_of(team) == user_id), user_id)


def names(world: World, person: Person) -> Mapping[str, str]:
    """What ids in texts are called: people, the app, channels."""
    people = {other.id: other.name for other in world.people.values()}
    apps = {bot_user_of(team): world.manifest.name for team in world.workspaces}
    channels = {c.id: c.name for c in world.channels.values() if c.team_id == person.workspace}
    groups = {group.id: group.handle for group in world.usergroups}
    return people | apps | channels | groups


def _view(view: View | None) -> Json | None:
    return {**view.data, "errors": view.errors, "notice": view.notice} if view else None


def _failures(world: World, team_id: str) -> list[ApiCall]:
    own = [call for call in world.calls if not call.ok and call.team_id in (team_id, None)]
    return own[-KEPT_NOTICES:]


def _notice(world: World, call: ApiCall) -> Json:
    return {
        "at": call.at.isoformat(),
        "method": call.method,
        "status": call.status,
        "error": call.error,
        "messages": list(call.messages),
        "made": _was_made(world, call),
    }


def _was_made(world: World, call: ApiCall) -> bool:
    """Whether a person made this failure: a 500, or a 429 while rates are not limited, has no other cause here."""
    return call.status == 500 or (call.status == 429 and not world.rate_limits)
