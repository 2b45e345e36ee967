"""Every rule of Block Kit that the sandbox enforces, by a payload that breaks it alone."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox import limits
from bot.sandbox.errors import ApiError
from bot.sandbox.validation import check_message, check_view
from tests.bot.sandbox.conftest import Body


def plain(text: str = "x") -> Body:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str = "x") -> Body:
    return {"type": "mrkdwn", "text": text}


def button(action_id: str = "go", **more: Any) -> Body:
    return {"type": "button", "action_id": action_id, "text": plain("Go"), **more}


def section(**more: Any) -> Body:
    return {"type": "section", "text": mrkdwn(), **more}


def actions(*elements: Body) -> Body:
    return {"type": "actions", "elements": list(elements)}


def field(**more: Any) -> Body:
    return {"type": "input", "label": plain(), "element": {"type": "plain_text_input", "action_id": "t"}, **more}


def options(count: int) -> list[Body]:
    return [{"text": plain(f"o{number}"), "value": str(number)} for number in range(count)]


def select(**more: Any) -> Body:
    return {"type": "static_select", "action_id": "s", "options": options(2), **more}


def feedback(**more: Any) -> Body:
    sides = {
        "positive_button": {"text": plain("Yes"), "value": "1"},
        "negative_button": {"text": plain("No"), "value": "0"},
    }
    return {"type": "feedback_buttons", "action_id": "f", **sides, **more}


CONFIRM: Body = {"title": plain("Sure?"), "text": mrkdwn(), "confirm": plain("Yes"), "deny": plain("No")}

PICTURE: Body = {"type": "image", "image_url": "https://x.example/a.png", "alt_text": "a picture"}
HALF: Body = {"type": "feedback_buttons", "action_id": "f"}

GOOD = [
    section(accessory=button(confirm=CONFIRM)),
    section(fields=[mrkdwn(), plain()]),
    actions(button("a", style="primary", value="v", url="https://zoom.us"), select()),
    {"type": "context_actions", "elements": [feedback()]},
    {"type": "context", "elements": [mrkdwn(), PICTURE]},
    {"type": "header", "text": plain("Title")},
    {"type": "divider", "block_id": "d"},
    {"type": "markdown", "text": "**bold**"},
    {"type": "image", "image_url": "https://x.example/a.png", "alt_text": "a picture", "title": plain()},
    {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "hi"}]}]},
    field(optional=True, hint=plain()),
    actions({"type": "overflow", "action_id": "o", "options": options(5)}),
    actions({"type": "checkboxes", "action_id": "c", "options": options(10)}),
    actions(select(placeholder=plain("Choose")), {"type": "users_select", "action_id": "u"}),
]  # fmt: skip


@pytest.mark.parametrize("block", GOOD, ids=lambda block: str(block["type"]))
def test_a_good_block_passes_unchanged(block: Body) -> None:
    assert check_message([block]) == [block]


BAD: list[tuple[str, Body, str]] = [
    ("unknown type", {"type": "sparkle"}, "/blocks/0/type"),
    ("no type", {"text": "hi"}, "/blocks/0"),
    ("unknown key", section(colour="red"), "/blocks/0"),
    ("empty section", {"type": "section"}, "/blocks/0"),
    ("section text too long", section(text=mrkdwn("x" * 3001)), "/blocks/0/text/text"),
    ("section text empty", section(text=mrkdwn("")), "/blocks/0/text/text"),
    ("text is a string", section(text="hi"), "/blocks/0/text"),
    ("field too long", section(fields=[mrkdwn("x" * 2001)]), "/blocks/0/fields/0/text"),
    ("too many fields", section(fields=[mrkdwn()] * 11), "/blocks/0/fields"),
    ("header in mrkdwn", {"type": "header", "text": mrkdwn()}, "/blocks/0/text/type"),
    ("header too long", {"type": "header", "text": plain("x" * 151)}, "/blocks/0/text/text"),
    ("block_id too long", section(block_id="x" * 256), "/blocks/0/block_id"),
    ("markdown too long", {"type": "markdown", "text": "x" * 12_001}, "/blocks/0/text"),
    ("image without words", {"type": "image", "image_url": "https://x.example/a.png"}, "/blocks/0/alt_text"),
    ("action_id missing", actions({"type": "button", "text": plain()}), "/blocks/0/elements/0/action_id"),
    ("action_id too long", actions(button("x" * 256)), "/blocks/0/elements/0/action_id"),
    ("action_id twice", actions(button("a"), button("a")), "/blocks/0/elements/1/action_id"),
    ("button text too long", actions(button(text=plain("x" * 76))), "/blocks/0/elements/0/text/text"),
    ("button text in mrkdwn", actions(button(text=mrkdwn())), "/blocks/0/elements/0/text/type"),
    ("button value too long", actions(button(value="x" * 2001)), "/blocks/0/elements/0/value"),
    ("button url too long", actions(button(url="https://" + "x" * 3000)), "/blocks/0/elements/0/url"),
    ("button style", actions(button(style="rainbow")), "/blocks/0/elements/0/style"),
    ("too many elements", actions(*(button(str(n)) for n in range(26))), "/blocks/0/elements"),
    ("no elements", actions(), "/blocks/0/elements"),
    ("confirm title too long", actions(button(confirm=CONFIRM | {"title": plain("x" * 101)})), "/confirm/title/text"),
    ("confirm button too long", actions(button(confirm=CONFIRM | {"deny": plain("x" * 31)})), "/confirm/deny/text"),
    ("wrong element in actions", actions(feedback()), "/blocks/0/elements/0/type"),
    ("wrong element in context", {"type": "context", "elements": [button()]}, "/blocks/0/elements/0/type"),
    ("too much context", {"type": "context", "elements": [mrkdwn()] * 11}, "/blocks/0/elements"),
    ("button in context_actions", {"type": "context_actions", "elements": [button()]}, "/blocks/0/elements/0/type"),
    ("half a feedback", {"type": "context_actions", "elements": [HALF]}, "/elements/0"),
    ("input as accessory", section(accessory=field()["element"]), "/blocks/0/accessory/type"),
    ("too many options", actions(select(options=options(101))), "/blocks/0/elements/0/options"),
    ("option text too long", actions(select(options=[{"text": plain("x" * 76), "value": "v"}])), "/0/text/text"),
    ("option value too long", actions(select(options=[{"text": plain(), "value": "v" * 151}])), "/options/0/value"),
    ("placeholder too long", actions(select(placeholder=plain("x" * 151))), "/placeholder/text"),
    ("button as input", field(element=button()), "/blocks/0/element/type"),
    ("label in mrkdwn", field(label=mrkdwn()), "/blocks/0/label/type"),
]  # fmt: skip


@pytest.mark.parametrize(("block", "place"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
def test_a_bad_block_is_refused_with_its_place(block: Body, place: str) -> None:
    with pytest.raises(ApiError) as raised:
        check_message([block])
    assert raised.value.error == "invalid_blocks"
    messages = raised.value.extra["response_metadata"]["messages"]
    assert any(place in message and message.startswith("[ERROR] ") for message in messages), messages


@pytest.mark.parametrize(
    "blocks",
    [
        [{"type": "divider"}] * 51,
        [section(block_id="same"), section(block_id="same")],
        [actions(button("a")), section(accessory=button("a"))],
        [{"type": "markdown", "text": "x" * 7000}] * 2,
    ],
    ids=["too many blocks", "block_id twice", "action_id twice in a message", "too much markdown"],
)
def test_a_message_is_refused_as_a_whole(blocks: list[Body]) -> None:
    with pytest.raises(ApiError, match="invalid_blocks"):
        check_message(blocks)


def test_a_message_with_too_much_text_is_too_long() -> None:
    with pytest.raises(ApiError, match="msg_blocks_too_long"):
        check_message([section(text=mrkdwn("x" * 2900)) for _ in range(5)])


@pytest.mark.parametrize("blocks", ["text", {"type": "divider"}, 7])
def test_blocks_must_be_a_list(blocks: Any) -> None:
    with pytest.raises(ApiError, match="invalid_blocks_format"):
        check_message(blocks)


def modal(*blocks: Body, **more: Any) -> Body:
    return {"type": "modal", "title": plain("Form"), "blocks": list(blocks) or [section()], **more}


@pytest.mark.parametrize(
    "view", [modal(), modal(field(), submit=plain("Send")), {"type": "home", "blocks": [section()]}]
)
def test_a_good_view_passes(view: Body) -> None:
    assert check_view(view, ("modal", "home")) == view


BAD_VIEWS: list[tuple[str, Any, str]] = [
    ("not an object", "modal", "/view"),
    ("wrong kind", modal(type="workflow"), "/view/type"),
    ("no title", {"type": "modal", "blocks": [section()]}, "missing required field: title"),
    ("title too long", modal(title=plain("x" * 25)), "/view/title/text"),
    ("submit too long", modal(submit=plain("x" * 25)), "/view/submit/text"),
    ("input without submit", modal(field()), "submit"),
    ("no blocks", modal(blocks=[]), "/view/blocks"),
    ("too many blocks", modal(blocks=[{"type": "divider"}] * 101), "/view/blocks"),
    ("private_metadata too long", modal(private_metadata="x" * 3001), "/view/private_metadata"),
    ("callback_id too long", modal(callback_id="x" * 256), "/view/callback_id"),
    ("markdown in a view", modal({"type": "markdown", "text": "x"}), "/view/blocks/0/type"),
    ("feedback in a view", modal({"type": "context_actions", "elements": [feedback()]}), "/view/blocks/0/type"),
    ("home with submit", {"type": "home", "blocks": [section()], "submit": plain("Send")}, "home view"),
]


@pytest.mark.parametrize(("view", "place"), [case[1:] for case in BAD_VIEWS], ids=[case[0] for case in BAD_VIEWS])
def test_a_bad_view_is_refused_with_its_place(view: Any, place: str) -> None:
    with pytest.raises(ApiError) as raised:
        check_view(view, ("modal", "home"))
    assert raised.value.error == "invalid_arguments"
    assert any(place in message for message in raised.value.extra["response_metadata"]["messages"])


def test_a_home_may_use_an_action_id_in_several_blocks() -> None:
    view = {"type": "home", "blocks": [actions(button("ask")), actions(button("ask"))]}
    assert check_view(view, ("home",)) == view


def test_our_numbers_are_the_published_ones(shared: Path) -> None:
    published = json.loads((shared / "facts/slack_schema/block_kit_limits.json").read_text())

    def find(path: str) -> Any:
        found: Any = published
        for part in path.split("."):
            found = found[part]
        return found

    assert {path: find(path)["max_length"] for path in limits.CHARACTERS} == dict(limits.CHARACTERS)
    assert {path: find(path)["max_items"] for path in limits.ITEMS} == dict(limits.ITEMS)
    assert published["section"]["fields"]["item_max_length"] == limits.SECTION_FIELD
