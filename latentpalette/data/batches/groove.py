"""Batches of drum performances: two bytes a hit in memory, hits, velocities and offsets when a model reads them."""

from __future__ import annotations

import torch
from numpy.typing import NDArray
from torch import Tensor

from latentpalette.converters.groove import TAP_CLASS, GrooveConverter
from latentpalette.data.augment.drums import Recombination
from latentpalette.data.augment.mixing import partners
from latentpalette.data.batches.batch import Batch
from latentpalette.data.packing import FINENESS
from latentpalette.music.sequence import STEPS_PER_BAR


class Grooves:
    """Performances: velocities and offsets in memory, 27 columns and what is left of them for the encoder out.

    Parameters
    ----------
    rows : ndarray of int8 [shape=(n, steps, 18)]
        From `latentpalette.data.packing.packed_groove`, in the order of a corpus.
    converter : GrooveConverter
        Says what the encoder sees.
    device : torch.device, optional

    Examples
    --------
    >>> import numpy as np
    >>> rows = np.zeros((1, 32, 18), np.int8)
    >>> rows[0, 4, [1, 10]] = 127, -64
    >>> grooves = Grooves(rows, GrooveConverter(humanize=True))
    >>> batch = grooves.batch(grooves.rows)
    >>> batch.targets[0, 4, [1, 10, 19]].round(decimals=2).tolist(), batch.inputs[0, 4, [1, 10, 19]].tolist()
    ([1.0, 1.0, -0.5], [1.0, 0.0, 0.0])
    """

    def __init__(self, rows: NDArray, converter: GrooveConverter, *, device: torch.device | str = "cpu") -> None:
        self.rows = torch.tensor(rows, device=device)
        self.converter = converter

    def __len__(self) -> int:
        return len(self.rows)

    def batch(self, packed: Tensor) -> Batch:
        """Packed performances [n, t, 18] as a model reads them; no note is dropped."""
        targets = self._unpacked(packed)
        return self._seen(targets, targets)

    def draw(self, n: int, how: Recombination, *, generator: torch.Generator, rank: int = 0, world: int = 1) -> Batch:
        """A batch of `n` performances, drawn with replacement and recombined; every `world`-th from `rank` on.

        The encoder misses notes as the converter's `max_note_dropout` says.
        """
        chosen = torch.randint(len(self), (n,), generator=generator, device=self.rows.device)
        others = [partners(chosen, len(self), near=how.near, generator=generator) for _ in range(2)]
        packed = replayed(self.rows[chosen], (self.rows[others[0]], self.rows[others[1]]), how, generator=generator)
        targets = self._unpacked(packed)
        heard = targets
        if self.converter.max_note_dropout:
            heard = self._dropped(targets, generator)
        return self._seen(heard[rank::world], targets[rank::world])

    def _unpacked(self, packed: Tensor) -> Tensor:
        played = packed.float() / FINENESS  # [n, t, velocities and offsets]
        hits = (packed[..., : packed.shape[-1] // 2] > 0).float()
        return torch.cat([hits, played], -1)

    def _seen(self, heard: Tensor, targets: Tensor) -> Batch:
        """As `GrooveConverter.degraded` and `encode`, for many at once."""
        how, width = self.converter, targets.shape[-1] // 3
        hits, velocities, offsets = heard.unflatten(-1, (3, width)).unbind(-2)
        if how.tapify:
            loudest = velocities.argmax(-1, keepdim=True)
            taps = [torch.zeros_like(block) for block in (hits, velocities, offsets)]
            for tap, block in zip(taps, (hits, velocities, offsets), strict=True):
                tap[..., TAP_CLASS] = block.gather(-1, loudest)[..., 0]
            hits, velocities, offsets = taps
        if how.humanize:
            velocities, offsets = torch.zeros_like(velocities), torch.zeros_like(offsets)
        if how.fixed_velocities:
            velocities = torch.zeros_like(velocities)
        inputs = torch.stack([hits, velocities, offsets], -2)
        if how.add_instruments:
            inputs[..., list(how.add_instruments)] = 0
        return Batch(inputs.flatten(-2), targets, targets[..., :width] if how.hits_as_controls else None)

    def _dropped(self, targets: Tensor, generator: torch.Generator) -> Tensor:
        """Performances without some notes, soft ones first, as `GrooveConverter.max_note_dropout` says."""
        n, steps, width = len(targets), targets.shape[1], targets.shape[-1] // 3
        share = self.converter.max_note_dropout * torch.rand((n, 1, 1), generator=generator, device=targets.device)
        rate = share * (1 - targets[..., width : 2 * width]).clamp(min=0.2)
        gone = torch.rand((n, steps, width), generator=generator, device=targets.device) < rate
        return targets.masked_fill(gone.repeat(1, 1, 3), 0.0)


def replayed(rows: Tensor, others: tuple[Tensor, Tensor], how: Recombination, *, generator: torch.Generator) -> Tensor:
    """Recombine performances so that each keeps a feel that somebody played.

    Drums change hands whole, with their touch and timing; bars stay whole, and beats in their place in the bar.

    Parameters
    ----------
    rows : int8 tensor [n, steps, 18]
        Packed; steps are whole bars.
    others : two tensors as `rows`
        The first lends drums, the second bars.
    how : Recombination
        `lanes` and `lane`, `bars`, `rotate` (by bars), `thin` and `hits`, `mute`.
    generator : torch.Generator

    Returns
    -------
    int8 tensor [n, steps, 18]
    """
    n, steps, columns = rows.shape
    drums, device = columns // 2, rows.device

    def chance(probability: float | Tensor, *shape: int) -> Tensor:
        return torch.rand(shape, generator=generator, device=device) < probability

    taken = chance(how.lanes, n, 1, 1) & chance(how.lane, n, 1, drums)
    mixed = torch.where(taken.repeat(1, 1, 2), others[0], rows)
    later = torch.arange(steps, device=device)[:, None] >= STEPS_PER_BAR  # [steps, 1]
    mixed = torch.where(chance(how.bars, n, 1, 1) & later, others[1], mixed)
    turns = torch.randint(steps // STEPS_PER_BAR, (n, 1), generator=generator, device=device) * STEPS_PER_BAR
    places = (torch.arange(steps, device=device) + turns * chance(how.rotate, n, 1)) % steps
    mixed = mixed.gather(1, places[..., None].expand(-1, -1, columns))
    rate = 2 * how.hits * torch.rand((n, 1, 1), generator=generator, device=device) * chance(how.thin, n, 1, 1)
    gone = chance(rate, n, steps, drums) | (chance(how.mute, n, 1, 1) & chance(how.lane, n, 1, drums))
    poorer = mixed.masked_fill(gone.repeat(1, 1, 2), 0)
    mixed = torch.where((poorer[..., :drums] > 0).flatten(1).any(1)[:, None, None], poorer, mixed)
    return torch.where(chance(how.untouched, n, 1, 1), rows, mixed)
