"""What a person does in Slack: type, command, press, submit. The page and the driver both call these."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.sandbox import delivery, events, forms, messages, payloads, response_url, text, views
from bot.sandbox.errors import ActionError, ApiError
from bot.sandbox.model import Channel, Json, Message, Person, View
from bot.sandbox.reading import Control, find_control
from bot.sandbox.records import ResponseUrl
from bot.sandbox.socket_hub import NotAcknowledged
from bot.sandbox.validation import check_view
from bot.sandbox.world import World

TROUBLE = "We had some trouble connecting. Try again?"


def say(world: World, person: Person, channel: Channel, typed: str, thread_ts: str | None = None) -> Message:
    """Posts what a person typed (plain, "@Retain" mentions the app)."""
    if person.id not in channel.members:
        raise ActionError(f"{person.name} is not in #{channel.name}.", field="channel")
    if channel.archived:
        raise ActionError(f"#{channel.name} is archived.", field="channel")
    if not typed.strip():
        raise ActionError("There is nothing to send.", field="text", remedy="Type a message first.")
    message = messages.from_person(world, person, channel, with_handles(world, person, typed), thread_ts)
    app = world.apps.get(channel.team_id)
    if app and f"<@{app.bot_user_id}>" in message.text and app.bot_user_id not in channel.members:
        hint = f"You mentioned {app.name}, but it is not in this channel. Ask it in a direct message instead."
        messages.from_slackbot(world, channel, person.id, hint, thread_ts)
    return message


def with_handles(world: World, author: Person, typed: str) -> str:
    """`typed` with colleagues mentioned by full or first name mentioned by handle; the longest name counts."""
    names: dict[str, str] = {}
    for person in world.people.values():
        if person.workspace == author.workspace:
            for name in (person.name, person.name.partition(" ")[0], person.handle):
                names.setdefault(name.lower(), person.handle)
    longest_first = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    mention = rf"https?://\S+|(?<![\w@])@({longest_first})(?![\w-])"  # addresses stay as they are
    return re.sub(mention, lambda m: f"@{names[m[1].lower()]}" if m[1] else m[0], typed, flags=re.IGNORECASE)


async def command(world: World, person: Person, channel: Channel, name: str, typed: str = "") -> None:
    """Runs a slash command; what the app answers at once is shown, a failure is said by Slackbot."""
    app = world.apps.get(channel.team_id)
    entry = payloads.find_command(app, name) if app else None
    if app is None or entry is None:
        messages.from_slackbot(world, channel, person.id, f"`{name}` is not a valid command.")
        return
    if person.is_stranger:
        messages.from_slackbot(world, channel, person.id, f"`{name}` is for people of this workspace only.")
        return
    if entry.should_escape:
        typed = with_handles(world, person, typed)
    given = text.command_text(world, person, typed, entry.should_escape)
    payload = payloads.command(world, person, channel, name, given)
    try:
        answered = await delivery.ask(world, app, "command", payload)
        if answered and (answered.get("text") or answered.get("blocks")):
            target = ResponseUrl(app.team_id, channel.id, person.id, world.clock())
            response_url.answer(world, target, answered)
    except NotAcknowledged as failure:
        why = "operation_timeout" if "timeout" in failure.reason else "dispatch_failed"
        messages.from_slackbot(world, channel, person.id, f"`{name}` failed with the error “{why}”.")
    except ApiError as failure:
        messages.from_slackbot(world, channel, person.id, f"`{name}` failed with the error “{failure.error}”.")


async def click(
    world: World,
    person: Person,
    where: Message | View,
    control: Control,
    value: Any = None,
    filled: Mapping[str, Mapping[str, Any]] | None = None,
) -> bool:
    """Uses a control; False when the app did not take it. `filled`: inputs by block and action id."""
    action = payloads.action(world, control, value)
    if isinstance(where, Message):
        state = forms.state(where.blocks, filled or {})
        payload = payloads.message_click(world, person, where, action, state)
    else:
        where.data["state"] = {"values": forms.state(where.blocks, filled or {})}
        payload = payloads.view_click(world, person, where, action)
    return await _tell(world, person, payload)


def control_named(where: Message | View, name: str) -> Control:
    """A control by action id or label. Raises ActionError, naming what there is."""
    if found := find_control(where.blocks, name):
        return found
    there = ", ".join(repr(label) for label in forms.labels(where.blocks)) or "nothing to press"
    raise ActionError(f"There is no control {name!r}.", field="action", remedy=f"There is: {there}.")


async def shortcut(world: World, person: Person, callback_id: str, message: Message | None = None) -> bool:
    """Uses a shortcut of the app of the person's workspace; False when the app did not take it."""
    kind = "message" if message else "global"
    if person.is_stranger:
        raise ActionError("Shortcuts are for people of this workspace only.", field="person")
    for entry in world.app_of(person.workspace).manifest.shortcuts:
        if entry.kind == kind and callback_id in (entry.callback_id, entry.name):
            return await _tell(world, person, payloads.shortcut(world, person, entry, message))
    raise ActionError(f"The app has no {kind} shortcut {callback_id!r}.", field="callback_id")


async def _tell(world: World, person: Person, payload: Json) -> bool:
    try:
        await delivery.ask(world, world.app_of(person.workspace), "interaction", payload)
    except NotAcknowledged:
        return False
    return True


async def submit(world: World, person: Person, view: View, filled: Mapping[str, Mapping[str, Any]]) -> View | None:
    """Submits a modal with its inputs by block and action id; returns the modal that is then on top.

    Required inputs are checked as Slack's client does; the app's `response_action` is honoured.
    """
    view.data["state"] = {"values": forms.state(view.blocks, filled)}
    view.notice, view.errors = "", forms.missing(view)
    if not view.errors:
        try:
            payload = payloads.view_submission(world, person, view)
            answered = await delivery.ask(world, world.app_of(view.team_id), "interaction", payload)
            _after_submission(world, person, view, answered or {})
        except (NotAcknowledged, ApiError):
            view.notice = TROUBLE
    world.changed()
    return top_modal(world, person)


def top_modal(world: World, person: Person) -> View | None:
    return next(reversed(world.modals.get(person.id, [])), None)


def _after_submission(world: World, person: Person, view: View, answered: Json) -> None:
    app = world.app_of(view.team_id)
    match answered.get("response_action"):
        case "errors":
            view.errors = forms.checked_errors(view, answered.get("errors"))
        case "update":
            views.replace(world, app, view, check_view(answered.get("view"), ("modal",)))
        case "push":
            views.push(world, app, person.id, check_view(answered.get("view"), ("modal",)))
        case "clear":
            views.close(world, person.id, everything=True)
        case _:
            stack = world.modals.get(person.id, [])
            if view in stack:
                del stack[stack.index(view) :]


async def close(world: World, person: Person) -> None:
    """Closes the modal on top; its app hears of it if it asked to."""
    top = top_modal(world, person)
    if top is None:
        return
    everything = bool(top.data["clear_on_close"])
    for view in views.close(world, person.id, everything=everything):
        if view.data["notify_on_close"]:
            payload = payloads.view_closed(world, person, view, cleared=everything)
            await _tell(world, person, payload)


def open_home(world: World, person: Person, tab: str = "home") -> None:
    """Opens the app's Home or Messages tab."""
    events.home_opened(world, person, tab)


def change(world: World, person: Person, message: Message, typed: str) -> Message:
    """A person edits their own message."""
    if message.user != person.id:
        raise ActionError("Only its author can edit a message.", field="message")
    body, blocks = text.typed_to_mrkdwn(world, person, with_handles(world, person, typed))
    return messages.edit(world, message, body, blocks)


def join(world: World, person: Person, channel: Channel) -> Message:
    """A person joins a channel, which Slack announces with a message of its own kind."""
    channel.members.add(person.id)
    said = f"<@{person.id}> has joined the channel"
    message = Message(channel.id, world.next_ts(), said, person.id, person.team_id, subtype="channel_join")
    return messages.post(world, message)


def leave(world: World, person: Person) -> None:
    """A person leaves the company: their account is deactivated, and they are in no channel any more."""
    world.people[person.id] = replace(person, deleted=True)
    for channel in world.channels.values():
        if channel.kind == "channel":
            channel.members.discard(person.id)
    views.close(world, person.id, everything=True)


def archive(world: World, channel: Channel, *, archived: bool = True) -> None:
    """Archives a channel, or brings it back. Raises ActionError for a direct message."""
    if channel.kind == "im":
        raise ActionError("Only channels can be archived.", field="channel")
    channel.archived = archived
    world.changed()


def other_bot(world: World, channel: Channel, body: str) -> Message:
    """Another app's bot posts; the product must not react to it."""
    message = Message(
        channel.id, world.next_ts(), body, "U0OTHERBOT", channel.team_id,
        bot_id="B0OTHER", subtype="bot_message", sender="Other bot",
    )  # fmt: skip
    return messages.post(world, message)
