"""Lengths and numbers as people read them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.meetings.amounts import count, exact, length, percent
from bot.meetings.hours_card import zone_words
from integration.meetings.duration import spoken


@given(st.integers(0, 3_599_000))
def test_a_length_reads_as_on_the_services_pages(seconds: int) -> None:
    assert length(seconds) == spoken(seconds)
    assert length(-seconds) == length(seconds)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (1690, "28 min 10 s"),
        (3600, "1 h"),
        (3601, "1 h 1 s"),
        (4525, "1 h 15 min 25 s"),
    ],
)
def test_a_length_to_the_second(seconds: int, words: str) -> None:
    assert exact(seconds) == words


@given(st.integers(0, 10**7))
def test_exact_lengths_lose_nothing(seconds: int) -> None:
    units = {"h": 3600, "min": 60, "s": 1}
    words = exact(seconds).replace(",", "").split()
    assert sum(int(number) * units[unit] for number, unit in zip(words[::2], words[1::2], strict=True)) == seconds


def test_large_numbers_have_commas() -> None:
    assert (count(1, "call"), count(1240, "call"), length(3600 * 1240)) == ("1 call", "1,240 calls", "1,240 h")


@pytest.mark.parametrize("counted", [*range(1, 130), 1000])
def test_a_share_is_whole_percents_and_never_rounded_up(counted: int) -> None:
    for kept in range(counted + 1):
        told = percent(kept, counted)
        assert told is not None
        assert told * counted <= 100 * kept < (told + 1) * counted


def test_nothing_counted_has_no_share() -> None:
    assert percent(0, 0) is None


@pytest.mark.parametrize(
    ("zone", "words"),
    [("America/Los_Angeles", "Los Angeles time"), ("UTC", "UTC"), ("Etc/UTC", "UTC"), ("Europe/Berlin", "Berlin time")],
)
def test_a_zone_is_named_by_its_place(zone: str, words: str) -> None:
    assert zone_words(zone) == words
