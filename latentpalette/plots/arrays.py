"""Checks of the arrays that plots draw."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentpalette.errors import LatentPaletteError
from latentpalette.validation import short_repr

MAX_VALUES = 1_000_000  # of an array that is drawn


def check_array(
    value: Any, name: str, *, error: type[LatentPaletteError], finite: bool = True, whole: bool = False
) -> NDArray[Any]:
    """Return real numbers as an array, of floats or, if they are whole, of integers.

    Parameters
    ----------
    value : array-like
    name : str
        The subject of the message: ``"The points of a map"``.
    error : class
        The exception that is raised.
    finite : bool
        If False, NaN and infinity are gaps; but not all values may be.
    whole : bool
        True for integers.

    Raises
    ------
    LatentPaletteError
        If it is no array of such numbers, or has more than `MAX_VALUES`.

    Examples
    --------
    >>> check_array([0.5, float("nan")], "The points", error=LatentPaletteError)
    Traceback (most recent call last):
    latentpalette.errors.LatentPaletteError: The points are finite numbers; there is NaN or infinity in [0.5, nan].
    """
    try:
        array = np.asarray(value)
    except (ValueError, TypeError, RuntimeError) as problem:  # ragged, or a tensor that needs a gradient
        raise error(f"{name} are an array of numbers; got {short_repr(value)}.") from problem
    if array.size == 0:
        return array.astype(np.int64 if whole else np.float64)
    if array.dtype.kind not in ("biu" if whole else "biuf"):
        numbers = "whole numbers" if whole else "numbers"
        raise error(f"{name} are an array of {numbers}; got {short_repr(value)}, which are {array.dtype}.")
    if array.size > MAX_VALUES:
        raise error(f"{name} are up to {MAX_VALUES:,} numbers; got {array.size:,}. Draw some of them: values[::10].")
    if whole:
        return array.astype(np.int64)
    array = array.astype(np.float64)
    is_finite = np.isfinite(array)
    if not (is_finite.all() if finite else is_finite.any()):
        raise error(f"{name} are finite numbers; there is NaN or infinity in {short_repr(value)}.")
    return array
