"""Spearman's rank correlation: whether two lists of numbers are in the same order."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def rank_correlation(a: ArrayLike, b: ArrayLike, *, if_constant: float = float("nan")) -> float:
    """Return Spearman's rank correlation of two lists of numbers.

    Parameters
    ----------
    a, b : array-like
        Of as many numbers, in any shape.
    if_constant : float
        What is returned where one of them does not vary.

    Examples
    --------
    >>> round(rank_correlation([1, 2, 3, 4], [1, 10, 1000, 100]), 3)
    0.8
    >>> rank_correlation([1, 2], [3, 3]), rank_correlation([1, 2], [3, 3], if_constant=0.0)
    (nan, 0.0)
    """
    first, second = (_ranks(np.ravel(np.asarray(values, float))) for values in (a, b))
    if len(first) < 2 or np.ptp(first) == 0 or np.ptp(second) == 0:
        return if_constant
    return float(np.corrcoef(first, second)[0, 1])


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ranks [n]; equal values have the mean of theirs."""
    _, index, count = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(count) - (count - 1) / 2)[index])
