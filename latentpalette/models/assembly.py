"""From a configuration and its weights to a model, without a number drawn or copied."""

from __future__ import annotations

from math import isfinite

import torch
from torch import Tensor

from latentpalette.errors import CheckpointError
from latentpalette.models.config import ModelConfig
from latentpalette.models.musicvae import MusicVAE

_MOST_PROBLEMS = 20


def assemble(config: ModelConfig, state: dict[str, Tensor], source: str) -> MusicVAE:
    """A model with these weights. What the weights lie in is taken over: of a file in memory, nothing is copied.

    Parameters
    ----------
    config : ModelConfig
    state : dict of parameter name to tensor
        Of any width of float; the model's are float32.
    source : str
        What to call it in messages.

    Raises
    ------
    CheckpointError
        If tensors are missing, left over, of another shape or not finite; the first twenty are named.
    """
    with torch.device("meta"):  # shapes without memory: a configuration may be absurd
        model = MusicVAE(config, empty=True)
    wanted = {name: tuple(value.shape) for name, value in model.state_dict().items()}
    problems = [f"missing: {name}" for name in wanted if name not in state]
    problems += [f"unexpected: {name}" for name in state if name not in wanted]
    problems += [
        f"{name} is {list(state[name].shape)}, not {list(shape)}"
        for name, shape in wanted.items()
        if name in state and tuple(state[name].shape) != shape
    ]
    if not problems:
        state = {name: value.float() for name, value in state.items()}
        problems = [f"{name} holds numbers that are not finite" for name in state if not _finite(state[name])]
    if problems:
        more = [f"and {len(problems) - _MOST_PROBLEMS} more"] if len(problems) > _MOST_PROBLEMS else []
        listed = "\n  ".join(problems[:_MOST_PROBLEMS] + more)
        raise CheckpointError(f"{source}: the weights do not fit the configuration.\n  {listed}")
    model.load_state_dict(state, assign=True)
    return model.eval()


def _finite(values: Tensor) -> bool:
    """Whether all numbers are; the smallest and the largest tell, and take no memory."""
    return values.numel() == 0 or all(isfinite(each) for each in torch.aminmax(values))
