"""Batches of melodies over chords: two bytes a step in memory, one-hot frames and triads for a model."""

from __future__ import annotations

import torch
from numpy.typing import NDArray
from torch import Tensor

from latentpalette.converters.melody import NUM_CLASSES
from latentpalette.data.augment.chord_melody import augment_chord_melodies
from latentpalette.data.augment.config import Augmentation
from latentpalette.data.augment.mixing import sample_partners
from latentpalette.data.batches.base import Batch, one_hot
from latentpalette.data.batches.melody import corpus_token_range
from latentpalette.music.chords import NUM_TRIADS


class ChordMelodyBatches:
    """Batches of melodies over chords: one-hot tokens as inputs and as targets, one-hot triads as controls.

    Parameters
    ----------
    windows : ndarray of uint8 [shape=(n, steps, 2)]
        From `latentpalette.data.packing.pack_melody_over_chords`, in the order of a corpus.
    device : torch.device, optional

    Examples
    --------
    >>> import numpy as np
    >>> melodies = ChordMelodyBatches(np.array([[[41, 1], [0, 1], [1, 8], [0, 8]] * 4], np.uint8))
    >>> batch = melodies.unpack(melodies.windows)
    >>> batch.inputs.shape, batch.controls.argmax(-1)[0, :4].tolist()
    (torch.Size([1, 16, 90]), [1, 1, 8, 8])
    """

    def __init__(self, windows: NDArray, *, device: torch.device | str = "cpu") -> None:
        self.windows = torch.tensor(windows, device=device)
        self.token_range = corpus_token_range(self.windows[..., 0])

    def __len__(self) -> int:
        return len(self.windows)

    def unpack(self, packed: Tensor) -> Batch:
        """Return tokens and triads [n, t, 2] as a model reads them."""
        frames = one_hot(packed[..., 0], NUM_CLASSES)
        return Batch(frames, frames, one_hot(packed[..., 1], NUM_TRIADS))

    def sample(
        self, n: int, augmentation: Augmentation, *, generator: torch.Generator, rank: int = 0, world: int = 1
    ) -> Batch:
        """Sample `n` melodies with replacement, and augment them; see `Batches.sample`."""
        chosen = torch.randint(len(self), (n,), generator=generator, device=self.windows.device)
        bars_from = sample_partners(chosen, len(self), p_same_song=augmentation.p_same_song, generator=generator)
        windows, partners = (self.windows[index].long() for index in (chosen, bars_from))
        augmented = augment_chord_melodies(
            windows, partners, augmentation, generator=generator, token_range=self.token_range
        )
        return self.unpack(augmented[rank::world])
