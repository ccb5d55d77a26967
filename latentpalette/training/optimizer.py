"""What moves the weights: Adam, or Muon for the matrices with Adam for the rest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn, optim
from torch.optim import Adam, Optimizer

from latentpalette.errors import TrainingError

OPTIMISERS = ("adam", "muon")


def optimiser(model: nn.Module, *, kind: str = "adam", muon_rate: float = 10.0) -> Optimizer:
    """An optimiser whose rate is 1: a schedule gives the rest.

    Parameters
    ----------
    model : Module
    kind : str
        ``"adam"``, as Magenta; or ``"muon"``, which turns the update of a matrix into the nearest orthogonal one, so
        that its strong directions do not drown its weak ones.
    muon_rate : float
        How much larger the rate of Muon is than Adam's.

    Raises
    ------
    TrainingError
        If there is no such optimiser, or torch is too old to have it.

    Notes
    -----
    Jordan et al. (2024), "Muon: An optimizer for hidden layers in neural networks". As there, vectors are left to
    Adam, and so is the layer that says the output.

    Examples
    --------
    >>> type(optimiser(nn.Linear(3, 2))).__name__
    'Adam'
    """
    if kind not in OPTIMISERS:
        raise TrainingError(f"The optimiser is one of {', '.join(OPTIMISERS)}; got {kind!r}.")
    if kind == "adam":
        return Adam(model.parameters(), lr=1.0, fused=True)
    if not hasattr(optim, "Muon"):
        raise TrainingError(f"Muon comes with torch 2.9; this is {torch.__version__}. Take optimiser=adam.")
    matrices = [value for name, value in model.named_parameters() if value.ndim == 2 and "projection" not in name]
    inside = {id(value) for value in matrices}
    rest = [value for value in model.parameters() if id(value) not in inside]
    return Together(optim.Muon(matrices, lr=muon_rate, weight_decay=0.0), Adam(rest, lr=1.0, fused=True))


class Together(Optimizer):
    """Several optimisers, each with its own parameters, that step as one.

    Parameters
    ----------
    *parts : Optimizer
    """

    def __init__(self, *parts: Optimizer) -> None:
        super().__init__([{"params": group["params"]} for part in parts for group in part.param_groups], {})
        self.parts = parts
        self._share()

    def _share(self) -> None:
        # The groups are the parts' own, so that a schedule that moves a rate here moves it there.
        self.param_groups = [group for part in self.parts for group in part.param_groups]

    @torch.no_grad()
    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """One update of every part."""
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for part in self.parts:
            part.step()
        return loss

    def state_dict(self) -> dict[str, Any]:
        """The parts' states, in their order."""
        return {"parts": [part.state_dict() for part in self.parts]}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on from there."""
        for part, state in zip(self.parts, state_dict["parts"], strict=True):
            part.load_state_dict(state)
        self._share()

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients."""
        for part in self.parts:
            part.zero_grad(set_to_none)
