"""A path over a palette: the stroke that was drawn, the cells it crosses, and the music they make."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path as File
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from latentpalette.errors import PaletteError
from latentpalette.latent.grids import bilinear_weights
from latentpalette.music import midi
from latentpalette.music.sequence import STEPS_PER_BAR, NoteSequence

if TYPE_CHECKING:
    import pretty_midi

Cell = tuple[int, int]
Point = tuple[float, float]

MODES = ("once", "loop", "ping-pong")


@dataclass(frozen=True, eq=False)
class Path:
    """An ordered walk over a palette, as it is heard.

    Parameters
    ----------
    points : tuple of (x, y)
        The stroke; 0 to 1, x to the right and y down, between the centres of the corner cells.
    cells : tuple of (row, column)
        One lap: the cells that sound one after the other; with "ping-pong" there and back.
    notes : NoteSequence
        The music of one lap.
    z : ndarray [shape=(cells, z)]
        Where each cell lies in latent space.
    size : int
        Cells along a side of the palette.
    bars_per_cell : int
    """

    points: tuple[Point, ...]
    cells: tuple[Cell, ...]
    notes: NoteSequence
    z: NDArray[np.floating] = field(repr=False)
    size: int
    bars_per_cell: int

    @property
    def seconds(self) -> float:
        """How long one lap lasts [seconds]."""
        return self.notes.seconds

    @property
    def bars(self) -> int:
        """How many bars one lap has."""
        return len(self.cells) * self.bars_per_cell

    @property
    def markers(self) -> list[tuple[int, str]]:
        """The step at which each cell begins, and its name: ``(32, "r3 c7 · A .31 B .44 C .10 D .15")``."""
        length = self.bars_per_cell * STEPS_PER_BAR
        return [(turn * length, cell_text(cell, self.size)) for turn, cell in enumerate(self.cells)]

    def __len__(self) -> int:
        return len(self.cells)

    def __bool__(self) -> bool:
        return bool(self.cells)

    def __repr__(self) -> str:
        minutes, seconds = divmod(round(self.seconds), 60)
        return f"Path({len(self.cells)} cells, {self.bars} bars, {minutes}:{seconds:02})"

    def to_pretty_midi(self) -> pretty_midi.PrettyMIDI:
        """One lap as a `pretty_midi.PrettyMIDI`, with the name of each cell where it begins."""
        return midi.to_pretty_midi(self.notes, markers=self.markers)

    def save(self, path: str | os.PathLike[str]) -> File:
        """Write one lap as a file: ``.mid`` (with a marker a cell), ``.wav`` or ``.mp3``.

        Raises
        ------
        PaletteError
            If there is no path yet.
        """
        path = File(path)
        if not self.cells:
            raise PaletteError(
                "There is no path to save. Draw one, or set it: palette.path = [(0, 0), (5, 5)] (cells: row, column)."
            )
        if path.suffix.lower() in (".mid", ".midi"):
            return midi.write(self.notes, path, markers=self.markers)
        return self.notes.save(path)


def cell_text(cell: Cell, size: int) -> str:
    """The name of a cell, with the share of each corner.

    Examples
    --------
    >>> cell_text((0, 2), 5)
    'r1 c3 · A .50 B .50 C .00 D .00'
    """
    row, column = cell
    # Half a hundredth goes up, as in the browser.
    shares = bilinear_weights(column / (size - 1), row / (size - 1)).tolist()
    said = " ".join(
        f"{letter} {math.floor(100 * share + 0.5) / 100:.2f}".replace(" 0.", " .")
        for letter, share in zip("ABCD", shares, strict=True)
    )
    return f"r{row + 1} c{column + 1} · {said}"


def lap(cells: Sequence[Cell], mode: str) -> list[Cell]:
    """The cells of one lap: there, and for "ping-pong" back again without playing the ends twice.

    Examples
    --------
    >>> lap([(0, 0), (0, 1), (0, 2)], "ping-pong")
    [(0, 0), (0, 1), (0, 2), (0, 1)]
    """
    return [*cells, *reversed(cells[1:-1])] if mode == "ping-pong" else list(cells)


def points_of(path: Iterable[Sequence[float]], size: int) -> list[list[float]]:
    """Read what a path is assigned from: cells (pairs of int, row and column) or points (pairs of float, x and y).

    Raises
    ------
    PaletteError
        If it is neither, or leaves the palette.

    Examples
    --------
    >>> points_of([(0, 4), (2, 4)], 5)
    [[1.0, 0.0], [1.0, 0.5]]
    """
    pairs = [tuple(pair) for pair in path]
    for pair in pairs:
        if len(pair) != 2 or not all(isinstance(value, int | float | np.number) for value in pair):
            raise PaletteError(f"A path is a list of cells (row, column) or of points (x, y); got {pair!r} in it.")
    if all(isinstance(value, int | np.integer) for pair in pairs for value in pair):
        for pair in pairs:
            if not all(0 <= value < size for value in pair):
                raise PaletteError(f"Rows and columns run from 0 to {size - 1} here; got {pair!r}.")
        return [[float(column) / (size - 1), float(row) / (size - 1)] for row, column in pairs]
    for pair in pairs:
        if not all(0 <= value <= 1 for value in pair):
            raise PaletteError(f"Points lie between 0 and 1, x to the right and y down; got {pair!r}.")
    return [[float(x), float(y)] for x, y in pairs]
