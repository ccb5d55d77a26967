"""Batches of trios: three integers a step in memory, one-hot frames of three streams for a model."""

from __future__ import annotations

from dataclasses import replace

import torch
from numpy.typing import NDArray
from torch import Tensor

from latentpalette.converters.melody import NUM_CLASSES
from latentpalette.data.augment.config import Augmentation
from latentpalette.data.augment.mixing import sample_partners
from latentpalette.data.augment.trio import DRUMS, augment_trios
from latentpalette.data.batches.base import Batch
from latentpalette.data.batches.melody import corpus_token_range

STREAM_DEPTHS = (NUM_CLASSES, NUM_CLASSES, 2**DRUMS)  # melody, bass, drums


class TrioBatches:
    """Batches of trios: 692 columns as inputs and as targets.

    Parameters
    ----------
    windows : ndarray of uint16 [shape=(n, steps, 3)]
        From `latentpalette.data.packing.pack_trio`, in the order of a corpus.
    device : torch.device, optional

    Examples
    --------
    >>> import numpy as np
    >>> trios = TrioBatches(np.full((1, 64, 3), 40, np.uint16))
    >>> batch = trios.unpack(trios.windows)
    >>> batch.targets.shape, batch.targets[0, 0].nonzero().flatten().tolist()
    (torch.Size([1, 64, 692]), [40, 130, 220])
    """

    def __init__(self, windows: NDArray, *, device: torch.device | str = "cpu") -> None:
        self.windows = torch.tensor(windows.astype("int16"), device=device)
        self.token_ranges = (corpus_token_range(self.windows[..., 0]), corpus_token_range(self.windows[..., 1]))

    def __len__(self) -> int:
        return len(self.windows)

    def unpack(self, packed: Tensor) -> Batch:
        """Return packed trios [n, t, 3] as a model reads them."""
        starts = torch.tensor([0, NUM_CLASSES, 2 * NUM_CLASSES], device=packed.device)
        frames = torch.zeros(*packed.shape[:-1], sum(STREAM_DEPTHS), device=packed.device)
        frames.scatter_(-1, packed.long() + starts, 1.0)
        return Batch(frames, frames)

    def sample(
        self, n: int, augmentation: Augmentation, *, generator: torch.Generator, rank: int = 0, world: int = 1
    ) -> Batch:
        """Sample `n` trios with replacement, and augment them; see `Batches.sample`."""
        chosen = torch.randint(len(self), (n,), generator=generator, device=self.windows.device)
        bars_from, drums_from = (
            sample_partners(chosen, len(self), p_same_song=augmentation.p_same_song, generator=generator)
            for _ in range(2)
        )
        trios, *partners = (self.windows[index].long() for index in (chosen, bars_from, drums_from))
        augmented = augment_trios(
            trios, (partners[0], partners[1]), augmentation, token_ranges=self.token_ranges, generator=generator
        )
        return replace(self.unpack(augmented[rank::world]), chosen=chosen[rank::world])
