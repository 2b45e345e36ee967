"""Thanks to a person start no clock; anything that may want an answer does."""

import pytest

from bot.courtesies import needs_no_answer


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
