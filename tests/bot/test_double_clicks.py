"""What is asked for twice is done once, for a while."""

from concurrent.futures import ThreadPoolExecutor

from bot.once import Once


def test_a_key_is_the_first_one_once_within_its_time() -> None:
    now = [0.0]
    once = Once(lambda: now[0])
    assert once.first("a click", 10)
    assert not once.first("a click", 10)
    assert once.first("another", 10)
    now[0] = 10.0
    assert once.first("a click", 10)


def test_of_many_threads_one_is_first() -> None:
    once = Once()
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(lambda _: once.first("a click", 10), range(100))) == 1
