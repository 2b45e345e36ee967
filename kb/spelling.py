"""Repair of mistyped words against the words that the articles use."""

from collections import Counter
from collections.abc import Iterable, Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA

from kb.languages import english_particles, english_words
from kb.text import stem

_SHORTEST = 3
_LONGEST = 20
_PREFIXES = ("un", "re", "im", "in", "dis", "non")  # a right word's opposite is a right word
_TWO_EDITS_FROM = 8  # letters: in a shorter word two edits make another word
_MOST_REPAIRS = 40  # words looked up for one question


class Speller:
    """Repairs words by the words of one library: `counts` says how often each is used there."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        own = {word: count for word, count in counts.items() if word.isalpha()}
        known = english_words() | own.keys()
        self._known = frozenset(known | {stem(word) for word in known})
        # An article's word is likelier meant than any other; among those the more frequent one.
        self._weights = Counter(dict.fromkeys(english_words(), 0)) | Counter(own)
        self._by_length: dict[int, list[str]] = {}
        for word in sorted(known):
            if len(word) >= _SHORTEST:
                self._by_length.setdefault(len(word), []).append(word)
        self._short = [word for word in sorted(english_particles() | own.keys()) if len(word) in (2, 3)]

    def knows(self, word: str) -> bool:
        """Whether a word is right as it stands; numbers are."""
        if not word.isalpha() or word in self._known or stem(word) in self._known:
            return True
        bare = next((word[len(prefix) :] for prefix in _PREFIXES if word.startswith(prefix)), "")
        return len(bare) >= _SHORTEST and (bare in self._known or stem(bare) in self._known)

    def repair(self, words: Iterable[str]) -> list[str]:
        """The words, each unknown one replaced by the known word it was most likely meant to be."""
        repaired, left = [], _MOST_REPAIRS
        for word in words:
            if _SHORTEST - 1 <= len(word) <= _LONGEST and left and not self.knows(word):
                left -= 1
                repaired.append(self._nearest(word) if len(word) >= _SHORTEST else self._whole(word))
            else:
                repaired.append(word)
        return repaired

    def _whole(self, pair: str) -> str:
        """What two letters were meant to be: a word that lacks one ("ow" is "how"), or has them the other way round."""
        near = (word for word in self._short if len(word) > len(pair) or word == pair[::-1])
        return min(((-self._weights[word], word) for word in near if OSA.distance(pair, word) == 1), default=(0, pair))[
            1
        ]

    def _nearest(self, word: str) -> str:
        reach = 2 if len(word) >= _TWO_EDITS_FROM else 1
        best: tuple[int, int, bool, str] | None = None
        for length in range(len(word) - reach, len(word) + reach + 1):
            near = process.extract(
                word, self._by_length.get(length, ()), scorer=OSA.distance, score_cutoff=reach, limit=None
            )
            for found, distance, _ in near:
                rank = (int(distance), -self._weights[found], found[0] != word[0], found)
                best = rank if best is None else min(best, rank)
        return word if best is None else best[-1]
