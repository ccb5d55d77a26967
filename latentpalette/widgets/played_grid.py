"""The cells of a palette as they are played: with the originals of the corners, locks and mutes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from latentpalette.widgets.cell_grid import CellGrid
from latentpalette.widgets.clips import Clip
from latentpalette.widgets.playback import PlaybackSettings

Cell = tuple[int, int]


@dataclass(frozen=True, eq=False)
class PlayedGrid:
    """The cells of a grid as they are played. They are decoded when they are first asked for.

    Parameters
    ----------
    grid : CellGrid
    use_original_corners : bool
        Whether the corner cells play the corners themselves, not the model's reconstructions.
    playback : PlaybackSettings
    """

    grid: CellGrid
    use_original_corners: bool
    playback: PlaybackSettings

    def source(self, row: int, col: int) -> Clip:
        """Return the clip of a cell before locks and mutes."""
        if self._is_original(row, col):
            return Clip.from_json(self.grid.inputs.corner_clips[2 * bool(row) + bool(col)])
        return self.grid.cell(row, col)

    def clips(self, cells: Sequence[Cell]) -> tuple[Clip, ...]:
        """Return what cells play; those that are not decoded yet are decoded together."""
        self.grid.decode(row * self.grid.size + col for row, col in cells if not self._is_original(row, col))
        played = {cell: self.playback.apply(self.source(*cell)) for cell in set(cells)}
        return tuple(played[cell] for cell in cells)

    def plays_as(self, other: PlayedGrid, cells: Sequence[Cell]) -> bool:
        """Return True if cells play the same in both; without decoding any, where they are not decoded yet."""
        settings, others = ((each.playback, each.use_original_corners) for each in (self, other))
        if settings == others and (self.grid is other.grid or self.grid.inputs == other.grid.inputs):
            return True
        return self._has(cells) and other._has(cells) and self.clips(cells) == other.clips(cells)

    def _has(self, cells: Sequence[Cell]) -> bool:
        """Return True if all of these cells are decoded."""
        clips, size = self.grid.clips, self.grid.size
        return all(self._is_original(row, col) or clips[row * size + col] is not None for row, col in set(cells))

    def _is_original(self, row: int, col: int) -> bool:
        last = self.grid.size - 1
        return self.use_original_corners and row in (0, last) and col in (0, last)
