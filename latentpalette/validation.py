"""Checks of single values at the boundary: types as well as ranges, with the value in the message."""

from __future__ import annotations

import math
import numbers
import reprlib
from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from latentpalette.errors import LatentPaletteError, suggest

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


def check_choice(
    value: Any, name: str, options: Sequence[Any], *, error: type[LatentPaletteError] = LatentPaletteError
) -> Any:
    """Return the option that a value equals; 2.0 and True are not 2 and 1.

    Parameters
    ----------
    value : object
    name : str
        The subject of the message.
    options : list of str or int
    error : class
        The exception that is raised.

    Raises
    ------
    LatentPaletteError
        If it is none of them; the message has the nearest one.

    Examples
    --------
    >>> check_choice("bars", "quantize", ["beat", "bar"])
    Traceback (most recent call last):
    latentpalette.errors.LatentPaletteError: quantize is 'beat' or 'bar'; got 'bars'. Did you mean 'bar'?
    """
    for option in options:
        if type(value) is type(option) and value == option:
            return option
    *first, last = map(repr, options)
    hint = suggest(value, [option for option in options if isinstance(option, str)]) if _is_short_text(value) else ""
    raise error(f"{name} is {', '.join(first)} or {last}; got {short_repr(value)}.{hint}")


def check_text(value: Any, name: str, max_length: int, *, error: type[LatentPaletteError] = LatentPaletteError) -> str:
    """Return a text of limited length; halves of UTF-16 pairs, which no file can hold, become U+FFFD.

    Parameters
    ----------
    value : object
    name : str
        The subject of the message.
    max_length : int
        The limit on its length, included.
    error : class
        The exception that is raised.

    Raises
    ------
    LatentPaletteError
        If it is no text, or too long.

    Examples
    --------
    >>> check_text(7, "A label", 100)
    Traceback (most recent call last):
    latentpalette.errors.LatentPaletteError: A label is a text; got 7.
    """
    if not isinstance(value, str):
        raise error(f"{name} is a text; got {short_repr(value)}.")
    if len(value) > max_length:
        raise error(f"{name} has at most {max_length:,} characters; got {len(value):,}.")
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def check_list(
    value: Any,
    name: str,
    low: int,
    high: int | None = None,
    *,
    of: str = "values",
    error: type[LatentPaletteError] = LatentPaletteError,
) -> list[Any]:
    """Return the items of a list, a tuple or an array of one or more dimensions, if there are as many as there may be.

    Parameters
    ----------
    value : object
    name : str
        The subject of the message.
    low, high : int
        The limits of its length, included; `high` is `low` by default.
    of : str
        The items, in the plural, for the message.
    error : class
        The exception that is raised.

    Raises
    ------
    LatentPaletteError
        If it is no list, or of another length.

    Examples
    --------
    >>> check_list([0.5], "puck", 2, of="numbers")
    Traceback (most recent call last):
    latentpalette.errors.LatentPaletteError: puck is a list of 2 numbers; got [0.5], which has 1.
    """
    high = low if high is None else high
    if low == high:
        expected = f"a list of {low:,} {of}"
    else:
        expected = f"a list of up to {high:,} {of}" if low == 0 else f"a list of {low:,} to {high:,} {of}"
    is_array = type(value).__module__ == "numpy" and getattr(value, "ndim", 0) > 0
    if not is_array and not isinstance(value, (list, tuple)):
        raise error(f"{name} is {expected}; got {short_repr(value)}.")
    if not low <= len(value) <= high:
        raise error(f"{name} is {expected}; got {short_repr(value)}, which has {len(value):,}.")
    return list(value)


def check_numbers(
    values: Any, name: str, *, flags: bool = False, error: type[LatentPaletteError] = LatentPaletteError
) -> NDArray[Any]:
    """Return an array of real numbers, of any shape and as they are; text, objects, True and complex are refused.

    Parameters
    ----------
    values : array-like
    name : str
        The subject of the message.
    flags : bool
        Whether an array of True and False will do, as for frames of zeros and ones.
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
    if array.dtype.kind not in ("fiub" if flags else "fiu"):
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
    """Return the repr of a value for a message, cut where it is long or deep; an object's address is left out.

    Examples
    --------
    >>> short_repr("x" * 1000, 10)
    "'xxxxx ..."
    """
    if getattr(type(value), "__repr__", None) is object.__repr__:  # it would show the address
        return f"an object of type {type(value).__name__}"
    if isinstance(value, int) and value.bit_length() > 4 * length:  # Python refuses to write very large numbers
        return f"a whole number of {value.bit_length():,} bits"
    try:
        text = _describe(value, length)
    except Exception:  # a repr that fails must not hide the message
        return f"an object of type {type(value).__name__}"
    return text if len(text) <= length else f"{text[: length - 4]} ..."


def _describe(value: Any, length: int) -> str:
    """Return the repr of a value, of which a container or a text shows its beginning only."""
    if isinstance(value, (str, bytes)):
        return repr(value[:length])
    if isinstance(value, (list, tuple, dict, set, frozenset)):
        limited = reprlib.Repr()
        limited.maxlist = limited.maxtuple = limited.maxdict = limited.maxset = limited.maxfrozenset = length // 3
        limited.maxstring = limited.maxlong = limited.maxother = length
        limited.maxlevel = 4
        return limited.repr(value)
    return repr(value)


def _is_short_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= 100


def _to_float(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:  # an int that is larger than any float
        return math.inf


def _range_in_words(low: float | None, high: float | None) -> str:
    words = "" if low is None else f" from {low}"
    return words if high is None else f"{words} {'to' if words else 'up to'} {high}"
