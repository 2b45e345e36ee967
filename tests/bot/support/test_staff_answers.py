"""An answer of any length arrives whole, harmless, and within Slack's limits."""

from hypothesis import given
from hypothesis import strategies as st

from bot import blocks
from bot.inquiry import Actor
from bot.support.staff_answers import OPENING, said_to, sections


@given(st.text(alphabet="ab &<\n🎈", max_size=9000))
def test_no_letter_is_lost(text: str) -> None:
    parts = list(sections(text))
    assert "".join(parts) == blocks.escape(text)
    assert all(0 < len(part) <= blocks.SECTION_LIMIT for part in parts)


def test_a_long_answer_is_cut_between_words() -> None:
    first, second = sections("word " * 700)
    assert first.endswith("word ")
    assert second.startswith("word ")


def test_what_screen_readers_read_keeps_names_as_they_are() -> None:
    message = said_to(Actor("T1", "U1"), OPENING, around="*")
    assert message.text == "Here is the answer from Retain's support:"
    assert message.blocks[0]["text"]["text"] == "<@U1>, *here is the answer from Retain's support:*"
