"""The cell under the puck, as a value."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from latentpalette.music.sequence import NoteSequence


@dataclass(frozen=True, eq=False)
class Selected:
    """The cell under the puck.

    Parameters
    ----------
    row, col : int
        From 0.
    x, y : float [0 to 1]
        Where the puck is.
    weights : tuple of float
        The shares of corners A, B, C and D in the cell.
    z : ndarray [shape=(z,)]
        Where the cell lies in latent space.
    notes : NoteSequence
        Its loop as it is heard.
    """

    row: int
    col: int
    x: float
    y: float
    weights: tuple[float, float, float, float]
    z: NDArray[np.floating] = field(repr=False)
    notes: NoteSequence
