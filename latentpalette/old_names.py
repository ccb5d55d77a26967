"""Old names that are still read for one release: fields of JSON files and keyword arguments.

Everything that knows an old name is in this file, so that the next release can delete it.
"""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable, Mapping
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

FIELDS: dict[str, dict[str, str]] = {}
"""For each class that is written to JSON, its old field names and the new ones."""


def rename_fields(owner: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a mapping with the old field names of a class replaced by the new ones.

    Parameters
    ----------
    owner : str
        Name of a class in `FIELDS`.
    values : mapping
        What was read from JSON. A new name wins where both are there.

    Examples
    --------
    >>> rename_fields("no class", {"steps": 32})
    {'steps': 32}
    """
    table = FIELDS.get(owner, {})
    renamed = {table[name]: value for name, value in values.items() if name in table}
    return renamed | {name: value for name, value in values.items() if name not in table}


def accept_old_arguments(**names: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a function take keyword arguments by their old names, too, with a `DeprecationWarning`.

    Parameters
    ----------
    names : str
        ``old="new"`` for each.

    Examples
    --------
    >>> import pytest
    >>> @accept_old_arguments(steps="n")
    ... def interpolate(n):
    ...     return n
    >>> with pytest.warns(DeprecationWarning, match="n="):
    ...     interpolate(steps=7)
    7
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            for old, new in names.items():
                if old in kwargs:
                    warnings.warn(f"{old}= is now called {new}=.", DeprecationWarning, stacklevel=2)
                    kwargs.setdefault(new, kwargs.pop(old))
            return function(*args, **kwargs)

        return call

    return decorate
