"""Questions grouped by likeness of their words, so that what many ask stands above what one asked."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz, process

from integration.gaps.missed import UNSURE, Missed
from kb.search import clean
from kb.text import stem, without_courtesies, words

ALIKE = 70  # of 100: words in any order, a letter or two apart
OPPOSITES = ("dis", "un", "re", "de")  # "disconnect" is spelled like "connect", and asks for something else
# What questions are made of, whatever they are about.
_SMALL = """
a an the i we you it they is are was were be been do does did can could would should will may have has had get how what
why when where who which that this there here to of in on at for with from by as and or if so my our your me us them
please any some just also about into out up
"""
_SMALL_WORDS = frozenset(_SMALL.split())


@dataclass(frozen=True)
class Group:
    """Questions alike, the latest first. `key`: the words that they share most."""

    key: str
    questions: tuple[Missed, ...]

    @property
    def id(self) -> str:
        """Stays the same from day to day while its most frequent wording does."""
        return hashlib.sha256(self.key.encode()).hexdigest()[:8]

    @cached_property
    def texts(self) -> list[str]:
        """Their wordings, the most frequent first; of those that differ in small words alone, the latest."""
        latest: dict[str, str] = {}
        for one in self.questions:
            latest.setdefault(key_of(one.text), one.text)
        counts = Counter(key_of(one.text) for one in self.questions)
        return [latest[key] for key, _ in counts.most_common()]

    @cached_property
    def people(self) -> int:
        return len({one.actor for one in self.questions})

    @property
    def disliked(self) -> int:
        return sum(one.disliked for one in self.questions)

    def number(self, status: str) -> int:
        """How many of them were answered like that."""
        return sum(one.status == status for one in self.questions)

    @property
    def unsure(self) -> int:
        return sum(map(self.number, UNSURE))


def key_of(text: str) -> str:
    """The words that a question is about, as stems in the order of the alphabet; all of them where none is left."""
    typed = words(without_courtesies(clean(text)))
    about = [word for word in typed if word not in _SMALL_WORDS] or typed
    return " ".join(sorted(set(map(stem, about)))) or text.casefold()


def grouped(missed: Sequence[Missed]) -> list[Group]:
    """The questions (the latest first) in groups: what was asked most often first, then by most people, then lately.

    The most frequent wording that is left leads a group, and takes what is like it: no chain leads from one thing to
    another.
    """
    by_key: dict[str, list[Missed]] = {}
    for one in missed:
        by_key.setdefault(key_of(one.text), []).append(one)
    left = sorted(by_key, key=lambda key: (-len(by_key[key]), key))
    groups = []
    while left:
        near = set(_near(left[0], left))
        questions = [one for key in near for one in by_key[key]]
        groups.append(Group(left[0], tuple(sorted(questions, key=lambda one: one.asked_at, reverse=True))))
        left = [key for key in left if key not in near]
    return sorted(groups, key=_weight, reverse=True)


def _near(leader: str, keys: Sequence[str]) -> list[str]:
    found = process.extract(leader, keys, scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE, limit=None)
    return [leader, *(key for key, _, _ in found if not _opposed(leader, key))]


def _opposed(one: str, other: str) -> bool:
    """Does one of them have a word whose opposite is in the other?"""
    first, second = frozenset(one.split()), frozenset(other.split())
    turned = {f"{prefix}{word}" for prefix in OPPOSITES for word in first ^ second}
    return bool(turned & (first ^ second))


def _weight(group: Group) -> tuple[float, ...]:
    return len(group.questions), group.people, group.questions[0].asked_at.timestamp()
