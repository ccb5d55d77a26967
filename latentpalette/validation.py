"""Checks of single values at the boundary: types as well as ranges, with the value in the message."""

from __future__ import annotations

import math
import numbers
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from latentpalette.errors import LatentPaletteError

T = TypeVar("T")


def check_integer(
    value: Any,
    name: str,
    low: int | None = None,
    high: int | None = None,
    *,
    error: type[LatentPaletteError] = LatentPaletteError,
) -> int:
    """Return a whole number within limits as an int; NumPy's integers count, 1.5, 1.0 and True do not.

    Parameters
    ----------
    value : object
    name : str
        The subject of the message: ``"A note's pitch"``.
    low, high : int, optional
        The limits, included.
    error : class
        The exception that is raised.

    Raises
    ------
    LatentPaletteError
        If it is no whole number, or out of range.

    Examples
    --------
    >>> check_integer(1.5, "A note's pitch", 0, 127)
    Traceback (most recent call last):
    latentpalette.errors.LatentPaletteError: A note's pitch is a whole number from 0 to 127; got 1.5.
    """
    if not isinstance(value, bool) and isinstance(value, numbers.Integral):
        number = int(value)
        if (low is None or number >= low) and (high is None or number <= high):
            return number
    raise error(f"{name} is a whole number{_range_in_words(low, high)}; got {short_repr(value)}.")


def check_number(
    value: Any,
    name: str,
    low: float | None = None,
    high: float | None = None,
    *,
    error: type[LatentPaletteError] = LatentPaletteError,
) -> float:
    """Return a finite real number within limits as a float; NaN, True and text are refused.

    Parameters and errors are those of `check_integer`.

    Examples
    --------
    >>> check_number(float("nan"), "A tempo", 1, 1000)
    Traceback (most recent call last):
    latentpalette.errors.LatentPaletteError: A tempo is a number from 1 to 1000; got nan.
    """
    if not isinstance(value, bool) and isinstance(value, numbers.Real):
        number = _to_float(value)
        if math.isfinite(number) and (low is None or number >= low) and (high is None or number <= high):
            return number
    raise error(f"{name} is a number{_range_in_words(low, high)}; got {short_repr(value)}.")


def check_flag(value: Any, name: str, *, error: type[LatentPaletteError] = LatentPaletteError) -> bool:
    """Return True or False; NumPy's count, 0, 1 and None do not.

    Parameters and errors are those of `check_integer`.

    Examples
    --------
    >>> check_flag("no", "is_drum")
    Traceback (most recent call last):
    latentpalette.errors.LatentPaletteError: is_drum is True or False; got 'no'.
    """
    if isinstance(value, bool) or type(value).__name__ in ("bool", "bool_"):
        return bool(value)
    raise error(f"{name} is True or False; got {short_repr(value)}.")


def check_numbers(values: Any, name: str, *, error: type[LatentPaletteError] = LatentPaletteError) -> NDArray[Any]:
    """Return an array of real numbers, of any shape and as they are; text, objects, True and complex are refused.

    Parameters
    ----------
    values : array-like
    name : str
        The subject of the message.
    error : class
        The exception that is raised.

    Examples
    --------
    >>> check_numbers([1 + 2j], "A similarity")
    Traceback (most recent call last):
    latentpalette.errors.LatentPaletteError: A similarity is a number or an array of numbers; got [(1+2j)].
    """
    try:
        array = np.asarray(values)
    except (ValueError, TypeError, RuntimeError):  # lists of different lengths; tensors with gradients, or on a GPU
        array = np.empty(0, object)
    if array.dtype.kind not in "fiu":
        hint = " Call .detach().cpu() first." if hasattr(values, "detach") else ""
        raise error(f"{name} is a number or an array of numbers; got {short_repr(values)}.{hint}")
    return array


def check_type(
    value: Any, kind: type[T], name: str, hint: str = "", *, error: type[LatentPaletteError] = LatentPaletteError
) -> T:
    """Return a value if it is of a class.

    Parameters
    ----------
    value : object
    kind : class
    name : str
        The subject of the message: ``"A corpus"``.
    hint : str
        A sentence that says what to do.
    error : class
        The exception that is raised.

    Examples
    --------
    >>> check_type("a.npz", dict, "A corpus", "Load it.")
    Traceback (most recent call last):
    latentpalette.errors.LatentPaletteError: A corpus is a dict; got 'a.npz'. Load it.
    """
    if isinstance(value, kind):
        return value
    raise error(f"{name} is a {kind.__name__}; got {short_repr(value)}.{' ' if hint else ''}{hint}")


def short_repr(value: Any, length: int = 60) -> str:
    """Return the repr of a value for a message, cut where it is long; an object's address is left out.

    Examples
    --------
    >>> short_repr("x" * 1000, 10)
    "'xxxxx ..."
    """
    if getattr(type(value), "__repr__", None) is object.__repr__:  # it would show the address
        return f"an object of type {type(value).__name__}"
    text = repr(value[:length] if isinstance(value, (str, bytes, list, tuple)) else value)
    return text if len(text) <= length else f"{text[: length - 4]} ..."


def _to_float(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:  # an int that is larger than any float
        return math.inf


def _range_in_words(low: float | None, high: float | None) -> str:
    words = "" if low is None else f" from {low}"
    return words if high is None else f"{words} {'to' if words else 'up to'} {high}"
