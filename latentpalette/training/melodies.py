"""Batches of melodies: one byte a step in memory, one-hot rows when a model reads them."""

from __future__ import annotations

import torch
from numpy.typing import NDArray
from torch import Tensor

from latentpalette.converters.melody import DEPTH, FIRST_KEY
from latentpalette.training.augment import Recombination
from latentpalette.training.batch import Batch, one_hot
from latentpalette.training.tunes import span, varied

_NEAR = 24  # rows of a corpus; windows lie a bar apart and songs one after the other, so most are of the same song


class Melodies:
    """Melodies: classes in memory, one-hot rows in and out.

    Parameters
    ----------
    rows : ndarray of uint8 [shape=(n, steps)]
        Classes, as `latentpalette.converters.melody` numbers them, in the order of a corpus.
    device : torch.device, optional

    Examples
    --------
    >>> import numpy as np
    >>> tunes = Melodies(np.array([[41, 0, 1, 0] * 4], np.uint8))
    >>> batch = tunes.batch(tunes.rows)
    >>> batch.inputs.shape, batch.targets.argmax(-1)[0, :4].tolist()
    (torch.Size([1, 16, 90]), [41, 0, 1, 0])
    """

    def __init__(self, rows: NDArray, *, device: torch.device | str = "cpu") -> None:
        self.rows = torch.tensor(rows, device=device)
        low, high = span(self.rows)
        self.keys = (max(int(low.min()), FIRST_KEY), min(int(high.max()), DEPTH - 1))

    def __len__(self) -> int:
        return len(self.rows)

    def batch(self, classes: Tensor) -> Batch:
        """Classes [n, t] as a model reads them."""
        rows = one_hot(classes, DEPTH)
        return Batch(rows, rows)

    def draw(self, n: int, how: Recombination, *, generator: torch.Generator, rank: int = 0, world: int = 1) -> Batch:
        """A batch of `n` melodies, drawn with replacement and varied; of these, every `world`-th from `rank` on.

        Every process draws the whole batch, so that several learn from exactly what one would have.
        """
        device = self.rows.device
        chosen = torch.randint(len(self), (n,), generator=generator, device=device)
        partners = [self._partners(chosen, how, generator) for _ in range(2)]
        tunes, lender, singer = (self.rows[each].long() for each in (chosen, *partners))
        mixed = varied(tunes, (lender, singer), how, generator=generator, keys=self.keys)
        return self.batch(mixed[rank::world])

    def _partners(self, chosen: Tensor, how: Recombination, generator: torch.Generator) -> Tensor:
        """A row for each chosen one [n]: from near it, which is mostly the same song, or from anywhere."""
        device, n = chosen.device, len(chosen)
        steps_away = torch.randint(-_NEAR, _NEAR + 1, (n,), generator=generator, device=device)
        anywhere = torch.randint(len(self), (n,), generator=generator, device=device)
        near = torch.rand((n,), generator=generator, device=device) < how.near
        return torch.where(near, (chosen + steps_away).clamp(0, len(self) - 1), anywhere)
