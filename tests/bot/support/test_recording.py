"""A form to people is acknowledged in time."""

import threading

import pytest

from bot.support.recording import KNOWN_WITHIN, RECORDED_WITHIN, within

SLACK_WAITS = 3.0


def test_who_it_is_and_the_record_leave_slack_time_to_spare() -> None:
    assert KNOWN_WITHIN + sum(RECORDED_WITHIN) < SLACK_WAITS - 0.5


def test_what_takes_too_long_is_not_waited_for() -> None:
    released = threading.Event()
    assert within(0.01, released.wait) is None
    released.set()


def test_what_is_told_in_time_is_given_and_errors_pass() -> None:
    assert within(10, lambda: "Maya") == "Maya"
    with pytest.raises(ZeroDivisionError):
        within(10, lambda: 1 / 0)
