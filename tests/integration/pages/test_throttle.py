"""How much is taken of one sender, and of all together."""

from datetime import UTC, datetime

import pytest

from integration.pages.throttle import MOST, MOST_OF_ALL, WITHIN, Throttle

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def let_through(*addresses: str) -> int:
    throttle = Throttle()
    return sum(throttle.let_through(address, NOON) for address in addresses)


@pytest.mark.parametrize(
    "addresses",
    [
        ["192.0.2.1"] * 40,
        [f"2001:db8::{n:x}" for n in range(40)],  # one subscriber has them all
        ["192.0.2.1", "::ffff:192.0.2.1"] * 20,
        ["fe80::1%eth0", "fe80::2%eth1"] * 20,
        [""] * 40,
    ],
)
def test_of_one_sender_so_many_are_taken(addresses: list[str]) -> None:
    assert let_through(*addresses) == MOST


@pytest.mark.parametrize("address", ["192.0.2.{}", "2001:db8:0:{}::1"])
def test_of_many_senders_more_but_not_without_end(address: str) -> None:
    assert let_through(*(address.format(n) for n in range(MOST + 1))) == MOST + 1
    assert let_through(*(address.format(n) for n in range(MOST_OF_ALL + 50))) == MOST_OF_ALL


def test_guesses_of_many_senders_keep_nobody_else_out() -> None:
    throttle = Throttle(most=2, most_of_all=10, is_for_all=False)
    assert all(throttle.let_through(f"192.0.2.{n}", NOON) for n in range(30))
    assert [throttle.let_through("198.51.100.1", NOON) for _ in range(3)] == [True, True, False]
    assert len(throttle._lately) == 10


def test_it_goes_on_when_the_time_is_over_and_keeps_no_more_than_that() -> None:
    throttle = Throttle()
    for n in range(MOST_OF_ALL * 2):
        throttle.let_through(f"192.0.2.{n}", NOON)
    assert len(throttle._lately) == MOST_OF_ALL
    assert throttle.let_through("192.0.2.1", NOON + WITHIN)
    assert len(throttle._lately) == 1
