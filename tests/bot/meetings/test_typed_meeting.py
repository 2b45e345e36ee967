"""What people type to name a meeting, as Slack passes it on, told apart from the words around it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.meetings import duration, hours, which_meeting
from bot.meetings.day_phrases import read
from bot.meetings.typed_meeting import typed
from integration.meetings import asked

TODAY = date(2026, 11, 24)
UUID = "4444AAAiAAAAAiAiAiiAiQ=="


@pytest.mark.parametrize(
    ("text", "meeting", "phrase", "name"),
    [
        ("93201235621", "93201235621", None, ""),
        ("932 0123 5621 yesterday", "932 0123 5621", "yesterday", ""),
        ("932-0123-5621 2026-10-12", "932-0123-5621", "2026-10-12", ""),
        ("123 456 789 12 october", "123 456 789", "12 october", ""),
        ("acme 932 0123 5621 last monday", "932 0123 5621", "last monday", "acme"),
        ("Acme Corp: 93201235621", "93201235621", None, "Acme Corp"),
        ("meeting id: 932 0123 5621", "932 0123 5621", None, ""),
        ("<https://zoom.us/j/93201235621|zoom.us/j/93201235621> today", "https://zoom.us/j/93201235621", "today", ""),
        ("<https://us02web.zoom.us/j/93201235621?a=1&amp;pwd=s>", "https://us02web.zoom.us/j/93201235621", None, ""),
        ("acme.zoom.us/my/jonas.weber on friday", "https://acme.zoom.us/my/jonas.weber", "friday", ""),
        ("my/jonas", "my/jonas", None, ""),
        (f"{UUID} today", UUID, "today", ""),
        (f"“{UUID}”", UUID, None, ""),
        (f"'{UUID}' O'Brien", UUID, None, "O'Brien"),
        (UUID.rstrip("="), UUID.rstrip("="), None, ""),
        ("<https://www.google.com/url?q=https%3A%2F%2Fzoom.us%2Fj%2F932012356%3Fpwd%3Dx&amp;sa=D>",
         "https://zoom.us/j/932012356", None, ""),
        ("https://meet.google.com/abc-defg-hij", "https://meet.google.com/abc-defg-hij", None, ""),
        ("my weekly", "", None, "my weekly"),
        ("yesterday acme   93201235621", "93201235621", "yesterday", "acme"),
        ("93201235621 11/19/2026", "93201235621", "2026-11-19", ""),
        ("1234 yesterday", "", "yesterday", "1234"),
        ("", "", None, ""),
    ],
)  # fmt: skip
def test_a_meeting_a_day_and_a_name_are_told_apart(text: str, meeting: str, phrase: str | None, name: str) -> None:
    assert typed(text, TODAY) == (meeting, read(phrase, TODAY) if phrase else None, name)


@given(st.from_regex(r"[a-zA-Z0-9]{1,30}", fullmatch=True))
def test_no_passcode_leaves_slack(secret: str) -> None:
    for link in (f"https://zoom.us/j/93201235621?pwd={secret}", f"<https://zoom.us/w/93201235621?tk={secret}#x|zoom>"):
        assert typed(f"{link} {secret}", TODAY).meeting in (
            "https://zoom.us/j/93201235621",
            "https://zoom.us/w/93201235621",
        )


@given(st.integers(100_000_000, 99_999_999_999), st.sampled_from(["", " ", "-", "\u2011", "\u00a0"]))
def test_the_service_reads_what_was_told_apart(number: int, between: str) -> None:
    digits = str(number)
    middle = 7 if len(digits) == 11 else 6
    text = between.join((digits[:3], digits[3:middle], digits[middle:]))
    assert asked.read(typed(f"acme {text} yesterday", TODAY).meeting).meeting_id == digits


@given(st.text(max_size=80))
def test_no_text_breaks_it(text: str) -> None:
    typed(text, TODAY)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", None),
        ("yesterday", None),
        ("hello", which_meeting.NEITHER.format(typed="hello")),
        ("957 2031", "“957 2031” has 7 digits: a meeting id has 9 to 11."),
        ("957203181971234", "“957203181971234” has 15 digits: a meeting id has 9 to 11."),
        ("https://meet.google.com/abc-defg-hij", which_meeting.NOT_ZOOM),
        ("https://zoom.us/pricing", which_meeting.NO_MEETING),
    ],
)
def test_what_names_no_meeting_is_told_why(text: str, why: str | None) -> None:
    assert which_meeting.why_unread(typed(text, TODAY)) == why


@pytest.mark.parametrize(
    "rest",
    [
        "",
        "932 0123 5621",
        "93201235621?",
        "of meeting 932 0123 5621 yesterday?",
        "Acme Corp of Berlin 932 0123 5621 last monday",
        "standup",
        "of the meeting yesterday",
        "1234",
    ],
)
def test_a_duration_is_asked_for(rest: str) -> None:
    assert duration.takes(rest)


@pytest.mark.parametrize(
    "rest", ["of my meeting?", "of my meeting", "is wrong in the report", "in Retain differs, why is that so"]
)
def test_a_question_about_durations_stays_one(rest: str) -> None:
    assert not duration.takes(rest)


@pytest.mark.parametrize(
    "rest",
    [
        "",
        "last month",
        "last month?",
        "in october",
        "acme",
        "for initech 2026-10",
        "Initech GmbH & Co last week",
        "last month initech",
    ],
)
def test_hours_are_asked_for(rest: str) -> None:
    assert hours.takes(rest)


@pytest.mark.parametrize(
    "rest", ["of support", "support", "are wrong", "open?", "of initech last month?", "in the report are too low"]
)
def test_a_question_about_hours_stays_one(rest: str) -> None:
    assert not hours.takes(rest)
