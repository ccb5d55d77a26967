"""Batches of performances: a token and a triad a step in memory, tokens or one-hot frames for a model."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import torch
from numpy.typing import NDArray
from torch import Tensor

from latentpalette.converters.performance import NO_TOKEN
from latentpalette.data.augment.config import Augmentation
from latentpalette.data.augment.performance import augment_performances, count_tracks
from latentpalette.data.batches.base import one_hot, one_step_late
from latentpalette.data.packing import TRIAD_SHIFT
from latentpalette.music.chords import NUM_TRIADS
from latentpalette.music.performance_tokens import END_TOKEN, MAX_TRACKS, NUM_TOKENS, TRACK_LENGTH


@dataclass(frozen=True, eq=False)
class PerformanceBatch:
    """Performances as tokens; their frames, which take five hundred times the memory, are made when asked for.

    Unlike Magenta's targets, which are zeros where a track has ended, these repeat the end token. So a model learns to
    stay silent, and a track follows the same token in training as in decoding.

    Parameters
    ----------
    tokens : int64 tensor [n, 8, 64]
    triads : int64 tensor [n, 8, 64] or None
        None for a model without chords.
    chosen : int64 tensor [n] or None
        As of `Batch`.
    """

    tokens: Tensor
    triads: Tensor | None = None
    chosen: Tensor | None = None

    @property
    def lengths(self) -> Tensor:
        """The number of tokens of each track, its end included [n, 8]."""
        is_end = self.tokens == END_TOKEN
        return torch.where(is_end.any(-1), is_end.int().argmax(-1) + 1, TRACK_LENGTH)

    @cached_property
    def inputs(self) -> Tensor:
        """Frames [n, 512, 490], zeros where a track has ended."""
        in_use = torch.arange(TRACK_LENGTH, device=self.tokens.device) < self.lengths[..., None]
        return self.targets * in_use.flatten(1)[..., None]

    @cached_property
    def targets(self) -> Tensor:
        """Frames [n, 512, 490]."""
        return one_hot(self.tokens.flatten(1), NUM_TOKENS)

    @property
    def controls(self) -> Tensor | None:
        """Triads, one-hot [n, 512, 49]."""
        return None if self.triads is None else one_hot(self.triads.flatten(1), NUM_TRIADS)

    @property
    def previous(self) -> Tensor:
        """The targets shifted by one step, zeros first."""
        return one_step_late(self.targets)


class PerformanceBatches:
    """Batches of performances.

    Parameters
    ----------
    windows : ndarray of uint16 [shape=(n, 512)]
        From `latentpalette.data.packing.pack_performance`.
    chords : bool
        Whether the model is conditioned on the triads.
    device : torch.device, optional

    Examples
    --------
    >>> import numpy as np
    >>> window = np.full((1, 512), NO_TOKEN, np.uint16)
    >>> window[0, :3], window[0, 64::64] = [360, 351, END_TOKEN], END_TOKEN
    >>> batch = PerformanceBatches(window).unpack(torch.from_numpy(window.astype("int32")))
    >>> batch.targets.shape, batch.lengths.tolist()
    (torch.Size([1, 512, 490]), [[3, 1, 1, 1, 1, 1, 1, 1]])
    """

    def __init__(self, windows: NDArray, *, chords: bool = False, device: torch.device | str = "cpu") -> None:
        self.windows = torch.from_numpy(windows.astype("int32")).to(device)
        self.chords = chords
        # Most bars of a corpus are duets and quartets; those of a band have more to learn.
        self._weights = count_tracks(_split(self.windows)[0]).float().square()

    def __len__(self) -> int:
        return len(self.windows)

    def unpack(self, packed: Tensor) -> PerformanceBatch:
        """Return packed performances [n, 512] as a model reads them."""
        tokens, triads = _split(packed)
        return PerformanceBatch(tokens, triads if self.chords else None)

    def sample(
        self, n: int, augmentation: Augmentation, *, generator: torch.Generator, rank: int = 0, world: int = 1
    ) -> PerformanceBatch:
        """Sample `n` performances with replacement, and augment them; see `Batches.sample`.

        They are drawn in proportion to the square of the number of their tracks.
        """
        chosen = torch.multinomial(self._weights, n, replacement=True, generator=generator)
        tokens, triads = augment_performances(*_split(self.windows[chosen]), augmentation, generator=generator)
        mine = slice(rank, None, world)
        return PerformanceBatch(tokens[mine], triads[mine] if self.chords else None, chosen[mine])


def _split(packed: Tensor) -> tuple[Tensor, Tensor]:
    """Return tokens and triads [n, 8, 64] of packed performances [n, 512]; a track that has ended repeats its last."""
    packed = packed.long().unflatten(1, (MAX_TRACKS, TRACK_LENGTH))
    tokens, triads = packed & ((1 << TRIAD_SHIFT) - 1), packed >> TRIAD_SHIFT
    has_ended = tokens == NO_TOKEN
    last = ((~has_ended).sum(-1, keepdim=True) - 1).clamp(min=0)
    return torch.where(has_ended, END_TOKEN, tokens), torch.where(has_ended, triads.gather(-1, last), triads)
