"""What speaks for each article: the parts that the search weighs against each other."""

from collections.abc import Sequence

import numpy as np

from kb.corpus import Corpus
from kb.features import Floats, Ids, Overlap
from kb.head import Head

KINDS = ("words", "meaning")  # of likeness; that of meaning only where there is an encoder
_COMMON = ("words in common", "share of words", "article text", "learnt")
_NONE_COMMON = ("not ours", "learnt not ours")
_BROADNESS = 3  # how quickly likeness of meaning loses weight for learning: what is far away teaches nothing
_SHARE_OF_WORDS = 0.4  # of their likeness in learning, beside that of meaning


def part_names(kinds: int) -> tuple[str, ...]:
    """What speaks for an article, with so many kinds of likeness."""
    return (*_COMMON, *(f"{part} ({kind})" for kind in KINDS[:kinds] for part in ("all phrasings", "nearest phrasing")))


def none_names(kinds: int) -> tuple[str, ...]:
    """What speaks for "none of them"."""
    return (*_NONE_COMMON, *(f"nearest not ours ({kind})" for kind in KINDS[:kinds]))


def train_head(corpus: Corpus, rows: Ids, likenesses: Floats) -> Head:
    """What can be learnt from the phrasings in `rows`, from the likeness of each to each, (kinds, rows, rows)."""
    return Head.train(_kernel(likenesses), corpus.labels[rows], corpus.nowhere + 1)


def _kernel(likenesses: Floats) -> Floats:
    """One likeness to learn from: (kinds, ...) to (...)."""
    by_words, *by_meaning = likenesses
    if not by_meaning:
        words_alone: Floats = by_words
        return words_alone
    kernel: Floats = np.exp(_BROADNESS * (by_meaning[0] - 1))
    kernel += np.float32(_SHARE_OF_WORDS) * by_words
    return kernel


class Evidence:
    """Evidence from some of the phrasings of a corpus: all, or all but those held out."""

    def __init__(self, corpus: Corpus, rows: Ids, head: Head | None) -> None:
        """`head` is trained on the phrasings in `rows`; None where these are too many to learn from."""
        self._labels, self._nowhere = corpus.labels[rows], corpus.nowhere
        self.sizes = np.bincount(self._labels, minlength=self._nowhere + 1)
        phrasings: list[list[str]] = [[] for _ in self.sizes]
        for row in rows.tolist():
            phrasings[corpus.labels[row]] += corpus.terms[row]
        bodies = [body if size else () for body, size in zip(corpus.bodies, self.sizes, strict=False)]
        self._overlap, self._body = Overlap(phrasings[:-1]), Overlap(bodies)
        self._head = head
        # The phrasings of a class stand together, so that its sum and its best are taken over a run.
        self._classes, self._starts = np.unique(self._labels, return_index=True)

    def of(self, likenesses: Floats, asked: Sequence[str]) -> tuple[Floats, Floats]:
        """Evidence for a question, given its likenesses to the phrasings in `rows`, and its terms.

        `likenesses` has shape (kinds, rows). Returns the shapes (articles, part_names) and (none_names,).
        """
        overlap, most = self._overlap.to_all(asked)
        in_body, most_in_body = self._body.to_all(asked)
        learnt = np.zeros(len(self.sizes), np.float32) if self._head is None else self._head.scores(_kernel(likenesses))
        here = slice(self._nowhere)
        parts = [overlap / 10, overlap / max(most, 1.0), in_body / max(most_in_body, 1.0), learnt[here]]
        none_parts = [1.0, learnt[-1]]
        for likeness in likenesses:
            mean, nearest = self._in_classes(likeness)
            parts += [mean[here], nearest[here]]
            none_parts.append(nearest[-1])
        return np.stack(parts, axis=1, dtype=np.float32), np.array(none_parts, np.float32)

    def _in_classes(self, likeness: Floats) -> tuple[Floats, Floats]:
        """For each class the mean likeness of its phrasings, and the greatest."""
        total, nearest = np.zeros(len(self.sizes), np.float32), np.zeros(len(self.sizes), np.float32)
        total[self._classes] = np.add.reduceat(likeness, self._starts)
        nearest[self._classes] = np.maximum.reduceat(likeness, self._starts)
        total /= np.maximum(self.sizes, 1)
        return total, nearest
