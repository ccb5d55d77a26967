"""Checks of the labels and windows that functions of the evaluation take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentpalette.data.packing import find_packing
from latentpalette.errors import TrainingError
from latentpalette.validation import check_numbers, short_repr


def check_labels(labels: Any, name: str, num_classes: int | None = None) -> NDArray[Any]:
    """Return labels as an array of whole numbers, which is [n, steps] if the number of classes is given.

    Raises
    ------
    TrainingError
        If they are not whole numbers, of another shape, or not from 0 up to, not including, `num_classes`.

    Examples
    --------
    >>> check_labels([[0.5]], "Predictions")
    Traceback (most recent call last):
    latentpalette.errors.TrainingError: Predictions are whole numbers [n, steps]; got [[0.5]].
    """
    array = check_numbers(labels, f"Each of {name[0].lower()}{name[1:]}", error=TrainingError)
    is_other_shape = array.ndim < 1 if num_classes is None else array.ndim != 2
    if array.dtype.kind not in "iu" or is_other_shape or not array.size:
        raise TrainingError(f"{name} are whole numbers [n, steps]; got {short_repr(labels)}.")
    if num_classes is not None and (array.min() < 0 or array.max() >= num_classes):
        raise TrainingError(
            f"{name} are from 0 to {num_classes - 1:,}; there are {array.min():,} to {array.max():,} in them."
        )
    return array


def check_windows(windows: Any, converter: Mapping[str, Any], name: str) -> NDArray[Any]:
    """Return packed windows [n, steps, ...] as a corpus has them for a converter.

    Parameters
    ----------
    windows : array-like
    converter : mapping
        As `ModelConfig.converter`.
    name : str
        Of the model, for the message.

    Raises
    ------
    TrainingError
        If they are of another type or number of dimensions, or there are none.
    """
    array = check_numbers(windows, "Each of the packed windows", error=TrainingError)
    reader, packing = find_packing(dict(converter))
    shape = packing.shape(reader.steps)
    limits = np.iinfo(packing.dtype)
    is_alike = array.dtype.kind in "iu" and array.ndim == len(shape) + 1 and array.shape[2:] == shape[1:]
    if not is_alike or not array.size:
        raise TrainingError(
            f"{name} is evaluated on packed windows [n, {', '.join(map(str, shape))}] of {packing.dtype}, as "
            f"Corpus.windows has them; got {short_repr(windows)}."
        )
    if array.min() < limits.min or array.max() > limits.max:
        raise TrainingError(f"Packed windows of {name} are {packing.dtype}; got {array.min():,} to {array.max():,}.")
    return array
