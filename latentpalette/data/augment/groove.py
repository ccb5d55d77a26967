"""Augmentation of grooves: every hit keeps the velocity and the timing it was played with."""

from __future__ import annotations

import torch
from torch import Tensor

from latentpalette.data.augment.config import Augmentation
from latentpalette.data.augment.mixing import bernoulli, rotate, sample_bar_rotations, sample_dropout_rates
from latentpalette.music.sequence import STEPS_PER_BAR


def augment_grooves(
    windows: Tensor, partners: tuple[Tensor, Tensor], augmentation: Augmentation, *, generator: torch.Generator
) -> Tensor:
    """Augment a batch of grooves, each with the help of two others.

    Drums are exchanged whole, with their velocities and timing; bars stay whole, and beats at their place in the bar.

    Parameters
    ----------
    windows : int8 tensor [n, steps, 18]
        Packed; whole bars.
    partners : two tensors like `windows`
        Drums come from the first, bars from the second.
    augmentation : Augmentation
    generator : torch.Generator

    Returns
    -------
    int8 tensor [n, steps, 18]
    """
    n, steps, columns = windows.shape
    drums, device = columns // 2, windows.device
    is_replaced = bernoulli(augmentation.p_mix_drums, n, 1, 1, generator=generator) & bernoulli(
        augmentation.p_each_drum, n, 1, drums, generator=generator
    )
    augmented = torch.where(is_replaced.repeat(1, 1, 2), partners[0], windows)
    after_first_bar = torch.arange(steps, device=device)[:, None] >= STEPS_PER_BAR  # [steps, 1]
    is_spliced = bernoulli(augmentation.p_splice_bars, n, 1, 1, generator=generator) & after_first_bar
    augmented = torch.where(is_spliced, partners[1], augmented)
    augmented = rotate(augmented, sample_bar_rotations(n, steps, augmentation.p_rotate, generator=generator))
    rates = sample_dropout_rates(n, augmentation, generator=generator)[:, None, None]
    is_dropped = bernoulli(rates, n, steps, drums, generator=generator) | (
        bernoulli(augmentation.p_drop_drums, n, 1, 1, generator=generator)
        & bernoulli(augmentation.p_each_drum, n, 1, drums, generator=generator)
    )
    thinned = augmented.masked_fill(is_dropped.repeat(1, 1, 2), 0)
    has_hits = (thinned[..., :drums] > 0).flatten(1).any(1)[:, None, None]
    augmented = torch.where(has_hits, thinned, augmented)
    return torch.where(bernoulli(augmentation.p_keep, n, 1, 1, generator=generator), windows, augmented)
