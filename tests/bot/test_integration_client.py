"""What the service hands to a bot, as the bot reads it."""

import pytest

from bot.integration_client import NO_TEXT, OwedQuestion


@pytest.mark.parametrize(
    ("text", "request_id", "read", "files"),
    [
        (NO_TEXT, "r1", "", 1),  # written to people, it was a file alone
        ("Look", "r1", "Look", 0),
        (NO_TEXT, None, "", 0),  # a mention without a word
    ],
)
def test_a_file_without_a_word_for_people_stays_one(text: str, request_id: str | None, read: str, files: int) -> None:
    place = "slack:T1/D1/1700000000.000100"
    owed = OwedQuestion(id="1", key="k", text=text, actor="slack:T1/U1", place=place, support_request=request_id)
    assert (owed.inquiry().text, owed.inquiry().files) == (read, files)
