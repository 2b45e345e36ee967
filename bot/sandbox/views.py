"""Modals and App Home: opening, replacing, pushing, closing."""

import secrets
from collections.abc import Iterator
from typing import Any

from bot.sandbox import limits
from bot.sandbox.blocks_store import with_block_ids
from bot.sandbox.errors import ApiError
from bot.sandbox.model import App, Json, View
from bot.sandbox.world import World

OPTIONAL = ("callback_id", "private_metadata", "external_id", "clear_on_close", "notify_on_close")


def build(app: App, user: str, given: Json, previous: View | None = None, replaces: View | None = None) -> View:
    """A stored view made from what the app sent: ids, hash and an empty state are added.

    `previous` is the modal below it; `replaces` the one whose place and id it takes.
    """
    view_id = replaces.id if replaces else f"V{secrets.token_hex(5).upper()}"
    root = replaces.data["root_view_id"] if replaces else previous.data["root_view_id"] if previous else view_id
    below = replaces.data["previous_view_id"] if replaces else previous.id if previous else None
    data: Json = {
        "id": view_id,
        "team_id": app.team_id,
        "type": given["type"],
        "blocks": with_block_ids(given["blocks"]),
        "private_metadata": "",
        "callback_id": "",
        "external_id": "",
        "state": {"values": {}},
        "hash": secrets.token_hex(8),
        "title": given.get("title"),
        "clear_on_close": False,
        "notify_on_close": False,
        "close": given.get("close"),
        "submit": given.get("submit"),
        "previous_view_id": below,
        "root_view_id": root,
        "app_id": app.app_id,
        "app_installed_team_id": app.team_id,
        "bot_id": app.bot_id,
    }
    return View(user, app.team_id, data | {key: given[key] for key in OPTIONAL if key in given})


def open_first(world: World, app: App, user: str, given: Json) -> View:
    view = build(app, user, given)
    world.modals[user] = [view]
    world.changed()
    return view


def push(world: World, app: App, user: str, given: Json) -> View:
    stack = world.modals.setdefault(user, [])
    if len(stack) >= limits.MODAL_STACK:
        raise ApiError("push_limit_reached")
    view = build(app, user, given, previous=stack[-1] if stack else None)
    stack.append(view)
    world.changed()
    return view


def replace(world: World, app: App, old: View, given: Json) -> View:
    """Puts a new view in the place of an open one."""
    view = build(app, old.user, given, replaces=old)
    stack = world.modals.get(old.user, [])
    if world.homes.get(old.user) is old:
        world.homes[old.user] = view
    elif old in stack:
        stack[stack.index(old)] = view
    else:
        raise ApiError("not_found")
    world.changed()
    return view


def publish(world: World, app: App, user: str, given: Json) -> View:
    """Sets a person's App Home."""
    view = build(app, user, given, replaces=world.homes.get(user))
    world.homes[user] = view
    world.changed()
    return view


def close(world: World, user: str, *, everything: bool = False) -> list[View]:
    """Closes the top modal (or all of them); returns what was closed."""
    stack = world.modals.get(user, [])
    closed = stack[:] if everything else stack[-1:]
    del stack[len(stack) - len(closed) :]
    world.changed()
    return closed


def everything_open(world: World, team_id: str) -> Iterator[View]:
    for view in (*world.homes.values(), *(view for stack in world.modals.values() for view in stack)):
        if view.team_id == team_id:
            yield view


def find(world: World, team_id: str, view_id: str, external_id: str = "") -> View:
    """An open view of that workspace; raises ApiError (not_found)."""
    for view in everything_open(world, team_id):
        if (view_id and view.id == view_id) or (external_id and view.data["external_id"] == external_id):
            return view
    raise ApiError("not_found")


def spend_trigger(world: World, team_id: str, trigger_id: Any) -> str:
    """The person behind a trigger, which lives three seconds and is used once."""
    trigger = world.triggers.get(str(trigger_id or ""))
    if trigger is None or trigger.team_id != team_id:
        raise ApiError("invalid_trigger_id")
    if trigger.used:
        raise ApiError("exchanged_trigger_id")
    if (world.clock() - trigger.made_at).total_seconds() > world.timing.trigger:
        raise ApiError("expired_trigger_id")
    trigger.used = True
    return trigger.user
