"""Why the search answered as it did, in words."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from kb.calibration import CLOSE, SUGGEST_FROM
from kb.evidence import KINDS, part_names
from kb.features import Floats
from kb.languages import languages
from kb.text import stem

if TYPE_CHECKING:
    from kb.search import Answer, Candidate, Part, Reading, Search

NO_WORDS = "There are no words in it to look for."
_HARDLY = 0.1  # confidence: what is below is a coincidence of words


def explanation(search: "Search", reading: "Reading", answer: "Answer") -> str:
    """Lines of text: how the question was read, what spoke for each candidate, and what decided."""
    if not answer.candidates:
        return NO_WORDS
    whole, decisive = reading.whole, reading.decisive
    lines = [f"Read as: {' '.join(whole.tokens) or '(no English words)'}"]
    repairs = dict.fromkeys(
        f"{typed} → {word}" for typed, word in zip(whole.typed, whole.tokens, strict=True) if typed != word
    )
    if repairs:
        lines.append(f"Spelling repaired: {', '.join(repairs)}")
    if decisive != whole:
        lines.append(f"The sentence that counts: {' '.join(decisive.tokens)}")
    likenesses, parts, none_parts = search.evidence_of(decisive)
    names = part_names(len(likenesses))
    shares = parts * search.calibration.weights[: len(names)]
    for number, candidate in enumerate(answer.candidates, start=1):
        place = search.corpus.slugs.index(candidate.article)
        counted = ", ".join(f"{name} {share:+.1f}" for name, share in zip(names, shares[place], strict=True))
        lines += [
            f"{number}. {candidate.article}  confidence {candidate.confidence:.2f}",
            f"   {counted}: {shares[place].sum():+.1f}",
            *(f"   {line}" for line in _nearest(search, decisive, likenesses, place)),
        ]
    none = float(none_parts @ search.calibration.weights[len(names) :])
    lines.append(f"None of them: {none:+.1f}, leaves a confidence of {1 - reading.confidences.sum():.2f}")
    return "\n".join([*lines, _decision(search, reading, answer)])


def _nearest(search: "Search", part: "Part", likenesses: Floats, place: int) -> Iterator[str]:
    """The article's phrasing that is nearest, by each kind of likeness."""
    corpus = search.corpus
    for kind, likeness in zip(KINDS, likenesses, strict=False):
        row = _nearest_row(search, likeness, place)
        asked = {stem(word) for word in part.tokens}
        shared = dict.fromkeys(word for word in corpus.tokens[row] if stem(word) in asked)
        words = f"shared words: {', '.join(shared)}" if shared else "no word shared"
        yield f"nearest phrasing by {kind}: “{corpus.texts[row]}” ({likeness[row]:.2f} alike; {words})"


def _nearest_row(search: "Search", likeness: Floats, place: int) -> int:
    rows = np.flatnonzero(search.corpus.labels == place)
    return int(rows[likeness[rows].argmax()])


def _decision(search: "Search", reading: "Reading", answer: "Answer") -> str:
    if reading.foreign:
        why = f"it seems to be in {_language(reading)}"
    elif reading.same_as == search.corpus.nowhere:
        why = "it is listed as not ours"
    elif reading.same_as is not None:
        why = "it has the very words of a phrasing"
    elif reading.asks_several:
        why = "it asks several things, each of which another article answers"
    else:
        why = (
            f"an answer needs {search.calibration.answer_from:.2f}, and a second article with less than {CLOSE:.0%} of"
            f" that of the first; suggestions need {SUGGEST_FROM:.2f} together"
        )
    return f"Decision: {answer.status}; {why}."


def _language(reading: "Reading") -> str:
    """The language of a foreign question, by its own name where it is told."""
    other = "another language than English"
    return f"{other}: {languages()[reading.language].name}" if reading.language else other


def shortfall(search: "Search", question: str) -> str:
    """Why no article answers a question for sure, as one sentence for the people who write articles."""
    reading, answer = search.read(question), search.ask(question)
    if not answer.candidates:
        return NO_WORDS
    if reading.foreign:
        return f"It seems to be in {_language(reading)}."
    if reading.same_as == search.corpus.nowhere:
        return "It is listed as not ours."
    best, *others = answer.candidates
    if answer.article is not None:
        return f"{_named(search, best)} answers it now."
    if reading.asks_several:
        return "It asks several things at once, and different articles answer them."
    if others and others[0].confidence >= max(CLOSE * best.confidence, SUGGEST_FROM / 2):
        return f"{_named(search, best)} and {_named(search, others[0])} fit it about equally well."
    if best.confidence < _HARDLY:
        return f"No article seems to be about it; {_named(search, best)} comes nearest."
    likenesses, _, _ = search.evidence_of(reading.decisive)
    nearest = search.corpus.texts[_nearest_row(search, likenesses[-1], search.corpus.slugs.index(best.article))]
    return (
        f"{_named(search, best)} comes closest, and an answer needs {search.calibration.answer_from:.0%}; its nearest"
        f" phrasing is “{nearest}”."
    )


def _named(search: "Search", candidate: "Candidate") -> str:
    return f"“{search.library.articles[candidate.article].title}” ({candidate.confidence:.0%} sure)"
