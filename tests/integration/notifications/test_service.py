from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from integration.notifications import service
from integration.notifications.outcomes import park_spent as park_spent_ones
from integration.notifications.service import LEASE, LONGEST_PAUSE, MAX_ATTEMPTS
from integration.runtime import Runtime
from tests.integration.asking import notifications
from tests.integration.conftest import TestClock

ABOUT = ["news/0"]


@pytest.fixture
def news(runtime: Runtime) -> None:
    with runtime.database.writing() as session:
        service.owe(session, runtime.vault, kind="k", about="news/0", payload={"a": "word"}, now=runtime.clock())


def claim(runtime: Runtime, share: float = 0.5) -> list[str]:
    with runtime.database.writing() as session:
        claimed = service.claim(session, runtime.vault, runtime.clock(), jitter=lambda: share)
    return [one.id for one in claimed]


def park_spent(runtime: Runtime) -> int:
    with runtime.database.writing() as session:
        return park_spent_ones(session, runtime.vault, runtime.clock(), kinds={})


def hand_out_in_vain(runtime: Runtime, clock: TestClock, share: float) -> Sequence[timedelta]:
    """Until it is parked. Returns the pauses between the attempts."""
    pauses = []
    while not park_spent(runtime):
        assert len(claim(runtime, share)) == 1
        (row,) = notifications(runtime)
        pauses.append(row.due_at - clock.now)
        clock.now = row.due_at - timedelta(milliseconds=1)
        assert claim(runtime) == []
        clock.now = row.due_at
    return pauses


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
@pytest.mark.usefixtures("news")
def test_it_is_handed_out_again_after_growing_pauses_for_about_a_day(
    runtime: Runtime, clock: TestClock, share: float
) -> None:
    began = clock.now
    pauses = hand_out_in_vain(runtime, clock, share)
    assert len(pauses) == MAX_ATTEMPTS
    assert pauses[0] == LEASE
    assert pauses == sorted(pauses)
    assert min(pauses) == LEASE
    assert max(pauses) <= LONGEST_PAUSE
    assert timedelta(hours=12) < clock.now - began < timedelta(hours=36)


@pytest.mark.usefixtures("news")
def test_after_a_short_outage_it_is_there_again_within_minutes(runtime: Runtime, clock: TestClock) -> None:
    back = clock.now + timedelta(minutes=6)
    while clock.now < back:
        assert len(claim(runtime, 1.0)) == 1
        clock.now = _due(runtime)
    assert clock.now - back <= timedelta(minutes=6)
    assert len(claim(runtime)) == 1


def test_those_that_were_handed_out_together_come_again_apart(runtime: Runtime, clock: TestClock) -> None:
    shares = iter([0.5, 0.5, 0.1, 0.9])
    with runtime.database.writing() as session:
        for number in range(2):
            service.owe(session, runtime.vault, kind="k", about=str(number), payload={}, now=clock.now)
    for _ in range(2):
        with runtime.database.writing() as session:
            service.claim(session, runtime.vault, clock.now, jitter=lambda: next(shares))
        clock.now = max(row.due_at for row in notifications(runtime))
    assert len({row.due_at for row in notifications(runtime)}) == 2


@pytest.mark.usefixtures("news")
def test_what_was_parked_is_not_known(runtime: Runtime, clock: TestClock) -> None:
    def known() -> bool:
        with runtime.database.reading() as session:
            return service.may_be_known(session, "k", ABOUT)

    claim(runtime)
    assert known()
    clock.now = _due(runtime)
    hand_out_in_vain(runtime, clock, 0.5)
    assert not known()


@pytest.mark.usefixtures("news")
def test_what_was_settled_says_nothing_any_more(runtime: Runtime, clock: TestClock) -> None:
    with runtime.database.writing() as session:
        service.settle(session, runtime.vault, about=ABOUT, now=clock.now)
    (row,) = notifications(runtime)
    assert (row.state, row.settled_at) == ("settled", clock.now)
    assert service.payload_of(runtime.vault, row) == {}


def _due(runtime: Runtime) -> datetime:
    (row,) = notifications(runtime)
    return row.due_at
