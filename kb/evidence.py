"""What speaks for each article: the parts that the search weighs against each other."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kb.features import (
    Floats,
    Ids,
    Likeness,
    Overlap,
    character_features,
    meaning_features,
    terms,
    word_features,
)
from kb.head import Head
from kb.library import Library
from kb.text import words

PARTS = ("learnt", "words", "share of words", "all phrasings", "nearest phrasing", "article text")
NONE_PARTS = ("not ours", "learnt not ours")


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
        tokens = tuple(tuple(words(text)) for text in texts)
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
    """Compares questions with all phrasings of a corpus."""

    _KINDS = (word_features, character_features, meaning_features)

    def __init__(self, corpus: Corpus) -> None:
        self._likenesses = [Likeness(map(features, corpus.tokens), corpus.labels) for features in self._KINDS]

    def likeness(self, tokens: Sequence[str]) -> Floats:
        """Likeness, 0 to 1, of a question to each phrasing. Shape: (phrasings,)."""
        kinds = zip(self._likenesses, self._KINDS, strict=True)
        alike = [likeness.to_all(features(tokens)) for likeness, features in kinds]
        mean: Floats = np.mean(alike, axis=0, dtype=np.float32)
        return mean

    def among_phrasings(self) -> Floats:
        """Likeness of each phrasing to each. Shape: (phrasings, phrasings)."""
        total = self._likenesses[0].among_all()
        for likeness in self._likenesses[1:]:
            total += likeness.among_all()
        total /= len(self._KINDS)
        return total


class Evidence:
    """Evidence learnt from some of the phrasings of a corpus: all, or all but those held out."""

    def __init__(self, corpus: Corpus, rows: Ids, likenesses: Floats | None) -> None:
        """`likenesses` are those among the phrasings in `rows`; None when they are too many to learn from."""
        self._labels, self._nowhere = corpus.labels[rows], corpus.nowhere
        self.sizes = np.bincount(self._labels, minlength=self._nowhere + 1)
        phrasings: list[list[str]] = [[] for _ in self.sizes]
        for row in rows.tolist():
            phrasings[corpus.labels[row]] += corpus.terms[row]
        bodies = [body if size else () for body, size in zip(corpus.bodies, self.sizes, strict=False)]
        self._overlap, self._body = Overlap(phrasings[:-1]), Overlap(bodies)
        self._head = None if likenesses is None else Head.train(likenesses, self._labels, len(self.sizes))
        # The phrasings of a class stand together, so that its sum and its best are taken over a run.
        self._classes, self._starts = np.unique(self._labels, return_index=True)

    def of(self, likeness: Floats, asked: Sequence[str]) -> tuple[Floats, Floats]:
        """Evidence for a question, given its likeness to the phrasings in `rows`, and its terms.

        Shapes: (articles, PARTS) and (NONE_PARTS,).
        """
        learnt = np.zeros(len(self.sizes), np.float32) if self._head is None else self._head.scores(likeness)
        total, nearest = np.zeros_like(learnt), np.zeros_like(learnt)
        total[self._classes] = np.add.reduceat(likeness, self._starts)
        nearest[self._classes] = np.maximum.reduceat(likeness, self._starts)
        overlap, most = self._overlap.to_all(asked)
        in_body, most_in_body = self._body.to_all(asked)
        here = slice(self._nowhere)
        parts = (
            learnt[here],
            overlap / 10,
            overlap / max(most, 1.0),
            (total / np.maximum(self.sizes, 1))[here],
            nearest[here],
            in_body / max(most_in_body, 1.0),
        )
        return np.stack(parts, axis=1).astype(np.float32), np.array([1.0, learnt[-1]], np.float32)
