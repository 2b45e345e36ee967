"""`python -m kb calibrate`: finds the thresholds anew and stores them with the articles."""

from pathlib import Path

from kb.calibration import Calibration
from kb.corpus import Comparer, Corpus
from kb.encoder import usable_encoder
from kb.learning import Learning
from kb.library import load_library
from kb.stored_calibration import MODES, REMEDY_WITHOUT_ENCODER, read_stored, write_stored


def calibrate_folder(folder: Path | None) -> tuple[Path, list[str]]:
    """Calibrate the search for a folder of articles, with the encoder and without.

    Where the encoder is not installed, what was stored for it stays if it is not out of date. Returns the file, and
    what is stored or lacks in words.
    """
    library = load_library(folder)
    corpus = Corpus.of(library)
    found = dict[int, Calibration]()
    encoder = usable_encoder()
    for one in (None, encoder) if encoder else (None,):
        comparer = Comparer(corpus, one)
        learning = Learning(corpus, comparer)
        found[comparer.kinds] = learning.calibration()
    for kinds in MODES.keys() - found.keys():
        stored = read_stored(library.folder, corpus, kinds)
        found |= {} if stored is None else {kinds: stored}
    path = write_stored(library.folder, corpus, found)
    said = [f"{mode}: {_said(found.get(kinds))}" for kinds, mode in MODES.items()]
    return path, [*said, learning.too_many] if learning.too_many else said


def _said(calibration: Calibration | None) -> str:
    if calibration is None:
        return f"left out: it takes the sentence encoder, and none that fits was stored. {REMEDY_WITHOUT_ENCODER}"
    return f"answers from {calibration.answer_from:.0%}"
