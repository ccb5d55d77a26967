"""Conditions of a model in training: their description, and what the windows of a batch have of them.

Values are given for each window of a corpus, or measured of the windows as they are after augmentation
(`latentpalette.evaluation.conditions`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from latentpalette.converters.streams import Labels
from latentpalette.data.batches.base import Batch
from latentpalette.data.batches.performance import PerformanceBatch
from latentpalette.data.corpus import Corpus
from latentpalette.data.split_tables import SPLITS
from latentpalette.errors import TrainingError, suggest
from latentpalette.evaluation.conditions import measure_conditions
from latentpalette.evaluation.predict import require_streams, target_labels
from latentpalette.models.conditions import NumberCondition
from latentpalette.models.config import ModelConfig
from latentpalette.models.tokens import targets_to_tokens, tokens_to_labels

OUTER_SHARE = 0.025  # of the windows at either end, which cannot be asked for; they are rare, and far out

Values = Mapping[str, ArrayLike]
Measures = Mapping[str, Callable[[Labels], NDArray[np.float64]]]  # of labels [n, t, streams] to values [n]


def measure_numbers(
    config: ModelConfig, labels: Labels, names: Sequence[str] | None = None, measures: Measures | None = None
) -> dict[str, NDArray[np.float64]]:
    """Measure the conditions of windows that are numbers; name to values [n], NaN for none.

    Parameters
    ----------
    config : ModelConfig
    labels : ndarray of int [shape=(n, t, streams)]
    names : list of str, optional
        Those that are measured; by default all there are.
    measures : mapping of name to function, optional
        Further ones.

    Examples
    --------
    >>> from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
    >>> labels = np.tile([1, 0, 4, 0], (2, 8))[..., None]
    >>> measure_numbers(MAGENTA_CONFIGS["cat-drums_2bar_small"], labels)["density"].tolist()
    [0.5, 0.5]
    """
    further = measures or {}
    values: dict[str, NDArray] = {}
    if names is None or not set(names) <= set(further):
        values = measure_conditions(labels, require_streams(config))
    numbers = {name: array.astype(float) for name, array in values.items() if array.dtype.kind in "fiu"}
    return numbers | {name: measure(labels) for name, measure in further.items() if names is None or name in names}


def check_values(names: Sequence[str], values: Values, corpus: Corpus) -> dict[str, NDArray[np.float64]]:
    """Return the given values of the training windows of a corpus, by the name of their condition.

    Parameters
    ----------
    names : list of str
        The conditions of the model.
    values : mapping of name to array-like [shape=(n,)]
        For each window of the corpus, NaN where it is unknown.

    Raises
    ------
    TrainingError
        If a name is none of the conditions, or there is not one number for each window.
    """
    given = {}
    for name, array in values.items():
        if name not in names:
            raise TrainingError(
                f"Values of {name!r} have no effect: the recipe's conditions are {', '.join(names) or 'none'}."
                f"{suggest(name, list(names))}"
            )
        numbers = np.asarray(array)
        if numbers.shape != (len(corpus),) or numbers.dtype.kind not in "fiu":
            raise TrainingError(
                f"{name} has a number for each of the {len(corpus):,} windows of the corpus; got {numbers.dtype} "
                f"{numbers.shape}."
            )
        given[name] = numbers[corpus.split_index == SPLITS.index("train")].astype(float)
    return given


def add_conditions(
    config: ModelConfig,
    names: Sequence[str],
    windows: NDArray,
    given: Mapping[str, NDArray],
    measures: Measures | None = None,
) -> ModelConfig:
    """Return a configuration with conditions, described by the training windows of a corpus.

    Parameters
    ----------
    config : ModelConfig
    names : list of str
        Features that are given, or that are measured.
    windows : ndarray
        Packed windows, for training.
    given : mapping of name to ndarray [shape=(n,)]
        Values of the windows, NaN where they are unknown.
    measures
        See `measure_numbers`.

    Raises
    ------
    TrainingError
        If a feature is neither given nor measured, or has the same value in all windows.
    """
    values = dict(given)
    if missing := [name for name in names if name not in values]:
        measured = measure_numbers(config, target_labels(config, windows), measures=measures)
        for name in missing:
            if name not in measured:
                raise TrainingError(
                    f"{config.name}: no values of {name!r}. Give some for each song or window, or name what is "
                    f"measured of this music: {', '.join(measured)}.{suggest(name, list(measured))}"
                )
            values[name] = measured[name]
    return config.replace(conditions=tuple(_describe(name, values[name]) for name in names))


def _describe(name: str, values: NDArray[np.float64]) -> NumberCondition:
    known = values[np.isfinite(values)]
    low, high = np.quantile(known, [OUTER_SHARE, 1 - OUTER_SHARE], method="nearest") if len(known) else (0.0, 0.0)
    if low == high:
        raise TrainingError(f"{name} has the same value in all windows, or nearly all: it says nothing of them.")
    clipped = np.clip(known, low, high)
    return NumberCondition(name, float(clipped.mean()), float(clipped.std()), float(low), float(high))


class ConditionValues:
    """The values of the conditions of a model, for the windows of a batch.

    Parameters
    ----------
    config : ModelConfig
        With conditions.
    given : mapping of name to ndarray [shape=(n,)]
        Values of the windows that batches are sampled from, NaN where they are unknown; others are measured.
    measures
        See `measure_numbers`.
    """

    def __init__(self, config: ModelConfig, given: Mapping[str, NDArray], measures: Measures | None = None) -> None:
        self.config = config
        self._measures = measures
        self._given = {name: torch.from_numpy(np.asarray(values, np.float32)) for name, values in given.items()}
        self._measured = [condition.name for condition in config.conditions if condition.name not in given]

    def of(self, batch: Batch | PerformanceBatch) -> Tensor:
        """Return the values [n, conditions] of a sampled batch, standardized; NaN where they are unknown."""
        assert batch.chosen is not None  # it is a sample
        measured: Mapping[str, NDArray] = {}
        if self._measured:
            labels = tokens_to_labels(self.config, targets_to_tokens(self.config, batch.targets))
            measured = measure_numbers(self.config, labels, self._measured, self._measures)
        columns = []
        for condition in self.config.conditions:
            if condition.name in self._given:
                values = self._given[condition.name][batch.chosen.cpu()]
            else:
                values = torch.from_numpy(measured[condition.name]).float()
            columns.append((values.clamp(condition.low, condition.high) - condition.mean) / condition.std)
        return torch.stack(columns, 1).to(batch.chosen.device)
