"""auth.*, users.*, conversations.* and the like: who and where."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.sandbox.errors import ApiError
from bot.sandbox.method import Call, Method, missing_scope
from bot.sandbox.model import APP_ID, App, Channel, Json, Person
from bot.sandbox.socket_hub import EVERYTHING

READ_SCOPE = {"im": "im:read", "channel": "channels:read"}


def api_test(call: Call) -> Json:
    return {"args": dict(call.args)}


def auth_test(call: Call) -> Json:
    if call.installation is None:  # the app's own token
        return {"app_id": APP_ID, "app_name": call.world.manifest.name}
    app, workspace = call.app, call.world.workspaces[call.app.team_id]
    return {
        "url": f"https://{workspace.domain}.slack.com/",
        "team": workspace.name,
        "user": app.name.lower(),
        "team_id": workspace.id,
        "user_id": app.bot_user_id,
        "bot_id": app.bot_id,
        "is_enterprise_install": False,
    }


def connections_open(call: Call) -> Json:
    ticket = call.world.sockets.new_ticket(call.installation.team_id if call.installation else EVERYTHING)
    address = call.world.base_url.replace("http://", "ws://", 1)
    return {"url": f"{address}/link/?ticket={ticket}&app_id={APP_ID}"}


def users_info(call: Call) -> Json:
    user_id = call.required("user")
    if user_id == call.app.bot_user_id:
        return {"user": bot_user(call.app)}
    return {"user": user_object(call, call.person(user_id))}


def users_list(call: Call) -> Json:
    seen = [p for p in call.world.people.values() if p.workspace == call.app.team_id]
    members = [bot_user(call.app), *(user_object(call, person) for person in seen)]
    return {"members": members, "response_metadata": {"next_cursor": ""}}


def user_object(call: Call, person: Person) -> Json:
    """Slack's user object; the e-mail address only with its scope."""
    now = call.world.clock().astimezone(ZoneInfo(person.zone))
    profile = {
        "real_name": person.name,
        "display_name": person.handle,
        "title": person.title,
        "team": person.team_id,
    }
    if "users:read.email" in call.app.scopes:
        profile["email"] = person.email
    return {
        "id": person.id,
        "team_id": person.team_id,
        "name": person.handle,
        "real_name": person.name,
        "deleted": person.deleted,
        "profile": profile,
        "is_admin": person.is_admin,
        "is_owner": person.is_owner,
        "is_primary_owner": person.is_owner,
        "is_restricted": person.is_restricted,
        "is_ultra_restricted": person.is_ultra_restricted,
        "is_bot": False,
        "is_app_user": False,
        "is_stranger": person.is_stranger,
        "updated": 1_700_000_000,
    } | _zone(now, person.zone)


def _zone(now: datetime, zone: str) -> Json:
    offset = now.utcoffset()
    return {"tz": zone, "tz_label": now.tzname(), "tz_offset": int(offset.total_seconds()) if offset else 0}


def bot_user(app: App) -> Json:
    return {
        "id": app.bot_user_id,
        "team_id": app.team_id,
        "name": app.name.lower(),
        "real_name": app.name,
        "deleted": False,
        "is_bot": True,
        "is_app_user": False,
        "profile": {"bot_id": app.bot_id, "api_app_id": app.app_id, "real_name": app.name, "team": app.team_id},
        "updated": 1_700_000_000,
    }


def users_conversations(call: Call) -> Json:
    member = call.text("user") or call.app.bot_user_id
    found = [
        c for c in call.world.channels.values()
        if c.team_id == call.app.team_id and {member, call.app.bot_user_id} <= c.members
    ]  # fmt: skip
    return {"channels": [channel_object(call, c) for c in found], "response_metadata": {"next_cursor": ""}}


def conversations_open(call: Call) -> Json:
    """Opens the direct message with one person; group messages are not in the sandbox."""
    if call.text("channel"):
        channel = call.channel()
    else:
        users = call.required("users").split(",")
        if len(users) > 1:
            raise ApiError("method_not_supported_for_channel_type")
        person = call.person(users[0])
        if person.is_stranger:
            raise ApiError("user_not_visible")
        if person.deleted:
            raise ApiError("user_disabled")
        channel = call.world.direct_message(person)
    full = channel_object(call, channel) if call.flag("return_im") else {"id": channel.id}
    return {"no_op": True, "already_open": True, "channel": full}


def conversations_info(call: Call) -> Json:
    channel = call.channel()
    needed = READ_SCOPE[channel.kind]
    if needed not in call.app.scopes:
        raise missing_scope(call.app, needed)
    return {"channel": channel_object(call, channel)}


def channel_object(call: Call, channel: Channel) -> Json:
    """Slack's conversation object, as far as an app reads it."""
    shared = {
        "id": channel.id,
        "created": 1_700_000_000,
        "is_archived": channel.archived,
        "is_im": channel.kind == "im",
        "context_team_id": channel.team_id,
        "is_ext_shared": channel.shared,
        "is_org_shared": False,
    }
    if channel.kind == "im":
        return shared | {"user": channel.person}
    return shared | {
        "name": channel.name,
        "is_channel": True,
        "is_private": False,
        "is_general": channel.name == "general",
        "is_member": call.app.bot_user_id in channel.members,
        "topic": {"value": channel.topic},
        "num_members": len(channel.members),
    }


def usergroup_users(call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/usergroups.users.list: disabled people are left out."""
    wanted = call.required("usergroup")
    for group in call.world.usergroups:
        if group.id == wanted and group.team_id == call.app.team_id:
            return {"users": [user for user in group.users if not call.world.people[user].deleted]}
    raise ApiError("no_such_subteam")


def bots_info(call: Call) -> Json:
    app = call.app
    if call.text("bot", app.bot_id) != app.bot_id:
        raise ApiError("bot_not_found")
    return {"bot": {"id": app.bot_id, "deleted": False, "name": app.name, "app_id": app.app_id,
                    "user_id": app.bot_user_id, "updated": 1_700_000_000, "icons": {}}}  # fmt: skip


METHODS = {
    "api.test": Method(api_test, per_minute=100, caller="none"),
    "auth.test": Method(auth_test, per_minute=600, caller="any"),
    "apps.connections.open": Method(connections_open, per_minute=100, caller="app"),
    "users.info": Method(users_info, ("users:read",), per_minute=100),
    "users.list": Method(users_list, ("users:read",), per_minute=20),
    "users.conversations": Method(users_conversations, tuple(READ_SCOPE.values())),
    "conversations.open": Method(conversations_open, ("im:write",)),
    "conversations.info": Method(conversations_info, tuple(READ_SCOPE.values())),
    "usergroups.users.list": Method(usergroup_users, ("usergroups:read",), per_minute=20),
    "bots.info": Method(bots_info, ("users:read",)),
}
