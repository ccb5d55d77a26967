"""Batches of melodies: one byte a step in memory, one-hot rows when a model reads them."""

from __future__ import annotations

import torch
from numpy.typing import NDArray
from torch import Tensor

from latentpalette.converters.melody import DEPTH, FIRST_KEY
from latentpalette.data.augment.drums import Recombination
from latentpalette.data.augment.melody import span, varied
from latentpalette.data.augment.mixing import partners
from latentpalette.data.batches.batch import Batch, one_hot


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

    def batch(self, packed: Tensor) -> Batch:
        """Classes [n, t] as a model reads them."""
        rows = one_hot(packed, DEPTH)
        return Batch(rows, rows)

    def draw(self, n: int, how: Recombination, *, generator: torch.Generator, rank: int = 0, world: int = 1) -> Batch:
        """A batch of `n` melodies, drawn with replacement and varied; of these, every `world`-th from `rank` on.

        Every process draws the whole batch, so that several learn from exactly what one would have.
        """
        chosen = torch.randint(len(self), (n,), generator=generator, device=self.rows.device)
        others = [partners(chosen, len(self), near=how.near, generator=generator) for _ in range(2)]
        tunes, lender, singer = (self.rows[each].long() for each in (chosen, *others))
        mixed = varied(tunes, (lender, singer), how, generator=generator, keys=self.keys)
        return self.batch(mixed[rank::world])
