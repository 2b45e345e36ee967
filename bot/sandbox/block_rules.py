"""Block Kit's rules for one block: what slack_sdk's models do not check, with exact places."""

from collections.abc import Callable, Iterator
from typing import Any

from bot.sandbox.limits import CHARACTERS, ITEMS, SECTION_FIELD
from bot.sandbox.model import Json

Problems = Iterator[str]

MESSAGE_ONLY_BLOCKS = frozenset({"context_actions", "markdown", "table"})

SELECTS = frozenset(
    f"{prefix}{kind}_select"
    for prefix in ("", "multi_")
    for kind in ("static", "users", "conversations", "channels", "external")
)
PICKERS = frozenset({"datepicker", "timepicker", "datetimepicker"})
CHOICES = frozenset({"checkboxes", "radio_buttons"})
FIELDS = frozenset(
    {"plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input", "file_input"}
)
TEXTS = frozenset({"plain_text", "mrkdwn"})
BUTTONS = frozenset({"button", "overflow", "workflow_button"})

# Which elements may stand where.
ALLOWED = {
    "actions": SELECTS | PICKERS | CHOICES | BUTTONS | {"rich_text_input"},
    "context": TEXTS | {"image"},
    "context_actions": frozenset({"feedback_buttons", "icon_button"}),
    "accessory": SELECTS | PICKERS - {"datetimepicker"} | CHOICES | BUTTONS | {"image"},
    "element": SELECTS | PICKERS | CHOICES | FIELDS,
}
WITHOUT_ACTION = TEXTS | {"image", "workflow_button"}


def block_problems(block: Json, pointer: str) -> Problems:
    """Everything that is wrong with one block, as sentences with JSON pointers."""
    if "block_id" in block:
        yield from string(block["block_id"], f"{pointer}/block_id", CHARACTERS["block_id"])
    yield from BLOCKS.get(block["type"], _nothing)(block, pointer)


def string(value: Any, pointer: str, longest: int, shortest: int = 0) -> Problems:
    """A plain string of `shortest` to `longest` characters."""
    if not isinstance(value, str):
        yield at(pointer, "must be a string")
    elif len(value) < shortest:
        yield at(pointer, f"must be more than {shortest - 1} characters")
    elif len(value) > longest:
        yield at(pointer, f"must be less than {longest + 1} characters")


def text_object(value: Any, pointer: str, longest: int, *, plain: bool = False) -> Problems:
    """A text object; `plain` ones may not be mrkdwn."""
    if not isinstance(value, dict):
        yield at(pointer, "must be a text object")
        return
    allowed = {"plain_text"} if plain else TEXTS
    if value.get("type") not in allowed:
        yield at(f"{pointer}/type", f"must be {' or '.join(sorted(allowed))}")
    yield from string(value.get("text"), f"{pointer}/text", longest, shortest=1)


def _nothing(_block: Json, _pointer: str) -> Problems:
    yield from ()


def _section(block: Json, pointer: str) -> Problems:
    if "text" not in block and "fields" not in block:
        yield at(pointer, "missing required field: text or fields")
    if "text" in block:
        yield from text_object(block["text"], f"{pointer}/text", CHARACTERS["section.text"])
    fields = block.get("fields", [])
    yield from _count(fields, f"{pointer}/fields", ITEMS["section.fields"], least=0)
    for index, field in enumerate(fields if isinstance(fields, list) else []):
        yield from text_object(field, f"{pointer}/fields/{index}", SECTION_FIELD)
    if "accessory" in block:
        yield from _element(block["accessory"], f"{pointer}/accessory", ALLOWED["accessory"])


def _header(block: Json, pointer: str) -> Problems:
    yield from text_object(block.get("text"), f"{pointer}/text", CHARACTERS["header.text"], plain=True)


def _markdown(block: Json, pointer: str) -> Problems:
    yield from string(block.get("text"), f"{pointer}/text", CHARACTERS["markdown.text"], shortest=1)


def _image(block: Json, pointer: str) -> Problems:
    yield from string(block.get("alt_text"), f"{pointer}/alt_text", CHARACTERS["image.alt_text"], shortest=1)
    if "image_url" in block:
        yield from string(block["image_url"], f"{pointer}/image_url", CHARACTERS["image.image_url"], 1)


def _input(block: Json, pointer: str) -> Problems:
    yield from text_object(block.get("label"), f"{pointer}/label", CHARACTERS["input.label"], plain=True)
    if "hint" in block:
        yield from text_object(block["hint"], f"{pointer}/hint", CHARACTERS["input.hint"], plain=True)
    yield from _element(block.get("element"), f"{pointer}/element", ALLOWED["element"])


def _elements(block: Json, pointer: str) -> Problems:
    kind, elements = block["type"], block.get("elements")
    yield from _count(elements, f"{pointer}/elements", ITEMS[f"{kind}.elements"])
    seen: set[str] = set()
    for index, element in enumerate(elements if isinstance(elements, list) else []):
        here = f"{pointer}/elements/{index}"
        yield from _element(element, here, ALLOWED[kind])
        action_id = element.get("action_id") if isinstance(element, dict) else None
        if action_id in seen:
            yield at(f"{here}/action_id", f"action_id {action_id!r} already exists in this block")
        seen |= {str(action_id)} if action_id else set()


BLOCKS: dict[str, Callable[[Json, str], Problems]] = {
    "actions": _elements,
    "context": _elements,
    "context_actions": _elements,
    "header": _header,
    "image": _image,
    "input": _input,
    "markdown": _markdown,
    "section": _section,
}


def _element(element: Any, pointer: str, allowed: frozenset[str]) -> Problems:
    kind = element.get("type") if isinstance(element, dict) else None
    if kind not in allowed:
        yield at(f"{pointer}/type", f"unsupported type: {kind}")
        return
    if kind in TEXTS:
        yield from text_object(element, pointer, CHARACTERS["text"])
        return
    if kind not in WITHOUT_ACTION:
        yield from string(element.get("action_id"), f"{pointer}/action_id", CHARACTERS["action_id"], 1)
    if "confirm" in element:
        yield from _confirmation(element["confirm"], f"{pointer}/confirm")
    if "placeholder" in element:
        longest = CHARACTERS["select.placeholder"]
        yield from text_object(element["placeholder"], f"{pointer}/placeholder", longest, plain=True)
    yield from ELEMENTS.get(str(kind), _options)(element, pointer)


def _button(element: Json, pointer: str, kind: str = "button") -> Problems:
    yield from text_object(element.get("text"), f"{pointer}/text", CHARACTERS[f"{kind}.text"], plain=True)
    for name in ("value", "url", "accessibility_label"):
        if name in element and f"{kind}.{name}" in CHARACTERS:
            yield from string(element[name], f"{pointer}/{name}", CHARACTERS[f"{kind}.{name}"])
    if element.get("style", "primary") not in ("primary", "danger"):
        yield at(f"{pointer}/style", "must be primary or danger")


def _feedback(element: Json, pointer: str) -> Problems:
    for side in ("positive_button", "negative_button"):
        button = element.get(side)
        if not isinstance(button, dict):
            yield at(pointer, f"missing required field: {side}")
            continue
        yield from _button(button, f"{pointer}/{side}", "feedback_button")
        if "value" not in button:
            yield at(f"{pointer}/{side}", "missing required field: value")


def _options(element: Json, pointer: str) -> Problems:
    """The options of anything that offers some; elements without any pass."""
    kind = "select" if element["type"] in SELECTS else element["type"]
    for name in ("options", "option_groups"):
        if name in element and f"{kind}.{name}" in ITEMS:
            yield from _count(element[name], f"{pointer}/{name}", ITEMS[f"{kind}.{name}"])
    for index, option in enumerate(element.get("options") or []):
        yield from _option(option, f"{pointer}/options/{index}")
    for index, group in enumerate(element.get("option_groups") or []):
        here = f"{pointer}/option_groups/{index}"
        yield from text_object(group.get("label"), f"{here}/label", CHARACTERS["option_group.label"], plain=True)
        yield from _count(group.get("options"), f"{here}/options", ITEMS["option_group.options"])
        for number, option in enumerate(group.get("options") or []):
            yield from _option(option, f"{here}/options/{number}")


def _option(option: Any, pointer: str) -> Problems:
    if not isinstance(option, dict):
        yield at(pointer, "must be an option")
        return
    yield from text_object(option.get("text"), f"{pointer}/text", CHARACTERS["option.text"])
    yield from string(option.get("value"), f"{pointer}/value", CHARACTERS["option.value"], 1)
    if "description" in option:
        yield from text_object(option["description"], f"{pointer}/description", CHARACTERS["option.description"])


ELEMENTS: dict[str, Callable[[Json, str], Problems]] = {
    "button": _button,
    "feedback_buttons": _feedback,
    "image": _image,
}


def _confirmation(confirm: Any, pointer: str) -> Problems:
    if not isinstance(confirm, dict):
        yield at(pointer, "must be a confirmation")
        return
    for name in ("title", "confirm", "deny"):
        longest = CHARACTERS[f"confirmation.{name}"]
        yield from text_object(confirm.get(name), f"{pointer}/{name}", longest, plain=True)
    yield from text_object(confirm.get("text"), f"{pointer}/text", CHARACTERS["confirmation.text"])


def _count(items: Any, pointer: str, most: int, least: int = 1) -> Problems:
    if not isinstance(items, list) or not least <= len(items) <= most:
        yield at(pointer, f"must have {least} to {most} items")


def at(pointer: str, message: str) -> str:
    """A sentence with its place, as Slack writes it."""
    return f"{message} [json-pointer:{pointer}]"
