"""What is said: the same in blocks and in text, within Slack's limits, and harmless."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block

from bot.carried import ButtonValue, StaleButton
from bot.replies import NOT_SURE, PERHAPS, UNKNOWN, Asked, Replies
from kb.languages import ONLY_ENGLISH, Language, languages
from kb.library import load_library
from kb.search import Answer, Candidate
from kb.settings import SiteSettings
from tests.support.bot import SITE

LIBRARY = load_library()
REPLIES = Replies(LIBRARY, SITE)
BARE = Replies(LIBRARY, SiteSettings())
MONDAY = datetime(2026, 11, 23, 18, 30, tzinfo=UTC)  # 10:30 in Los Angeles
LONDON = ZoneInfo("Europe/London")


def asked(text: str = "why?") -> Asked:
    return Asked(text, MONDAY, LONDON, "q1")


def suggestion(*confidences: float) -> Answer:
    candidates = tuple(Candidate(slug, c) for slug, c in zip(LIBRARY.articles, confidences, strict=False))
    return Answer("q", "suggested", None, candidates, 1.0)


@pytest.mark.parametrize("replies", [REPLIES, BARE], ids=["all settings", "no settings"])
@pytest.mark.parametrize("slug", sorted(LIBRARY.articles))
def test_every_article_makes_a_message_that_slack_takes(replies: Replies, slug: str) -> None:
    message = replies.article(LIBRARY.articles[slug], asked())
    assert len(message.blocks) <= 50
    assert sum(len(str(block)) for block in message.blocks) < 10_000
    for block in message.blocks:
        parsed = Block.parse(block)
        assert parsed is not None
        parsed.validate_json()
    assert "{" not in message.text
    assert LIBRARY.articles[slug].title in message.text


def test_the_due_time_is_told_in_both_zones() -> None:
    assert "by 12:30 PT today (20:30 your time)" in REPLIES.article(LIBRARY.articles["connect-zoom"], asked()).text


def test_without_an_address_for_people_it_names_the_representative() -> None:
    assert "Write to the person at Retain who looks after your account." in BARE.person(asked()).text


@pytest.mark.parametrize(("contact", "said"), [("rep@x.example", "Write to rep@x.example."), ("+1 555", "+1 555")])
def test_a_representative_stands_in_for_a_missing_address(contact: str, said: str) -> None:
    replies = Replies(LIBRARY, SiteSettings(representative_contact=contact))
    assert said in replies.person(asked()).text


def test_a_long_question_in_another_script_leaves_the_link_whole() -> None:
    message = REPLIES.person(asked("なぜ再接続が必要ですか" * 60))
    shown = message.blocks[0]["text"]["text"]
    assert "|support@retain.example>" in shown
    assert "12:30 PT" in shown


def test_a_suggestion_leaves_out_what_is_hardly_meant() -> None:
    message = REPLIES.unsure(suggestion(0.5, 0.3, 0.01), asked())
    assert message.text.startswith(NOT_SURE)
    labels = [button["text"]["text"] for button in message.blocks[1]["elements"]]
    assert len(labels) == 3
    assert labels[-1] == "Talk to a person"


@pytest.mark.parametrize("language", languages().values(), ids=languages())
def test_another_language_is_answered_in_it_above_english_with_the_usual_offer(language: Language) -> None:
    other = REPLIES.unsure(Answer("q", "unknown", None, (), 1.0, language.code), asked())
    unknown = REPLIES.unsure(Answer("q", "unknown", None, (), 1.0), asked())
    assert other.text == unknown.text.replace(UNKNOWN, f"{language.says}\n{ONLY_ENGLISH}")
    said, in_english, button, due = other.blocks
    assert (said["text"]["text"], in_english["elements"][0]["text"]) == (language.says, ONLY_ENGLISH)
    assert due == unknown.blocks[-1]
    offered, usual = button["elements"][0], unknown.blocks[1]["elements"][0]
    assert offered | {"value": ""} == usual | {"value": ""}
    assert ButtonValue.unpacked(offered["value"]).unsure == "language"


def test_a_single_suggestion_is_a_question_of_yes_or_no() -> None:
    assert REPLIES.unsure(suggestion(0.4, 0.01), asked()).text.startswith(PERHAPS)


def test_where_each_candidate_is_as_good_as_none_all_are_offered_and_none_alone() -> None:
    message = REPLIES.unsure(suggestion(0.007, 0.003, 0.002), asked("zoom"))
    assert message.text.startswith(NOT_SURE)
    assert message.text.count("• ") == 3


@given(st.text(max_size=300))
@example("\x01" * 5000)
@example('"\\' * 2500)
@example("🎈" * 5000)
def test_a_buttons_value_fits_and_comes_back(text: str) -> None:
    packed = ButtonValue.of("q1", "connect-zoom", text).packed()
    assert len(packed.encode("utf-16-le")) / 2 <= 2000
    assert ButtonValue.unpacked(packed).packed() == packed


@pytest.mark.parametrize("packed", ["", "None", "{}x", "[]", '{"q": 7}', '{"role": "staff"}'])
def test_a_value_that_we_did_not_write_is_refused(packed: str) -> None:
    with pytest.raises(StaleButton):
        ButtonValue.unpacked(packed)


@given(st.text(min_size=1, max_size=400))
def test_what_was_asked_is_quoted_harmlessly(text: str) -> None:
    quoted = [block for block in REPLIES.person(asked(text)).blocks if "Your question" in str(block)]
    for block in quoted:
        shown = block["elements"][0]["text"]
        assert "<" not in shown
        assert ">" not in shown
