"""Batches of trios: a melody's class, a bass's class and drums' labels in memory, one-hot rows for a model."""

from __future__ import annotations

import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from latentpalette.converters.melody import DEPTH, FIRST_KEY
from latentpalette.data.augment.drums import Recombination
from latentpalette.data.augment.melody import in_the_key_of, inverted, shifts, span, thinned, tidied, transposed
from latentpalette.data.augment.mixing import partners
from latentpalette.data.batches.batch import Batch
from latentpalette.music.sequence import STEPS_PER_BAR

LABELS = 512
DEPTHS = (DEPTH, DEPTH, LABELS)


class Bands:
    """Trios: three numbers a step in memory, 692 columns in and out.

    Parameters
    ----------
    rows : ndarray of uint16 [shape=(n, steps, 3)]
        From `latentpalette.data.packing.packed_trio`, in the order of a corpus.
    device : torch.device, optional

    Examples
    --------
    >>> import numpy as np
    >>> trios = Bands(np.full((1, 64, 3), 40, np.uint16))
    >>> batch = trios.batch(trios.rows)
    >>> batch.targets.shape, batch.targets[0, 0].nonzero().flatten().tolist()
    (torch.Size([1, 64, 692]), [40, 130, 220])
    """

    def __init__(self, rows: NDArray, *, device: torch.device | str = "cpu") -> None:
        self.rows = torch.tensor(rows.astype("int16"), device=device)
        lows, highs = zip(*(span(self.rows[..., part]) for part in (0, 1)), strict=True)
        self.keys = tuple(
            (max(int(low.min()), FIRST_KEY), min(int(high.max()), DEPTH - 1))
            for low, high in zip(lows, highs, strict=True)
        )
        self.drums = 2 ** torch.arange(LABELS.bit_length() - 1, device=device)

    def __len__(self) -> int:
        return len(self.rows)

    def batch(self, packed: Tensor) -> Batch:
        """Packed trios [n, t, 3] as a model reads them."""
        starts = torch.tensor([0, DEPTH, 2 * DEPTH], device=packed.device)
        rows = torch.zeros(*packed.shape[:-1], sum(DEPTHS), device=packed.device)
        rows.scatter_(-1, packed.long() + starts, 1.0)
        return Batch(rows, rows)

    def draw(self, n: int, how: Recombination, *, generator: torch.Generator, rank: int = 0, world: int = 1) -> Batch:
        """A batch of `n` trios, drawn with replacement and recombined; of these, every `world`-th from `rank` on."""
        chosen = torch.randint(len(self), (n,), generator=generator, device=self.rows.device)
        lender = partners(chosen, len(self), near=how.near, generator=generator)
        drummer = partners(chosen, len(self), near=how.near, generator=generator)
        own, theirs, beats = (self.rows[each].long() for each in (chosen, lender, drummer))
        return self.batch(self._recombined(own, theirs, beats, how, generator)[rank::world])

    def _recombined(
        self, own: Tensor, theirs: Tensor, beats: Tensor, how: Recombination, generator: torch.Generator
    ) -> Tensor:
        """Trios [n, t, 3]: drums and later bars from others, melody and bass always in one key."""
        n, steps, _ = own.shape
        bars, device = steps // STEPS_PER_BAR, own.device

        def chance(probability: float | Tensor, *shape: int) -> Tensor:
            return torch.rand(shape, generator=generator, device=device) < probability

        steps_on = torch.arange(steps, device=device)
        # Melody and bass one after the other are one long tune to whatever shifts keys.
        tune, theirs_tune = (each[..., :2].transpose(1, 2).flatten(1) for each in (own, theirs))  # [n, 2 t]
        lent = in_the_key_of(tune, theirs_tune)
        edge = torch.randint(1, max(bars, 2), (n, 1), generator=generator, device=device) * STEPS_PER_BAR
        later = chance(how.bars, n, 1) & (steps_on >= edge)  # [n, t]
        tune = torch.where(later.repeat(1, 2), lent, tune)
        labels = torch.where(later, theirs[..., 2], own[..., 2])
        labels = torch.where(chance(how.lanes, n, 1), beats[..., 2], labels)
        melody, bass = tune.unflatten(1, (2, steps)).unbind(1)
        melody = torch.where(chance(how.invert, n, 1), inverted(melody), melody)
        turns = torch.randint(bars, (n, 1), generator=generator, device=device) * STEPS_PER_BAR
        places = (steps_on + turns * chance(how.rotate, n, 1)) % steps
        melody, bass, labels = (each.gather(1, places) for each in (melody, bass, labels))
        rate = 2 * how.hits * torch.rand((n, 1), generator=generator, device=device) * chance(how.thin, n, 1)
        melody, bass = (thinned(each, rate, generator=generator) for each in (melody, bass))
        kept = ~chance(rate[..., None], n, steps, len(self.drums))
        labels = labels & (kept * self.drums).sum(-1)
        untouched = chance(how.untouched, n, 1)
        parts = [torch.where(untouched, own[..., part], each) for part, each in enumerate((melody, bass, labels))]
        moved = self._shifts(parts[0], parts[1], how, chance(how.transpose, n), generator)
        melody, bass = (tidied_after_start(transposed(each, moved)) for each in parts[:2])
        return torch.stack([melody, bass, parts[2]], -1)

    def _shifts(
        self, melody: Tensor, bass: Tensor, how: Recombination, moved: Tensor, generator: torch.Generator
    ) -> Tensor:
        """One shift [n] for melody and bass together, within what each reaches in the corpus."""
        (low, high), (low_bass, high_bass) = span(melody), span(bass)
        (least, most), (least_bass, most_bass) = self.keys
        down = torch.maximum(least - low, least_bass - low_bass).clamp(-how.semitones, 0)
        up = torch.minimum(most - high, most_bass - high_bass).clamp(0, how.semitones)
        return shifts(down, up, generator=generator) * moved


def tidied_after_start(tunes: Tensor) -> Tensor:
    """As `tidied`, but a note from before the window may still be let go in it [n, steps]: trios hear that.

    Examples
    --------
    >>> tidied_after_start(torch.tensor([[0, 1, 0, 1, 40, 1, 1]])).tolist()
    [[0, 1, 0, 0, 40, 1, 0]]
    """
    held = functional.pad(tunes, (1, 0), value=FIRST_KEY)  # as if a note were struck just before
    return tidied(held)[:, 1:]
