"""What the bot says, as Block Kit with a full text fallback (screen readers read the fallback, not the blocks).

Texts of articles come rendered and escaped from `kb.render`; what people typed goes through `quoted`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.moments import drawn, in_words

Block = dict[str, Any]

TEXT_LIMIT = 3900
SECTION_LIMIT = 3000
BUTTON_LIMIT = 75

# action_ids: what a click means. Bolt's listeners are registered by these names; those that end in an underscore take
# one suffix a button, for an action_id may occur once in a message.
HELPFUL, NOT_HELPFUL = "feedback_helpful", "feedback_not_helpful"
TALK_TO_PERSON = "talk_to_person"
CHOOSE_ARTICLE = "choose_article"  # with _ and a suffix
SHOW_STATUS, STATUS_OF = "show_status", "status_of_"
VERIFY, HISTORY, DISCONNECT = "status_verify", "status_history", "disconnect_ask"
SEND_LINK, LINK_FOR, ENABLE_AND_LINK = "send_connect_link", "connect_link_for_", "enable_zoom_and_link"
ENABLE_ZOOM = "enable_zoom"
DURATION_OF, HOURS_OF, SHOW_HOURS = "duration_of_", "hours_of_", "show_hours"
ASK_ZOOM = "ask_zoom"
OPEN_PAGE, LINK_TO_PAGE = "open_page", "page_"  # a button with an address; one that makes the address when pressed
FORWARD, CONFIRM, REJECT = "connect_forward", "connect_confirm", "connect_reject"
LINK_WORKSPACE, FIND_TENANT = "link_workspace_", "find_tenant"
DISCONNECT_VIEW, FIND_TENANT_VIEW, CHOOSE_TENANT_VIEW = "disconnect", "find_tenant", "choose_tenant"
CLAIM_REQUEST, RELEASE_REQUEST, SHOW_REQUEST = "request_claim_", "request_release_", "request_show_"
ANSWER_REQUEST, MARK_ANSWERED = "request_answer_", "request_mark_answered_"
SNOOZE_REQUEST, RESOLVE_REQUEST, REOPEN_REQUEST = "request_snooze_", "request_resolve_", "request_reopen_"
ANSWER_VIEW, ANSWER_ANYWAY_VIEW, SNOOZE_VIEW = "answer_request", "answer_request_anyway", "snooze_request"
CHANGE_NOTICE, LIFT_NOTICE, NOTICE_VIEW = "notice_change", "notice_lift", "notice"
SUPPORT_VIEW, REPLY_VIEW, MISSING_VIEW = "talk_to_person", "reply_to_person", "what_was_missing"
REPLY_TO_PERSON, SOLVED = "reply_to_person_", "solved_"
SHOW_UNDELIVERED = "show_undelivered"
PREFER, SHOW_UNDELIVERED = "prefer_", "show_undelivered"
URL_BLOCK = "connect_url"  # the part of a card that holds the link itself
FEEDBACK_BLOCK, FEEDBACK_QUESTION_BLOCK = "feedback", "feedback_question"

CONFIRMED = {
    HELPFUL: "Thanks, noted: this helped.",
    NOT_HELPFUL: "Thanks, noted. Sorry that this did not help: ask in other words, or talk to a person.",
}
ASK_HINT = "Ask in your own words, for example “Why must I authorize Zoom again?”"


@dataclass(frozen=True)
class Message:
    """A message's blocks and the same content as plain text, not escaped."""

    text: str
    blocks: tuple[Block, ...]

    @property
    def fallback(self) -> str:
        """The text as Slack wants it beside the blocks: escaped, and short of the 4,000 characters it advises."""
        return cut(escape(in_words(self.text)), TEXT_LIMIT)


DIVIDER = Message("", ({"type": "divider"},))


def escape(text: str) -> str:
    """Slack's three characters: https://docs.slack.dev/messaging/formatting-message-text#escaping

    Moments become what Slack draws in the reader's zone.
    """
    return drawn(text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


def one_line(text: str, limit: int = 300) -> str:
    """What somebody typed, on one line, and cut at `limit` characters. It is not escaped."""
    line = " ".join(in_words(text).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def quoted(text: str, limit: int = 300) -> str:
    """The same, harmless."""
    return escape(one_line(text, limit))


def cut(text: str, limit: int) -> str:
    """`text` within `limit` characters; the cut never splits an escape such as &amp;"""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    start = head.rfind("&")
    if start > len(head) - 6 and ";" not in head[start:]:
        head = head[:start]
    return head + "…"


def section(mrkdwn: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": cut(mrkdwn, SECTION_LIMIT)}}


def context(mrkdwn: str) -> Block:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": cut(mrkdwn, SECTION_LIMIT)}]}


def header(text: str) -> Block:
    return {"type": "header", "text": {"type": "plain_text", "text": cut(text, 150), "emoji": True}}


def actions(buttons: Sequence[Block], block_id: str | None = None) -> Block:
    block: Block = {"type": "actions", "elements": list(buttons)}
    return block | {"block_id": block_id} if block_id else block


def button(label: str, action_id: str, value: str = "", **more: object) -> Block:
    """A button; `label` is cut to Slack's 75 characters, `value` must be within 2,000."""
    text = {"type": "plain_text", "text": cut(label, BUTTON_LIMIT), "emoji": True}
    valued = {"value": value} if value else {}
    return {"type": "button", "text": text, "action_id": action_id} | valued | more


def confirm(title: str, text: str, yes: str, no: str = "Cancel") -> Block:
    """What a button asks before it acts; limits 100, 300 and 30 characters."""
    asked = {"title": (title, 100), "text": (text, 300), "confirm": (yes, 30), "deny": (no, 30)}
    return {name: {"type": "plain_text", "text": cut(words, limit)} for name, (words, limit) in asked.items()}


def modal(message: Message, *, submit: str = "", callback_id: str = "", private_metadata: str = "") -> Block:
    """A message's blocks as a modal; it only informs unless something can be submitted."""
    view: Block = {
        "type": "modal",
        "title": {"type": "plain_text", "text": "Retain"},
        "close": {"type": "plain_text", "text": "Cancel" if submit else "Close"},
        "blocks": list(message.blocks),
    }
    if submit:
        view["submit"] = {"type": "plain_text", "text": submit}
    return view | ({"callback_id": callback_id, "private_metadata": private_metadata} if callback_id else {})


def titled(title: str, *lines: str) -> Message:
    """A bold line with others under it; plain text, as in all of these."""
    shown = [f"*{escape(title)}*", *map(escape, lines)]
    return Message("\n".join([title, *lines]), (section("\n".join(shown)),))


def lines(*several: str) -> Message:
    """Lines in one block."""
    text = "\n".join(several)
    return Message(text, (section(escape(text)),))


def labelled(pairs: Sequence[tuple[str, str]]) -> Message:
    """Lines such as "*Next step:* …"."""
    shown = "\n".join(f"*{escape(label)}:* {escape(text)}" for label, text in pairs)
    return Message("\n".join(f"{label}: {text}" for label, text in pairs), (section(shown),))


def small(line: str) -> Message:
    """A line in small letters."""
    return Message(line, (context(escape(line)),))


def linked(label: str, url: str) -> Message:
    """A link in small letters."""
    return Message(f"{label}: {url}", (context(f"<{escape(url)}|{escape(label)}>"),))


def pressing(*buttons: Block) -> Message:
    """A row of buttons, which have no text of their own; nothing without any."""
    return Message("", (actions(buttons),) if buttons else ())


def joined(*parts: Message | None) -> Message:
    """Messages one under the other; what is None is left out."""
    there = [part for part in parts if part is not None]
    texts = [part.text for part in there if part.text]
    return Message("\n".join(texts), tuple(block for part in there for block in part.blocks))


def plain(*paragraphs: str) -> Message:
    """A message of paragraphs of plain text."""
    return Message("\n\n".join(paragraphs), tuple(section(escape(paragraph)) for paragraph in paragraphs))


def marked(mrkdwn: str, *, as_small: bool = False) -> Message:
    """A text of our own, with commands and bold words in it."""
    shown = context(mrkdwn) if as_small else section(mrkdwn)
    return Message(re.sub(r"[*`]", "", mrkdwn), (shown,))


def with_question(text: str, message: Message) -> Message:
    """The message under what was asked, where the question itself is not to be seen."""
    return Message(message.text, (context(f"You asked: {quoted(text)}"), *message.blocks)) if text else message
