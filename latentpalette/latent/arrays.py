"""Checks of the arrays that functions of latent space take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from latentpalette.errors import LatentError
from latentpalette.validation import check_numbers, check_type, short_repr

MAX_COORDINATE = 1e30  # of z and of points; its square is finite, and so is it as float32

T = TypeVar("T")


def check_coordinates(values: Any, name: str, shape: str = "", *, ndim: int | None = None) -> NDArray[np.float64]:
    """Return finite numbers as an array of float64.

    Parameters
    ----------
    values : array-like
    name : str
        The subject of the message, in the plural: ``"Latent vectors z"``.
    shape : str
        For the message: ``"[n, z]"``.
    ndim : int, optional
        The number of dimensions. Default: any.

    Raises
    ------
    LatentError
        If they are text, complex, objects, not finite, above `MAX_COORDINATE`, or of other dimensions.

    Examples
    --------
    >>> check_coordinates([[0.0, float("nan")]], "Latent vectors z")
    Traceback (most recent call last):
    latentpalette.errors.LatentError: Latent vectors z are finite numbers; there is NaN or infinity in [[0.0, nan]].
    """
    array = check_numbers(values, f"Each of {name[0].lower()}{name[1:]}", error=LatentError).astype(np.float64)
    if ndim is not None and array.ndim != ndim:
        raise LatentError(f"{name} are an array {shape}; got an array of shape {array.shape}.")
    if not np.isfinite(array).all():
        raise LatentError(f"{name} are finite numbers; there is NaN or infinity in {short_repr(values)}.")
    if array.size and np.abs(array).max() > MAX_COORDINATE:
        raise LatentError(f"{name} are numbers up to {MAX_COORDINATE:g}; got {short_repr(values)}.")
    return array


def check_mapping(values: Any, kind: type[T] | None, name: str) -> dict[str, T]:
    """Return a mapping of names as a dict, if its values are of a class, or, for None, functions.

    Examples
    --------
    >>> check_mapping([], None, "Features")
    Traceback (most recent call last):
    latentpalette.errors.LatentError: Features are a dict of names and functions; got [].
    """
    of = "functions" if kind is None else f"{kind.__name__}s"
    if not isinstance(values, Mapping):
        raise LatentError(f"{name} are a dict of names and {of}; got {short_repr(values)}.")
    for key, value in values.items():
        if kind is not None:
            check_type(value, kind, f"{name}: {short_repr(key)}", error=LatentError)
        elif not callable(value):
            raise LatentError(f"{name}: {short_repr(key)} is a function; got {short_repr(value)}.")
    return dict(values)
