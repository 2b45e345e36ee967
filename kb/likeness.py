"""How well a name fits what somebody typed: names are mistyped, shortened, or given by their domain."""

from collections.abc import Iterable

from rapidfuzz import fuzz, utils

LEAST_ALIKE = 0.6  # below that a name is not what was meant
SHORTEST_PART = 3  # a letter or two stand within nearly every name


def likeness(typed: str, names: Iterable[str]) -> float:
    """Of the name that fits best: 1 is the very one, 0 is nothing like it."""
    wanted = utils.default_process(typed)
    return max((_alike(wanted, utils.default_process(name)) for name in names), default=0) / 100 if wanted else 0.0


def _alike(wanted: str, name: str) -> float:
    if wanted == name:
        return 100
    if min(len(wanted), len(name)) < SHORTEST_PART:
        return fuzz.ratio(wanted, name)
    return min(fuzz.WRatio(wanted, name), 99)  # the words in another order are not the very name
