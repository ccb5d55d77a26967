"""An n-gram model of labels: how predictable music is, in bits per step.

Witten-Bell interpolation from the longest context down to the uniform distribution, so that no label has probability 0.
Source: Witten & Bell (1991); as a measure of generated music: Roberts et al. (2018), arXiv 1803.05428.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from latentpalette.errors import TrainingError
from latentpalette.evaluation.arrays import check_labels
from latentpalette.validation import check_integer


class NGramModel:
    """Counts of label sequences.

    Parameters
    ----------
    labels : ndarray of int [shape=(n, steps)]
        Training data: labels from 0 up to, not including, `num_classes`.
    num_classes : int
        At most 1023.
    order : int
        5 for 5-grams: each label given the four before it. At most 6.

    Raises
    ------
    TrainingError
        If the order or the number of classes is out of range, or labels are not whole numbers below it.

    Examples
    --------
    >>> model = NGramModel(np.array([[1, 0] * 8] * 50), num_classes=2)
    >>> bits = model.bits_per_step(np.array([[1, 0] * 8, [1, 1] * 8]))
    >>> bool(bits[0] < 0.1 < 2 < bits[1])
    True
    """

    def __init__(self, labels: NDArray, *, num_classes: int = 512, order: int = 5) -> None:
        check_integer(order, "order", error=TrainingError)
        check_integer(num_classes, "num_classes", error=TrainingError)
        if not 1 <= order <= 6 or not 1 <= num_classes < _BASE:
            raise TrainingError(
                f"n-grams have an order of 1 to 6 and 1 to {_BASE - 1} classes; got {order}, {num_classes}."
            )
        labels = check_labels(labels, "Labels", num_classes)
        self.num_classes, self.order = num_classes, order
        self._tables = [_ContextCounts(context, labels) for context in _contexts(labels, order)]

    def bits_per_step(self, labels: NDArray) -> NDArray[np.float64]:
        """Return the mean negative log2-probability of each window's steps [n]; `labels` is [n, steps]."""
        labels = check_labels(labels, "Labels", self.num_classes)
        probabilities = np.full(labels.shape, 1.0 / self.num_classes)
        for table, context in zip(self._tables, _contexts(labels, self.order), strict=True):
            probabilities = table.interpolate(context, labels, probabilities)
        return -np.log2(probabilities).mean(axis=1)


_BASE = 1024  # ten bits a label, six labels in an int64; the last number stands for "before the beginning"


def _contexts(labels: NDArray, order: int) -> list[NDArray[np.int64]]:
    """Return, for each length from 0 to order - 1, the labels before each step as one number [n, steps]."""
    padded = np.pad(labels.astype(np.int64), ((0, 0), (order - 1, 0)), constant_values=_BASE - 1)
    steps = labels.shape[1]
    contexts = [np.zeros(labels.shape, np.int64)]
    for lag in range(1, order):
        previous = padded[:, order - 1 - lag : order - 1 - lag + steps]
        contexts.append(contexts[-1] * _BASE + previous)
    return contexts


class _ContextCounts:
    """Counts of the labels that follow contexts of one length."""

    def __init__(self, contexts: NDArray[np.int64], labels: NDArray) -> None:
        self.grams, self.gram_counts = np.unique(contexts * _BASE + labels, return_counts=True)
        self.contexts, self.context_counts = np.unique(contexts, return_counts=True)
        # How many different labels followed: the weight that Witten and Bell give to the shorter context.
        _, self.distinct_counts = np.unique(self.grams // _BASE, return_counts=True)

    def interpolate(self, contexts: NDArray[np.int64], labels: NDArray, shorter: NDArray) -> NDArray:
        """Return probabilities [n, steps] of labels, given those of the next shorter context."""
        count = _lookup(self.grams, self.gram_counts, contexts * _BASE + labels)
        total = _lookup(self.contexts, self.context_counts, contexts)
        distinct = _lookup(self.contexts, self.distinct_counts, contexts)
        interpolated = (count + distinct * shorter) / np.maximum(total + distinct, 1)
        return np.where(total > 0, interpolated, shorter)


def _lookup(keys: NDArray, values: NDArray, queries: NDArray) -> NDArray:
    """Return the values of sorted keys, 0 where a query is not among them."""
    indices = np.minimum(np.searchsorted(keys, queries), len(keys) - 1)
    return np.where(keys[indices] == queries, values[indices], 0)
