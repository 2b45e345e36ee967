import numpy as np
import pytest

from kb.features import Floats
from kb.nearness import Nearness

WIDTH = 384


def _vectors(many: int) -> Floats:
    """Of length 1, each near to one of some forty that differ, and with half the digits, as they are kept."""
    random = np.random.default_rng(7)
    vectors = np.repeat(random.normal(size=(40, WIDTH)), many // 40, axis=0)
    vectors += random.normal(scale=0.3, size=vectors.shape)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors.astype(np.float16).astype(np.float32)


def test_few_vectors_are_compared_as_they_are() -> None:
    vectors = _vectors(80)
    nearness = Nearness(vectors)
    assert nearness.to_all(vectors[7]).tolist() == (vectors @ vectors[7]).tolist()
    assert nearness.among_all() == pytest.approx(vectors @ vectors.T)


def test_of_very_many_the_nearest_are_as_alike_as_they_are_and_the_others_nearly() -> None:
    vectors = _vectors(10_400)
    asked, likeness = vectors[77], Nearness(vectors).to_all(vectors[77])
    exact = vectors @ asked
    nearest = np.argsort(-exact)[:100]
    assert likeness.argmax() == 77
    assert likeness[nearest] == pytest.approx(exact[nearest], abs=1e-6)
    assert np.abs(likeness - exact).max() < 0.1
