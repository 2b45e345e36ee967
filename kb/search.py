"""The search: which article answers a question, and how sure that is. Runs on one core, without a model."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from kb.calibration import (
    CLOSE,
    SUGGEST_FROM,
    SURE_WITHOUT_CALIBRATION,
    UNLEARNT,
    Calibration,
    calibrate,
    hold_out,
    overlapping,
)
from kb.errors import shown_path
from kb.evidence import Comparer, Corpus, Evidence
from kb.explain import explanation
from kb.features import Floats, terms
from kb.languages import is_foreign
from kb.library import Library
from kb.spelling import Speller
from kb.text import clean, questions, without_courtesies, words

__all__ = ["Answer", "Candidate", "Search", "calibration_findings", "clean"]

MOST_CANDIDATES = 3
_MOST_LEARNT = 3000  # phrasings: to learn from more takes too long at start
_MOST_PARTS = 30  # of a long letter
_SHORTEST_PART = 3  # words
_STORY = 12  # words: so much may drown the sentence that asks
_LETTER = 40  # words: so much does
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
    """`article` is None unless answered; `candidates` are up to three, best first; `ms` is the time it took."""

    question: str
    status: Status
    article: str | None
    candidates: tuple[Candidate, ...]
    ms: float


@dataclass(frozen=True)
class Reading:
    """How the search understood a question, and what it makes of it."""

    text: str
    typed: list[str]
    tokens: list[str]  # as typed, after spelling was repaired
    foreign: bool
    same_as: int | None  # the class of the phrasing that has the very same words
    decisive: list[str]  # the tokens that count: of the whole, or of the sentence that is surest
    asks_several: bool  # sentences surely find different articles
    confidences: Floats


class Search:
    """Answers from one library. Learns when it is made: a fraction of a second for a hundred articles."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.corpus = Corpus.of(library)
        self.comparer = Comparer(self.corpus)
        self.calibration, self.evidence = _learn(self.corpus, self.comparer)
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
        return Answer(question, status, article, candidates, round((time.perf_counter() - started) * 1000, 3))

    def explain(self, question: str) -> str:
        """Why the search answers a question as it does, as lines of text."""
        return explanation(self, self.read(question), self.ask(question))

    def read(self, question: str) -> Reading:
        """Understand a question: its plain text, its words, and how well each article fits."""
        text = without_courtesies(clean(question))
        typed = words(text)
        tokens = self._speller.repair(typed)
        same_as = self._classes.get(tuple(typed), self._classes.get(tuple(tokens))) if tokens else None
        foreign = is_foreign(text)
        decisive, confidences = self._of_all_parts(text, tokens)
        if same_as is not None and same_as < len(confidences):
            confidences *= (1 - _SAME_WORDS) / max(float(confidences.sum()), 1e-6)
            confidences[same_as] = _SAME_WORDS
        elif foreign or same_as is not None:
            confidences *= _IN_DOUBT
        several = not decisive and bool(tokens) and same_as is None
        return Reading(text, typed, tokens, foreign, same_as, decisive or tokens, several, confidences)

    def _of_all_parts(self, text: str, tokens: list[str]) -> tuple[list[str], Floats]:
        """People tell a story and then ask, or ask two things at once: each sentence is read by itself as well.

        The sentence that finds its article most surely counts; of a short text, the whole if that is surer still.
        Sentences that surely find different articles leave these equally likely, so that none is answered alone.
        Returns the words that counted (none where several sentences did) and the confidence of each article.
        """
        whole = self._confidences(tokens)
        typed = [part for part in map(words, questions(text)) if len(part) >= _SHORTEST_PART]
        if len(typed) < 2:
            return tokens, whole
        parts = [self._speller.repair(part) for part in _ends(typed)]
        readings = [self._confidences(part) for part in parts]
        sure = [reading for reading in readings if reading.max() >= self.calibration.answer_from]
        if len({int(reading.argmax()) for reading in sure}) > 1:
            several: Floats = np.minimum(sure, self.calibration.answer_from).max(axis=0)
            return [], several / several.sum()
        if len(tokens) < _STORY:
            return tokens, whole
        if len(tokens) < _LETTER:
            parts, readings = [tokens, *parts], [whole, *readings]
        surest = int(np.argmax([reading.max() for reading in readings]))
        return parts[surest], readings[surest]

    def _confidences(self, tokens: Sequence[str]) -> Floats:
        parts, none_parts = self.evidence.of(self.comparer.likeness(tokens), terms(tokens))
        return self.calibration.confidences(parts, none_parts)

    def _candidates(self, reading: Reading) -> tuple[Candidate, ...]:
        if not any(character.isalnum() for character in reading.text):
            return ()
        best = np.argsort(-reading.confidences, kind="stable")[:MOST_CANDIDATES]
        return tuple(
            Candidate(self.corpus.slugs[place], round(min(float(reading.confidences[place]), 1.0), 4))
            for place in best.tolist()
        )

    def _status(self, reading: Reading, candidates: Sequence[Candidate]) -> Status:
        if not candidates or reading.foreign or reading.same_as == self.corpus.nowhere:
            return "unknown"
        best, *others = (candidate.confidence for candidate in candidates)
        if best >= self.calibration.answer_from and not (others and others[0] >= CLOSE * best):
            return "answered"
        return "suggested" if others and best + sum(others) >= SUGGEST_FROM else "unknown"


def _ends(parts: list[list[str]]) -> list[list[str]]:
    """The first and the last parts of a long letter."""
    half = _MOST_PARTS // 2
    return parts[:half] + parts[half:][-half:]


def _learn(corpus: Corpus, comparer: Comparer) -> tuple[Calibration, Evidence]:
    everything = np.arange(len(corpus.labels))
    if len(everything) > _MOST_LEARNT:
        return Calibration(UNLEARNT, SURE_WITHOUT_CALIBRATION), Evidence(corpus, everything, None)
    likenesses = comparer.among_phrasings()
    calibration = calibrate(hold_out(corpus, likenesses))
    return calibration, Evidence(corpus, everything, likenesses)


def calibration_findings(library: Library) -> list[str]:
    """Articles that the search cannot tell from others, each as a sentence with its file and remedy.

    There is no calibration to go stale: the search calibrates itself on the articles as they are when it starts.
    """
    corpus = Corpus.of(library)
    if len(corpus.labels) > _MOST_LEARNT:
        return []
    held_out = hold_out(corpus, Comparer(corpus).among_phrasings())
    return [
        f"{shown_path(library.articles[slug].path)}: {missed} of {asked} phrasings, asked while hidden, find another"
        f" article first, mostly {other}. Remedy: add phrasings in words of its own, or make the two articles one."
        for slug, asked, missed, other in overlapping(held_out, calibrate(held_out), corpus.slugs)
    ]
