"""What in an event, a shortcut or a click is a question; pure."""

from slack_bolt import BoltContext

from bot.carried import ButtonValue
from bot.identity import actor_of
from bot.inquiry import Inquiry, Place, is_direct
from bot.surfaces import Body, is_public, thread_of

ANSWERED_SUBTYPES = (None, "file_share", "thread_broadcast")  # all others are edits, joins, bots and the like
LONGEST_TEXT = 40_000  # Slack's own limit of a message


def direct_question(body: Body, context: BoltContext) -> Inquiry | None:
    """A direct message by a person; None for bots, edits, joins, and messages of channels."""
    event = body["event"]
    kind = event.get("channel_type") or ("im" if is_direct(str(event.get("channel"))) else None)
    return _message(body, context) if kind == "im" else None


def mention(body: Body, context: BoltContext) -> Inquiry | None:
    """A mention by a person. Its key is the message's, since Slack may deliver the message as well."""
    return _message(body, context)


def shortcut(body: Body, context: BoltContext) -> Inquiry | None:
    """The message on which somebody used "Ask Retain"."""
    team = str(context.team_id)
    text = str(body["message"].get("text") or "")[:LONGEST_TEXT]
    key = f"shortcut:{team}/{body['trigger_id']}"
    return Inquiry(key, text, actor_of(body, context), Place(team, str(body["channel"]["id"])))


def choice(body: Body, context: BoltContext) -> Inquiry | None:
    """The click on an article: a suggestion, or a common question of App Home."""
    team, action = str(context.team_id), body["actions"][0]
    value = ButtonValue.unpacked(str(action.get("value")))
    actor = actor_of(body, context)
    channel = body.get("channel", {}).get("id") or actor.user  # App Home has no channel
    key = f"action:{team}/{actor.user}/{action['action_ts']}"
    place = Place(team, str(channel), thread_of(body) if is_public(body) else None)
    return Inquiry(key, value.text or str(value.article), actor, place, value.article)


def _message(body: Body, context: BoltContext) -> Inquiry | None:
    event = body["event"]
    if not _by_a_person(event):
        return None
    team, channel, ts = str(context.team_id), str(event["channel"]), str(event["ts"])
    place = Place(team, channel, str(event.get("thread_ts") or ts))
    actor = actor_of(body, context)
    text = str(event.get("text") or "")[:LONGEST_TEXT]
    files = len(event.get("files") or ())
    return Inquiry(f"message:{team}/{channel}/{ts}", text, actor, place, files=files)


def _by_a_person(event: Body) -> bool:
    if event.get("subtype") not in ANSWERED_SUBTYPES or event.get("hidden"):
        return False
    return bool(event.get("user")) and not event.get("bot_id") and event.get("user") != "USLACKBOT"
