"""A softmax regression from likenesses to classes, trained by accelerated gradient descent."""

import math
from dataclasses import dataclass

import numpy as np

from kb.features import Floats, Ids

_STEPS = 60  # stopping early regularises as much as the penalty does
_PENALTY = np.float32(0.02)


@dataclass(frozen=True)
class Head:
    """Scores of classes for a text, from its likeness to each text of the training."""

    weights: Floats
    offset: Floats

    def scores(self, likeness: Floats) -> Floats:
        """Shape (texts,) or (many, texts) to (classes,) or (many, classes). Softmax of it is a probability."""
        scores: Floats = likeness @ self.weights + self.offset
        return scores

    @classmethod
    def train(cls, likenesses: Floats, labels: Ids, n_classes: int) -> "Head":
        """From the likeness of each text to each, shape (texts, texts), and the class of each text."""
        mean = likenesses.mean(axis=0)
        centred = likenesses - mean
        centred -= mean[:, None] - mean.mean()
        truth = np.zeros((len(labels), n_classes), np.float32)
        truth[np.arange(len(labels)), labels] = 1
        weights = _descend(centred, truth)
        weights -= weights.mean(axis=0)
        return cls(weights, -(mean @ weights))


def _descend(likenesses: Floats, truth: Floats) -> Floats:
    """Nesterov's accelerated descent on the weights of the texts."""
    step = np.float32(1 / (0.5 * _largest_eigenvalue(likenesses) + float(_PENALTY)))
    weights: Floats = np.zeros_like(truth)
    ahead: Floats = weights
    pace = 1.0
    for _ in range(_STEPS):
        gradient: Floats = _softmax(likenesses @ ahead) - truth + _PENALTY * ahead
        following: Floats = ahead - step * gradient
        next_pace = (1 + math.sqrt(1 + 4 * pace * pace)) / 2
        ahead = following + np.float32((pace - 1) / next_pace) * (following - weights)
        weights, pace = following, next_pace
    return weights


def _softmax(scores: Floats) -> Floats:
    scores -= scores.max(axis=-1, keepdims=True)
    np.exp(scores, out=scores)
    scores /= scores.sum(axis=-1, keepdims=True)
    return scores


def _largest_eigenvalue(matrix: Floats) -> float:
    """By power iteration from a fixed start, with a margin for what it has not reached."""
    vector = np.cos(np.arange(len(matrix))).astype(np.float32)
    size = 1.0
    for _ in range(20):
        vector = matrix @ vector
        size = float(np.linalg.norm(vector))
        if size < 1e-6:
            return 1.0
        vector /= size
    return 1.05 * size
