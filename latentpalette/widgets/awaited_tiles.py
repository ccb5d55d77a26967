"""Tiles of a sampler that are not there yet: they have a label, which says what they are to be, and no clip.

The browser asks for them part by part (static/state/tiles.js); Python draws them when it reads them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple, TypeVar

import traitlets

from latentpalette.widgets.checked_traits import ComputedTrait
from latentpalette.widgets.clips import Clip

T = TypeVar("T")

_LABEL = re.compile(r"seed (\d+), no\. (\d+)")


class AwaitedTile(NamedTuple):
    """A tile that is not there yet, by its index: it is to be sample `number` of a seed, from 0."""

    tile: int
    seed: int
    number: int


class AwaitedTrait(ComputedTrait[T]):
    """A trait that may follow from tiles that are not there yet: these are drawn when it is read."""

    def __get__(self, obj: Any, cls: Any = None) -> Any:
        if isinstance(obj, traitlets.HasTraits):
            obj._finish_trait(self.name)  # type: ignore[attr-defined]
        return super().__get__(obj, cls)


def label_of(seed: int, number: int) -> str:
    """Return the label of a sample of a seed.

    Examples
    --------
    >>> label_of(51, 2)
    'seed 51, no. 3'
    """
    return f"seed {seed}, no. {number + 1}"


def awaited_tiles(clips: Sequence[Clip | None], labels: Sequence[str]) -> list[AwaitedTile]:
    """Return the tiles that are not there yet; one that is empty has no label.

    Examples
    --------
    >>> awaited_tiles([None, None], ["seed 51, no. 3", ""])
    [AwaitedTile(tile=0, seed=51, number=2)]
    """
    tiles = []
    for index, (clip, label) in enumerate(zip(clips, labels, strict=False)):
        found = _LABEL.fullmatch(label) if clip is None else None
        if found:
            tiles.append(AwaitedTile(index, int(found[1]), int(found[2]) - 1))
    return tiles
