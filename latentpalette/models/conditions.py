"""Conditions: what may be asked of the music that is sampled or decoded, such as a style or a density.

A condition is a category, one of several names, or a number. For a learned prior, a category is as many columns as it
has values, one of them 1; a number is two columns, the standardized number and a 1. A condition that is not asked for
is 0 in all of its columns. Of the conditions of a model itself, see `latentpalette.models.conditioned_z`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from latentpalette.errors import ModelError, suggest
from latentpalette.validation import check_list, check_number, check_type, short_repr

MAX_CONDITIONS = 32
MAX_VALUES = 256  # of a category
MAX_JSON_LENGTH = 1 << 16  # characters
_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")
_VALUE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 #'&+-]{0,31}")
# Of the methods that take conditions as further arguments; no condition of a model has such a name.
ARGUMENTS = frozenset(
    {"self", "z", "n", "a", "b", "music", "temperature", "seed", "same_z", "gibbs_steps", "max_attempts", "best_of"}
    | {"qpm", "controls", "guidance", "precision", "interpolation", "even", "track", "drums", "similarity"}
)
_NUMBERS = ("mean", "std", "low", "high")
_LIMIT = 1e6

Columns = NDArray[np.float32]


@dataclass(frozen=True, repr=False)
class CategoryCondition:
    """A condition that is one of several names: a style.

    Parameters
    ----------
    name : str
        Lower-case letters, digits and ``_``: an argument of `MusicVAE.sample`.
    values : tuple of str
        Of letters, digits and spaces, all different.

    Raises
    ------
    ModelError
        If a name or a value is of another form, or there are too many.

    Examples
    --------
    >>> style = CategoryCondition("style", ("funk", "rock"))
    >>> style, style.encode("rock")
    ('funk' or 'rock', [0.0, 1.0])
    >>> style.encode("rok")
    Traceback (most recent call last):
    latentpalette.errors.ModelError: style is 'funk' or 'rock'; got 'rok'. Did you mean 'rock'?
    """

    name: str
    values: tuple[str, ...]

    def __post_init__(self) -> None:
        _check_name(self.name)
        values = check_list(self.values, f"Values of {self.name}", 1, MAX_VALUES, of="names", error=ModelError)
        for value in values:
            if not isinstance(value, str) or not _VALUE.fullmatch(value):
                raise ModelError(f"A value of {self.name} is a name of letters and digits; got {short_repr(value)}.")
        if len(set(values)) < len(values):
            raise ModelError(f"The values of {self.name} are not all different.")
        object.__setattr__(self, "values", tuple(values))

    def __repr__(self) -> str:
        *first, last = map(repr, self.values)
        return f"{', '.join(first)} or {last}" if first else last

    @property
    def num_columns(self) -> int:
        """Number of columns for the network."""
        return len(self.values)

    def encode(self, value: Any) -> list[float]:
        """Return the columns of a value that is asked for.

        Raises
        ------
        ModelError
            If it is none of the values.
        """
        if not isinstance(value, str) or value not in self.values:
            hint = suggest(value, self.values) if isinstance(value, str) and len(value) <= 100 else ""
            raise ModelError(f"{self.name} is {self!r}; got {short_repr(value)}.{hint}")
        return [float(value == other) for other in self.values]

    def encode_all(self, values: ArrayLike) -> Columns:
        """Return the columns [n, num_columns] of the windows of a corpus; zeros for a value that is none of these."""
        return (np.asarray(values, str)[:, None] == np.array(self.values)).astype(np.float32)


@dataclass(frozen=True, repr=False)
class NumberCondition:
    """A condition that is a number: a density.

    Parameters
    ----------
    name : str
        Lower-case letters, digits and ``_``: an argument of `MusicVAE.sample`.
    mean, std : float
        Of the training songs.
    low, high : float
        What may be asked for: the range of the training songs, but for a few windows.

    Raises
    ------
    ModelError
        If the name is of another form, or the numbers cannot be.

    Examples
    --------
    >>> density = NumberCondition("density", mean=0.5, std=0.25, low=0.1, high=1.0)
    >>> density, density.encode(0.75)
    (0.1 to 1, [1.0, 1.0])
    >>> density.encode(7)
    Traceback (most recent call last):
    latentpalette.errors.ModelError: density is a number from 0.1 to 1.0; got 7.
    """

    name: str
    mean: float
    std: float
    low: float
    high: float

    def __post_init__(self) -> None:
        _check_name(self.name)
        for field in _NUMBERS:
            value = check_number(getattr(self, field), f"The {field} of {self.name}", -_LIMIT, _LIMIT, error=ModelError)
            object.__setattr__(self, field, value)
        if self.std < 1 / _LIMIT or self.low > self.high:
            raise ModelError(
                f"{self.name} has a std above 0, and a range; got std {self.std} and {self.low} to {self.high}."
            )

    def __repr__(self) -> str:
        return f"{self.low:g} to {self.high:g}"

    @property
    def num_columns(self) -> int:
        """Number of columns for the network."""
        return 2

    def encode(self, value: Any) -> list[float]:
        """Return the columns of a value that is asked for.

        Raises
        ------
        ModelError
            If it is no number, or out of range.
        """
        return [self.standardize(value), 1.0]

    def standardize(self, value: Any) -> float:
        """Return a value in standard deviations of the training songs from their mean.

        Raises
        ------
        ModelError
            If it is no number, or out of range.
        """
        return (check_number(value, self.name, self.low, self.high, error=ModelError) - self.mean) / self.std

    def encode_all(self, values: ArrayLike) -> Columns:
        """Return the columns [n, 2] of the windows of a corpus; zeros for NaN."""
        numbers = np.asarray(values, float)
        known = np.isfinite(numbers)
        clipped = np.clip(np.where(known, numbers, self.mean), self.low, self.high)
        return np.stack([np.where(known, (clipped - self.mean) / self.std, 0.0), known], 1).astype(np.float32)


Condition = CategoryCondition | NumberCondition
Conditions = tuple[Condition, ...]


def count_columns(conditions: Conditions) -> int:
    """Return the number of columns of all conditions together."""
    return sum(condition.num_columns for condition in conditions)


def encode_conditions(conditions: Conditions, asked: Mapping[str, Any]) -> Columns | None:
    """Return the columns [columns] of what is asked for, or None if that is nothing.

    Parameters
    ----------
    conditions : tuple of Condition
    asked : mapping of name to value
        None stands for a condition that is not asked for.

    Raises
    ------
    ModelError
        If there is no such condition, or a value is out of range.

    Examples
    --------
    >>> style = CategoryCondition("style", ("funk", "rock"))
    >>> density = NumberCondition("density", mean=0.5, std=0.25, low=0.1, high=1.0)
    >>> encode_conditions((style, density), {"density": 0.25}).tolist()
    [0.0, 0.0, -1.0, 1.0]
    """
    check_asked(conditions, asked)
    if all(value is None for value in asked.values()):
        return None
    columns: list[float] = []
    for condition in conditions:
        value = asked.get(condition.name)
        columns += [0.0] * condition.num_columns if value is None else condition.encode(value)
    return np.array(columns, np.float32)


def check_asked(
    conditions: Sequence[Condition],
    asked: Mapping[str, Any],
    owner: str = "The prior",
    *,
    arguments: Sequence[str] = (),
) -> None:
    """Raise `ModelError` unless all that is asked for is among some conditions, with a value that it takes.

    Parameters
    ----------
    conditions, asked
        See `encode_conditions`.
    owner : str
        For the message.
    arguments : list of str
        Other names that may have been meant.

    Examples
    --------
    >>> check_asked((CategoryCondition("style", ("funk", "rock")),), {"density": 0.5}, "drums")
    Traceback (most recent call last):
    latentpalette.errors.ModelError: drums cannot be asked for density=0.5. It takes style ('funk' or 'rock').
    """
    by_name = {condition.name: condition for condition in conditions}
    for name, value in asked.items():
        if name not in by_name:
            raise ModelError(
                f"{owner} cannot be asked for {name}={short_repr(value)}.{suggest(name, [*by_name, *arguments])} "
                f"{describe_conditions(conditions)}"
            )
        if value is not None:
            by_name[name].encode(value)


def describe_conditions(conditions: Sequence[Condition]) -> str:
    """Return a sentence that lists conditions and their values.

    Examples
    --------
    >>> describe_conditions(())
    'It takes no conditions; `latentpalette fit-prior` fits a prior that does.'
    """
    if not conditions:
        return "It takes no conditions; `latentpalette fit-prior` fits a prior that does."
    *first, last = (f"{condition.name} ({condition!r})" for condition in conditions)
    return f"It takes {', '.join(first)}{' and ' if first else ''}{last}."


def conditions_to_json(conditions: Conditions) -> str:
    """Write conditions as JSON, as `conditions_from_json` reads them.

    Examples
    --------
    >>> conditions_to_json((CategoryCondition("style", ("funk", "rock")),))
    '[{"name": "style", "values": ["funk", "rock"]}]'
    """
    return json.dumps([condition_to_dict(condition) for condition in conditions])


def conditions_from_json(text: str) -> Conditions:
    """Read conditions that `conditions_to_json` wrote.

    Raises
    ------
    ModelError
        If it is anything else.
    """
    if len(text) > MAX_JSON_LENGTH:
        raise ModelError(f"Conditions have at most {MAX_JSON_LENGTH:,} characters of JSON; got {len(text):,}.")
    try:
        items = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ModelError("The conditions are not JSON.") from error
    items = check_list(items, "The conditions", 0, MAX_CONDITIONS, of="conditions", error=ModelError)
    return check_conditions([condition_from_dict(item) for item in items])


def check_conditions(conditions: Sequence[Condition]) -> Conditions:
    """Return conditions as a tuple.

    Raises
    ------
    ModelError
        If there are too many, or two of one name.
    """
    checked = tuple(check_list(conditions, "Conditions", 0, MAX_CONDITIONS, of="conditions", error=ModelError))
    names = [condition.name for condition in checked]
    if len(set(names)) < len(names):
        raise ModelError(f"Two conditions have the same name: {', '.join(names)}.")
    return checked


def condition_to_dict(condition: Condition) -> dict[str, Any]:
    """Return a condition as JSON types."""
    if isinstance(condition, CategoryCondition):
        return {"name": condition.name, "values": list(condition.values)}
    return {"name": condition.name, **{field: getattr(condition, field) for field in _NUMBERS}}


def condition_from_dict(item: Any) -> Condition:
    """Read what `condition_to_dict` returned.

    Raises
    ------
    ModelError
        If it is anything else.
    """
    fields = check_type(item, dict, "A condition", error=ModelError)
    if set(fields) == {"name", "values"}:
        return CategoryCondition(**fields)
    if set(fields) == {"name", *_NUMBERS}:
        return NumberCondition(**fields)
    raise ModelError(f"A condition has a name, and values or {', '.join(_NUMBERS)}; got {short_repr(sorted(fields))}.")


def _check_name(name: Any) -> None:
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise ModelError(
            f"The name of a condition is of lower-case letters, digits and '_', and short; got {short_repr(name)}."
        )
