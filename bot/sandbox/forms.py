"""Inputs in messages and views: their state, what is missing, what the app found wrong."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.sandbox.errors import ActionError, ApiError
from bot.sandbox.model import Json, View
from bot.sandbox.payloads import ONE_OPTION, SOME_OPTIONS, STATE_KEYS, state_of
from bot.sandbox.reading import controls

Filled = Mapping[str, Mapping[str, Any]]
REQUIRED = "Please complete this required field."
WITHOUT_STATE = ("button", "overflow", "feedback_buttons", "icon_button")


def state(blocks: Sequence[Json], filled: Filled) -> Json:
    """`state.values`: every input with what was filled in, or what it started with."""
    values: Json = {}
    for control in controls(blocks):
        if control.element["type"] in WITHOUT_STATE:
            continue
        given = filled.get(control.block_id, {})
        raw = given.get(control.action_id, _initial(control.element))
        values.setdefault(control.block_id, {})[control.action_id] = state_of(control.element, raw)
    return values


def _initial(element: Json) -> Any:
    if option := element.get("initial_option"):
        return option["value"]
    if options := element.get("initial_options"):
        return [option["value"] for option in options]
    key = STATE_KEYS.get(element["type"], "value").replace("selected_", "")
    return element.get(f"initial_{key}")


def _value(entry: Json) -> Any:
    if entry["type"] in ONE_OPTION:
        return entry["selected_option"]
    if entry["type"] in SOME_OPTIONS:
        return entry["selected_options"]
    return entry[STATE_KEYS.get(entry["type"], "value")]


def missing(view: View) -> dict[str, str]:
    """What Slack's client says before it submits: by block id, in the reader's words."""
    found: dict[str, str] = {}
    for control in controls(view.blocks):
        if control.block.get("type") != "input":
            continue
        entry = view.data["state"]["values"][control.block_id][control.action_id]
        if problem := _problem(control.block, control.element, _value(entry)):
            found[control.block_id] = problem
    return found


def _problem(block: Json, element: Json, value: Any) -> str:
    if not value:
        return "" if block.get("optional") else REQUIRED
    if element["type"] == "email_text_input" and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value):
        return "Please enter a valid email address."
    if element["type"] == "url_text_input" and not re.match(r"https?://\S+", value):
        return "Please enter a valid URL."
    if isinstance(value, list):
        most = element.get("max_selected_items", len(value))
        return "" if len(value) <= most else f"Please choose at most {most}."
    if isinstance(value, str):
        if len(value) < element.get("min_length", 0):
            return f"Please enter at least {element['min_length']} characters."
        if len(value) > element.get("max_length", 3000):
            return f"Please enter at most {element.get('max_length', 3000)} characters."
    return ""


def checked_errors(view: View, errors: Any) -> dict[str, str]:
    """The app's errors, if each belongs to an input block; raises ApiError else, as Slack shows trouble."""
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not errors.keys() <= inputs:
        raise ApiError("invalid_errors")
    return {str(key): str(value) for key, value in errors.items()}


def labels(blocks: Sequence[Json]) -> list[str]:
    """What can be pressed or filled in, by label (or action id)."""
    return [control.label or control.action_id for control in controls(blocks)]


def fill(view: View, values: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Inputs by block and action id, from inputs by label, action id or block id."""
    filled: dict[str, dict[str, Any]] = {}
    for name, value in values.items():
        for control in controls(view.blocks):
            if name in (control.label, control.action_id, control.block_id):
                filled.setdefault(control.block_id, {})[control.action_id] = value
                break
        else:
            there = ", ".join(repr(label) for label in labels(view.blocks)) or "none"
            raise ActionError(f"The view has no input {name!r}.", field="values", remedy=f"Inputs: {there}.")
    return filled
