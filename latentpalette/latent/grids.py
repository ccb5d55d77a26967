"""Bilinear grid between four corners in latent space, as a palette shows it.

Corners are A (top left), B (top right), C (bottom left) and D (bottom right). A point on the plane is (x, y), both
from 0 to 1 between the centers of the corner cells, x to the right and y down.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from latentpalette.errors import LatentError
from latentpalette.latent.arrays import check_coordinates
from latentpalette.latent.paths import Latents
from latentpalette.latent.projection import MAX_GRID_SIZE
from latentpalette.validation import check_integer, check_number

CORNERS = "ABCD"

_SAMPLES_PER_CELL = 8  # of a stroke


def bilinear_weights(x: ArrayLike, y: ArrayLike) -> NDArray[np.floating]:
    """Return the bilinear weight of each corner at a point.

    Parameters
    ----------
    x, y : array-like [shape=(...), 0 to 1]

    Returns
    -------
    ndarray [shape=(..., 4)]
        Weights of A, B, C and D; they add up to 1.

    Examples
    --------
    >>> bilinear_weights(0.25, 0.0).tolist()
    [0.75, 0.25, 0.0, 0.0]
    """
    x, y = check_coordinates(x, "Positions x"), check_coordinates(y, "Positions y")
    if any(a != b and 1 not in (a, b) for a, b in zip(x.shape[::-1], y.shape[::-1], strict=False)):
        raise LatentError(f"Positions x and y are of one shape; got {x.shape} and {y.shape}.")
    x, y = np.broadcast_arrays(x, y)
    return np.stack([(1 - x) * (1 - y), x * (1 - y), (1 - x) * y, x * y], axis=-1)


def bilinear_grid(corners: ArrayLike, size: int) -> Latents:
    """Interpolate four corners bilinearly over a square grid.

    Parameters
    ----------
    corners : array-like [shape=(4, z)]
        A, B, C, D.
    size : int >= 2
        Cells along a side; the corners are cells themselves.

    Returns
    -------
    ndarray [shape=(size, size, z)]
        Row by row from the top; each row from the left.

    Notes
    -----
    As magenta-js does (`interpolate` with four inputs). The middle is closer to the origin than the corners: for
    independent corners its norm is half of theirs.

    Examples
    --------
    >>> bilinear_grid([[0.0], [1.0], [2.0], [3.0]], 3)[:, :, 0].tolist()
    [[0.0, 0.5, 1.0], [1.0, 1.5, 2.0], [2.0, 2.5, 3.0]]
    """
    corners, size = check_corners(corners), check_size(size)
    positions = np.linspace(0.0, 1.0, size)
    return bilinear_weights(positions[None, :], positions[:, None]) @ corners


def cell_at(x: float, y: float, size: int) -> tuple[int, int]:
    """Return the cell (row, column) whose center is nearest to a point.

    Examples
    --------
    >>> cell_at(0.26, 1.0, 5)
    (4, 1)
    """
    size, x = check_size(size, 1), check_number(x, "A position x", error=LatentError)
    y = check_number(y, "A position y", error=LatentError)
    row, column = (min(max(math.floor(value * (size - 1) + 0.5), 0), size - 1) for value in (y, x))
    return row, column


def cell_center(row: int, column: int, size: int) -> list[float]:
    """Return the point [x, y] in the middle of a cell.

    Examples
    --------
    >>> cell_center(0, 1, 5)
    [0.25, 0.0]
    """
    return [column / (size - 1), row / (size - 1)]


def cells_along(points: Sequence[tuple[float, float]], size: int) -> list[tuple[int, int]]:
    """Return the cells (row, column) that a stroke crosses, in order; a cell that is entered again counts again.

    Parameters
    ----------
    points : list of (x, y) [0 to 1]
    size : int
        Cells along a side.

    Notes
    -----
    The stroke is sampled eight times per cell, so a cell that it only grazes does not count; `crossings` in
    static/state/geometry.js finds the same.

    Examples
    --------
    >>> cells_along([(0.0, 0.0), (1.0, 0.0)], 3)
    [(0, 0), (0, 1), (0, 2)]
    """
    size = check_size(size, 1)
    stroke = check_coordinates(points, "Points (x, y)")
    if not stroke.size:
        return []
    if stroke.ndim != 2 or stroke.shape[1] != 2:
        raise LatentError(f"Points (x, y) are an array [n, 2]; got an array of shape {stroke.shape}.")
    before, after = stroke[:-1], stroke[1:]
    pieces = np.ceil(abs(after - before).max(axis=1) * (size - 1) * _SAMPLES_PER_CELL).astype(np.int64).clip(min=1)
    segment = np.repeat(np.arange(len(pieces)), pieces)
    number = np.arange(len(segment)) - np.repeat(np.cumsum(pieces) - pieces, pieces) + 1  # 1 to pieces
    samples = before[segment] + (after - before)[segment] * number[:, None] / pieces[segment][:, None]
    positions = np.concatenate([stroke[:1], samples]) * (size - 1) + 0.5  # [samples, (x, y)]
    cells = np.clip(np.floor(positions), 0, size - 1).astype(np.int64)[:, ::-1]
    is_new = np.concatenate([[True], (cells[1:] != cells[:-1]).any(axis=1)])
    return [(row, column) for row, column in cells[is_new].tolist()]


def check_corners(corners: ArrayLike) -> Latents:
    """Return four corners [4, z] as an array of float64, or raise `LatentError`."""
    array = check_coordinates(corners, "Corners")
    if array.ndim != 2 or len(array) != 4:
        raise LatentError(f"There are four corners, [4, z]; got an array of shape {array.shape}.")
    return array


def check_size(size: int, low: int = 2) -> int:
    """Return a number of cells along a side, or raise `LatentError`."""
    return check_integer(size, "The number of cells along a side", low, MAX_GRID_SIZE, error=LatentError)
