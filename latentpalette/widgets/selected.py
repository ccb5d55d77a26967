"""The selected cell of a palette, as a value."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from latentpalette.latent.grids import bilinear_weights
from latentpalette.music.sequence import NoteSequence
from latentpalette.widgets.clips import Clip
from latentpalette.widgets.model_clips import ModelClips


@dataclass(frozen=True, eq=False)
class SelectedCell:
    """The cell under the puck.

    Two are equal if position, z and notes are: a change of any other trait does not make them differ.

    Parameters
    ----------
    row, col : int
        Position in the grid, from 0.
    x, y : float [0 to 1]
        Position of the puck.
    clip : Clip
        What is played, with locks and mutes.
    music : ModelClips
        Makes notes of the clip.
    qpm : float [quarter notes per minute]
    grid : ndarray [shape=(size, size, z)]
        Latent vectors of the cells.
    exact_z : ndarray [shape=(z,)], optional
        Latent vector of the puck, where it plays between the cells.

    Attributes
    ----------
    weights : tuple of float
        Bilinear weights of the corners A, B, C, D at the center of the cell, or between the cells at the puck.
    z : ndarray [shape=(z,)]
        Latent vector of the cell, or between the cells of the puck.
    notes : NoteSequence
        The loop as it is played.
    """

    row: int
    col: int
    x: float
    y: float
    clip: Clip = field(repr=False)
    music: ModelClips = field(repr=False)
    qpm: float = field(repr=False)
    grid: NDArray[np.floating] = field(repr=False)
    exact_z: NDArray[np.floating] | None = field(default=None, repr=False)

    @cached_property
    def weights(self) -> tuple[float, float, float, float]:
        """Bilinear weights of the corners A, B, C, D."""
        last = len(self.grid) - 1
        x, y = (self.col / last, self.row / last) if self.exact_z is None else (self.x, self.y)
        a, b, c, d = bilinear_weights(x, y).tolist()
        return a, b, c, d

    @cached_property
    def z(self) -> NDArray[np.floating]:
        """Latent vector [z]."""
        return (self.grid[self.row, self.col] if self.exact_z is None else self.exact_z).copy()

    @cached_property
    def notes(self) -> NoteSequence:
        """The loop as it is played."""
        return self.music.sequence(self.clip, self.qpm)

    @property
    def _identity(self) -> tuple[object, ...]:
        return self.row, self.col, self.x, self.y, len(self.grid), self.clip, self.music.programs, self.qpm

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SelectedCell):
            return NotImplemented
        return self._identity == other._identity and np.array_equal(self.z, other.z)

    def __hash__(self) -> int:
        return hash(self._identity)
