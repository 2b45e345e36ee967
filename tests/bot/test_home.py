"""App Home: support hours now, and common questions that are answered in a modal."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.home import COMMON_QUESTIONS, Live, kept_words, view
from bot.replies import Asked
from bot.sandbox.driver import Driver
from bot.service.desk_api import Promise
from kb.library import load_library
from tests.support.service import Service

BERLIN = ZoneInfo("Europe/Berlin")


def test_every_common_question_is_an_article() -> None:
    assert set(COMMON_QUESTIONS) <= set(load_library().articles)


def test_it_says_when_people_are_there_in_the_readers_zone() -> None:
    monday_noon = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
    shown = str(view(load_library(), Asked("", monday_noon, BERLIN), Live()))
    assert "Open now, until 18:00 PT (Tuesday 03:00 your time)" in shown


def test_opening_home_publishes_it(bot: Driver) -> None:
    bot.open_home("maya")
    home = bot.wait_for_home("maya", "Common questions")
    assert "Monday to Friday" in str(home.blocks)


def test_the_messages_tab_publishes_nothing(bot: Driver) -> None:
    bot.open_home("maya", "messages")
    bot.wait_until_idle()
    assert bot.calls_of("views.publish") == []


def test_a_common_question_is_answered_in_a_modal_and_recorded(bot: Driver, service: Service) -> None:
    bot.open_home("maya")
    bot.click("maya", bot.wait_for_home("maya"), "Connect Zoom to Retain")
    modal = bot.wait_for_modal("maya")
    assert "administrative Zoom credentials" in str(modal.blocks)
    bot.wait_until_idle()
    assert [(q.status, q.article) for q in service.questions()] == [("answered", "connect-zoom")]


@pytest.mark.parametrize(
    ("kept", "counted", "said"),
    [
        (2, 3, None),
        (31, 32, "In the last 90 days, 31 of 32 support requests had a response in time (96%)."),
        (29, 100, "(29%)"),
        (7, 7, "(100%)"),
    ],
)
def test_how_often_the_promise_was_kept_is_never_rounded_up(kept: int, counted: int, said: str | None) -> None:
    words = kept_words(Promise(days=90, counted=counted, kept=kept, share=kept / counted if said else None))
    assert words is None if said is None else said in str(words)
