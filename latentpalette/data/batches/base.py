"""Batches drawn on the device: the packed corpus lives there whole, and a batch is a lookup, not a delivery."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import torch
from numpy.typing import NDArray
from torch import Tensor

from latentpalette.converters.groove import GrooveConverter
from latentpalette.data.augment.drums import Recombination, recombine
from latentpalette.data.batches.batch import Batch, one_hot
from latentpalette.data.batches.groove import Grooves
from latentpalette.data.batches.melody import Melodies
from latentpalette.data.batches.trio import Bands
from latentpalette.errors import TrainingError

__all__ = ["Bands", "Batch", "Batches", "Drums", "Grooves", "Melodies", "batches"]


class Batches(Protocol):
    """A packed corpus on a device, ready to be drawn from."""

    rows: Tensor

    def __len__(self) -> int: ...

    def batch(self, packed: Tensor) -> Batch:
        """Packed windows [n, steps, ...], as in `rows`, as a model reads them."""

    def draw(self, n: int, how: Recombination, *, generator: torch.Generator, rank: int = 0, world: int = 1) -> Batch:
        """A batch of `n` windows, drawn with replacement and recombined; of these, every `world`-th from `rank` on."""


class Drums:
    """Drum loops: labels in memory, a roll in, one-hot labels out.

    Parameters
    ----------
    rows : ndarray of uint16 [shape=(n, steps)]
        Labels; bit k is drum k.
    drums : int
    device : torch.device, optional

    Examples
    --------
    >>> import numpy as np
    >>> loops = Drums(np.array([[1, 0, 4, 0]], np.uint16))
    >>> batch = loops.batch(loops.rows)
    >>> batch.inputs.shape, batch.targets.shape, batch.inputs[0, 1].tolist()[-1]
    (torch.Size([1, 4, 10]), torch.Size([1, 4, 512]), 1.0)
    """

    def __init__(self, rows: NDArray, *, drums: int = 9, device: torch.device | str = "cpu") -> None:
        self.rows = torch.from_numpy(rows.astype("int32")).to(device)
        self.bits = 2 ** torch.arange(drums, dtype=torch.int32, device=device)

    def __len__(self) -> int:
        return len(self.rows)

    def rolls(self, labels: Tensor) -> Tensor:
        """Labels [n, t] as rolls, bool [n, t, drums]."""
        return labels[..., None].bitwise_and(self.bits) > 0

    def labels(self, rolls: Tensor) -> Tensor:
        """Rolls [n, t, drums] as labels, int64 [n, t]."""
        return (rolls * self.bits).sum(-1)

    def batch(self, packed: Tensor) -> Batch:
        """Labels [n, t] as a model reads them."""
        return self._unpacked(self.rolls(packed))

    def draw(self, n: int, how: Recombination, *, generator: torch.Generator, rank: int = 0, world: int = 1) -> Batch:
        """A batch of `n` loops, drawn with replacement and recombined; of these, every `world`-th from `rank` on.

        Every process draws the whole batch, so that several learn from exactly what one would have.
        """
        chosen = torch.randint(len(self.rows), (n,), generator=generator, device=self.rows.device)
        mixed = recombine(self.rolls(self.rows[chosen]), how, generator=generator)
        return self._unpacked(mixed[rank::world])

    def _unpacked(self, rolls: Tensor) -> Batch:
        silent = ~rolls.any(-1, keepdim=True)
        targets = one_hot(self.labels(rolls), 2 ** len(self.bits))
        return Batch(torch.cat([rolls, silent], -1).float(), targets)


def batches(rows: NDArray, converter: Mapping[str, Any], *, device: torch.device | str = "cpu") -> Batches:
    """The packed rows of a corpus, on a device, ready to be drawn from.

    Parameters
    ----------
    rows : ndarray
        From `latentpalette.data.corpus.Corpus`.
    converter : mapping
        As `ModelConfig.converter`.

    Raises
    ------
    TrainingError
        If nothing is known of this representation, or there are no rows.
    """
    if not len(rows):
        raise TrainingError("There are no windows to draw batches from. Add sources to the corpus.")
    name = converter.get("name")
    if name == "drums":
        return Drums(rows, device=device)
    if name == "melody" and not converter.get("chords"):
        return Melodies(rows, device=device)
    if name == "groove":
        return Grooves(
            rows, GrooveConverter(**{key: converter[key] for key in converter if key != "name"}), device=device
        )
    if name == "trio":
        return Bands(rows, device=device)
    raise TrainingError(f"No batches can be made for the converter {dict(converter)!r} yet.")
