import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.text import LONGEST_QUESTION, clean, questions, sentences, stem, without_courtesies, words


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("<@U123> how do I connect?", "how do I connect?"),
        ("<@U123|ada> how do I connect?", "how do I connect?"),
        ("<!here> is anyone open", "is anyone open"),
        ("we asked in <#C1|general> before", "we asked in general before"),
        ("we asked in <#C1> before", "we asked in before"),
        ("where is <https://zoom.us/j/1|the Zoom page>?", "where is the Zoom page?"),
        ("see <https://zoom.us/j/1>", "see"),
        ("write to <mailto:a@b.co|a@b.co>", "write to a@b.co"),
        ("Q&amp;A &lt;now&gt;", "Q&A <now>"),
        ("*why* _is_ ~it~ `gone`", "why is it gone"),
        ("the snake_case_name stays", "the snake_case_name stays"),
        ("why :wave: is it gone :+1::skin-tone-2:", "why is it gone"),
        ("from 10:30:00 on", "from 10:30:00 on"),
        ("why 👋🏽 is it gone 👩‍👩‍👧 ❤️", "why is it gone"),
        ("bell\x07 and\x00 null\tand tab", "bell and null and tab"),
        ("soft\u00adhyphen and zero\u200bwidth", "softhyphen and zerowidth"),
        ("half \ud800 a character", "half a character"),  # the encoder takes none
        ("can’t “see” it", 'can\'t "see" it'),
        ("ＺＯＯＭ", "ZOOM"),
    ],
)
def test_what_slack_and_keyboards_add_to_a_question_is_taken_away(typed: str, plain: str) -> None:
    assert clean(typed) == plain


def test_quoted_replies_are_left_out() -> None:
    assert clean("> we are open until six\n&gt; on weekdays\nAnd on holidays?") == "And on holidays?"


def test_a_text_that_is_all_quotation_is_the_question() -> None:
    assert clean("> why is it gone?\n>> really") == "why is it gone?\nreally"


@pytest.mark.parametrize("typed", ["", "  \n\t", ":wave:", "👋 🎉", "\x00\x1b", "<@U123>", "❤️"])
def test_nothing_is_left_of_a_text_without_words(typed: str) -> None:
    assert clean(typed) == ""


def test_a_long_text_keeps_its_start_and_its_end() -> None:
    text = clean(f"First of all: why? {'blah ' * 10_000} So, what now?")
    assert len(text) <= LONGEST_QUESTION
    assert text.startswith("First of all: why?")
    assert text.endswith("So, what now?")


@given(st.text())
def test_a_cleaned_text_is_bounded_and_without_control_characters(typed: str) -> None:
    text = clean(typed)
    assert len(text) <= LONGEST_QUESTION
    assert all(character.isprintable() or character.isspace() for character in text)


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("Hi there, how do I connect?", "how do I connect?"),
        ("Hello team! Good morning. How do I connect? Thanks so much!", "How do I connect?"),
        ("how do I connect, thank you in advance", "how do I connect"),
        ("hi", "hi"),
        ("Thanks!", "Thanks!"),
        ("Highlighted button?", "Highlighted button?"),
    ],
)
def test_greetings_and_thanks_around_a_question_are_left_out(text: str, bare: str) -> None:
    assert without_courtesies(text) == bare


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I can't CONNECT", ["i", "can", "not", "connect"]),
        ("It won’t do, don't", ["it", "will", "not", "do", "do", "not"]),
        ("we're what's", ["we", "what"]),
        ("im sure ive seen that its gone", ["i", "sure", "i", "seen", "that", "it", "gone"]),
        ("youre right, thats what theyve said", ["you", "right", "that", "what", "they", "said"]),
        ("id like my meeting id", ["i", "like", "my", "meeting", "id"]),
        ("the want and can of the font", ["the", "want", "and", "can", "of", "the", "font"]),
        ("résumé über", ["resume", "uber"]),
        ("OAuth 2.0", ["oauth", "2", "0"]),
        ("see https://zoom.us/a?b=c or mail a.b@c.co now", ["see", "or", "mail", "now"]),
        ("如何", []),
    ],
)
def test_words_are_lower_case_and_spelled_out(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    "verb",
    [
        *("do", "does", "did", "is", "are", "was", "were", "could", "would", "should"),
        *("have", "has", "had", "must", "need"),
    ],
)
@pytest.mark.parametrize("ending", ["n't", "n’t", "n´t", "n′t", "nt", "n t", " not"])
def test_a_denied_verb_is_two_words_however_its_apostrophe_is_typed(verb: str, ending: str) -> None:
    assert words(clean(f"it {verb}{ending} see")) == ["it", verb, "not", "see"]


@pytest.mark.parametrize("typed", ["can't", "can’t", "can`t", "cant", "can t", "cannot", "can not", "CANT"])
def test_what_cannot_be_is_denied_however_it_is_typed(typed: str) -> None:
    assert words(clean(f"I {typed} see")) == ["i", "can", "not", "see"]


@pytest.mark.parametrize("typed", ["won't", "won’t", "wont", "won t", "will not"])
def test_what_will_not_be_is_denied_however_it_is_typed(typed: str) -> None:
    assert words(clean(f"it {typed} go")) == ["it", "will", "not", "go"]


@pytest.mark.parametrize(
    "family",
    [("connect", "connects", "connected", "connecting"), ("company", "companies"), ("stop", "stopped", "stopping")],
)
def test_forms_of_a_word_share_a_stem(family: tuple[str, ...]) -> None:
    assert len({stem(word) for word in family}) == 1


@pytest.mark.parametrize("word", ["access", "status", "this", "is", "zoom", "bus"])
def test_a_word_that_only_looks_like_a_plural_is_its_own_stem(word: str) -> None:
    assert stem(word) == word


def test_sentences_end_at_points_and_at_lines() -> None:
    assert sentences("We moved. Why is it gone?\nPlease help") == ["We moved.", "Why is it gone?", "Please help"]


@pytest.mark.parametrize("function", [clean, words, without_courtesies, sentences, questions])
@pytest.mark.parametrize(
    "typed",
    [
        *("@" * 2000, "a@" * 1000, "@a." * 660, "<@" * 1000, "." * 2000, ", " * 1000),
        *(
            "\n" * 5000 + "zoom",
            " \n" * 4000,
            f"x{' ' * 7998}x",
            f"x{'_' * 1998}x",
            "hi " * 660,
            "thanks all " * 180 + "x",
        ),
    ],
    ids=lambda typed: repr(typed[:6]),
)
def test_no_text_keeps_the_reader_busy(function: Callable[[str], object], typed: str) -> None:
    assert min(_seconds_of(function, typed) for _ in range(3)) < 0.05


def _seconds_of(function: Callable[[str], object], typed: str) -> float:
    started = time.process_time()
    function(typed)
    return time.process_time() - started
