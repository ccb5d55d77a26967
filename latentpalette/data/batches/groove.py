"""Batches of grooves: two bytes a hit in memory; hits, velocities and offsets for a model."""

from __future__ import annotations

from dataclasses import replace

import torch
from numpy.typing import NDArray
from torch import Tensor

from latentpalette.converters.groove import TAP_CLASS, GrooveConverter
from latentpalette.data.augment.config import Augmentation
from latentpalette.data.augment.groove import augment_grooves
from latentpalette.data.augment.mixing import bernoulli, sample_partners
from latentpalette.data.batches.base import Batch
from latentpalette.data.packing import QUANTIZATION_LEVELS


class GrooveBatches:
    """Batches of grooves: what the encoder may see of them as inputs, all 27 columns as targets.

    Parameters
    ----------
    windows : ndarray of int8 [shape=(n, steps, 18)]
        From `latentpalette.data.packing.pack_groove`, in the order of a corpus.
    converter : GrooveConverter
        Decides what the encoder sees.
    device : torch.device, optional

    Examples
    --------
    >>> import numpy as np
    >>> windows = np.zeros((1, 32, 18), np.int8)
    >>> windows[0, 4, [1, 10]] = 127, -64
    >>> grooves = GrooveBatches(windows, GrooveConverter(humanize=True))
    >>> batch = grooves.unpack(grooves.windows)
    >>> batch.targets[0, 4, [1, 10, 19]].round(decimals=2).tolist(), batch.inputs[0, 4, [1, 10, 19]].tolist()
    ([1.0, 1.0, -0.5], [1.0, 0.0, 0.0])
    """

    def __init__(self, windows: NDArray, converter: GrooveConverter, *, device: torch.device | str = "cpu") -> None:
        self.windows = torch.tensor(windows, device=device)
        self.converter = converter

    def __len__(self) -> int:
        return len(self.windows)

    def unpack(self, packed: Tensor) -> Batch:
        """Return packed grooves [n, t, 18] as a model reads them; no note is dropped."""
        targets = _dequantize(packed)
        return self._batch(targets, targets)

    def sample(
        self, n: int, augmentation: Augmentation, *, generator: torch.Generator, rank: int = 0, world: int = 1
    ) -> Batch:
        """Sample `n` grooves with replacement, and augment them; see `Batches.sample`.

        Notes are dropped from the inputs at rates up to the converter's `max_note_dropout`.
        """
        chosen = torch.randint(len(self), (n,), generator=generator, device=self.windows.device)
        drums_from, bars_from = (
            sample_partners(chosen, len(self), p_same_song=augmentation.p_same_song, generator=generator)
            for _ in range(2)
        )
        partners = self.windows[drums_from], self.windows[bars_from]
        targets = _dequantize(augment_grooves(self.windows[chosen], partners, augmentation, generator=generator))
        encoder_frames = targets
        if self.converter.max_note_dropout:
            encoder_frames = self._drop_notes(targets, generator)
        batch = self._batch(encoder_frames[rank::world], targets[rank::world])
        return replace(batch, chosen=chosen[rank::world])

    def _batch(self, encoder_frames: Tensor, targets: Tensor) -> Batch:
        """Remove from the encoder's frames [n, t, 27] what `GrooveConverter.encode` removes."""
        converter, drums = self.converter, targets.shape[-1] // 3
        hits, velocities, offsets = encoder_frames.unflatten(-1, (3, drums)).unbind(-2)
        if converter.tapify:
            loudest = velocities.argmax(-1, keepdim=True)
            taps = [torch.zeros_like(block) for block in (hits, velocities, offsets)]
            for tap, block in zip(taps, (hits, velocities, offsets), strict=True):
                tap[..., TAP_CLASS] = block.gather(-1, loudest)[..., 0]
            hits, velocities, offsets = taps
        if converter.humanize:
            velocities, offsets = torch.zeros_like(velocities), torch.zeros_like(offsets)
        if converter.fixed_velocities:
            velocities = torch.zeros_like(velocities)
        inputs = torch.stack([hits, velocities, offsets], -2)
        if converter.add_instruments:
            inputs[..., list(converter.add_instruments)] = 0
        return Batch(inputs.flatten(-2), targets, targets[..., :drums] if converter.hits_as_controls else None)

    def _drop_notes(self, frames: Tensor, generator: torch.Generator) -> Tensor:
        """Drop notes of frames [n, t, 27], quiet ones first, as `GrooveConverter.max_note_dropout` describes."""
        n, steps, drums = len(frames), frames.shape[1], frames.shape[-1] // 3
        rates = self.converter.max_note_dropout * torch.rand((n, 1, 1), generator=generator, device=frames.device)
        rates = rates * (1 - frames[..., drums : 2 * drums]).clamp(min=0.2)
        is_dropped = bernoulli(rates, n, steps, drums, generator=generator)
        return frames.masked_fill(is_dropped.repeat(1, 1, 3), 0.0)


def _dequantize(packed: Tensor) -> Tensor:
    """Convert packed grooves [n, t, 18] to frames of hits, velocities and offsets [n, t, 27]."""
    velocities_offsets = packed.float() / QUANTIZATION_LEVELS
    hits = (packed[..., : packed.shape[-1] // 2] > 0).float()
    return torch.cat([hits, velocities_offsets], -1)
