"""Accuracy of predicted labels: plain functions of predictions and targets.

Labels are integers [n, steps]. Bit k of a drum label is drum k and 0 is silence; a melody's label is its class.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from latentpalette.converters.streams import Labels
from latentpalette.errors import TrainingError
from latentpalette.evaluation.arrays import check_labels
from latentpalette.validation import check_numbers, short_repr


@dataclass(frozen=True)
class PrecisionRecallF1:
    """Precision, recall and F1 of single hits (of melodies: notes).

    Parameters
    ----------
    precision : float [0 to 1]
        The share of predicted hits that are in the targets.
    recall : float [0 to 1]
        The share of target hits that are predicted.
    f1 : float [0 to 1]
        The harmonic mean of both.
    """

    precision: float
    recall: float
    f1: float

    @classmethod
    def from_counts(cls, true_positives: int, predicted: int, actual: int) -> PrecisionRecallF1:
        """Compute the scores from counts; an empty denominator counts as 1.

        Parameters
        ----------
        true_positives, predicted, actual : int
            Hits that are both predicted and in the targets, that are predicted, and that are in the targets.

        Examples
        --------
        >>> PrecisionRecallF1.from_counts(1, 2, 1)
        PrecisionRecallF1(precision=0.5, recall=1.0, f1=0.6666666666666666)
        """
        precision = true_positives / predicted if predicted else 1.0
        recall = true_positives / actual if actual else 1.0
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        return cls(precision, recall, f1)


def step_accuracy(predictions: Labels, targets: Labels) -> float:
    """Return the share of steps at which the label is right: every drum, or the melody's class.

    Parameters
    ----------
    predictions, targets : ndarray of int [shape=(n, steps)]

    Raises
    ------
    TrainingError
        If they are not whole numbers of one shape.

    Examples
    --------
    >>> step_accuracy(np.array([[1, 0, 3, 0]]), np.array([[1, 0, 2, 0]]))
    0.75
    """
    predictions, targets = _check_pair(predictions, targets)
    return float(np.mean(predictions == targets))


def onset_accuracy(predictions: Labels, targets: Labels, onsets: NDArray[np.bool_] | None = None) -> float:
    """Return the share of onset steps at which the label is right; 1 where there is no onset.

    Parameters
    ----------
    predictions, targets : ndarray of int [shape=(n, steps)]
    onsets : ndarray of bool [shape=(n, steps)], optional
        The steps at which the targets have an onset. Default: where the label is not 0, as with drums.

    Examples
    --------
    >>> onset_accuracy(np.array([[1, 0, 3, 0]]), np.array([[1, 0, 2, 0]]))
    0.5
    """
    predictions, targets = _check_pair(predictions, targets)
    onsets = (
        targets != 0 if onsets is None else check_numbers(onsets, "Each of the onsets", flags=True, error=TrainingError)
    )
    if onsets.dtype != np.bool_ or onsets.shape != targets.shape:
        raise TrainingError(f"Onsets are True or False for each of {targets.shape} labels; got {short_repr(onsets)}.")
    return float(np.mean(predictions[onsets] == targets[onsets])) if onsets.any() else 1.0


def _check_pair(predictions: Labels, targets: Labels) -> tuple[Labels, Labels]:
    predictions, targets = check_labels(predictions, "Predictions"), check_labels(targets, "Targets")
    if predictions.shape != targets.shape:
        raise TrainingError(f"Predictions and targets are of one shape; got {predictions.shape} and {targets.shape}.")
    return predictions, targets
