"""chat.*: posting, changing and removing messages."""

from bot.sandbox import messages
from bot.sandbox.blocks_store import with_block_ids
from bot.sandbox.errors import ApiError
from bot.sandbox.method import Call, Method
from bot.sandbox.model import Channel, Json, Message
from bot.sandbox.validation import check_message, check_metadata


def content(call: Call) -> tuple[str, list[Json]]:
    """The checked `text` and `blocks` of a message; raises ApiError when it is empty or invalid."""
    body, blocks = call.message_text(), _blocks(call)
    if not body and not blocks and not call.data("attachments"):
        raise ApiError("no_text")
    return body, with_block_ids(blocks)


def _blocks(call: Call) -> list[Json]:
    if markdown := call.text("markdown_text"):
        if "text" in call.args or "blocks" in call.args:
            raise ApiError("markdown_text_conflict")
        return check_message([{"type": "markdown", "text": markdown}])
    blocks = call.data("blocks", "invalid_blocks_format")
    return check_message(blocks) if blocks is not None else []


def _metadata(call: Call, before: Json | None = None) -> Json | None:
    """The checked `metadata`. Left out, what was there before stays; an empty object takes it away."""
    given = call.data("metadata", "invalid_metadata_format")
    if given is None or given == {}:
        return before if given is None else None
    return check_metadata(given)


def _unfurl(call: Call) -> tuple[bool | None, bool | None]:
    return call.flag("unfurl_links"), call.flag("unfurl_media")


def _channel(call: Call) -> Channel:
    """Where to post. Who left keeps their direct message, and posting there works (python-slack-sdk issue 1156)."""
    if call.channel().archived:
        raise ApiError("is_archived")
    return call.joined_channel()


def post_message(call: Call) -> Json:
    channel = _channel(call)
    body, blocks = content(call)
    thread_ts = call.text("thread_ts") or None
    if thread_ts and messages.find(call.world, channel.id, thread_ts) is None:
        raise ApiError("thread_not_found")
    message = messages.from_app(
        call.world, call.app, channel, body=body, blocks=blocks,
        thread_ts=thread_ts, unfurl=_unfurl(call), metadata=_metadata(call),
        broadcast=bool(call.flag("reply_broadcast")),
    )  # fmt: skip
    return {"channel": channel.id, "ts": message.ts, "message": message.to_slack()}


def post_ephemeral(call: Call) -> Json:
    channel = _channel(call)
    reader = call.person(call.required("user"))
    if reader.id not in channel.members:
        raise ApiError("user_not_in_channel")
    body, blocks = content(call)
    thread_ts = call.text("thread_ts") or None
    if thread_ts and not messages.has_thread(call.world, channel.id, thread_ts):
        return {"message_ts": call.world.next_ts()}  # Slack takes it, and shows it to nobody
    message = messages.from_app(
        call.world, call.app, channel, body=body, blocks=blocks, ephemeral_to=reader.id,
        thread_ts=thread_ts, unfurl=_unfurl(call),
    )  # fmt: skip
    return {"message_ts": message.ts}


def _own_message(call: Call, refusal: str) -> Message:
    message = messages.find(call.world, call.channel().id, call.required("ts"))
    if message is None or message.ephemeral_to is not None:  # ephemerals change by response_url only
        raise ApiError("message_not_found")
    if message.bot_id != call.app.bot_id:
        raise ApiError(refusal)
    return message


def update(call: Call) -> Json:
    message = _own_message(call, "cant_update_message")
    if call.channel().archived:
        raise ApiError("is_inactive")
    body, blocks = content(call)
    if "blocks" not in call.args and "markdown_text" not in call.args and "text" in call.args:
        blocks = []  # text alone replaces the blocks, too
    message.metadata = _metadata(call, message.metadata)
    messages.edit(call.world, message, body, blocks)
    return {"channel": message.channel, "ts": message.ts, "text": message.text, "message": message.to_slack()}


def delete(call: Call) -> Json:
    message = _own_message(call, "cant_delete_message")
    messages.remove(call.world, message)
    return {"channel": message.channel, "ts": message.ts}


def permalink(call: Call) -> Json:
    channel = call.channel()
    message = messages.find(call.world, channel.id, call.required("message_ts"))
    if message is None:
        raise ApiError("message_not_found")
    domain = call.world.workspaces[call.app.team_id].domain
    link = f"https://{domain}.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.is_reply:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


METHODS = {
    "chat.postMessage": Method(post_message, ("chat:write",)),
    "chat.postEphemeral": Method(post_ephemeral, ("chat:write",), per_minute=100),
    "chat.update": Method(update, ("chat:write",)),
    "chat.delete": Method(delete, ("chat:write",)),
    "chat.getPermalink": Method(permalink, per_minute=600),
}
