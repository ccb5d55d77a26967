"""A grid of drum loops, decoded across a latent plane, each as a tiny piano roll."""

from __future__ import annotations

import numpy as np
from matplotlib.collections import PolyCollection
from numpy.typing import ArrayLike

from latentpalette.errors import LatentError
from latentpalette.plots import canvas
from latentpalette.plots.arrays import check_array
from latentpalette.plots.picture import Picture, to_picture
from latentpalette.plots.theme import ACCENT, GREY, HOLE_COLOR
from latentpalette.validation import check_integer

MAX_SIDE = 48  # cells
MAX_STEPS = 256
_SIZE = 640  # [pixels]
_TITLE_HEIGHT = 30  # [pixels]
_MARGIN = 10  # [pixels]
_CELL_MARGIN = 0.09  # of a cell
_UNIT_SQUARE = np.array([[0, 0], [1, 0], [1, 1], [0, 1]])


def loop_grid(
    tokens: ArrayLike, *, is_hole: ArrayLike | None = None, title: str = "", drums: int = 9, alt: str = ""
) -> Picture:
    r"""Draw a grid of drum loops.

    Parameters
    ----------
    tokens : array-like of int [shape=(size, size, steps)]
        The drums of each cell at each step; bit k is drum k. Row 0 is on top.
    is_hole : array-like of bool [shape=(size, size)], optional
        Cells to highlight.
    title : str
    drums : int
        Number of drums.
    alt : str, optional
        Text alternative of the picture.

    Raises
    ------
    LatentError
        If the grid is not square.

    Examples
    --------
    >>> loop_grid(np.ones((4, 4, 32), int), title="decoded")
    Picture(4 x 4 loops on a plane: decoded)
    """
    cells = check_array(tokens, "The tokens of a grid", error=LatentError, whole=True)
    check_integer(drums, "drums", 1, 32, error=LatentError)
    if cells.ndim != 3 or cells.shape[0] != cells.shape[1]:
        raise LatentError(f"A grid of loops is tokens [size, size, steps]; got shape {cells.shape}.")
    size, _, steps = cells.shape
    if not 1 <= size <= MAX_SIDE or not 1 <= steps <= MAX_STEPS:
        raise LatentError(
            f"A grid of loops has 1 to {MAX_SIDE} cells along a side, of 1 to {MAX_STEPS} steps; "
            f"got shape {cells.shape}. Draw some of them: tokens[::2, ::2]."
        )
    highlighted = np.zeros((size, size), bool) if is_hole is None else np.asarray(is_hole).astype(bool)
    if highlighted.shape != (size, size):
        raise LatentError(f"is_hole is [{size}, {size}], as the grid is; got shape {highlighted.shape}.")
    figure = canvas.new_figure(_SIZE, _SIZE + _TITLE_HEIGHT)
    title_y = 1 - _TITLE_HEIGHT / 2 / (_SIZE + _TITLE_HEIGHT)
    figure.text(_MARGIN / _SIZE, title_y, title, **canvas.text_style(13, color=GREY, weight="bold"))
    board = canvas.add_panel(figure, _MARGIN, _TITLE_HEIGHT, _SIZE - 2 * _MARGIN, _SIZE - 2 * _MARGIN)
    board.set(xlim=(0, size), ylim=(size, 0), xticks=[], yticks=[])
    row, column, step, drum = np.nonzero(cells[..., None] >> np.arange(drums) & 1)
    hit_width, hit_height = (1 - 2 * _CELL_MARGIN) / steps, (1 - 2 * _CELL_MARGIN) / drums
    left = column + _CELL_MARGIN + hit_width * step
    top = row + _CELL_MARGIN + (drums - 1 - drum) * hit_height  # the kick at the bottom
    boxes = np.stack([left, top], 1)[:, None] + _UNIT_SQUARE * [0.9 * hit_width, 0.95 * hit_height]  # [hits, 4, 2]
    colors = np.where(highlighted[row, column], HOLE_COLOR, ACCENT)
    for selected, color, alpha in ((~highlighted, GREY, 0.08), (highlighted, HOLE_COLOR, 0.2)):
        squares = np.stack(np.nonzero(selected)[::-1], 1)[:, None] + 0.03 + 0.94 * _UNIT_SQUARE
        board.add_collection(PolyCollection(list(squares), facecolor=color, alpha=alpha, lw=0))
    board.add_collection(PolyCollection(list(boxes), facecolors=list(colors), lw=0))
    return to_picture(figure, alt or f"{size} x {size} loops on a plane{': ' if title else ''}{title}")
