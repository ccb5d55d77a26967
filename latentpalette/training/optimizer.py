"""Optimizers: Adam, or Muon for matrices and Adam for the other parameters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn, optim
from torch.optim import Adam, Optimizer

from latentpalette.errors import TrainingError
from latentpalette.old_names import rename_fields

OPTIMIZERS = ("adam", "muon")


def make_optimizer(model: nn.Module, *, kind: str = "adam", muon_lr_scale: float = 10.0) -> Optimizer:
    """Make an optimizer with a learning rate of 1, to be scaled by a schedule.

    Parameters
    ----------
    model : Module
    kind : str
        ``"adam"``, as Magenta; or ``"muon"``, which replaces the update of a matrix by the nearest orthogonal one, so
        that its strong directions do not dominate its weak ones.
    muon_lr_scale : float
        Muon's learning rate relative to Adam's.

    Returns
    -------
    Optimizer

    Raises
    ------
    TrainingError
        If there is no such optimizer, or torch is too old to have it.

    Notes
    -----
    Jordan et al. (2024), "Muon: An optimizer for hidden layers in neural networks". As there, Adam updates vectors
    and the output layer.

    Examples
    --------
    >>> type(make_optimizer(nn.Linear(3, 2))).__name__
    'Adam'
    """
    if kind not in OPTIMIZERS:
        raise TrainingError(f"The optimizer is one of {', '.join(OPTIMIZERS)}; got {kind!r}.")
    if kind == "adam":
        return Adam(model.parameters(), lr=1.0, fused=True)
    if not hasattr(optim, "Muon"):
        raise TrainingError(f"Muon comes with torch 2.9; this is {torch.__version__}. Use optimizer=adam.")
    matrices = [value for name, value in model.named_parameters() if value.ndim == 2 and "projection" not in name]
    matrix_ids = {id(value) for value in matrices}
    remaining = [value for value in model.parameters() if id(value) not in matrix_ids]
    muon = optim.Muon(matrices, lr=muon_lr_scale, weight_decay=0.0)
    return CombinedOptimizer(muon, Adam(remaining, lr=1.0, fused=True))


class CombinedOptimizer(Optimizer):
    """Several optimizers, each with its own parameters, that step as one.

    Parameters
    ----------
    *optimizers : Optimizer
    """

    def __init__(self, *optimizers: Optimizer) -> None:
        groups = [{"params": group["params"]} for optimizer in optimizers for group in optimizer.param_groups]
        super().__init__(groups, {})
        self.optimizers = optimizers
        self._share_param_groups()

    def _share_param_groups(self) -> None:
        # The same objects, so that a scheduler that changes a learning rate here changes it there.
        self.param_groups = [group for optimizer in self.optimizers for group in optimizer.param_groups]

    @torch.no_grad()
    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Perform one step of every optimizer."""
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for optimizer in self.optimizers:
            optimizer.step()
        return loss

    def state_dict(self) -> dict[str, Any]:
        """Return the states of all optimizers, in order."""
        return {"optimizers": [optimizer.state_dict() for optimizer in self.optimizers]}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Restore what `state_dict` returned."""
        states = rename_fields("CombinedOptimizer", state_dict)["optimizers"]
        for optimizer, state in zip(self.optimizers, states, strict=True):
            optimizer.load_state_dict(state)
        self._share_param_groups()

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Reset all gradients."""
        for optimizer in self.optimizers:
            optimizer.zero_grad(set_to_none)
