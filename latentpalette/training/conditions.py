"""Conditions of a learned prior in training: their description, their columns, and random drops.

A conditional field is trained on all subsets of its conditions, so that one may ask for some of them or for none.
Source: classifier-free guidance, Ho & Salimans (2022), arXiv 2207.12598, where one condition is dropped.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from latentpalette.errors import TrainingError
from latentpalette.models.conditions import CategoryCondition, Condition, Conditions, NumberCondition

OUTER_SHARE = 0.005  # of the windows at either end of a number's range, which cannot be asked for
P_UNCONDITIONAL = 0.3


def make_conditions(values: Mapping[str, ArrayLike], n: int) -> tuple[Conditions, NDArray[np.float32]]:
    """Describe conditions by the values of a corpus; return them, and their columns [n, columns].

    Parameters
    ----------
    values : mapping of name to array-like [shape=(n,)]
        Texts, empty for none, or numbers, NaN for none. Conditions without at least two different values are left out.
    n : int
        Number of windows.

    Raises
    ------
    TrainingError
        If there is not one value for each window.

    Examples
    --------
    >>> conditions, columns = make_conditions({"style": ["rock", "", "funk"], "density": [0.5, 0.7, np.nan]}, 3)
    >>> conditions, columns.shape
    (('funk' or 'rock', 0.5 to 0.7), (3, 4))
    """
    conditions: list[Condition] = []
    columns = [np.zeros((n, 0), np.float32)]
    for name, given in values.items():
        array = np.asarray(given)
        if array.shape != (n,) or array.dtype.kind not in "Ufiu":
            raise TrainingError(
                f"{name} has a text or a number for each of {n} windows; got {array.dtype} {array.shape}."
            )
        condition = _describe(name, array)
        if condition is not None:
            conditions.append(condition)
            columns.append(condition.encode_all(array))
    return tuple(conditions), np.concatenate(columns, 1)


def drop_conditions(
    columns: Tensor, conditions: Conditions, generator: torch.Generator, p_unconditional: float = P_UNCONDITIONAL
) -> Tensor:
    """Return columns [n, columns] with conditions dropped at random, those of each row by themselves.

    With a probability of `p_unconditional` all are dropped; else any number of them, each number equally likely.

    Examples
    --------
    >>> style = CategoryCondition("style", ("funk", "rock"))
    >>> drop_conditions(torch.ones(1, 2), (style,), torch.Generator(), p_unconditional=1.0).tolist()
    [[0.0, 0.0]]
    """
    n = len(columns)
    share = torch.rand((n, 1), generator=generator)  # of the conditions that stay
    share = torch.where(torch.rand((n, 1), generator=generator) < p_unconditional, 0.0, share)
    stays = torch.rand((n, len(conditions)), generator=generator) < share
    counts = torch.tensor([condition.num_columns for condition in conditions])
    return columns * stays.repeat_interleave(counts, 1)


def _describe(name: str, values: NDArray) -> Condition | None:
    """Return the description of a condition with these values [n]; None if fewer than two are different."""
    if values.dtype.kind == "U":
        names = tuple(value for value in np.unique(values).tolist() if value)
        return CategoryCondition(name, names) if len(names) > 1 else None
    known = values[np.isfinite(values)].astype(float)
    if not len(known) or known.min() == known.max():
        return None
    low, high = np.quantile(known, [OUTER_SHARE, 1 - OUTER_SHARE], method="nearest")
    return NumberCondition(name, float(known.mean()), float(known.std()), float(low), float(high))
