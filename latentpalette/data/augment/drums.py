"""Augmentation of drum loops: mix drums, beats and bars of several loops, rotate them, drop hits.

A corpus of a few thousand loops can be memorized. Since every batch mixes its loops differently, the network has to
learn what loops consist of.
"""

from __future__ import annotations

import torch
from torch import Tensor

from latentpalette.data.augment.config import Augmentation
from latentpalette.data.augment.mixing import bernoulli, rotate, sample_dropout_rates
from latentpalette.music.sequence import STEPS_PER_BAR, STEPS_PER_QUARTER


def augment_drums(hits: Tensor, augmentation: Augmentation, *, generator: torch.Generator) -> Tensor:
    """Augment a batch of drum loops by mixing them with one another.

    Parameters
    ----------
    hits : bool tensor [n, steps, drums]
        On any device; whole bars.
    augmentation : Augmentation
    generator : torch.Generator
        On the device of `hits`.

    Returns
    -------
    bool tensor [n, steps, drums]

    Examples
    --------
    >>> loops = torch.ones(4, 32, 9, dtype=torch.bool)
    >>> rng = torch.Generator().manual_seed(0)
    >>> bool(augment_drums(loops, Augmentation.none(), generator=rng).all())
    True
    """
    n, steps, drums = hits.shape
    device = hits.device

    def sample_loops() -> Tensor:
        return hits[torch.randint(n, (n,), generator=generator, device=device)]

    is_replaced = bernoulli(augmentation.p_mix_drums, n, 1, 1, generator=generator) & bernoulli(
        augmentation.p_each_drum, n, 1, drums, generator=generator
    )
    augmented = torch.where(is_replaced, sample_loops(), hits)
    if augmentation.p_mix_beats:
        is_replaced = bernoulli(augmentation.p_mix_beats, n, 1, 1, generator=generator) & bernoulli(
            augmentation.p_each_beat, n, steps // STEPS_PER_QUARTER, 1, generator=generator
        )
        augmented = torch.where(is_replaced.repeat_interleave(STEPS_PER_QUARTER, 1), sample_loops(), augmented)
    after_first_bar = torch.arange(steps, device=device)[:, None] >= STEPS_PER_BAR  # [steps, 1]
    is_replaced = bernoulli(augmentation.p_splice_bars, n, 1, 1, generator=generator) & after_first_bar
    augmented = torch.where(is_replaced, sample_loops(), augmented)
    is_rotated = bernoulli(augmentation.p_rotate, n, generator=generator)
    beats = torch.randint(steps // STEPS_PER_QUARTER, (n,), generator=generator, device=device)
    augmented = rotate(augmented, beats * STEPS_PER_QUARTER * is_rotated)
    rates = sample_dropout_rates(n, augmentation, generator=generator)[:, None, None]
    augmented = augmented & ~bernoulli(rates, n, steps, drums, generator=generator)
    return torch.where(bernoulli(augmentation.p_keep, n, 1, 1, generator=generator), hits, augmented)
