"""Every phrasing of a library, numbered by its article, and what they are compared with."""

import hashlib
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from threadpoolctl import threadpool_limits

from kb.encoder import Encoder
from kb.features import Floats, Ids, Likeness, character_features, meaning_features, terms, word_features
from kb.library import Library
from kb.nearness import Nearness
from kb.text import words
from kb.vectors import vectors_of


@dataclass(frozen=True)
class Corpus:
    """Every phrasing of a library with the number of its article; `nowhere` is the class of what is not ours."""

    slugs: tuple[str, ...]
    texts: tuple[str, ...]
    labels: Ids
    places: Ids  # of a phrasing among its article's, -1 for a title
    tokens: tuple[tuple[str, ...], ...]
    terms: tuple[tuple[str, ...], ...]
    bodies: tuple[tuple[str, ...], ...]  # the terms of title, summary and body, by article

    @property
    def nowhere(self) -> int:
        """The number of the class "not ours"; the articles are numbered from 0 to just below it."""
        return len(self.slugs)

    @cached_property
    def digest(self) -> str:
        """The hash of all that the search learns from."""
        content = [self.slugs, self.texts, self.labels.tolist(), self.places.tolist(), self.bodies]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()

    @classmethod
    def of(cls, library: Library) -> "Corpus":
        """Titles count as phrasings."""
        texts, labels, places = list[str](), list[int](), list[int]()
        for number, article in enumerate(library.articles.values()):
            texts += [article.title, *article.questions]
            labels += [number] * (1 + len(article.questions))
            places += range(-1, len(article.questions))
        texts += library.not_ours
        labels += [len(library.articles)] * len(library.not_ours)
        places += range(len(library.not_ours))
        bodies = tuple(
            tuple(terms(words(f"{article.title}\n{article.summary}\n{article.body}")))
            for article in library.articles.values()
        )
        tokens = tuple(tuple(map(sys.intern, words(text))) for text in texts)
        return cls(
            tuple(library.articles),
            tuple(texts),
            np.array(labels),
            np.array(places),
            tokens,
            tuple(tuple(terms(text)) for text in tokens),
            bodies,
        )


class Comparer:
    """Compares questions with all phrasings of a corpus: by their words and, with an encoder, by their meaning.

    Everything that computes with numpy begins with one: it keeps the whole process's products to one core.
    """

    _OF_WORDS = (word_features, character_features, meaning_features)

    def __init__(self, corpus: Corpus, encoder: Encoder | None) -> None:
        # Products as small as ours lose by threads: where others compute, too, a question took four times as long.
        threadpool_limits(1, "blas")
        self._tokens = corpus.tokens
        self._words = [Likeness(map(features, corpus.tokens), corpus.labels) for features in self._OF_WORDS]
        self._encoder = encoder
        self._meanings = None if encoder is None else Nearness(vectors_of(corpus.texts, encoder))
        self.kinds = 1 if encoder is None else 2
        self.name = "words" if encoder is None else encoder.name

    def likenesses(self, text: str, tokens: Sequence[str]) -> Floats:
        """Likeness of a question to each phrasing, by kind (KINDS of kb.evidence). Shape: (kinds, phrasings)."""
        by_words = self._by_words(tokens)
        if self._encoder is None or self._meanings is None:
            return by_words[None]
        return np.stack([by_words, self._meanings.to_all(self._encoder.encode(text))])

    def among_phrasings(self) -> Floats:
        """Likeness of each phrasing to each. Shape: (kinds, phrasings, phrasings)."""
        by_words = np.stack([self._by_words(tokens) for tokens in self._tokens])
        if self._meanings is None:
            return by_words[None]
        return np.stack([by_words, self._meanings.among_all()])

    def _by_words(self, tokens: Sequence[str]) -> Floats:
        pairs = zip(self._words, self._OF_WORDS, strict=True)
        mean: Floats = np.mean([likeness.to_all(features(tokens)) for likeness, features in pairs], axis=0)
        return mean
