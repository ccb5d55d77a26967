"""Batches of drum loops: one integer a step in memory, one-hot frames for a model."""

from __future__ import annotations

from dataclasses import replace

import torch
from numpy.typing import NDArray
from torch import Tensor

from latentpalette.data.augment.config import Augmentation
from latentpalette.data.augment.drums import augment_drums
from latentpalette.data.batches.base import Batch, one_hot


class DrumBatches:
    """Batches of drum loops: hits with a "silent" column as inputs, one-hot tokens as targets.

    Parameters
    ----------
    windows : ndarray of uint16 [shape=(n, steps)]
        Tokens; bit k is drum k.
    drums : int
        The number of drums.
    device : torch.device, optional

    Examples
    --------
    >>> import numpy as np
    >>> loops = DrumBatches(np.array([[1, 0, 4, 0]], np.uint16))
    >>> batch = loops.unpack(loops.windows)
    >>> batch.inputs.shape, batch.targets.shape, batch.inputs[0, 1].tolist()[-1]
    (torch.Size([1, 4, 10]), torch.Size([1, 4, 512]), 1.0)
    """

    def __init__(self, windows: NDArray, *, drums: int = 9, device: torch.device | str = "cpu") -> None:
        self.windows = torch.from_numpy(windows.astype("int32")).to(device)
        self.bits = 2 ** torch.arange(drums, dtype=torch.int32, device=device)

    def __len__(self) -> int:
        return len(self.windows)

    def to_hits(self, tokens: Tensor) -> Tensor:
        """Convert tokens [n, t] to hits, bool [n, t, drums]."""
        return tokens[..., None].bitwise_and(self.bits) > 0

    def to_tokens(self, hits: Tensor) -> Tensor:
        """Convert hits [n, t, drums] to tokens, int64 [n, t]."""
        return (hits * self.bits).sum(-1)

    def unpack(self, packed: Tensor) -> Batch:
        """Return tokens [n, t] as a model reads them."""
        return self._batch(self.to_hits(packed))

    def sample(
        self, n: int, augmentation: Augmentation, *, generator: torch.Generator, rank: int = 0, world: int = 1
    ) -> Batch:
        """Sample `n` loops with replacement, and augment them; see `Batches.sample`."""
        chosen = torch.randint(len(self), (n,), generator=generator, device=self.windows.device)
        hits = augment_drums(self.to_hits(self.windows[chosen]), augmentation, generator=generator)
        return replace(self._batch(hits[rank::world]), chosen=chosen[rank::world])

    def _batch(self, hits: Tensor) -> Batch:
        is_silent = ~hits.any(-1, keepdim=True)
        targets = one_hot(self.to_tokens(hits), 2 ** len(self.bits))
        return Batch(torch.cat([hits, is_silent], -1).float(), targets)
