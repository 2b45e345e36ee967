"""What a person can read and press in blocks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.sandbox.model import Json

TEXT_KEYS = ("text", "title", "label", "fields", "elements", "accessory", "element", "hint", "placeholder", "alt_text")
SIDES = ("positive_button", "negative_button")


@dataclass(frozen=True)
class Control:
    """Something to press or fill in: an element with its block. `side` is set for feedback buttons."""

    block: Json
    element: Json
    side: str | None = None

    @property
    def label(self) -> str:
        part = self.element[self.side] if self.side else self.element
        return _plain(part.get("text")) or _plain(self.block.get("label")) or _plain(part.get("placeholder"))

    @property
    def action_id(self) -> str:
        return str(self.element.get("action_id", ""))

    @property
    def block_id(self) -> str:
        return str(self.block.get("block_id", ""))


def _plain(text: Any) -> str:
    return str(text.get("text", "")) if isinstance(text, dict) else str(text or "")


def controls(blocks: Sequence[Json]) -> Iterator[Control]:
    """Every interactive element, in reading order; a pair of feedback buttons counts as two."""
    for block in blocks:
        candidates = [*block.get("elements", []), block.get("accessory"), block.get("element")]
        for element in candidates:
            if not isinstance(element, dict) or "action_id" not in element:
                continue
            if element.get("type") == "feedback_buttons":
                yield from (Control(block, element, side) for side in SIDES if side in element)
            else:
                yield Control(block, element)


def find_control(blocks: Sequence[Json], name: str) -> Control | None:
    """The control with that action id or label; for feedback buttons an action id means the positive one."""
    found = list(controls(blocks))
    by_label = (control for control in found if control.label == name)
    by_id = (control for control in found if control.action_id == name)
    return next(by_label, None) or next(by_id, None)


def readable(value: Any) -> str:
    """All texts of blocks (or of a part of them) in reading order, one a line."""
    if isinstance(value, list):
        return "\n".join(part for part in map(readable, value) if part)
    if not isinstance(value, dict):
        return ""
    own = value.get("text")
    parts = [own] if isinstance(own, str) else []
    keys = [key for key in (*TEXT_KEYS, *SIDES) if isinstance(value.get(key), (dict, list))]
    return "\n".join(part for part in [*parts, *(readable(value[key]) for key in keys)] if part)
