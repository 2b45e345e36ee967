"""How much each part of the evidence counts, and how sure is sure enough: learnt from phrasings held out.

In each of FOLDS rounds a fifth of every article's phrasings, and a fifth of the articles, are hidden from the search.
It then meets the hidden phrasings as questions it has not seen. A phrasing whose whole article is hidden stands for
what is near to ours and that nobody foresaw: the search should rather keep silent.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from kb.corpus import Corpus
from kb.evidence import Evidence, train_head
from kb.features import Floats, Ids

Doubles = NDArray[np.float64]
Numbers = TypeVar("Numbers", Floats, Doubles)

FOLDS = 5
MOST_WRONG = 0.04  # share of our questions answered with another article
MOST_FALSE_ANSWERS = 0.10  # share of the listed questions that are not ours
SURE_WITHOUT_CALIBRATION = 0.7
SUGGEST_FROM = 0.25  # the candidates' confidences together
CLOSE = 0.6  # a second article with this share of the best one's confidence may be the one that was meant
_LEAST_SURE, _SUREST = 50, 95  # hundredths, between which the threshold is looked for
_FEWEST = 40  # questions of ours held out: from fewer no threshold can be told
_FEWEST_OF_ARTICLE = 5  # phrasings held out: from fewer nothing can be said of an article
DIGITS = 3  # of a weight: more say nothing, and differ between machines
_BEST_OPTIONS = 20  # of a question: the others are too unlikely to matter

# Weights of part_names and none_names, by the number of kinds of likeness, from which learning starts, and which stay
# when there is little to learn from.
PRIOR: Mapping[int, Floats] = {
    1: np.array([1.0, 0.5, 0.5, 1.3, 0.0, 3.0, 5.0, 0.4, 0.0], np.float32),
    2: np.array([0.5, 0.3, 0.3, 1.2, 0.0, 1.5, 0.0, 4.0, 6.0, 0.4, 0.0, 0.0], np.float32),
}
# The same without what is learnt, for libraries that have too many phrasings to learn from.
UNLEARNT: Mapping[int, Floats] = {
    1: np.array([2.0, 2.8, 1.5, 0.0, 2.5, 8.0, 7.0, 0.0, 0.0], np.float32),
    2: np.array([1.0, 1.4, 0.8, 0.0, 1.2, 4.0, 2.0, 12.0, 12.0, 0.0, 0.0, 0.0], np.float32),
}
_SHARE_NOT_OURS = 0.5  # of the weight of ours, all listed questions that are not ours together
_SHARE_UNFORESEEN = 0.1  # ... all phrasings of hidden articles together
_SHARE_UNFORESEEN_ALONE = 0.25  # ... when nothing is listed


@dataclass(frozen=True)
class Calibration:
    """Weights of the evidence, and the confidence from which the search answers."""

    weights: Floats
    answer_from: float

    def scores(self, parts: Floats, none_parts: Floats) -> Floats:
        """Of each article, then of "none of them". Shape: (articles + 1,)."""
        of_articles = parts.shape[1]
        return np.append(parts @ self.weights[:of_articles], none_parts @ self.weights[of_articles:])

    def confidences(self, parts: Floats, none_parts: Floats) -> Floats:
        """Probability of each article. Shape: (articles,). What is lacking to 1 is "none of them"."""
        return softmax(self.scores(parts, none_parts))[:-1]


@dataclass(frozen=True)
class HeldOut:
    """Questions met while hidden: their best options and what speaks for each. `article` numbers the options."""

    evidence: Doubles  # (questions, options, parts)
    article: Ids  # (questions, options); Corpus.nowhere is "none of them", -1 fills up
    right: Ids  # the true article of each question; nowhere for what is not ours
    listed: NDArray[np.bool_]  # not ours, and listed as such
    row: Ids  # which phrasing of the corpus it is

    @property
    def ours(self) -> NDArray[np.bool_]:
        """Which questions an article answers that is not hidden."""
        return np.not_equal(self.right, self.article[:, 0])


def softmax(scores: Numbers) -> Numbers:
    """Scores to probabilities, along the last axis."""
    grown = np.exp(scores - scores.max(axis=-1, keepdims=True))
    probabilities: Numbers = grown / grown.sum(axis=-1, keepdims=True)
    return probabilities


def calibrate(held_out: HeldOut | None, kinds: int) -> Calibration:
    """From questions met while hidden. From too few of them, cautious weights that fit most libraries."""
    if held_out is None or held_out.ours.sum() < _FEWEST:
        return Calibration(PRIOR[kinds], SURE_WITHOUT_CALIBRATION)
    weights, probabilities = _fit(held_out, _shares(held_out), PRIOR[kinds].astype(np.float64))
    return Calibration(weights.round(DIGITS).astype(np.float32), _threshold(held_out, probabilities))


def hold_out(corpus: Corpus, likenesses: Floats) -> HeldOut | None:
    """Meet every phrasing while it is hidden, from the likeness of each to each. None without a second article."""
    if corpus.nowhere < 2:
        return None
    ours, places = corpus.labels < corpus.nowhere, corpus.places
    found: list[tuple[Doubles, Ids, int, bool, int]] = []
    for fold in range(FOLDS):
        part = (places >= 0) & (places % FOLDS == fold)
        gone = ours & (corpus.labels % FOLDS == fold)
        known = np.flatnonzero(~part & ~gone)
        if not (corpus.labels[known] < corpus.nowhere).any():
            continue
        evidence = Evidence(corpus, known, train_head(corpus, known, likenesses[:, known[:, None], known]))
        for row in np.flatnonzero((part & ~gone) | (gone & (places >= 0))).tolist():
            options = _options(evidence, likenesses[:, row, known], corpus.terms[row])
            right = corpus.nowhere if gone[row] else int(corpus.labels[row])
            found.append((*options, right, not ours[row], row))
    return HeldOut(*map(np.array, zip(*found, strict=True))) if found else None


def _options(evidence: Evidence, likenesses: Floats, terms: tuple[str, ...]) -> tuple[Doubles, Ids]:
    """The best options for a question, "none" first, and their numbers."""
    parts, none_parts = evidence.of(likenesses, terms)
    prior, of_articles = PRIOR[len(likenesses)], parts.shape[1]
    scores = np.where(evidence.sizes[:-1] > 0, parts @ prior[:of_articles], -np.inf)
    best = np.argsort(-scores, kind="stable")[: min(_BEST_OPTIONS, int((evidence.sizes[:-1] > 0).sum()))]
    table = np.zeros((_BEST_OPTIONS + 1, len(prior)))
    table[0, of_articles:] = none_parts
    table[1 : len(best) + 1, :of_articles] = parts[best]
    numbers = np.full(_BEST_OPTIONS + 1, -1)
    numbers[0] = len(parts)
    numbers[1 : len(best) + 1] = best
    return table, numbers


def _shares(held_out: HeldOut) -> Doubles:
    """How much each question counts."""
    ours, listed = held_out.ours, held_out.listed
    unforeseen = ~ours & ~listed
    shares = np.ones(len(ours))
    for which, share in (
        (listed, _SHARE_NOT_OURS),
        (unforeseen, _SHARE_UNFORESEEN if listed.any() else _SHARE_UNFORESEEN_ALONE),
    ):
        shares[which] = share * ours.sum() / max(which.sum(), 1)
    return shares


def _fit(held_out: HeldOut, shares: Doubles, prior: Doubles) -> tuple[Doubles, Doubles]:
    """Newton's method on the likelihood of the right options. Returns weights and probabilities of options."""
    evidence = held_out.evidence
    right = held_out.article == held_out.right[:, None]
    shares = shares * right.any(axis=1)  # the right one may not be among the best

    def likelihood(weights: Doubles) -> tuple[float, Doubles]:
        scores: Doubles = np.where(held_out.article >= 0, evidence @ weights, -np.inf)
        probabilities = softmax(scores)
        fit = np.log(np.maximum((probabilities * right).sum(axis=1), 1e-30))
        return float(shares @ fit - ((weights - prior) ** 2).sum() / 2), probabilities

    weights = prior
    value, probabilities = likelihood(weights)
    for _ in range(50):
        step = _newton_step(evidence, right, probabilities, shares, weights - prior)
        pace = 1.0
        while (better := likelihood(weights + pace * step))[0] < value and pace > 1e-6:
            pace /= 2
        gain, weights = better[0] - value, weights + pace * step
        value, probabilities = better
        if gain < 1e-6:
            break
    return weights, probabilities


def _newton_step(
    evidence: Doubles,
    right: NDArray[np.bool_],
    probabilities: Doubles,
    shares: Doubles,
    from_prior: Doubles,
) -> Doubles:
    weighted = probabilities * shares[:, None]
    surprise = right * shares[:, None] - weighted
    slope = np.einsum("qo,qop->p", surprise, evidence) - from_prior
    mean = np.einsum("qo,qop->qp", probabilities, evidence)
    spread = np.einsum("qo,qop,qor->pr", weighted, evidence, evidence, optimize=True)
    bend = spread - (mean * shares[:, None]).T @ mean + np.eye(len(from_prior))
    return np.linalg.solve(bend, slope)


def _threshold(held_out: HeldOut, probabilities: Doubles) -> float:
    """The lowest confidence from which few enough answers are wrong, or are given to what is not ours."""
    articles = probabilities[:, 1:]
    best = articles.argmax(axis=1)
    confidence = articles.max(axis=1)
    wrong = held_out.article[np.arange(len(best)), best + 1] != held_out.right
    for hundredths in range(_LEAST_SURE, _SUREST):
        answered = confidence >= hundredths / 100
        false = (answered & held_out.listed).sum() / max(held_out.listed.sum(), 1)
        if (answered & wrong)[held_out.ours].mean() <= MOST_WRONG and false <= MOST_FALSE_ANSWERS:
            return hundredths / 100
    return _SUREST / 100


def probabilities_of(held_out: HeldOut, calibration: Calibration) -> Doubles:
    """Of each option of each question, in the order of the options."""
    return softmax(np.where(held_out.article >= 0, held_out.evidence @ calibration.weights, -np.inf))


def overlapping(
    held_out: HeldOut, calibration: Calibration, slugs: Sequence[str]
) -> Iterator[tuple[str, int, int, str]]:
    """Articles most of whose phrasings, met while hidden, find another one first.

    Yields the article, how many of its phrasings were asked, how many missed it, and the article they mostly found.
    """
    best = probabilities_of(held_out, calibration)[:, 1:].argmax(axis=1)
    found = held_out.article[np.arange(len(best)), best + 1]
    for place, slug in enumerate(slugs):
        asked = found[held_out.right == place]
        others = asked[asked != place]
        if len(asked) >= _FEWEST_OF_ARTICLE and len(others) * 2 > len(asked):
            yield slug, len(asked), len(others), slugs[int(np.bincount(others).argmax())]
