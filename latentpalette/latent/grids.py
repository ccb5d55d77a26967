"""The plane between four corners of latent space: what a palette is spread over.

Corners are A (top left), B (top right), C (bottom left) and D (bottom right). A point on the plane is (x, y), both
from 0 to 1 between the centres of the corner cells, x to the right and y down.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from latentpalette.errors import LatentError
from latentpalette.latent.paths import Latents

CORNERS = "ABCD"

_LOOKS = 8  # how often a stroke is looked at per cell


def weights(x: ArrayLike, y: ArrayLike) -> NDArray[np.floating]:
    """How much of each corner there is in a point.

    Parameters
    ----------
    x, y : array-like [shape=(...), 0 to 1]

    Returns
    -------
    ndarray [shape=(..., 4)]
        The shares of A, B, C and D; they add up to 1.

    Examples
    --------
    >>> weights(0.25, 0.0).tolist()
    [0.75, 0.25, 0.0, 0.0]
    """
    x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    return np.stack([(1 - x) * (1 - y), x * (1 - y), (1 - x) * y, x * y], axis=-1)


def bilinear(corners: ArrayLike, size: int) -> Latents:
    """Blend four corners over a square grid.

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
    Magenta's way in the browser (`interpolate` with four inputs). The middle lies closer to the origin than the
    corners do: for independent corners its norm is half of theirs.

    Examples
    --------
    >>> bilinear([[0.0], [1.0], [2.0], [3.0]], 3)[:, :, 0].tolist()
    [[0.0, 0.5, 1.0], [1.0, 1.5, 2.0], [2.0, 2.5, 3.0]]
    """
    corners = np.asarray(corners, dtype=np.float64)
    if corners.ndim != 2 or len(corners) != 4:
        raise LatentError(f"A plane has four corners, [4, z]; got an array of shape {corners.shape}.")
    if size < 2:
        raise LatentError(f"A grid has at least 2 cells along a side; got {size}.")
    places = np.linspace(0.0, 1.0, size)
    return weights(places[None, :], places[:, None]) @ corners


def cell_at(x: float, y: float, size: int) -> tuple[int, int]:
    """The cell (row, column) whose centre is nearest to a point.

    Examples
    --------
    >>> cell_at(0.26, 1.0, 5)
    (4, 1)
    """
    row, column = (min(max(math.floor(value * (size - 1) + 0.5), 0), size - 1) for value in (y, x))
    return row, column


def cells_along(points: Sequence[tuple[float, float]], size: int) -> list[tuple[int, int]]:
    """The cells (row, column) that a stroke crosses, in order; a cell entered again counts again.

    Parameters
    ----------
    points : list of (x, y) [0 to 1]
    size : int
        Cells along a side.

    Notes
    -----
    The stroke is looked at eight times a cell, so one that it only brushes does not count; `crossings` in
    static/state/geometry.js finds the same.

    Examples
    --------
    >>> cells_along([(0.0, 0.0), (1.0, 0.0)], 3)
    [(0, 0), (0, 1), (0, 2)]
    """
    cells: list[tuple[int, int]] = []

    def visit(x: float, y: float) -> None:
        cell = cell_at(x, y, size)
        if not cells or cells[-1] != cell:
            cells.append(cell)

    for i, (x, y) in enumerate(points):
        if i == 0:
            visit(x, y)
            continue
        px, py = points[i - 1]
        pieces = max(1, math.ceil(max(abs(x - px), abs(y - py)) * (size - 1) * _LOOKS))
        for k in range(1, pieces + 1):
            visit(px + ((x - px) * k) / pieces, py + ((y - py) * k) / pieces)
    return cells
