"""A plane of drum loops: what is decoded at every cell of a grid, each as a tiny roll."""

from __future__ import annotations

import numpy as np
from matplotlib.collections import PolyCollection
from numpy.typing import ArrayLike

from latentpalette.errors import LatentError
from latentpalette.plots import canvas
from latentpalette.plots.colors import ACCENT, GREY
from latentpalette.plots.latent_map_png import HOLLOW
from latentpalette.plots.picture import Picture, picture

_SIZE = 640  # [pixels]
_TITLE = 30
_MARGIN = 10
_CORNERS = np.array([[0, 0], [1, 0], [1, 1], [0, 1]])


def loop_plane(
    masks: ArrayLike, *, hollow: ArrayLike | None = None, title: str = "", drums: int = 9, alt: str = ""
) -> Picture:
    r"""Draw a grid of loops.

    Parameters
    ----------
    masks : array-like of int [shape=(size, size, steps)]
        The drums of each cell at each step; bit k is drum k. Row 0 is on top.
    hollow : array-like of bool [shape=(size, size)], optional
        Cells to mark.
    title : str
    drums : int
    alt : str, optional
        What the picture shows.

    Raises
    ------
    LatentError
        If the cells are no square.

    Examples
    --------
    >>> loop_plane(np.ones((4, 4, 32), int), title="decoded")
    Picture(4 x 4 loops on a plane: decoded)
    """
    cells = np.asarray(masks)
    if cells.ndim != 3 or cells.shape[0] != cells.shape[1]:
        raise LatentError(f"A plane of loops is masks [size, size, steps]; got shape {cells.shape}.")
    size, _, steps = cells.shape
    made = canvas.figure(_SIZE, _SIZE + _TITLE)
    made.text(_MARGIN / _SIZE, 1 - _TITLE / 2 / (_SIZE + _TITLE), title, **canvas.words(13, color=GREY, weight="bold"))
    board = canvas.panel(made, _MARGIN, _TITLE, _SIZE - 2 * _MARGIN, _SIZE - 2 * _MARGIN)
    board.set(xlim=(0, size), ylim=(size, 0), xticks=[], yticks=[])
    row, column, step, drum = np.nonzero(cells[..., None] >> np.arange(drums) & 1)
    margin = 0.09  # of a cell; parts it from the next
    wide, high = (1 - 2 * margin) / steps, (1 - 2 * margin) / drums
    left = column + margin + step * wide
    top = row + margin + (drums - 1 - drum) * high  # the kick lies at the bottom
    box = _CORNERS * [0.9 * wide, 0.95 * high]
    boxes = np.stack([left, top], 1)[:, None] + box  # [hits, 4, 2]
    marked = np.zeros((size, size), bool) if hollow is None else np.asarray(hollow, bool)
    colours = np.where(marked[row, column], HOLLOW, ACCENT)
    for shown, colour, shade in ((~marked, GREY, 0.08), (marked, HOLLOW, 0.2)):
        squares = np.stack(np.nonzero(shown)[::-1], 1)[:, None] + 0.03 + 0.94 * _CORNERS
        board.add_collection(PolyCollection(list(squares), facecolor=colour, alpha=shade, lw=0))
    board.add_collection(PolyCollection(list(boxes), facecolors=list(colours), lw=0))
    return picture(made, alt or f"{size} x {size} loops on a plane{': ' if title else ''}{title}")
