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
    lengths : int tensor [n, segments] or None
        The number of steps that the encoder reads of each segment; None for all.
    chosen : int64 tensor [n] or None
        Of a sample, the index of each window among those that it was drawn from; augmentation may have changed it.
    """

    inputs: Tensor
    targets: Tensor
    controls: Tensor | None = None
    lengths: Tensor | None = None
    chosen: Tensor | None = None

    @property
    def previous(self) -> Tensor:
        """The targets shifted by one step, zeros first: the decoder's inputs under teacher forcing."""
        return one_step_late(self.targets)


class AnyBatch(Protocol):
    """Windows for a model to read; `Batch` holds the tensors, `PerformanceBatch` makes them on demand."""

    @property
    def inputs(self) -> Tensor:
        """Float tensor [n, steps, input depth]."""

    @property
    def targets(self) -> Tensor:
        """Float tensor [n, steps, output depth]."""

    @property
    def controls(self) -> Tensor | None:
        """Float tensor [n, steps, control depth]."""

    @property
    def lengths(self) -> Tensor | None:
        """Int tensor [n, segments]; None where the encoder reads all steps."""

    @property
    def previous(self) -> Tensor:
        """The decoder's inputs under teacher forcing."""


class Batches(Protocol):
    """A packed corpus on a device that batches are sampled from."""

    windows: Tensor

    def __len__(self) -> int: ...

    def unpack(self, packed: Tensor) -> AnyBatch:
        """Return packed windows [n, steps, ...], as in `windows`, as a model reads them."""

    def sample(
        self, n: int, augmentation: Augmentation, *, generator: torch.Generator, rank: int = 0, world: int = 1
    ) -> AnyBatch:
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


def one_step_late(frames: Tensor) -> Tensor:
    """Return frames [n, t, depth] shifted by one step, zeros first."""
    return functional.pad(frames[:, :-1], (0, 0, 1, 0))


def one_hot(tokens: Tensor, depth: int) -> Tensor:
    """Encode tokens [...] as one-hot float vectors [..., depth].

    Examples
    --------
    >>> one_hot(torch.tensor([2, 0]), 3).tolist()
    [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
    """
    frames = torch.zeros(*tokens.shape, depth, device=tokens.device)
    return frames.scatter_(-1, tokens.long()[..., None], 1.0)
