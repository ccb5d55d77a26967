"""Batches, and the protocol of the classes that sample them.

A packed corpus is stored whole on the device; sampling a batch is indexing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor
from torch.nn import functional

from latentpalette.data.augment.config import Augmentation


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
        """The targets shifted by one step, zeros first: the decoder's inputs under teacher forcing."""
        return functional.pad(self.targets[:, :-1], (0, 0, 1, 0))


class Batches(Protocol):
    """A packed corpus on a device that batches are sampled from."""

    windows: Tensor

    def __len__(self) -> int: ...

    def unpack(self, packed: Tensor) -> Batch:
        """Return packed windows [n, steps, ...], as in `windows`, as a model reads them."""

    def sample(
        self, n: int, augmentation: Augmentation, *, generator: torch.Generator, rank: int = 0, world: int = 1
    ) -> Batch:
        """Sample windows with replacement, and augment them.

        Parameters
        ----------
        n : int
            Windows of the whole batch.
        augmentation : Augmentation
        generator : torch.Generator
            On the device of the windows.
        rank, world : int
            Return the share of one process of several: every `world`-th window from `rank` on. All processes sample
            the whole batch, so that together they learn from what one process would have.
        """


def one_hot(tokens: Tensor, depth: int) -> Tensor:
    """Encode tokens [...] as one-hot float vectors [..., depth].

    Examples
    --------
    >>> one_hot(torch.tensor([2, 0]), 3).tolist()
    [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
    """
    frames = torch.zeros(*tokens.shape, depth, device=tokens.device)
    return frames.scatter_(-1, tokens.long()[..., None], 1.0)
