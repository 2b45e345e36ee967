"""`/retain queue`: one line for each request, the most urgent first, as the service sorts them."""

from datetime import timedelta

import pytest

from bot.blocks import Message
from bot.sandbox.validation import check_message
from bot.service.desk_api import Queue, SupportRequest
from bot.support import queue
from tests.bot.scene import SAM, labels, texts
from tests.bot.support.test_request_card import NOW, STAFF, a_request, happened


def listed(*requests: SupportRequest, state: str = "open", undelivered: int = 0) -> Message:
    message = queue.listed(Queue(requests=requests, undelivered=undelivered), state, NOW, STAFF)
    check_message(list(message.blocks))
    return message


def test_each_request_has_a_line_and_a_button() -> None:
    late = a_request(minutes_left=-5.0, respond_by=NOW - timedelta(minutes=5), claimed_by=SAM, state="claimed")
    snoozed = a_request(snoozed_until=NOW + timedelta(hours=1), text="A\nlong " + "story " * 100)
    message = listed(late, a_request(), snoozed, undelivered=2)
    said = texts(message)
    assert "3 open requests, 1 overdue" in said
    assert (
        "🔴 *Maya Chen (Acme Corp)*: by 9:23 PT today, overdue by 5 min of support hours, <@U0SAM> has it\n> Why?"
        in said
    )
    assert "🔔 *Maya Chen (Acme Corp)*: by 10:40 PT today, 1 h 12 min of support hours left\n" in said
    assert "💤" in said
    assert "snoozed until <!date^" in said
    assert said.count("Open") == 3
    assert labels(message) == ["2 messages may have reached nobody", "See it as a page"]


def test_what_is_answered_without_arriving_says_so() -> None:
    lost = happened("answered", actor=SAM, delivery="not_delivered")
    message = listed(a_request(state="answered", minutes_left=None, said=[lost]), state="answered")
    assert "⚠️" in texts(message)
    assert "; the answer did not arrive" in texts(message)


def test_a_long_queue_is_cut_and_says_so() -> None:
    assert "And 40 others." in texts(listed(*[a_request()] * 60))


@pytest.mark.parametrize("state", list(queue.NOBODY))
def test_an_empty_queue_is_good_news(state: str) -> None:
    assert queue.NOBODY[state] in texts(listed(state=state))


@pytest.mark.parametrize(("rest", "ours"), [("", True), ("Answered", True), ("is full, what now?", False)])
def test_a_question_that_begins_with_our_word_stays_one(rest: str, ours: bool) -> None:
    assert queue.takes(rest) == ours
