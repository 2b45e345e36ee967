"""Texts as weighted words and parts of words, and how alike they are. Vectors are sparse, in plain numpy."""

import math
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from kb.meanings import has_synonyms, meanings
from kb.text import stem

Floats = NDArray[np.float32]
Ids = NDArray[np.int64]

_MANY, _COMMON = 2_000, 0.15  # documents, and the share of all, that more must have for a column to be quicker


def word_features(words: Sequence[str]) -> Counter[str]:
    """Stems and neighbouring pairs of them, the edges of the text included."""
    stems = [stem(word) for word in words]
    edged = ["^", *stems, "$"]
    features = Counter(stems)
    features.update(f"{left} {right}" for left, right in pairwise(edged))
    return features


def character_features(words: Sequence[str]) -> Counter[str]:
    """Runs of three and four characters inside words, whose edges count as characters."""
    edged = [f" {word} " for word in words]
    return Counter(
        word[start : start + size] for word in edged for size in (3, 4) for start in range(max(1, len(word) - size + 1))
    )


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
    """For each feature the documents that have it, with a weight: a sparse matrix by columns.

    What very many documents have stands in `columns` as a whole, which takes a fraction of the time.
    """

    starts: Ids
    documents: NDArray[np.int32]
    weights: Floats
    count: int
    columns: Mapping[int, Floats]

    @classmethod
    def build(cls, features: Ids, documents: Ids, weights: Floats, *, n_features: int, count: int) -> "Postings":
        """From entries (feature, document, weight) in any order."""
        common = np.bincount(features, minlength=n_features) > max(_COMMON * count, _MANY)
        columns = {feature: np.zeros(count, np.float32) for feature in np.flatnonzero(common).tolist()}
        for feature, column in columns.items():
            having = features == feature
            column[documents[having]] = weights[having]
        rest = np.flatnonzero(~common[features])
        rest = rest[np.argsort(features[rest], kind="stable")]
        starts = np.searchsorted(features[rest], np.arange(n_features + 1))
        return cls(starts, documents[rest].astype(np.int32), weights[rest].astype(np.float32), count, columns)

    def dot(self, features: Ids, values: Floats) -> Floats:
        """The product of a sparse vector with every document. Shape: (documents,)."""
        runs = [slice(*ends) for ends in zip(self.starts[features], self.starts[features + 1], strict=True)]
        if not runs:
            return np.zeros(self.count, np.float32)
        documents = np.concatenate([self.documents[run] for run in runs], dtype=np.intp)
        products = np.concatenate([self.weights[run] * value for run, value in zip(runs, values, strict=True)])
        total = np.bincount(documents, weights=products, minlength=self.count).astype(np.float32)
        for feature, value in zip(features.tolist(), values, strict=True):
            if feature in self.columns:
                total += value * self.columns[feature]
        return total


class Likeness:
    """Cosine likeness of a text to each of the texts it was built from.

    A feature weighs more the fewer `groups` (articles) have it. What no text has still adds to the length of a
    query's vector, so that a text full of unknown words is like nothing.
    """

    def __init__(self, texts: Iterable[Counter[str]], groups: Ids) -> None:
        self._ids: dict[str, int] = {}
        features, counts, sizes = array("q"), array("f"), array("q")
        for text in texts:
            features.extend([self._ids.setdefault(feature, len(self._ids)) for feature in text])
            counts.extend(text.values())
            sizes.append(len(text))
        known, documents = np.asarray(features), np.repeat(np.arange(len(sizes)), sizes)
        held_by = _groups_with(known, groups[documents], len(self._ids))
        n_held = len(np.unique(groups))
        self._rarity = np.log((1 + n_held) / (1 + held_by)).astype(np.float32) + 1
        self._rarity_of_unknown = float(np.log(1 + n_held)) + 1
        weights = (1 + np.log(np.asarray(counts))) * self._rarity[known]
        for start, end in pairwise(np.cumsum([0, *sizes]).tolist()):
            weights[start:end] /= _length(weights[start:end])
        self._postings = Postings.build(known, documents, weights, n_features=len(self._ids), count=len(sizes))

    def _weighted(self, ids: Ids, counts: Floats, unknown: float) -> Floats:
        values = (1 + np.log(counts)) * self._rarity[ids]
        weighted: Floats = values / _length(values, unknown)
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


def _length(values: Floats, unknown: float = 0.0) -> np.float32:
    """Of a vector that has so much beside, squared."""
    return np.float32(math.sqrt(float(values @ values) + unknown) or 1.0)


def _groups_with(features: Ids, groups: Ids, n_features: int) -> Floats:
    """How many groups have each feature, from entries (feature, group) in any order."""
    n_groups = int(groups.max(initial=0)) + 1
    entries = np.sort(features * n_groups + groups)
    first = np.diff(entries, prepend=-1) > 0
    return np.bincount(entries[first] // n_groups, minlength=n_features).astype(np.float32)


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
