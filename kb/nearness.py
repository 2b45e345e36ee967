"""Likeness of meaning to very many phrasings: roughly to all, and exactly to those that come nearest."""

import numpy as np

from kb.features import Floats

_MANY = 10_000  # vectors: fewer are compared as they are
_AXES = 96  # of 384: along these the vectors differ most, and a product is wrong by 0.01 or so
_EXACT = 500  # of the nearest: the best one by all axes was always among the best 200 by these few


class Nearness:
    """Cosine likeness of a vector to each of the vectors it was built from, all of length 1."""

    def __init__(self, vectors: Floats) -> None:
        self._rough, self._exact = vectors, vectors
        self._axes: Floats | None = None
        if len(vectors) > _MANY:
            self._axes = _widest_axes(vectors)
            self._rough = vectors @ self._axes
            self._exact = vectors.astype(np.float16)  # as kb.vectors keeps them: nothing is lost

    def to_all(self, vector: Floats) -> Floats:
        """Likeness to each vector. Shape: (vectors,)."""
        if self._axes is None:
            return self._rough @ vector
        likeness: Floats = self._rough @ (vector @ self._axes)
        nearest = np.argpartition(likeness, -_EXACT)[-_EXACT:]
        likeness[nearest] = self._exact[nearest].astype(np.float32) @ vector
        return likeness

    def among_all(self) -> Floats:
        """Likeness of each vector to each. Shape: (vectors, vectors)."""
        exact = np.asarray(self._exact, np.float32)
        return exact @ exact.T


def _widest_axes(vectors: Floats) -> Floats:
    """The principal axes: (width, _AXES)."""
    axes: Floats = np.linalg.eigh(vectors.T @ vectors).eigenvectors[:, -_AXES:]
    return axes
