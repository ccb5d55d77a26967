"""Random choices shared by all augmentations: partners to mix with, rotations, splices, dropout rates.

Each function draws from the generator in a fixed order, so that a seed determines a training run.
"""

from __future__ import annotations

import torch
from torch import Tensor

from latentpalette.data.augment.config import Augmentation
from latentpalette.music.sequence import STEPS_PER_BAR

NEARBY_WINDOWS = 24  # windows of a corpus start a bar apart and songs follow one another: most are of the same song


def bernoulli(probability: float | Tensor, *shape: int, generator: torch.Generator) -> Tensor:
    """Draw from Bernoulli distributions, bool [*shape], on the generator's device.

    Examples
    --------
    >>> bernoulli(1.0, 3, generator=torch.Generator().manual_seed(0)).tolist()
    [True, True, True]
    """
    return torch.rand(shape, generator=generator, device=generator.device) < probability


def sample_partners(chosen: Tensor, count: int, *, p_same_song: float, generator: torch.Generator) -> Tensor:
    """Draw the index of a window to mix each chosen window with.

    Parameters
    ----------
    chosen : int64 tensor [n]
        Indices of windows, in the order of a corpus.
    count : int
        The number of windows there are.
    p_same_song : float
        Probability of a partner at most `NEARBY_WINDOWS` away; any other is drawn from the whole corpus.
    generator : torch.Generator

    Returns
    -------
    int64 tensor [n]

    Examples
    --------
    >>> rng = torch.Generator().manual_seed(0)
    >>> partners = sample_partners(torch.full((9,), 500), 1000, p_same_song=1.0, generator=rng)
    >>> int((partners - 500).abs().max()) <= NEARBY_WINDOWS
    True
    """
    device, n = chosen.device, len(chosen)
    distance = torch.randint(-NEARBY_WINDOWS, NEARBY_WINDOWS + 1, (n,), generator=generator, device=device)
    anywhere = torch.randint(count, (n,), generator=generator, device=device)
    is_nearby = bernoulli(p_same_song, n, generator=generator)
    return torch.where(is_nearby, (chosen + distance).clamp(0, count - 1), anywhere)


def sample_dropout_rates(n: int, augmentation: Augmentation, *, generator: torch.Generator) -> Tensor:
    """Draw the probability [n] with which each window loses its notes; 0 for windows that are not thinned."""
    rates = 2 * augmentation.note_dropout * torch.rand((n,), generator=generator, device=generator.device)
    return rates * bernoulli(augmentation.p_thin, n, generator=generator)


def sample_splices(n: int, steps: int, p_splice_bars: float, *, generator: torch.Generator) -> Tensor:
    """Draw the steps to take from a partner, bool [n, steps]: with probability `p_splice_bars` all after a bar line."""
    device = generator.device
    bar = torch.randint(1, max(steps // STEPS_PER_BAR, 2), (n, 1), generator=generator, device=device)
    after = torch.arange(steps, device=device) >= bar * STEPS_PER_BAR
    return bernoulli(p_splice_bars, n, 1, generator=generator) & after


def sample_bar_rotations(n: int, steps: int, p_rotate: float, *, generator: torch.Generator) -> Tensor:
    """Draw rotations [n, in steps] by a number of bars, with probability `p_rotate`; 0 otherwise."""
    bars = torch.randint(steps // STEPS_PER_BAR, (n,), generator=generator, device=generator.device)
    return bars * STEPS_PER_BAR * bernoulli(p_rotate, n, generator=generator)


def rotate(windows: Tensor, start: Tensor) -> Tensor:
    """Rotate each window [n, steps, ...] so that it begins at its own step `start` [n].

    Examples
    --------
    >>> rotate(torch.arange(4).repeat(2, 1), torch.tensor([0, 3])).tolist()
    [[0, 1, 2, 3], [3, 0, 1, 2]]
    """
    n, steps = windows.shape[:2]
    index = (torch.arange(steps, device=windows.device) + start[:, None]) % steps  # [n, steps]
    return windows.gather(1, index.reshape(n, steps, *[1] * (windows.ndim - 2)).expand_as(windows))
