"""An n-gram model of labels: how expected music is, in bits a step.

Witten-Bell interpolation from the longest context down to the uniform distribution, so that nothing is impossible.
Source: Witten & Bell (1991); as a measure of generated music: Roberts et al. (2018), arXiv 1803.05428.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from latentpalette.errors import TrainingError


class NGrams:
    """Counts of label sequences, learned from loops.

    Parameters
    ----------
    loops : ndarray of int [shape=(n, steps)]
        Labels from 0 up to, not including, `classes`.
    classes : int
        At most 1023.
    order : int
        5 for 5-grams: each label given the four before it. At most 6.

    Examples
    --------
    >>> ticking = NGrams(np.array([[1, 0] * 8] * 50), classes=2)
    >>> said = ticking.cost(np.array([[1, 0] * 8, [1, 1] * 8]))
    >>> bool(said[0] < 0.1 < 2 < said[1])
    True
    """

    def __init__(self, loops: NDArray, *, classes: int = 512, order: int = 5) -> None:
        if not 1 <= order <= 6 or not 1 <= classes < _BASE:
            raise TrainingError(
                f"n-grams have an order of 1 to 6 and 1 to {_BASE - 1} classes; got {order}, {classes}."
            )
        self.classes, self.order = classes, order
        self._tables = [_Table(context, loops) for context in _contexts(loops, order)]

    def cost(self, loops: NDArray) -> NDArray[np.float64]:
        """Minus the mean log-probability of each loop's steps [n, bits a step]; `loops` is [n, steps]."""
        likely = np.full(loops.shape, 1.0 / self.classes)
        for table, context in zip(self._tables, _contexts(loops, self.order), strict=True):
            likely = table.interpolated(context, loops, likely)
        return -np.log2(likely).mean(axis=1)


_BASE = 1024  # ten bits a label, six labels in an int64; the last number stands for "before the beginning"


def _contexts(loops: NDArray, order: int) -> list[NDArray[np.int64]]:
    """For each length from 0 to order - 1, the labels before each step as one number [n, steps]."""
    padded = np.pad(loops.astype(np.int64), ((0, 0), (order - 1, 0)), constant_values=_BASE - 1)
    steps = loops.shape[1]
    contexts = [np.zeros(loops.shape, np.int64)]
    for back in range(1, order):
        before = padded[:, order - 1 - back : order - 1 - back + steps]
        contexts.append(contexts[-1] * _BASE + before)
    return contexts


class _Table:
    """Counts after contexts of one length."""

    def __init__(self, contexts: NDArray[np.int64], labels: NDArray) -> None:
        self.grams, self.counts = np.unique(contexts * _BASE + labels, return_counts=True)
        self.contexts, self.seen = np.unique(contexts, return_counts=True)
        # How many different labels followed: the weight that Witten and Bell give to the shorter context.
        _, self.kinds = np.unique(self.grams // _BASE, return_counts=True)

    def interpolated(self, contexts: NDArray[np.int64], labels: NDArray, shorter: NDArray) -> NDArray:
        """Probabilities [n, steps] of labels, from those the next shorter context gives."""
        count = _looked_up(self.grams, self.counts, contexts * _BASE + labels)
        seen = _looked_up(self.contexts, self.seen, contexts)
        kinds = _looked_up(self.contexts, self.kinds, contexts)
        known = (count + kinds * shorter) / np.maximum(seen + kinds, 1)
        return np.where(seen > 0, known, shorter)


def _looked_up(keys: NDArray, values: NDArray, wanted: NDArray) -> NDArray:
    places = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[places] == wanted, values[places], 0)
