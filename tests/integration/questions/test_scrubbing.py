import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.questions.scrubbing import MARK, scrubbed
from kb.search import clean
from kb.text import words


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("write to maya.o'neil+zoom@mail.acme.example please", f"write to {MARK} please"),
        ("<mailto:maya@acme.example|maya@acme.example> is mine", f"<mailto:{MARK}|{MARK}> is mine"),
        ("call +1 (415) 555-0100 or 415.555.0100", f"call {MARK} or {MARK}"),
        ("<tel:+14155550100|+1 415 555 0100>", f"<tel:{MARK}|{MARK}>"),
        ("+49 (0)30 / 1234-5678 after six", f"{MARK} after six"),
        ("is 852 1234 5678 counted?", f"is {MARK} counted?"),
        ("<@U0BOT> why?", "why?"),
        ("<@U0BOT|retain>, why does <@W12AB|maya> see it?", f"why does @{MARK} see it?"),
        ("see https://acme.zoom.us/j/85212345678?pwd=s3cret#success now", f"see https://acme.zoom.us/j/{MARK} now"),
        ("<https://a.example/x?token=1|a.example/x?token=1>", "<https://a.example/x|a.example/x>"),
        ("https://a.example/x?y=z?w", "https://a.example/x"),
    ],
)
def test_what_tells_who_somebody_is_gives_way_to_a_mark(typed: str, kept: str) -> None:
    assert scrubbed(typed) == kept


@pytest.mark.parametrize(
    "text",
    [
        "On 2025-01-14 at 18:30 and on 14.01.2025, from 9:00-18:00",
        "from 2025-01-01 to 2025-01-31",
        "Zoom says 4711, code 1142461",
        "10,000,000 hours in 3 of 12 months",
        "Is it at retain.example? Yes",
        "see https://retain.example/help/connect-zoom.",
        "a#b, what?really, 3/4",
        "nul \0 inside",
        "",
    ],
)
def test_what_tells_nothing_stays_as_it_is(text: str) -> None:
    assert scrubbed(text) == text


def test_a_day_beside_a_number_hides_nothing() -> None:
    assert scrubbed("2025-01-14 415 555 0100") == f"2025-01-14 {MARK}"


PIECES = st.sampled_from(
    [
        "Why",
        "zoom",
        " ",
        ", ",
        "\n",
        "?",
        "maya@acme.example",
        "<@U0BOT>",
        "https://a.example/x?pwd=1",
        "<",
        "(",
        "&amp;",
    ]
)


@given(st.lists(PIECES, max_size=12).map(" ".join))
def test_the_search_reads_the_same_words(text: str) -> None:
    assert words(clean(scrubbed(text))) == words(clean(text))


@given(st.text(alphabet="ab1.@/?#<>U|+-() :", max_size=60))
def test_what_is_scrubbed_already_stays(text: str) -> None:
    once = scrubbed(text)
    assert scrubbed(once) == once
