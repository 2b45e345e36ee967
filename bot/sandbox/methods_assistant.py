"""assistant.threads.*: "is thinking …" and suggested prompts."""

import asyncio
from typing import Any

from bot.sandbox import limits
from bot.sandbox.errors import ApiError
from bot.sandbox.method import Call, Method
from bot.sandbox.model import Json, Prompt
from bot.sandbox.records import Prompts

# Moving from assistant:write to chat:write (facts: slack.md, section 2): either will do.
SCOPES = ("assistant:write", "chat:write")


def set_status(call: Call) -> Json:
    """Shows "… is thinking"; an empty status, a reply or two minutes end it."""
    channel, thread_ts = call.joined_channel("channel_id"), call.required("thread_ts")
    _list("loading_messages", call.data("loading_messages"), limits.LOADING_MESSAGES)
    key, status = (channel.id, thread_ts), call.text("status")
    call.world.statuses.pop(key, None)
    if status:
        call.world.statuses[key] = status
        call.world.start(_forget(call, key))
    call.world.changed()
    return {}


async def _forget(call: Call, key: tuple[str, str]) -> None:
    await asyncio.sleep(call.world.timing.status)
    call.world.statuses.pop(key, None)
    call.world.changed()


def set_prompts(call: Call) -> Json:
    """Offers up to four prompts in a direct message."""
    channel = call.joined_channel("channel_id")
    prompts = _list("prompts", call.data("prompts"), limits.SUGGESTED_PROMPTS)
    for index, prompt in enumerate(prompts):
        if not isinstance(prompt, dict) or not prompt.get("title") or not prompt.get("message"):
            place = f"[json-pointer:/prompts/{index}]"
            raise ApiError.invalid("invalid_arguments", [f"must have a title and a message {place}"])
    given = tuple(Prompt(str(prompt["title"]), str(prompt["message"])) for prompt in prompts)
    call.world.prompts[channel.id] = Prompts(call.text("title"), given)
    call.world.changed()
    return {}


def _list(name: str, value: Any, most: int) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > most:
        raise ApiError.invalid("invalid_arguments", [f"no more than {most} items allowed [json-pointer:/{name}]"])
    return value


METHODS = {
    "assistant.threads.setStatus": Method(set_status, SCOPES, per_minute=600),
    "assistant.threads.setSuggestedPrompts": Method(set_prompts, SCOPES, per_minute=100),
}
