"""Latent constraints: z moved to where music is as it is asked for, near where it was.

z is carried back along the flow of the learned prior, by which it forgets details, and forth to music under conditions,
by which it gets them again as they are asked for. The task is that of Engel, Hoffman, Roberts (2017), "Latent
Constraints", arXiv 1711.05772, who train an actor and critics for it; the way is that of editing images by diffusion:
Meng et al. (2022), "SDEdit", arXiv 2108.01073, with the deterministic flow in place of noise.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from latentpalette.errors import LatentError, ModelError
from latentpalette.models.checks import check_z
from latentpalette.models.conditions import check_asked, count_columns, describe_conditions, encode_conditions
from latentpalette.models.flow import MAX_GUIDANCE, FlowPrior
from latentpalette.models.music_sampler import MusicSampler
from latentpalette.models.network import FloatArray
from latentpalette.validation import check_list, check_number, check_numbers

SIMILARITY = 0.5
GUIDANCE = 3.0  # with that of samples, half of the change that is asked for comes
MAX_Z = 100_000
_ARGUMENTS = ("similarity", "guidance")


def constrain_z(
    model: MusicSampler,
    z: ArrayLike,
    asked: Mapping[str, Any],
    *,
    similarity: float = SIMILARITY,
    guidance: float = GUIDANCE,
) -> FloatArray:
    """Return latent vectors moved to where music is as it is asked for; see `MusicVAE.constrain`.

    Raises
    ------
    ModelError
        If nothing is asked for, or what cannot be, or the similarity or the guidance is out of range.
    LatentError
        If z has another width or is not finite, or there is not one value for each z.
    """
    prior = _prior_of(model)
    time = check_number(similarity, "similarity", 0, 1, error=ModelError)
    weight = check_number(guidance, "guidance", 0, MAX_GUIDANCE, error=ModelError)
    numbers = check_numbers(z, "Latent vectors z", error=LatentError)
    is_single = numbers.ndim == 1
    vectors = check_z(numbers[None] if is_single else numbers, prior.z_size)
    values = {name: _as_list(value, name) for name, value in asked.items()}
    lengths = {len(value) for value in values.values() if isinstance(value, list)}
    is_one = is_single and not lengths
    if not is_single:
        lengths.add(len(vectors))
    if len(lengths) > 1:
        counts = " and ".join(map(str, sorted(lengths)))
        raise LatentError(f"One value is asked for, or one for each z; there are {counts}, for z {numbers.shape}.")
    n = lengths.pop() if lengths else 1
    columns = _encode_rows(model, prior, values, n)
    moved = prior.steer(np.broadcast_to(vectors, (n, prior.z_size)), columns, time, guidance=weight)
    return moved[0] if is_one else moved


def _prior_of(model: MusicSampler) -> FlowPrior:
    if model._sampler is not model:
        raise ModelError(f"{model.name} has no z of its own to constrain; constrain that of the model it is based on.")
    if model.prior is None or not model.prior.conditions:
        raise ModelError(
            f"{model.name} has no learned prior that takes conditions, which z are constrained with. "
            "`latentpalette fit-prior` fits one."
        )
    return model.prior


def _encode_rows(model: MusicSampler, prior: FlowPrior, values: Mapping[str, Any], n: int) -> NDArray[np.float32]:
    """Return the columns [n, columns] of what is asked of each z."""
    rows = [
        {name: value[row] if isinstance(value, list) else value for name, value in values.items()} for row in range(n)
    ]
    for row in rows:
        check_asked(prior.conditions, row, model.name, arguments=_ARGUMENTS)
    columns = [encode_conditions(prior.conditions, row) for row in rows]
    if n and all(column is None for column in columns):
        raise ModelError(f"Ask for something that {model.name} is to change. {describe_conditions(prior.conditions)}")
    nothing = np.zeros(count_columns(prior.conditions), np.float32)
    return np.array([nothing if column is None else column for column in columns], np.float32).reshape(n, len(nothing))


def _as_list(value: Any, name: str) -> Any:
    """Return a list, a tuple or an array of one dimension as a list; another value as it is."""
    if isinstance(value, np.ndarray) and value.ndim > 1:
        raise LatentError(f"{name} is one value, or one for each z; got an array of shape {value.shape}.")
    is_list = isinstance(value, (list, tuple)) or (isinstance(value, np.ndarray) and value.ndim > 0)
    return check_list(value, name, 0, MAX_Z, error=LatentError) if is_list else value
