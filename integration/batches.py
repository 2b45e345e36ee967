"""Many things, some at a time."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")

IN_ONE_QUERY = 500  # values; SQLite takes some thousands, and a hash may stand for each key


def batches(items: Iterable[T], size: int = IN_ONE_QUERY) -> Iterator[list[T]]:
    """The items in order, `size` at a time; read as they are consumed."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
