"""Block Kit's numbers, as data (docs.slack.dev, reference/block-kit; a test compares them with a published table)."""

from collections.abc import Mapping

# Longest text, in characters, of a field of a block, an element or a composition object.
CHARACTERS: Mapping[str, int] = {
    "action_id": 255,
    "block_id": 255,
    "button.text": 75,
    "button.url": 3000,
    "button.value": 2000,
    "button.accessibility_label": 75,
    "confirmation.title": 100,
    "confirmation.text": 300,
    "confirmation.confirm": 30,
    "confirmation.deny": 30,
    "feedback_button.text": 75,
    "feedback_button.value": 2000,
    "feedback_button.accessibility_label": 75,
    "header.text": 150,
    "image.alt_text": 2000,
    "image.image_url": 3000,
    "input.hint": 2000,
    "input.label": 2000,
    "markdown.text": 12000,
    "option.description": 75,
    "option.text": 75,
    "option.url": 3000,
    "option.value": 150,
    "option_group.label": 75,
    "section.text": 3000,
    "select.placeholder": 150,
    "text": 3000,
    "view.callback_id": 255,
    "view.close": 24,
    "view.private_metadata": 3000,
    "view.submit": 24,
    "view.title": 24,
}

# Most items of a list.
ITEMS: Mapping[str, int] = {
    "actions.elements": 25,
    "checkboxes.options": 10,
    "context.elements": 10,
    "context_actions.elements": 5,
    "option_group.options": 100,
    "overflow.options": 5,
    "radio_buttons.options": 10,
    "section.fields": 10,
    "select.option_groups": 100,
    "select.options": 100,
    "view.blocks": 100,
}

SECTION_FIELD = 2000
MESSAGE_BLOCKS = 50
MARKDOWN_TOTAL = 12_000
MESSAGE_TEXT = 40_000  # Slack cuts there; the sandbox says so instead
# Undocumented: msg_blocks_too_long was seen near 13,200 characters (bolt-js issue 2509).
MESSAGE_BLOCKS_TEXT = 13_000
SUGGESTED_PROMPTS = 4
LOADING_MESSAGES = 10
MODAL_STACK = 3
