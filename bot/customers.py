"""Which customer somebody means by a name: names are mistyped, shortened, or given by their domain. Pure."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from bot.meetings_api import Customer
from kb.likeness import LEAST_ALIKE, likeness


class Scored(NamedTuple):
    """A customer, and how well it fits what was typed: 1 is the very one."""

    id: str
    name: str
    score: float


def search(customers: Iterable[Customer], query: str) -> Sequence[Scored]:
    """Who may be meant, best first."""
    scored = [Scored(one.id, one.name, likeness(query, (one.name, *one.domains))) for one in customers]
    alike = [one for one in scored if one.score >= LEAST_ALIKE]
    return sorted(alike, key=lambda one: (-one.score, one.name.casefold()))
