"""How long to wait before what has failed is tried again."""

from datetime import timedelta
from typing import TypeVar

Length = TypeVar("Length", float, timedelta)

MOST_DOUBLINGS = 16  # beyond the longest pause of anybody; failures may go on until numbers overflow


def pause(failures: int, first: Length, longest: Length, share: float, *, least: float = 0.5) -> Length:
    """After so many failures in a row: `first`, doubled for each further one, `longest` at most.

    `share` (by chance, from 0 to 1) parts those that failed together: 1 gives all of the pause, 0 this part (`least`).
    """
    whole = min(longest, first * (1 << min(max(failures - 1, 0), MOST_DOUBLINGS)))
    return whole * (least + (1 - least) * share)
