"""Messages: posting, changing, removing, and who sees them."""

from uuid import uuid4

from bot.sandbox import events, text
from bot.sandbox.model import BROADCAST, App, Channel, Json, Message, Person
from bot.sandbox.reading import readable
from bot.sandbox.world import World

SLACKBOT = "USLACKBOT"


def post(world: World, message: Message) -> Message:
    """Stores a message and tells the apps that may hear it."""
    world.messages.setdefault(message.channel, []).append(message)
    if message.bot_id:
        _clear_status(world, message)
    events.message_posted(world, message)
    world.changed()
    return message


def from_person(world: World, person: Person, channel: Channel, typed: str, thread_ts: str | None) -> Message:
    mrkdwn, blocks = text.typed_to_mrkdwn(world, person, typed)
    message = Message(
        channel=channel.id,
        ts=world.next_ts(),
        text=mrkdwn,
        user=person.id,
        team_id=person.team_id,
        blocks=blocks,
        thread_ts=thread_ts,
        client_msg_id=str(uuid4()),
    )
    return post(world, message)


def from_app(
    world: World,
    app: App,
    channel: Channel,
    *,
    body: str,
    blocks: list[Json],
    thread_ts: str | None = None,
    ephemeral_to: str | None = None,
    unfurl: tuple[bool | None, bool | None] = (None, None),
    metadata: Json | None = None,
    broadcast: bool = False,
) -> Message:
    """Posts as the app. `unfurl` is what it said about (links, media); None means it said nothing.

    `broadcast`: a reply is shown in the channel as well.
    """
    message = Message(
        channel=channel.id,
        ts=world.next_ts(),
        text=body,
        user=app.bot_user_id,
        team_id=app.team_id,
        blocks=blocks,
        thread_ts=thread_ts,
        bot_id=app.bot_id,
        subtype=BROADCAST if broadcast and thread_ts else None,
        ephemeral_to=ephemeral_to,
        unfurl_links=unfurl[0],
        unfurl_media=unfurl[1],
        profile=bot_profile(app),
        metadata=metadata,
    )
    message.fetched_links = fetched_links(message)
    return post(world, message)


def from_slackbot(world: World, channel: Channel, reader: str, body: str, thread_ts: str | None = None) -> Message:
    """A word from Slack itself, seen by one person."""
    message = Message(
        channel.id, world.next_ts(), body, SLACKBOT, channel.team_id,
        thread_ts=thread_ts, ephemeral_to=reader, sender="Slackbot",
    )  # fmt: skip
    return post(world, message)


def edit(world: World, message: Message, body: str, blocks: list[Json]) -> Message:
    """Changes a message; apps that hear the channel get `message_changed`."""
    before = message.to_slack()
    message.text, message.blocks, message.edited_ts = body, blocks, world.next_ts()
    message.fetched_links = fetched_links(message) if message.bot_id else ()
    if message.ephemeral_to is None:
        events.message_changed(world, message, before)
    world.changed()
    return message


def remove(world: World, message: Message) -> None:
    """Takes a message away; apps that hear the channel get `message_deleted`."""
    world.messages[message.channel].remove(message)
    if message.ephemeral_to is None:
        events.message_deleted(world, message)
    world.changed()


def find(world: World, channel_id: str, ts: str) -> Message | None:
    return next((message for message in world.messages.get(channel_id, []) if message.ts == ts), None)


def has_thread(world: World, channel_id: str, ts: str) -> bool:
    """Whether somebody has replied to a message, so that all can read that."""
    there = world.messages.get(channel_id, [])
    return any(one.is_reply and one.thread_ts == ts and one.ephemeral_to is None for one in there)


def visible(world: World, channel_id: str, viewer: str | None) -> list[Message]:
    """A channel's messages as one person sees them; None sees no ephemeral one."""
    channel = world.channels.get(channel_id)
    if channel is None or (viewer is not None and viewer not in channel.members):
        return []
    return [m for m in world.messages.get(channel_id, []) if m.ephemeral_to in (None, viewer)]


def bot_profile(app: App) -> Json:
    return {
        "id": app.bot_id,
        "app_id": app.app_id,
        "user_id": app.bot_user_id,
        "name": app.name,
        "icons": {},
        "deleted": False,
        "updated": 0,
        "team_id": app.team_id,
    }


def fetched_links(message: Message) -> tuple[str, ...]:
    """The links that Slack's servers would fetch: all of them, unless both unfurls were refused."""
    if message.unfurl_links is False and message.unfurl_media is False:
        return ()
    return tuple(dict.fromkeys(text.links_in(f"{message.text}\n{readable(message.blocks)}")))


def _clear_status(world: World, message: Message) -> None:
    """A reply ends the "is thinking …" of its thread; in a direct message also the one beside it."""
    for key in [k for k in world.statuses if k[0] == message.channel and k[1] in (message.thread_ts, "")]:
        del world.statuses[key]
    if message.thread_ts is None:
        for key in [k for k in world.statuses if k[0] == message.channel]:
            del world.statuses[key]
