"""How much of a loop came back: plain functions of what was said and what was true.

Labels are integers [n, steps], bit k of which is drum k; 0 is silence.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Labels = NDArray[np.int64]


@dataclass(frozen=True)
class Hits:
    """How well single hits are found.

    Parameters
    ----------
    precision : float [0 to 1]
        The share of said hits that are true.
    recall : float [0 to 1]
        The share of true hits that are said.
    f1 : float [0 to 1]
        The harmonic mean of both.
    """

    precision: float
    recall: float
    f1: float


def step_accuracy(said: Labels, true: Labels) -> float:
    """The share of steps at which every drum is right.

    Examples
    --------
    >>> step_accuracy(np.array([[1, 0, 3, 0]]), np.array([[1, 0, 2, 0]]))
    0.75
    """
    return float(np.mean(said == true))


def onset_accuracy(said: Labels, true: Labels) -> float:
    """The share of steps at which every drum is right, among those where anything is hit; 1 where nothing ever is.

    Examples
    --------
    >>> onset_accuracy(np.array([[1, 0, 3, 0]]), np.array([[1, 0, 2, 0]]))
    0.5
    """
    onsets = true != 0
    return float(np.mean(said[onsets] == true[onsets])) if onsets.any() else 1.0


def hits(said: Labels, true: Labels) -> Hits:
    """Precision, recall and F1 of single hits; 1 where there is nothing to find or nothing was said.

    Examples
    --------
    >>> hits(np.array([[1, 3]]), np.array([[1, 6]]))
    Hits(precision=0.6666666666666666, recall=0.6666666666666666, f1=0.6666666666666666)
    """
    both, claimed, there = (_count(each) for each in (said & true, said, true))
    precision = both / claimed if claimed else 1.0
    recall = both / there if there else 1.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return Hits(precision, recall, f1)


def _count(labels: NDArray) -> int:
    return int(((labels[..., None] >> np.arange(16)) & 1).sum())
