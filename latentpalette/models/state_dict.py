"""Build a model from a configuration and a state dict, without initializing or copying weights."""

from __future__ import annotations

from math import isfinite

import torch
from torch import Tensor

from latentpalette.errors import CheckpointError
from latentpalette.models.config import ModelConfig
from latentpalette.models.int8_weights import SCALE, from_int8, scales_of
from latentpalette.models.musicvae import MusicVAE
from latentpalette.models.workers import torch_threads

_MAX_LISTED_PROBLEMS = 20


@torch_threads(1)
def from_state_dict(config: ModelConfig, state: dict[str, Tensor], source: str) -> MusicVAE:
    """Return a model with these weights, in evaluation mode.

    Parameters
    ----------
    config : ModelConfig
    state : dict of parameter name to tensor
        Of any float dtype, or of `latentpalette.models.int8_weights`; the model's are float32. Float32 tensors are
        shared, not copied: those of a memory-mapped file stay there.
    source : str
        Name of the weights in error messages.

    Raises
    ------
    CheckpointError
        If tensors are missing, unexpected, of another shape, not floats or not finite; the first twenty are named.
    """
    with torch.device("meta"):  # shapes without memory: the sizes of a configuration are not to be trusted yet
        model = MusicVAE(config, init=False)
    expected = {name: tuple(value.shape) for name, value in model.state_dict().items()}
    scales = scales_of(state)
    problems = [f"missing: {name}" for name in expected if name not in state]
    known = {*expected, *(name + SCALE for name in scales)}
    problems += [f"unexpected: {name}" for name in state if name not in known]
    problems += [
        f"{name} is {list(state[name].shape)}, not {list(shape)}"
        for name, shape in expected.items()
        if name in state and tuple(state[name].shape) != shape
    ]
    problems += [
        f"{name} holds {str(value.dtype).removeprefix('torch.')} numbers, not floats"
        for name, value in state.items()
        if name in expected and not value.is_floating_point() and name not in scales
    ]
    if not problems:
        state = from_int8(state)
        problems = [f"{name} holds numbers that are not finite" for name in state if not _is_finite(state[name])]
    if problems:
        hidden = len(problems) - _MAX_LISTED_PROBLEMS
        more = [f"and {hidden} more"] if hidden > 0 else []
        listed = "\n  ".join(problems[:_MAX_LISTED_PROBLEMS] + more)
        raise CheckpointError(f"{source}: the weights do not fit the configuration.\n  {listed}")
    model.load_state_dict(state, assign=True)
    return model.eval()


def _is_finite(values: Tensor) -> bool:
    """Return whether all numbers are finite; the minimum and maximum show it without more memory."""
    return values.numel() == 0 or all(isfinite(extreme) for extreme in torch.aminmax(values))
