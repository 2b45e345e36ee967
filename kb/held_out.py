"""How well the articles can be told apart: what a check finds by asking phrasings while they are hidden."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from kb.calibration import Calibration, HeldOut, overlapping, probabilities_of
from kb.corpus import Comparer, Corpus
from kb.encoder import usable_encoder
from kb.errors import ArticleError, shown_path
from kb.front_matter import read_front_matter
from kb.learning import Learning
from kb.library import Library
from kb.stored_calibration import problem, read_stored


@dataclass(frozen=True)
class Told:
    """`findings` have to be mended; `notes` name phrasings that another article would have been sent."""

    findings: tuple[str, ...]
    notes: tuple[str, ...]


def told_apart(library: Library) -> Told:
    """What is wrong with the stored calibration, and with how the articles are told apart."""
    corpus = Corpus.of(library)
    learning = Learning(corpus, Comparer(corpus, usable_encoder()))
    kinds = learning.comparer.kinds
    stale = problem(library.folder, corpus, encoder=kinds > 1)
    findings = [stale] if stale else []
    held_out = learning.held_out
    if held_out is None:
        return Told(tuple(findings), (learning.too_many,) if learning.too_many else ())
    stored = read_stored(library.folder, corpus, kinds)
    calibration = learning.kept_calibration() if stored is None else stored
    findings += [
        f"{shown_path(library.articles[slug].path)}: {missed} of {asked} phrasings, asked while hidden, find another"
        f" article first, mostly {other}. Remedy: add phrasings in words of its own, or make the two articles one."
        for slug, asked, missed, other in overlapping(held_out, calibration, corpus.slugs)
    ]
    return Told(tuple(findings), tuple(map(str, _led_astray(library, corpus, held_out, calibration))))


def _led_astray(
    library: Library, corpus: Corpus, held_out: HeldOut, calibration: Calibration
) -> Iterator[ArticleError]:
    """The phrasings that, while hidden, were answered with another article."""
    probabilities = probabilities_of(held_out, calibration)[:, 1:]
    for number in np.flatnonzero(held_out.ours & (probabilities.max(axis=1) >= calibration.answer_from)).tolist():
        found = int(held_out.article[number, probabilities[number].argmax() + 1])
        right, row = int(held_out.right[number]), int(held_out.row[number])
        if found != right:
            path = library.articles[corpus.slugs[right]].path
            yield ArticleError(
                f"“{corpus.texts[row]}” would find {corpus.slugs[found]} if it were not listed.",
                path=path,
                line=read_front_matter(path).line_of("questions", int(corpus.places[row])),
                field="questions",
                remedy=f"Move it there, or write more like it here, where it does not belong to {corpus.slugs[found]}.",
            )
