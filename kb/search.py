"""The search: which article answers a question, and how sure that is. Runs on one core; nothing leaves the machine."""

import logging
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from kb.calibration import CLOSE, SUGGEST_FROM, Calibration
from kb.corpus import Comparer, Corpus
from kb.encoder import usable_encoder
from kb.explain import explanation
from kb.features import Floats, terms
from kb.languages import english_particles, is_foreign, language_of
from kb.learning import Learning
from kb.library import Library
from kb.spelling import Speller
from kb.stored_calibration import problem, read_stored
from kb.text import clean, questions, without_courtesies, words

log = logging.getLogger(__name__)

__all__ = ["Answer", "Candidate", "Search", "clean"]

MOST_CANDIDATES = 3
_MOST_PARTS = 30  # of a long letter
_SHORTEST_PART = 3  # words
_LEAST_SAID = 2  # words: a question of no more may be about many things
_STORY = 12  # words: so much may drown the sentence that asks
_LETTER = 40  # words: so much does
_IN_CONTEXT = 0.8  # of a sentence's confidence is enough for the whole, which has what the sentence leaves out
_SAME_WORDS = 0.99  # confidence when somebody asks in the very words of a phrasing
_IN_DOUBT = 0.2  # of its confidence is left to a match in another language, or to what is listed as not ours

Status = Literal["answered", "suggested", "unknown"]


@dataclass(frozen=True)
class Candidate:
    """An article that may answer a question, with a confidence from 0 to 1 that it does."""

    article: str
    confidence: float


@dataclass(frozen=True)
class Answer:
    """`article` is None unless answered; `candidates` are up to three, best first; `ms` is the time it took.

    `language` is the code of the one that an unknown question is in, where that is told and is not English.
    """

    question: str
    status: Status
    article: str | None
    candidates: tuple[Candidate, ...]
    ms: float
    language: str | None = None


@dataclass(frozen=True)
class Part:
    """What is looked up: a whole question or a sentence of it. Spelling is repaired in `text` and in `tokens`."""

    text: str
    typed: list[str]
    tokens: list[str]


@dataclass(frozen=True)
class Reading:
    """How the search understood a question, and what it makes of it."""

    whole: Part
    foreign: bool
    language: str | None
    same_as: int | None  # the class of the phrasing that has the very same words
    decisive: Part  # the whole, or the sentence that is surest
    asks_several: bool  # sentences surely find different articles
    confidences: Floats


class Search:
    """Answers from one library. What it learns when it is made is kept, so that the next start is quick."""

    def __init__(self, library: Library, *, by_words: bool = False) -> None:
        """With the sentence encoder where it is installed, unless the search is to go `by_words` alone."""
        self.library = library
        self.corpus = Corpus.of(library)
        encoder = None if by_words else usable_encoder()
        self.comparer = Comparer(self.corpus, encoder)
        learning = Learning(self.corpus, self.comparer)
        self.calibration = self._stored_calibration() or learning.kept_calibration()
        self.evidence = learning.kept_evidence()
        ours = zip(self.corpus.tokens, self.corpus.labels.tolist(), strict=True)
        self._own_words = {word for tokens, label in ours if label < self.corpus.nowhere for word in tokens}
        own_words = Counter(word for tokens in self.corpus.tokens for word in tokens)
        for article in library.articles.values():
            own_words.update(dict.fromkeys(words(f"{article.summary}\n{article.body}"), 1))
        self._speller = Speller(own_words)
        self._classes = dict(zip(reversed(self.corpus.tokens), reversed(self.corpus.labels.tolist()), strict=True))

    def ask(self, question: str) -> Answer:
        """Answer a question as a person typed it. Never raises, whatever the text.

        A text without a letter or a digit is unknown and has no candidates.
        """
        started = time.perf_counter()
        reading = self.read(question)
        candidates = self._candidates(reading)
        status = self._status(reading, candidates)
        article = candidates[0].article if status == "answered" else None
        ms = round((time.perf_counter() - started) * 1000, 3)
        return Answer(question, status, article, candidates, ms, reading.language)

    def explain(self, question: str) -> str:
        """Why the search answers a question as it does, as lines of text."""
        return explanation(self, self.read(question), self.ask(question))

    def read(self, question: str) -> Reading:
        """Understand a question: its plain text, its words, and how well each article fits."""
        text = without_courtesies(clean(question))
        whole = self._part(text)
        typed, tokens = tuple(whole.typed), tuple(whole.tokens)
        same_as = self._classes.get(typed, self._classes.get(tokens)) if tokens else None
        same_as_ours = same_as is not None and same_as < self.corpus.nowhere
        foreign = not same_as_ours and is_foreign(text)  # a phrasing may be in any language
        language = language_of(text) if foreign else None
        decisive, confidences = self._of_all_parts(whole)
        if same_as_ours:
            confidences *= (1 - _SAME_WORDS) / max(float(confidences.sum()), 1e-6)
            confidences[same_as] = _SAME_WORDS
        elif foreign or same_as is not None:
            confidences *= _IN_DOUBT
        several = decisive is None and same_as is None
        return Reading(whole, foreign, language, same_as, decisive or whole, several, confidences)

    def evidence_of(self, part: Part) -> tuple[Floats, Floats, Floats]:
        """Likenesses of a text to each phrasing, evidence for each article, and evidence for "none of them"."""
        likenesses = self.comparer.likenesses(part.text, part.tokens)
        return likenesses, *self.evidence.of(likenesses, terms(part.tokens))

    def _stored_calibration(self) -> Calibration | None:
        """The one beside the articles. A stale or damaged one stops nobody: it is found anew, and the log says so."""
        folder, kinds = self.library.folder, self.comparer.kinds
        stale = problem(folder, self.corpus, encoder=kinds > 1, of=[kinds])
        if stale:
            log.warning("%s", stale)
        return read_stored(folder, self.corpus, kinds)

    def _part(self, text: str) -> Part:
        typed = words(text)
        tokens = self._speller.repair(typed)
        for wrong, right in dict(zip(typed, tokens, strict=True)).items():
            if wrong != right:
                text = re.sub(rf"\b{wrong}\b", right, text, flags=re.IGNORECASE)
        return Part(text, typed, tokens)

    def _of_all_parts(self, whole: Part) -> tuple[Part | None, Floats]:
        """People tell a story and then ask, or ask two things at once: each sentence is read by itself as well.

        The sentence that finds its article most surely counts; of a short text, the whole if that is nearly as sure.
        Sentences that surely find different articles leave these equally likely, so that none is answered alone.
        Returns the part that counted (none where several did) and the confidence of each article.
        """
        texts = [text for text in questions(whole.text) if len(words(text)) >= _SHORTEST_PART]
        if len(texts) < 2:
            return whole, self._confidences(whole)
        parts = [self._part(text) for text in _ends(texts)]
        readings = [self._confidences(part) for part in parts]
        sure = [reading for reading in readings if reading.max() >= self.calibration.answer_from]
        if len({int(reading.argmax()) for reading in sure}) > 1:
            several: Floats = np.minimum(sure, self.calibration.answer_from).max(axis=0)
            return None, several / several.sum()
        surest = int(np.argmax([reading.max() for reading in readings]))
        if len(whole.tokens) < _LETTER:
            reading = self._confidences(whole)
            if len(whole.tokens) < _STORY or not sure or reading.max() >= _IN_CONTEXT * readings[surest].max():
                return whole, reading
        return parts[surest], readings[surest]

    def _confidences(self, part: Part) -> Floats:
        _, parts, none_parts = self.evidence_of(part)
        return self.calibration.confidences(parts, none_parts)

    def _candidates(self, reading: Reading) -> tuple[Candidate, ...]:
        if not any(character.isalnum() for character in reading.whole.text):
            return ()
        return tuple(
            Candidate(self.corpus.slugs[place], round(min(float(reading.confidences[place]), 1.0), 4))
            for place in _greatest(reading.confidences, MOST_CANDIDATES)
        )

    def _status(self, reading: Reading, candidates: Sequence[Candidate]) -> Status:
        if not candidates or reading.foreign or reading.same_as == self.corpus.nowhere:
            return "unknown"
        best, *others = (candidate.confidence for candidate in candidates)
        if best >= self.calibration.answer_from and not (others and others[0] >= CLOSE * best):
            return "answered"
        fits = best + sum(others) >= SUGGEST_FROM or self._says_too_little(reading.whole)
        return "suggested" if others and fits else "unknown"

    def _says_too_little(self, whole: Part) -> bool:
        """Whether it is a word or two that our phrasings use, such as "zoom": nobody can tell that it is not ours."""
        telling = [word for word in whole.tokens if word not in english_particles()]
        return 0 < len(telling) == len(whole.tokens) <= _LEAST_SAID and self._own_words.issuperset(telling)


def _ends(parts: list[str]) -> list[str]:
    """The first and the last parts of a long letter."""
    half = _MOST_PARTS // 2
    return parts[:half] + parts[half:][-half:]


def _greatest(numbers: Floats, most: int) -> Iterator[int]:
    """The places of the greatest numbers from 0 up, the greatest first. Quicker than to sort all."""
    left = numbers.copy()
    for _ in range(min(most, len(left))):
        place = int(left.argmax())
        left[place] = -1
        yield place
