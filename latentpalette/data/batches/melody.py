"""Batches of melodies: one byte a step in memory, one-hot frames for a model."""

from __future__ import annotations

from dataclasses import replace

import torch
from numpy.typing import NDArray
from torch import Tensor

from latentpalette.converters.melody import FIRST_NOTE_ON, NUM_CLASSES
from latentpalette.data.augment.config import Augmentation
from latentpalette.data.augment.melody import augment_melodies, note_on_range
from latentpalette.data.augment.mixing import sample_partners
from latentpalette.data.batches.base import Batch, one_hot


class MelodyBatches:
    """Batches of melodies: one-hot tokens as inputs and as targets.

    Parameters
    ----------
    windows : ndarray of uint8 [shape=(n, steps)]
        Tokens of `latentpalette.converters.melody`, in the order of a corpus.
    device : torch.device, optional

    Examples
    --------
    >>> import numpy as np
    >>> melodies = MelodyBatches(np.array([[41, 0, 1, 0] * 4], np.uint8))
    >>> batch = melodies.unpack(melodies.windows)
    >>> batch.inputs.shape, batch.targets.argmax(-1)[0, :4].tolist()
    (torch.Size([1, 16, 90]), [41, 0, 1, 0])
    """

    def __init__(self, windows: NDArray, *, device: torch.device | str = "cpu") -> None:
        self.windows = torch.tensor(windows, device=device)
        self.token_range = corpus_token_range(self.windows)

    def __len__(self) -> int:
        return len(self.windows)

    def unpack(self, packed: Tensor) -> Batch:
        """Return tokens [n, t] as a model reads them."""
        frames = one_hot(packed, NUM_CLASSES)
        return Batch(frames, frames)

    def sample(
        self, n: int, augmentation: Augmentation, *, generator: torch.Generator, rank: int = 0, world: int = 1
    ) -> Batch:
        """Sample `n` melodies with replacement, and augment them; see `Batches.sample`."""
        chosen = torch.randint(len(self), (n,), generator=generator, device=self.windows.device)
        bars_from, pitches_from = (
            sample_partners(chosen, len(self), p_same_song=augmentation.p_same_song, generator=generator)
            for _ in range(2)
        )
        melodies, *partners = (self.windows[index].long() for index in (chosen, bars_from, pitches_from))
        augmented = augment_melodies(
            melodies, (partners[0], partners[1]), augmentation, generator=generator, token_range=self.token_range
        )
        return replace(self.unpack(augmented[rank::world]), chosen=chosen[rank::world])


def corpus_token_range(windows: Tensor) -> tuple[int, int]:
    """Return the lowest and the highest note-on token in all windows [n, steps], within the tokens there are."""
    lowest, highest = note_on_range(windows)
    return max(int(lowest.min()), FIRST_NOTE_ON), min(int(highest.max()), NUM_CLASSES - 1)
