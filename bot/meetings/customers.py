"""Which customer somebody means by a name: names are mistyped, shortened, or given by their domain. Pure."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from bot.finding import SURE, the_one
from bot.service.meetings_api import Customer
from kb.likeness import LEAST_ALIKE, likeness


class Scored(NamedTuple):
    """A customer, and how well it fits what was typed: 1 is the very one."""

    id: str
    name: str
    score: float


NO_NAMES = frozenset(("and", "or", "the", "with"))


def search(customers: Iterable[Customer], query: str) -> Sequence[Scored]:
    """Who may be meant, best first."""
    scored = [Scored(one.id, one.name, likeness(query, (one.name, *one.domains))) for one in customers]
    alike = [one for one in scored if one.score >= LEAST_ALIKE]
    return sorted(alike, key=lambda one: (-one.score, one.name.casefold()))


def meant(customers: Sequence[Customer], query: str) -> Scored | None:
    """The one that is surely meant: by all of it, and nobody else by one of its words."""
    one = the_one(search(customers, query))
    if one is None or one.score >= 1:
        return one
    others = [other for other in offered(customers, query) if other.id != one.id and other.score >= SURE]
    return None if others else one


def offered(customers: Sequence[Customer], query: str) -> Sequence[Scored]:
    """The same; of several words, also who may be meant by one of them. None of these is surely meant."""
    words = [word for word in query.replace(",", " ").split() if word.casefold() not in NO_NAMES]
    best: dict[str, Scored] = {}
    for typed in (query, *words):
        for one in search(customers, typed):
            if one.id not in best or one.score > best[one.id].score:
                best[one.id] = one
    return sorted(best.values(), key=lambda one: (-one.score, one.name.casefold()))
