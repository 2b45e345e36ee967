"""Inputs of modals: made, read when the modal is submitted, and told what is wrong with them."""

import hashlib
from typing import Any

from slack_bolt import Ack, BoltResponse

from bot import blocks
from bot.blocks import Block
from bot.inquiry import Actor
from bot.surfaces import Body

GIVEN = "given"  # the action_id of every input: its block says which one it is
LONGEST_INPUT = 3000  # characters: https://docs.slack.dev/reference/block-kit/block-elements/plain-text-input-element
LABEL_LIMIT, ERROR_LIMIT = 2000, 2000


def long_text(
    block_id: str,
    label: str,
    *,
    initial: str = "",
    hint: str = "",
    optional: bool = False,
    longest: int = LONGEST_INPUT,
) -> Block:
    """Room for several lines, with `initial` in it already (cut where it is longer than `longest`)."""
    element: Block = {
        "type": "plain_text_input",
        "action_id": GIVEN,
        "multiline": True,
        "max_length": longest,
    }
    if initial:
        element["initial_value"] = blocks.cut(initial, longest)
    return labelled(block_id, label, element, hint=hint, optional=optional)


def labelled(block_id: str, label: str, element: Block, *, hint: str = "", optional: bool = False) -> Block:
    """An input block of any element whose action_id is `GIVEN`."""
    block: Block = {"type": "input", "block_id": block_id, "label": _plain(label), "element": element}
    if hint:
        block["hint"] = _plain(hint)
    return block | ({"optional": True} if optional else {})


def titled(view: Block, title: str) -> Block:
    """A modal with `title` on top: the first that is read on a phone (24 characters at most)."""
    return view | {"title": _plain(title)}


def state(body: Body, block_id: str) -> dict[str, Any]:
    """What Slack says of an input of a submitted modal; empty where it has none of that name."""
    found: dict[str, Any] = body["view"]["state"]["values"].get(block_id, {}).get(GIVEN, {})
    return found


def text_of(body: Body, block_id: str) -> str:
    """What was typed, without the spaces around it; "" for nothing."""
    return str(state(body, block_id).get("value") or "").strip()


def refuse(ack: Ack, block_id: str, why: str) -> BoltResponse:
    """Leave the modal open with all that was typed, and say beside one input why it is not taken."""
    return ack(response_action="errors", errors={block_id: blocks.cut(why, ERROR_LIMIT)})


def submission(body: Body, actor: Actor, *texts: str) -> str:
    """The key of a submitted form: the same when it is sent again as it was, another when `texts` were changed."""
    digest = hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]
    return f"form:{actor}/{body['view']['id']}/{digest}"


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": blocks.cut(text, LABEL_LIMIT)}
