"""Texts as weighted words and parts of words, and how alike they are. Vectors are sparse, in plain numpy."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from kb.meanings import has_synonyms, meanings
from kb.text import stem

Floats = NDArray[np.float32]
Ids = NDArray[np.int64]


def word_features(words: Sequence[str]) -> Counter[str]:
    """Stems and neighbouring pairs of them, the edges of the text included."""
    stems = [stem(word) for word in words]
    edged = ["^", *stems, "$"]
    features = Counter(stems)
    features.update(f"{left} {right}" for left, right in pairwise(edged))
    return features


def character_features(words: Sequence[str]) -> Counter[str]:
    """Runs of three and four characters inside words, whose edges count as characters."""
    features: Counter[str] = Counter()
    for word in words:
        edged = f" {word} "
        for size in (3, 4):
            features.update(edged[start : start + size] for start in range(max(1, len(edged) - size + 1)))
    return features


def meaning_features(words: Sequence[str]) -> Counter[str]:
    """Meanings, and the stems that are not known to share theirs with another word."""
    stems = [stem(word) for word in words]
    return Counter(meanings(stems)) + Counter(part for part in stems if not has_synonyms(part))


def terms(words: Sequence[str]) -> list[str]:
    """What is looked up in whole articles: stems and meanings."""
    stems = [stem(word) for word in words]
    return stems + meanings(stems)


@dataclass(frozen=True)
class Postings:
    """For each feature the documents that have it, with a weight: a sparse matrix by columns."""

    starts: Ids
    documents: NDArray[np.int32]
    weights: Floats
    count: int

    @classmethod
    def build(cls, features: Ids, documents: Ids, weights: Floats, *, n_features: int, count: int) -> "Postings":
        """From entries (feature, document, weight) in any order."""
        order = np.argsort(features, kind="stable")
        starts = np.searchsorted(features[order], np.arange(n_features + 1))
        return cls(starts, documents[order].astype(np.int32), weights[order].astype(np.float32), count)

    def dot(self, features: Ids, values: Floats) -> Floats:
        """The product of a sparse vector with every document. Shape: (documents,)."""
        first = self.starts[features]
        lengths = self.starts[features + 1] - first
        ends = np.cumsum(lengths)
        if not len(ends) or not ends[-1]:
            return np.zeros(self.count, np.float32)
        places = np.arange(ends[-1]) + np.repeat(first - ends + lengths, lengths)
        products = self.weights[places] * np.repeat(values, lengths)
        return np.bincount(self.documents[places], weights=products, minlength=self.count).astype(np.float32)


class Likeness:
    """Cosine likeness of a text to each of the texts it was built from.

    A feature weighs more the fewer `groups` (articles) have it. What no text has still adds to the length of a
    query's vector, so that a text full of unknown words is like nothing.
    """

    def __init__(self, texts: Iterable[Counter[str]], groups: Ids) -> None:
        self._ids: dict[str, int] = {}
        # Counters are large: each is turned into arrays before the next is made.
        texts_in_arrays = [self._in_arrays(features) for features in texts]
        sizes = [len(ids) for ids, _ in texts_in_arrays]
        features = np.concatenate([ids for ids, _ in texts_in_arrays])
        n_groups = int(groups.max()) + 1
        held = np.unique(features * n_groups + np.repeat(groups, sizes)) // n_groups
        held_by = np.bincount(held, minlength=len(self._ids)).astype(np.float32)
        n_held = len(np.unique(groups))
        self._rarity = np.log((1 + n_held) / (1 + held_by)).astype(np.float32) + 1
        self._rarity_of_unknown = float(np.log(1 + n_held)) + 1
        self._vectors = [(ids, self._weighted(ids, counts, 0.0)) for ids, counts in texts_in_arrays]
        self._postings = Postings.build(
            features,
            np.repeat(np.arange(len(sizes)), sizes),
            np.concatenate([values for _, values in self._vectors]),
            n_features=len(self._ids),
            count=len(sizes),
        )

    def _in_arrays(self, features: Counter[str]) -> tuple[Ids, Floats]:
        ids = [self._ids.setdefault(feature, len(self._ids)) for feature in features]
        return np.array(ids, np.int64), np.array(list(features.values()), np.float32)

    def _weighted(self, ids: Ids, counts: Floats, unknown: float) -> Floats:
        values = (1 + np.log(counts)) * self._rarity[ids]
        length = math.sqrt(float(values @ values) + unknown) or 1.0
        weighted: Floats = values / np.float32(length)
        return weighted

    def vector(self, features: Counter[str]) -> tuple[Ids, Floats]:
        """Known features and their weights; the vector of all features has length 1."""
        ids, counts, unknown = [], [], 0.0
        for feature, count in features.items():
            index = self._ids.get(feature)
            if index is None:
                unknown += (self._rarity_of_unknown * (1 + math.log(count))) ** 2
            else:
                ids.append(index)
                counts.append(count)
        known = np.array(ids, np.int64)
        return known, self._weighted(known, np.array(counts, np.float32), unknown)

    def to_all(self, features: Counter[str]) -> Floats:
        """Likeness, 0 to 1, to each text. Shape: (texts,)."""
        return self._postings.dot(*self.vector(features))

    def among_all(self) -> Floats:
        """Likeness of each text to each. Shape: (texts, texts)."""
        table = np.empty((len(self._vectors), len(self._vectors)), np.float32)
        for row, vector in zip(table, self._vectors, strict=True):
            row[:] = self._postings.dot(*vector)
        return table


class Overlap:
    """BM25 over the terms of articles: which article's terms a question uses. One document an article."""

    _SATURATION = 1.2
    _LENGTH_SHARE = 0.75

    def __init__(self, documents: Sequence[Iterable[str]]) -> None:
        counts = [Counter(document) for document in documents]
        self._ids = {word: index for index, word in enumerate(sorted(set().union(*counts)))}
        entries = [(self._ids[word], place, n) for place, count in enumerate(counts) for word, n in count.items()]
        table = np.array(entries, np.int64).reshape(-1, 3)
        features, places, n = table[:, 0], table[:, 1], table[:, 2].astype(np.float32)
        held_by = np.bincount(features, minlength=len(self._ids))
        self._rarity = np.log1p((len(counts) - held_by + 0.5) / (held_by + 0.5)).astype(np.float32)
        self._rarity_of_unknown = float(np.log1p(2 * len(counts) + 1))
        lengths = np.bincount(places, weights=n, minlength=len(counts))
        share = lengths / max(float(lengths.mean()), 1.0)
        damping = self._SATURATION * (1 - self._LENGTH_SHARE + self._LENGTH_SHARE * share)
        weights = self._rarity[features] * n * (self._SATURATION + 1) / (n + damping[places])
        self._postings = Postings.build(
            features, places, weights.astype(np.float32), n_features=len(self._ids), count=len(counts)
        )

    def to_all(self, terms: Iterable[str]) -> tuple[Floats, float]:
        """The score of each article, and the most that an article holding every term could have."""
        asked = sorted(set(terms))
        known = np.array([self._ids[term] for term in asked if term in self._ids], np.int64)
        most = float(self._rarity[known].sum()) + self._rarity_of_unknown * (len(asked) - len(known))
        scores = self._postings.dot(known, np.ones(len(known), np.float32))
        return scores, most * (self._SATURATION + 1)
