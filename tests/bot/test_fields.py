"""Inputs of modals, and what makes a form sent twice one thing."""

from typing import Any

from bot import fields
from bot.inquiry import Actor

MAYA = Actor("T1", "U1")
BODY: dict[str, Any] = {"view": {"id": "V1", "state": {"values": {"text": {"given": {"value": " Why? "}}}}}}


def test_a_form_sent_again_is_the_same_and_a_changed_one_is_another() -> None:
    key = fields.submission(BODY, MAYA, "Why?", "")
    assert fields.submission(BODY, MAYA, "Why?", "") == key
    assert fields.submission(BODY, MAYA, "", "Why?") != key
    assert fields.submission({"view": {"id": "V2"}}, MAYA, "Why?", "") != key
    assert "Why" not in key


def test_what_was_typed_is_read_without_the_spaces_around_it() -> None:
    assert fields.text_of(BODY, "text") == "Why?"
    assert fields.text_of(BODY, "more") == ""


def test_what_is_filled_in_before_fits() -> None:
    block = fields.long_text("text", "Your question", initial="a" * 4000)
    assert len(block["element"]["initial_value"]) == fields.LONGEST_INPUT
    assert "initial_value" not in fields.long_text("text", "Your question")["element"]
