from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from integration.pauses import pause

failures = st.integers(0, 10_000)
shares = st.floats(0, 1)


def test_it_doubles_up_to_the_longest() -> None:
    assert [pause(count, 1.0, 30.0, 1) for count in range(8)] == [1, 1, 2, 4, 8, 16, 30, 30]


def test_chance_takes_off_half_of_it_at_most_unless_it_may_take_all() -> None:
    assert [pause(3, 1.0, 30.0, share) for share in (0, 0.5, 1)] == [2, 3, 4]
    assert [pause(3, 1.0, 30.0, share, least=0) for share in (0, 0.5, 1)] == [0, 2, 4]


@given(failures, shares)
def test_lengths_of_time_are_taken_as_well_as_seconds(count: int, share: float) -> None:
    length = pause(count, timedelta(seconds=1), timedelta(hours=1), share)
    assert abs(length.total_seconds() - pause(count, 1.0, 3600.0, share)) < 0.001
    assert length <= timedelta(hours=1)
