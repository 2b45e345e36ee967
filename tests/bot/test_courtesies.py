"""Kind words get kind words back and start no clock; anything that may want an answer does."""

import pytest

from bot.courtesies import courtesy, needs_no_answer


@pytest.mark.parametrize(
    "text",
    [
        "thanks", "Thanks!", "Thank you so much, that worked!", "thanks Sam", "Thanks, Sam!", "Great, it works now.",
        "ok, got it, thank you", "Perfect :tada:", "👍", ":+1:", "Thanks a lot for your quick help!", "solved",
        "ok great thanks", "🙏", "👍🏽", "❤️", ":+1::skin-tone-3:", ":pray: :tada:", "thanks :)", ":-)",
    ],
)  # fmt: skip
def test_it_needs_no_answer(text: str) -> None:
    assert needs_no_answer(text)


@pytest.mark.parametrize(
    "text",
    [
        "Thanks, but it still fails", "thanks. why?", "ok and now?", "Thanks. Still broken", "that worked until noon",
        "It says invalid again", "thanks, when will it be back?", "Great, and who is the admin",
        "done that, same error", "", "👎", ":-1:", ":rage:", "😡", "!!!", "...", "thanks 👎", "ok :(", "no :unamused:",
        "👍 👎", "(screenshot)",
    ],
)  # fmt: skip
def test_it_may_need_one(text: str) -> None:
    assert not needs_no_answer(text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("hi", "greeting"), ("hello there!", "greeting"), ("Hey Retain :wave:", "greeting"), ("help", "greeting"),
        ("who are you?", "greeting"), ("Hi! What can you do?", "greeting"), ("<@U0BOT> good morning", "greeting"),
        ("what do you do", "greeting"), ("please help!", "greeting"),
        ("thanks a lot, that helped", "thanks"), ("ok great", "thanks"),
        ("Thanks!", "thanks"), ("never mind", "thanks"), ("that did the trick", "thanks"), ("Bye!", "goodbye"),
        ("have a nice weekend", "goodbye"), ("thanks, bye", "thanks"), ("Hi team, thank you!", "thanks"),
    ],
)  # fmt: skip
def test_a_courtesy_from_its_first_word_to_its_last(text: str, kind: str) -> None:
    assert courtesy(text) == kind


@pytest.mark.parametrize(
    "text",
    [
        "Thanks but that's not what I asked", "Thanks for nothing", "great, it's still broken", "ok that did not help",
        "perfect, wrong again", "solved? no!", "okay now nothing works at all", "Hi, can you cancel our subscription",
        "Hello, I need the SOC 2 report", "hi the numbers are garbage", "hey link expired", "Help me reset my password",
        "menu for lunch?", "Start of meeting wrong", "got it, but who pays?", "ok and the CSV?", "hi :rage:",
        "hello :(", "never mind the link, where is my invoice?", "cheers. next: does it work with Teams?", "ok?", "",
        "👍",
    ],
)  # fmt: skip
def test_what_opens_with_a_courtesy_may_go_on_with_more(text: str) -> None:
    assert courtesy(text) is None


@pytest.mark.parametrize(
    "word", ["bye bye", "help please", "hi retain bot", "thanks so much", "ok okay", "have a nice day", "it works now"]
)
def test_a_long_row_of_courtesies_is_read_at_once(word: str) -> None:
    assert courtesy(f"{word} " * 120 + "why") is None
