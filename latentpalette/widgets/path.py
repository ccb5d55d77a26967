"""A path over a palette: the stroke, the cells that it crosses, and their music."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from latentpalette.calls import explain_methods
from latentpalette.errors import PaletteError
from latentpalette.files import expand_path
from latentpalette.latent.grids import CORNERS
from latentpalette.music import midi
from latentpalette.music.sequence import STEPS_PER_BAR, NoteSequence
from latentpalette.validation import short_repr
from latentpalette.widgets.model_clips import ModelClips
from latentpalette.widgets.playback import join_in_phase
from latentpalette.widgets.played_grid import Cell, PlayedGrid
from latentpalette.widgets.settings import MAX_PATH_POINTS, check_points
from latentpalette.wording import counted

if TYPE_CHECKING:
    import pretty_midi

Point = tuple[float, float]

MAX_LAP_BARS = 20_000  # of which notes are made: 11 hours at 120 qpm


@explain_methods
@dataclass(frozen=True, eq=False)
class PalettePath:
    """A path over a palette, as it is played.

    Two are equal if points, cells, z and notes are.

    Parameters
    ----------
    points : tuple of (x, y) [0 to 1]
        The stroke, x to the right and y down, between the centers of the corner cells.
    cells : tuple of (row, column)
        The cells of one lap in the order of playing; with "ping-pong" there and back.
    bars_per_cell : int
    played : PlayedGrid
        The palette's cells as they are played.
    music : ModelClips
        Makes notes of the clips.
    qpm : float [quarter notes per minute]
    grid : ndarray [shape=(size, size, z)]
        Latent vectors of the palette's cells.

    Attributes
    ----------
    z : ndarray [shape=(cells, z)]
        Latent vector of each cell of the lap.
    notes : NoteSequence
        The music of one lap. Cells of a slow model that are not decoded yet are decoded for it.
    """

    points: tuple[Point, ...]
    cells: tuple[Cell, ...]
    bars_per_cell: int
    played: PlayedGrid = field(repr=False)
    music: ModelClips = field(repr=False)
    qpm: float
    grid: NDArray[np.floating] = field(repr=False)

    @cached_property
    def z(self) -> NDArray[np.floating]:
        """Latent vectors [cells, z]."""
        rows, columns = np.array(self.cells, int).reshape(-1, 2).T
        return self.grid[rows, columns]

    @cached_property
    def notes(self) -> NoteSequence:
        """The music of one lap."""
        if self.bars > MAX_LAP_BARS:
            raise PaletteError(
                f"This path crosses {len(self.cells):,} cells, {self.bars:,} bars; notes are made of up to "
                f"{MAX_LAP_BARS:,}. Take fewer points, or a smaller bars_per_cell."
            )
        clips = self.played.clips(self.cells)
        loops = {clip: self.music.sequence(clip, self.qpm) for clip in set(clips)}
        return join_in_phase([loops[clip] for clip in clips], self.bars_per_cell, self.qpm)

    @property
    def size(self) -> int:
        """Cells along a side of the palette."""
        return len(self.grid)

    @property
    def seconds(self) -> float:
        """Length of one lap [seconds]."""
        return self.bars * STEPS_PER_BAR * 15.0 / self.qpm

    @property
    def bars(self) -> int:
        """Length of one lap [bars]."""
        return len(self.cells) * self.bars_per_cell

    @property
    def markers(self) -> list[tuple[int, str]]:
        """The step at which each cell begins, with its label: ``(32, "r3 c7 · A .32 B .48 C .08 D .12")``."""
        length = self.bars_per_cell * STEPS_PER_BAR
        return [(turn * length, cell_label(cell, self.size)) for turn, cell in enumerate(self.cells)]

    @property
    def _identity(self) -> tuple[object, ...]:
        return self.points, self.cells, self.size, self.bars_per_cell, self.music.programs, self.qpm

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PalettePath):
            return NotImplemented
        if self._identity != other._identity or not self.played.plays_as(other.played, self.cells):
            return False
        return self.grid is other.grid or np.array_equal(self.z, other.z)

    def __hash__(self) -> int:
        return hash(self._identity)

    def __len__(self) -> int:
        return len(self.cells)

    def __bool__(self) -> bool:
        return bool(self.cells)

    def __repr__(self) -> str:
        minutes, seconds = divmod(round(self.seconds), 60)
        return f"PalettePath({counted(len(self.cells), 'cell')}, {counted(self.bars, 'bar')}, {minutes}:{seconds:02})"

    def to_pretty_midi(self) -> pretty_midi.PrettyMIDI:
        """Convert one lap to a `pretty_midi.PrettyMIDI`, with a text event where each cell begins."""
        return midi.to_pretty_midi(self.notes, markers=self.markers)

    def save(self, path: str | os.PathLike[str], *, loop: bool = False) -> Path:
        """Write one lap as a file: ``.mid`` (with a marker for each cell), ``.wav`` or ``.mp3``.

        With `loop`, audio is exactly one lap long, to be repeated; see `NoteSequence.save`.

        Raises
        ------
        PaletteError
            If there is no path yet, or it is too long to make notes of.
        """
        path = expand_path(path)
        if not self.cells:
            raise PaletteError(
                "There is no path to save. Draw one, or set it: palette.path = [(0, 0), (5, 5)] (cells: row, column)."
            )
        if path.suffix.lower() in (".mid", ".midi"):
            return midi.write(self.notes, path, markers=self.markers)
        return self.notes.save(path, loop=loop)


def cell_label(cell: Cell, size: int) -> str:
    """Return the name of a cell with the weight of each corner, to hundredths.

    Examples
    --------
    >>> cell_label((0, 2), 5)
    'r1 c3 · A .50 B .50 C .00 D .00'
    """
    row, column = cell
    last = size - 1
    # In whole numbers, so that halves are rounded up without exception, here as in the browser.
    shares = ((last - column) * (last - row), column * (last - row), (last - column) * row, column * row)
    hundredths = [(200 * share + last**2) // (2 * last**2) for share in shares]
    weights = " ".join(
        f"{letter} {'1' if number == 100 else ''}.{number % 100:02}"
        for letter, number in zip(CORNERS, hundredths, strict=True)
    )
    return f"r{row + 1} c{column + 1} · {weights}"


def playback_order(cells: Sequence[Cell], mode: str) -> list[Cell]:
    """Return the cells of one lap: forward, and for "ping-pong" back again, without playing the ends twice.

    Examples
    --------
    >>> playback_order([(0, 0), (0, 1), (0, 2)], "ping-pong")
    [(0, 0), (0, 1), (0, 2), (0, 1)]
    """
    return [*cells, *reversed(cells[1:-1])] if mode == "ping-pong" else list(cells)


def to_points(path: PalettePath | Iterable[Sequence[float]], size: int) -> list[list[float]]:
    """Convert a path to points.

    Parameters
    ----------
    path : PalettePath, list of (row, column), or list of (x, y)
        Pairs of int are cells, pairs of float are points.
    size : int
        Cells along a side of the palette.

    Raises
    ------
    PaletteError
        If it is none of these, or leaves the palette.

    Examples
    --------
    >>> to_points([(0, 4), (2, 4)], 5)
    [[1.0, 0.0], [1.0, 0.5]]
    """
    if isinstance(path, PalettePath):
        return [list(point) for point in path.points]
    if isinstance(path, (str, bytes, dict, set)) or not isinstance(path, Iterable):
        raise PaletteError(f"A path is a list of cells (row, column) or of points (x, y); got {short_repr(path)}.")
    pairs = [pair for _, pair in zip(range(MAX_PATH_POINTS + 1), path, strict=False)]
    if len(pairs) > MAX_PATH_POINTS:
        raise PaletteError(
            f"A path has up to {MAX_PATH_POINTS:,} cells or points; got more. Leave out some: path[::2]."
        )
    for pair in pairs:
        if not _is_pair_of_numbers(pair):
            raise PaletteError(
                f"A path is a list of cells (row, column) or of points (x, y); got {short_repr(pair)} in it."
            )
    if all(isinstance(value, (int, np.integer)) for pair in pairs for value in pair):
        for pair in pairs:
            if not all(0 <= value < size for value in pair):
                raise PaletteError(f"Rows and columns run from 0 to {size - 1} here; got {short_repr(pair)}.")
        return [[float(column) / (size - 1), float(row) / (size - 1)] for row, column in pairs]
    return check_points(pairs)


def _is_pair_of_numbers(pair: object) -> bool:
    if not isinstance(pair, (tuple, list, np.ndarray)) or len(pair) != 2:
        return False
    return all(isinstance(value, (int, float, np.number)) and not isinstance(value, bool) for value in pair)
