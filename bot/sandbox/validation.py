"""Refuses what Slack would refuse in blocks and views, and says where (JSON pointers, as Slack does).

Three layers: slack_sdk's own models with a round trip (unknown keys, lengths, styles), the rules that
those models miss, and the rules of a whole message or view.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.sandbox import limits
from bot.sandbox.block_rules import MESSAGE_ONLY_BLOCKS, at, block_problems, string, text_object
from bot.sandbox.errors import ApiError
from bot.sandbox.model import Json
from bot.sandbox.reading import controls, readable

Problems = Iterator[str]
# What slack_sdk's constructors and validators raise on data that they cannot hold.
SDK_ERRORS = (SlackObjectFormationError, TypeError, ValueError, KeyError, AttributeError)


def check_message(blocks: Any) -> list[Json]:
    """Returns a message's blocks when Slack would take them; raises ApiError (invalid_blocks) else."""
    if not isinstance(blocks, list):
        raise ApiError("invalid_blocks_format")
    problems = list(_blocks(blocks, "/blocks", "message"))
    if len(blocks) > limits.MESSAGE_BLOCKS:
        problems.append(at("/blocks", f"no more than {limits.MESSAGE_BLOCKS} items allowed"))
    if not problems:
        problems += _unique_actions(blocks, "/blocks")
        problems += _markdown_total(blocks)
    if problems:
        raise ApiError.invalid("invalid_blocks", problems)
    if len(readable(blocks)) > limits.MESSAGE_BLOCKS_TEXT:
        raise ApiError("msg_blocks_too_long")
    return blocks


def check_metadata(metadata: Any) -> Json:
    """Returns a message's metadata when Slack would take it; raises ApiError (invalid_metadata_format) else.

    Slack refuses what is too large, too, but does not say from which size on.
    """
    if not isinstance(metadata, dict):
        raise ApiError("invalid_metadata_format")
    kind, payload = metadata.get("event_type"), metadata.get("event_payload")
    if not isinstance(kind, str) or not kind or not isinstance(payload, dict):
        raise ApiError("invalid_metadata_format")
    return {"event_type": kind, "event_payload": payload}


def check_view(view: Any, kinds: Sequence[str]) -> Json:
    """Returns a view when Slack would take it for one of `kinds`; raises ApiError (invalid_arguments) else."""
    if not isinstance(view, dict):
        raise ApiError.invalid("invalid_arguments", ["must be an object [json-pointer:/view]"])
    problems = list(_view(view, kinds))
    if not problems:
        problems = list(_view_by_sdk(view))
    if problems:
        raise ApiError.invalid("invalid_arguments", problems)
    return view


def _view(view: Json, kinds: Sequence[str]) -> Problems:
    kind = view.get("type")
    if kind not in kinds:
        yield at("/view/type", f"must be one of {', '.join(kinds)}")
        return
    for name in ("title", "submit", "close"):
        if name in view:
            yield from text_object(view[name], f"/view/{name}", limits.CHARACTERS[f"view.{name}"], plain=True)
    for name in ("private_metadata", "callback_id"):
        if name in view:
            yield from string(view[name], f"/view/{name}", limits.CHARACTERS[f"view.{name}"])
    blocks = view.get("blocks")
    if not isinstance(blocks, list) or not 1 <= len(blocks) <= limits.ITEMS["view.blocks"]:
        yield at("/view/blocks", f"must have 1 to {limits.ITEMS['view.blocks']} items")
        return
    yield from _blocks(blocks, "/view/blocks", str(kind))
    if kind == "modal":
        yield from _modal(view, blocks)


def _modal(view: Json, blocks: list[Any]) -> Problems:
    if "title" not in view:
        yield at("/view", "missing required field: title")
    if "submit" not in view and any(isinstance(b, dict) and b.get("type") == "input" for b in blocks):
        yield at("/view", "missing required field: submit (a modal with input blocks needs it)")


def _view_by_sdk(view: Json) -> Problems:
    try:
        View(**view).to_dict()
    except SDK_ERRORS as error:
        yield at("/view", str(error))


def _blocks(blocks: list[Any], pointer: str, surface: str) -> Problems:
    for index, block in enumerate(blocks):
        here = f"{pointer}/{index}"
        if not isinstance(block, dict) or not isinstance(block.get("type"), str):
            yield at(here, "must be an object with a type")
            continue
        if surface != "message" and block["type"] in MESSAGE_ONLY_BLOCKS:
            yield at(f"{here}/type", f"unsupported type: {block['type']} (messages only)")
            continue
        own = list(block_problems(block, here))
        yield from own or _by_sdk(block, here)
    yield from _unique_blocks(blocks, pointer)


def _by_sdk(block: Json, pointer: str) -> Problems:
    """What slack_sdk's models refuse, and what they would drop: keys that Slack does not know."""
    try:
        parsed = Block.parse(block)
        if parsed is None:
            yield at(f"{pointer}/type", f"unsupported type: {block['type']}")
            return
        yield from _lost(block, parsed.to_dict(), pointer)
    except SDK_ERRORS as error:
        yield at(pointer, str(error))


def _lost(given: Any, kept: Any, pointer: str) -> Problems:
    if isinstance(given, dict) and isinstance(kept, dict):
        for key, value in given.items():
            if key not in kept:
                yield at(f"{pointer}/{key}", "is not known or must not be empty")
            else:
                yield from _lost(value, kept[key], f"{pointer}/{key}")
    elif isinstance(given, list) and isinstance(kept, list) and len(given) == len(kept):
        for index, (one, other) in enumerate(zip(given, kept, strict=True)):
            yield from _lost(one, other, f"{pointer}/{index}")
    elif given != kept:
        yield at(pointer, "has an unexpected form")


def _unique_blocks(blocks: list[Any], pointer: str) -> Problems:
    ids = Counter(block.get("block_id") for block in blocks if isinstance(block, dict))
    for block_id, times in ids.items():
        if block_id is not None and times > 1:
            yield at(pointer, f"block_id {block_id!r} is used {times} times")


def _unique_actions(blocks: list[Json], pointer: str) -> Problems:
    """No action id twice in a message: which button was pressed must be clear."""
    elements = {id(control.element): control.action_id for control in controls(blocks)}
    for action_id, times in Counter(elements.values()).items():
        if times > 1:
            yield at(pointer, f"action_id {action_id!r} is used {times} times")


def _markdown_total(blocks: list[Json]) -> Problems:
    total = sum(len(block["text"]) for block in blocks if block["type"] == "markdown")
    if total > limits.MARKDOWN_TOTAL:
        yield at("/blocks", f"markdown blocks have {total} characters, {limits.MARKDOWN_TOTAL} are allowed")
