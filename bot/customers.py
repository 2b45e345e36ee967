"""Which customer somebody means by a name: names are mistyped, shortened, or given by their domain. Pure."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rapidfuzz import fuzz, utils

from bot.meetings_api import Customer

LEAST_ALIKE = 0.6  # below that a name is not what was meant
SHORTEST_PART = 3  # a letter or two stand within nearly every name


class Scored(NamedTuple):
    """A customer, and how well it fits what was typed: 1 is the very one."""

    id: str
    name: str
    score: float


def search(customers: Iterable[Customer], query: str) -> Sequence[Scored]:
    """Who may be meant, best first."""
    wanted = utils.default_process(query)
    if not wanted:
        return []
    scored = [Scored(one.id, one.name, _score(wanted, one)) for one in customers]
    alike = [one for one in scored if one.score >= LEAST_ALIKE]
    return sorted(alike, key=lambda one: (-one.score, one.name.casefold()))


def _score(wanted: str, customer: Customer) -> float:
    return max(_alike(wanted, utils.default_process(name)) for name in (customer.name, *customer.domains)) / 100


def _alike(wanted: str, name: str) -> float:
    if wanted == name:
        return 100
    if min(len(wanted), len(name)) < SHORTEST_PART:
        return fuzz.ratio(wanted, name)
    return min(fuzz.WRatio(wanted, name), 99)  # the words in another order are not the very name
