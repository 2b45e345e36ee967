"""The words of a library, found by what somebody has typed of them so far."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA

from kb.languages import english_words
from kb.text import stem

# How much a word counts that is the very one but for its ending, one that begins so, and one spelled nearly so.
SAME, BEGUN, NEARLY = 1.0, 0.9, 0.7
SHORTEST_BEGINNING = 2  # letters
SHORTEST_MISTYPED, TWO_SLIPS_FROM = 4, 8  # letters: in a shorter word two slips make another word


class Vocabulary:
    """Words that are to be found."""

    def __init__(self, words: Collection[str]) -> None:
        self._words = sorted(set(words))
        self._by_stem: defaultdict[str, list[str]] = defaultdict(list)
        for word in self._words:
            self._by_stem[stem(word)].append(word)

    def like(self, word: str, *, unfinished: bool) -> Mapping[str, float]:
        """The words that are meant by `word`, each with how much it counts. `unfinished`: more letters may follow."""
        found = dict.fromkeys(self._by_stem.get(stem(word), ()), SAME)
        if unfinished and len(word) >= SHORTEST_BEGINNING:
            found = dict.fromkeys(self._beginning(word), BEGUN) | found
        return found or dict.fromkeys(self._nearest(word, unfinished=unfinished), NEARLY)

    def knows(self, word: str) -> bool:
        """Is it a word as it stands, of the library or of the language?"""
        return stem(word) in self._by_stem or word in english_words()

    def _beginning(self, letters: str) -> Iterator[str]:
        for word in self._words[bisect_left(self._words, letters) :]:
            if not word.startswith(letters):
                return
            yield word

    def _nearest(self, word: str, *, unfinished: bool) -> list[str]:
        """Those that one slip of the fingers, in a long word two, would make of it: the nearest alone."""
        if len(word) < SHORTEST_MISTYPED or not word.isalpha() or self.knows(word):
            return []
        slips = 2 if len(word) >= TWO_SLIPS_FROM else 1
        lengths = (len(word), len(word) + 1) if unfinished else (None,)  # one letter may have been left out
        near = [
            found
            for length in lengths
            for found in process.extract(
                word, [one[:length] for one in self._words], scorer=OSA.distance, score_cutoff=slips, limit=None
            )
        ]
        least = min((distance for _, distance, _ in near), default=0)
        return [self._words[place] for _, distance, place in near if distance == least]
