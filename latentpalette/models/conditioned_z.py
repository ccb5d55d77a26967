"""z of a model with conditions: its last numbers are features of the music, such as its danceability.

`ModelConfig.conditions` names them. Each is one number of z, standardized: 0 is the mean of the training songs, 1 a
standard deviation above it. In training, the decoder gets what was measured of the music there, and the encoder learns
to measure it; so `encode` says what a piece has, `decode` makes what is asked for, and all that moves through latent
space, such as an interpolation, a palette or a slider, moves through the feature, too.

After MuDanceVAE and ZDanceVAE of S.A.J. Wijtsma, "Creating meaningful and controllable latent representations of music
using VAEs", which append danceability to the mean or to z.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentpalette.errors import ModelError
from latentpalette.models.conditions import NumberCondition, check_asked
from latentpalette.validation import check_numbers


def ask_of_z(
    z: NDArray[np.float32],
    conditions: Sequence[NumberCondition],
    asked: Mapping[str, Any],
    owner: str = "The model",
    *,
    arguments: Sequence[str] = (),
) -> NDArray[np.float32]:
    """Return z with what is asked for in the place of its last numbers; the others stay.

    Parameters
    ----------
    z : ndarray of float32 [shape=(n, z)]
    conditions : tuple of NumberCondition
        The last numbers of z, in their order.
    asked : mapping of name to number, or to array-like [shape=(n,)]
        None stands for a condition that is not asked for.
    owner, arguments
        For messages, see `latentpalette.models.conditions.check_asked`.

    Raises
    ------
    ModelError
        If there is no such condition, a value is out of range, or there is not one for each z.

    Examples
    --------
    >>> density = NumberCondition("density", mean=0.5, std=0.25, low=0.1, high=1.0)
    >>> ask_of_z(np.zeros((2, 3), np.float32), (density,), {"density": 0.75}).tolist()
    [[0.0, 0.0, 1.0], [0.0, 0.0, 1.0]]
    >>> ask_of_z(np.zeros((2, 3), np.float32), (density,), {"density": [0.25, 0.5]})[:, 2].tolist()
    [-1.0, 0.0]
    """
    given = {name: value for name, value in asked.items() if value is not None}
    unknown = {name: value for name, value in given.items() if name not in {each.name for each in conditions}}
    check_asked(conditions, unknown, owner, arguments=arguments)
    if not given:
        return z
    z = z.copy()
    for column, condition in enumerate(conditions, z.shape[1] - len(conditions)):
        if condition.name in given:
            z[:, column] = _standardize_all(condition, given[condition.name], len(z))
    return z


def read_z(z: NDArray[np.float32], conditions: Sequence[NumberCondition]) -> dict[str, NDArray[np.float64]]:
    """Return what z [n, z] says of each condition, in its own unit [n].

    Examples
    --------
    >>> density = NumberCondition("density", mean=0.5, std=0.25, low=0.1, high=1.0)
    >>> read_z(np.ones((1, 3), np.float32), (density,))["density"].tolist()
    [0.75]
    """
    first = z.shape[1] - len(conditions)
    return {each.name: each.mean + each.std * z[:, first + k].astype(float) for k, each in enumerate(conditions)}


def _standardize_all(condition: NumberCondition, value: Any, n: int) -> float | NDArray[np.float64]:
    if isinstance(value, (str, int, float)):
        return condition.standardize(value)
    values = check_numbers(value, condition.name, error=ModelError)
    if not values.ndim:
        return condition.standardize(values.item())
    if values.shape != (n,):
        raise ModelError(f"{condition.name} is a number, or one for each of {n} latent vectors; got {values.shape}.")
    return np.array([condition.standardize(each) for each in values.tolist()])
