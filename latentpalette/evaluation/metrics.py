"""How much of a window came back: plain functions of what was said and what was true.

Labels are integers [n, steps]. A drum label's bit k is drum k and 0 is silence; a melody's label is its class.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from latentpalette.converters.streams import Labels


@dataclass(frozen=True)
class Hits:
    """How well single hits (of melodies: notes) are found.

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

    @classmethod
    def counted(cls, both: int, said: int, true: int) -> Hits:
        """From how many were said and true, said, and true; 1 where there is nothing to find or nothing was said.

        Examples
        --------
        >>> Hits.counted(1, 2, 1)
        Hits(precision=0.5, recall=1.0, f1=0.6666666666666666)
        """
        precision = both / said if said else 1.0
        recall = both / true if true else 1.0
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        return cls(precision, recall, f1)


def step_accuracy(said: Labels, true: Labels) -> float:
    """The share of steps at which the label is right: every drum, or the melody.

    Examples
    --------
    >>> step_accuracy(np.array([[1, 0, 3, 0]]), np.array([[1, 0, 2, 0]]))
    0.75
    """
    return float(np.mean(said == true))


def onset_accuracy(said: Labels, true: Labels, onsets: NDArray[np.bool_] | None = None) -> float:
    """The share of steps at which the label is right, among those where something begins; 1 where nothing ever does.

    Parameters
    ----------
    said, true : ndarray of int [shape=(n, steps)]
    onsets : ndarray of bool [shape=(n, steps)], optional
        Where something truly begins; by default wherever the label is not 0, as with drums.

    Examples
    --------
    >>> onset_accuracy(np.array([[1, 0, 3, 0]]), np.array([[1, 0, 2, 0]]))
    0.5
    """
    onsets = true != 0 if onsets is None else onsets
    return float(np.mean(said[onsets] == true[onsets])) if onsets.any() else 1.0
