"""Questions grouped by likeness of their words, so that what many ask stands above what one asked."""

import hashlib
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz, process

from integration.gaps.missed import UNSURE, Missed
from kb.library import Library
from kb.search import clean
from kb.text import stem, without_courtesies, words

ALIKE = 0.45  # share of their words' weight that two questions have in common
SPELLED_ALIKE = 80  # of 100: a letter or two apart
SHORTEST = 4  # letters: a shorter word that is spelled otherwise is another word
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


def rarity(library: Library) -> Callable[[str], float]:
    """What a word (its stem) tells about a question: little where the articles' phrasings are full of it."""
    phrasings = [phrasing for article in library.articles.values() for phrasing in article.questions]
    counts = Counter(part for phrasing in phrasings for part in set(map(stem, words(phrasing))))
    return lambda part: math.log((len(phrasings) + 2) / (counts[part] + 1))


def grouped(missed: Sequence[Missed], weight: Callable[[str], float]) -> list[Group]:
    """The questions (the latest first) in groups: what was asked most often first, then by most people, then lately.

    The most frequent wording that is left leads a group, and takes what is like it: no chain leads from one thing to
    another. `weight` says how much a word tells.
    """
    by_key: dict[str, list[Missed]] = {}
    for one in missed:
        by_key.setdefault(key_of(one.text), []).append(one)
    alike = _Alike(by_key, weight)
    left = dict.fromkeys(sorted(by_key, key=lambda key: (-len(by_key[key]), key)))
    groups = []
    while left:
        leader = next(iter(left))
        near = alike.to(leader, left)
        questions = [one for key in near for one in by_key[key]]
        groups.append(Group(leader, tuple(sorted(questions, key=lambda one: one.asked_at, reverse=True))))
        for key in near:
            del left[key]
    return sorted(groups, key=_weight, reverse=True)


class _Alike:
    """Which keys are alike. Words that are spelled alike are one."""

    def __init__(self, keys: Mapping[str, Sequence[object]], weight: Callable[[str], float]) -> None:
        spelling = _spelling(Counter(part for key, asked in keys.items() for part in key.split() * len(asked)))
        self._parts = {key: frozenset(spelling[part] for part in key.split()) for key in keys}
        self._weights = {part: weight(part) for parts in self._parts.values() for part in parts}
        self._totals = {key: sum(map(self._weights.__getitem__, parts)) for key, parts in self._parts.items()}
        self._having: defaultdict[str, list[str]] = defaultdict(list)
        for key, parts in self._parts.items():
            for part in parts:
                self._having[part].append(key)

    def to(self, key: str, among: Container[str]) -> list[str]:
        """The keys `among` these that are like this one, itself first."""
        shared = defaultdict(float, {key: self._totals[key]})
        for part in sorted(self._parts[key]):
            for other in self._having[part]:
                if other in among and other != key:
                    shared[other] += self._weights[part]
        return [other for other, weight in shared.items() if 2 * weight >= ALIKE * self._both(key, other)]

    def _both(self, one: str, other: str) -> float:
        return self._totals[one] + self._totals[other]


def _spelling(counts: Counter[str]) -> dict[str, str]:
    """For each word the most frequent one that is spelled like it, from its first letter on.

    So "exel" is Excel, and "disconnect" is not "connect".
    """
    known: defaultdict[str, list[str]] = defaultdict(list)
    found = {}
    for word, _ in sorted(counts.items(), key=lambda one: (-one[1], one[0])):
        likely = known[word[0]] if len(word) >= SHORTEST else []
        match = process.extractOne(word, likely, scorer=fuzz.ratio, score_cutoff=SPELLED_ALIKE)
        found[word] = match[0] if match else word
        if match is None and len(word) >= SHORTEST:
            known[word[0]].append(word)
    return found


def _weight(group: Group) -> tuple[float, ...]:
    return len(group.questions), group.people, group.questions[0].asked_at.timestamp()
