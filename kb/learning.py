"""What the search learns from the articles when it starts, or learnt from the very same ones before."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from kb.cache import Arrays, cached
from kb.calibration import SURE_WITHOUT_CALIBRATION, UNLEARNT, Calibration, HeldOut, calibrate, hold_out
from kb.corpus import Comparer, Corpus
from kb.evidence import Evidence, train_head
from kb.features import Floats
from kb.head import Head

MOST_LEARNT = 1_500_000_000  # phrasings, squared, times articles: to learn from more takes too long at start
MOST_PHRASINGS = 5000  # with the likeness of each to each, 100 MB a kind, several times over

# What decides, beside the articles, what is learnt from them.
_DECISIVE = ("calibration", "corpus", "evidence", "features", "head", "learning", "meanings", "synonyms", "text")


@dataclass(frozen=True)
class Learning:
    """Learns from one corpus; what takes a while is done only when it is asked for."""

    corpus: Corpus
    comparer: Comparer

    @property
    def possible(self) -> bool:
        """Whether there are few enough phrasings to learn from."""
        phrasings = len(self.corpus.labels)
        return phrasings <= MOST_PHRASINGS and phrasings**2 * len(self.corpus.slugs) <= MOST_LEARNT

    @property
    def too_many(self) -> str | None:
        """Says so where there are too many to learn from, and what that means."""
        if self.possible:
            return None
        phrasings, articles = len(self.corpus.labels), len(self.corpus.slugs)
        return (
            f"{phrasings} phrasings and titles of {articles} articles are too many to learn from: the search weighs"
            " them as fits most libraries, and knows less. Remedy: keep the phrasings that differ most."
        )

    @cached_property
    def _likenesses(self) -> Floats:
        return self.comparer.among_phrasings()

    @cached_property
    def held_out(self) -> HeldOut | None:
        """The phrasings, met while hidden; None where they are too few or too many."""
        return hold_out(self.corpus, self._likenesses) if self.possible else None

    def calibration(self) -> Calibration:
        """Found by cross-validation."""
        if not self.possible:
            return Calibration(UNLEARNT[self.comparer.kinds], SURE_WITHOUT_CALIBRATION)
        return calibrate(self.held_out, self.comparer.kinds)

    def kept_calibration(self) -> Calibration:
        """The same, found only once for the same articles."""
        found = cached("calibration", self._digest, self._calibration_as_arrays) if self.possible else None
        return self.calibration() if found is None else Calibration(found["weights"], float(found["answer_from"]))

    def kept_evidence(self) -> Evidence:
        """The evidence of all phrasings; what is learnt is learnt only once for the same articles."""
        kept = cached("head", self._digest, self._head_as_arrays) if self.possible else None
        head = None if kept is None else Head(kept["weights"], kept["offset"])
        return Evidence(self.corpus, np.arange(len(self.corpus.labels)), head)

    @cached_property
    def _digest(self) -> str:
        content = f"{self.corpus.digest} {self.comparer.name} {np.__version__} {_digest_of_code()}"
        return hashlib.sha256(content.encode()).hexdigest()[:32]

    def _calibration_as_arrays(self, _before: Arrays) -> Arrays:
        calibration = self.calibration()
        return {"weights": calibration.weights, "answer_from": np.array(calibration.answer_from)}

    def _head_as_arrays(self, _before: Arrays) -> Arrays:
        head = train_head(self.corpus, np.arange(len(self.corpus.labels)), self._likenesses)
        return {"weights": head.weights, "offset": head.offset}


def _digest_of_code() -> str:
    found = hashlib.sha256()
    for path in _files_that_decide():
        found.update(path.read_bytes())
    return found.hexdigest()


def _files_that_decide() -> Iterable[Path]:
    return (path for path in sorted(Path(__file__).parent.iterdir()) if path.stem in _DECISIVE and path.is_file())
