"""conversations.history and conversations.replies: what was said, read back in pages."""

import base64
import binascii
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from bot.sandbox import messages
from bot.sandbox.errors import ApiError
from bot.sandbox.method import Call, Method, missing_scope
from bot.sandbox.model import BROADCAST, Channel, Json, Message

SCOPES = {"im": "im:history", "channel": "channels:history"}
HISTORY_LIMIT, HISTORY_MOST = 100, 999
REPLIES_LIMIT, REPLIES_MOST = 1000, 1000
# Messages that no thread hangs from (docs.slack.dev, conversations.replies: thread_not_found).
THREADLESS = frozenset({"channel_join", "channel_leave"})
CURSOR = "next_ts:"


def history(call: Call) -> Json:
    """A conversation's own messages, newest first, and of the replies in its threads those that it shows as well."""
    channel = _readable(call)
    everything = messages.visible(call.world, channel.id, None)
    found = [one for one in reversed(everything) if not one.is_reply or one.subtype == BROADCAST]
    return _page(call, everything, found, _limit(call, HISTORY_LIMIT, HISTORY_MOST))


def replies(call: Call) -> Json:
    """A thread, its first message first. The `ts` of a reply gives that reply alone (bolt-python issue 783)."""
    channel, ts = _readable(call), call.required("ts")
    everything = messages.visible(call.world, channel.id, None)
    named = next((message for message in everything if message.ts == ts), None)
    if named is None or named.subtype in THREADLESS:
        raise ApiError("thread_not_found")
    found = [named] if named.is_reply else [named, *_replies(everything, named)]
    return _page(call, everything, found, _limit(call, REPLIES_LIMIT, REPLIES_MOST))


def _readable(call: Call) -> Channel:
    """The channel, once the app may read it. Unlike chat.postMessage, these take no person's id."""
    if call.required("channel") not in call.world.channels:
        raise ApiError("channel_not_found")
    channel = call.channel()
    if SCOPES[channel.kind] not in call.app.scopes:
        raise missing_scope(call.app, SCOPES[channel.kind])
    return call.joined_channel()


def _replies(everything: Sequence[Message], parent: Message) -> list[Message]:
    return [message for message in everything if message.is_reply and message.thread_ts == parent.ts]


def _page(call: Call, everything: Sequence[Message], found: Sequence[Message], limit: int) -> Json:
    """One page of what was found within `oldest` and `latest`, from where the cursor points."""
    within = _within(call, found)
    start = _start(call, within)
    shown, rest = within[start : start + limit], within[start + limit :]
    with_metadata = bool(call.flag("include_all_metadata"))
    return {
        "messages": [_message_object(message, everything, with_metadata) for message in shown],
        "has_more": bool(rest),
        "response_metadata": {"next_cursor": _cursor(rest[0]) if rest else ""},
    }


def _within(call: Call, found: Sequence[Message]) -> list[Message]:
    oldest, latest = _moment(call, "oldest"), _moment(call, "latest")
    edges = {oldest, latest} if call.flag("inclusive") else set()

    def inside(message: Message) -> bool:
        ts = Decimal(message.ts)
        return ts in edges or ((oldest is None or ts > oldest) and (latest is None or ts < latest))

    return [message for message in found if inside(message)]


def _moment(call: Call, name: str) -> Decimal | None:
    given = call.text(name)
    try:
        moment = Decimal(given) if given else None
    except InvalidOperation as error:
        raise ApiError(f"invalid_ts_{name}") from error
    if moment is not None and not moment.is_finite():
        raise ApiError(f"invalid_ts_{name}")
    return moment


def _limit(call: Call, default: int, most: int) -> int:
    given = call.text("limit", str(default))
    if not given.isdecimal() or not 1 <= int(given) <= most:
        raise ApiError("invalid_limit")
    return int(given)


def _cursor(message: Message) -> str:
    return base64.b64encode(f"{CURSOR}{message.ts}".encode()).decode()


def _start(call: Call, within: Sequence[Message]) -> int:
    """Where the page begins. Raises ApiError for a cursor that was not given out for these messages."""
    given = call.text("cursor")
    if not given:
        return 0
    try:
        ts = base64.b64decode(given, validate=True).decode().removeprefix(CURSOR)
        return [message.ts for message in within].index(ts)
    except (binascii.Error, ValueError) as error:  # ValueError: not text, or a message that is not there
        raise ApiError("invalid_cursor") from error


def _message_object(message: Message, everything: Sequence[Message], with_metadata: bool) -> Json:
    found = message.to_slack()
    answers = _replies(everything, message)
    if message.is_reply:
        found |= _of_reply(message, everything)
    elif answers:
        found |= _of_parent(message, answers)
    if with_metadata and message.metadata:
        found["metadata"] = message.metadata
    return found


def _of_reply(message: Message, everything: Sequence[Message]) -> Json:
    parent = next((one for one in everything if one.ts == message.thread_ts), None)
    return {"parent_user_id": parent.user} if parent else {}


def _of_parent(message: Message, answers: Sequence[Message]) -> Json:
    users = list(dict.fromkeys(answer.user for answer in answers))
    return {
        "thread_ts": message.ts,
        "reply_count": len(answers),
        "reply_users_count": len(users),
        "reply_users": users,
        "latest_reply": answers[-1].ts,
        "is_locked": False,
        "subscribed": False,
    }


METHODS = {
    "conversations.history": Method(history, tuple(SCOPES.values())),
    "conversations.replies": Method(replies, tuple(SCOPES.values())),
}
