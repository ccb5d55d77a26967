"""What a model is given to learn from at one step, whatever the representation."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional


@dataclass(frozen=True)
class Batch:
    """Windows as a model reads them.

    Parameters
    ----------
    inputs : float tensor [n, steps, input depth]
    targets : float tensor [n, steps, output depth]
    controls : float tensor [n, steps, control depth] or None
    """

    inputs: Tensor
    targets: Tensor
    controls: Tensor | None = None

    @property
    def previous(self) -> Tensor:
        """The targets one step late, zeros first: what a decoder hears when it is told the truth."""
        return functional.pad(self.targets[:, :-1], (0, 0, 1, 0))


def one_hot(classes: Tensor, depth: int) -> Tensor:
    """Classes [...] as float rows [..., depth].

    Examples
    --------
    >>> one_hot(torch.tensor([2, 0]), 3).tolist()
    [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
    """
    rows = torch.zeros(*classes.shape, depth, device=classes.device)
    return rows.scatter_(-1, classes.long()[..., None], 1.0)
