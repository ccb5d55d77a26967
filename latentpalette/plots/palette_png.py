"""A palette as PNG: what a saved notebook shows where no widget runs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.patches import Circle, FancyBboxPatch
from matplotlib.patheffects import Stroke, withStroke

from latentpalette.errors import PaletteError
from latentpalette.latent.grids import bilinear_weights
from latentpalette.music.sequence import NoteSequence
from latentpalette.plots import canvas
from latentpalette.plots.colors import DARK_SHIFT, blend
from latentpalette.plots.thumbnails import Boxes, place_boxes, thumbnail_boxes

Point = tuple[float, float]

MAX_PATH_POINTS = 1000  # of the path as it is drawn
_SIZE = 460  # [pixels] as wide as the widget's board
_MARGIN = 14  # [pixels]
_LIGHT_PAGE, _LIGHT_INK = "#ffffff", "#16181d"
_DARK_PAGE, _DARK_INK = "#15171c", "#ffffff"
_CORNER_RADIUS = 14 / _SIZE
_MAX_LABEL_LENGTH = 26


def palette_png(
    loops: Sequence[Sequence[NoteSequence]],
    labels: Sequence[str],
    puck: Point | None = None,
    path: Sequence[Point] = (),
    *,
    dark: bool = False,
) -> bytes:
    r"""Draw a palette: cells in the blend of their corners, each with its music; puck, path and the corners' labels.

    Parameters
    ----------
    loops : list of n lists of n NoteSequence
        The music of each cell. Row 0 is the upper one.
    labels : list of str
        Of the corners A, B, C, D.
    puck : (x, y) [0 to 1], optional
        Position between the centers of the outer cells; x to the right, y down.
    path : list of (x, y)
    dark : bool

    Returns
    -------
    bytes
        A PNG file. The same palette gives the same bytes.

    Raises
    ------
    PaletteError
        If the grid is not square, or there are not four labels.

    Examples
    --------
    >>> palette_png([[NoteSequence(steps=32)] * 3] * 3, ["a", "b", "c", "d"], (0.5, 0.5))[:4]
    b'\x89PNG'
    """
    if len(loops) < 2 or any(len(row) != len(loops) for row in loops):
        raise PaletteError(f"A palette has as many rows as columns; got rows of {[len(row) for row in loops]} cells.")
    if len(labels) != 4:
        raise PaletteError(f"A palette has four labels, for its corners A, B, C and D; got {len(labels)}.")
    size = len(loops)
    boxes = thumbnail_boxes([loop for row in loops for loop in row])
    thumbnails = [boxes[row * size : (row + 1) * size] for row in range(size)]
    page, ink = (_DARK_PAGE, _DARK_INK) if dark else (_LIGHT_PAGE, _LIGHT_INK)
    figure = canvas.new_figure(_SIZE + 2 * _MARGIN, _SIZE + 2 * _MARGIN)
    figure.patch.set(alpha=1, facecolor=page)
    board = canvas.add_panel(figure, _MARGIN, _MARGIN, _SIZE, _SIZE)
    board.set(xlim=(0, 1), ylim=(1, 0), xticks=[], yticks=[])  # y down, as on a screen
    rounded = f"round,pad=0,rounding_size={_CORNER_RADIUS}"
    outline = FancyBboxPatch((0, 0), 1, 1, boxstyle=rounded, transform=board.transData)
    _draw_colors(board, size, outline, dark)
    _draw_thumbnails(board, thumbnails, outline, ink, 0.72 if dark else 0.6)
    if path:
        _draw_path(board, [_to_board(point, size) for point in _thin_out(path)], ink, page)
    if puck is not None:
        _draw_puck(board, puck, size, thumbnails, ink)
    _draw_labels(board, labels, dark)
    return canvas.to_png(figure, scale=1.5)


def _draw_colors(board: Axes, size: int, outline: FancyBboxPatch, dark: bool) -> None:
    centers = np.linspace(0, 1, size)
    colors = blend(bilinear_weights(*np.meshgrid(centers, centers)), lift=-DARK_SHIFT if dark else 0)  # [size, size, 3]
    image = board.imshow(colors, extent=(0, 1, 1, 0), aspect="auto", interpolation="nearest")
    image.set_clip_path(outline)


def _draw_thumbnails(
    board: Axes, thumbnails: list[list[Boxes]], outline: FancyBboxPatch, ink: str, alpha: float
) -> None:
    size = len(thumbnails)
    boxes = [
        place_boxes(thumbnails[row][column], column / size, row / size, 1 / size)
        for row in range(size)
        for column in range(size)
    ]
    collection = PolyCollection(list(np.concatenate(boxes)), facecolor=ink, alpha=alpha, lw=0)
    board.add_collection(collection).set_clip_path(outline)


def _to_board(point: Point, size: int) -> tuple[float, float]:
    """Convert a puck's position, between the centers of the outer cells, to the board, half a cell larger all round."""
    x, y = ((coordinate * (size - 1) + 0.5) / size for coordinate in point)
    return x, y


def _thin_out(points: Sequence[Point]) -> list[Point]:
    """Return a path with a limited number of points: those of its ends, and others at even intervals."""
    interval = -(-len(points) // MAX_PATH_POINTS)
    return [*points[:-1:interval], *points[-1:]]


def _draw_path(board: Axes, points: list[Point], ink: str, page: str) -> None:
    x, y = zip(*points, strict=True)
    halo = [Stroke(linewidth=5, foreground=page, alpha=0.5), withStroke(linewidth=0)]
    board.plot(x, y, color=ink, lw=2.2, solid_capstyle="round", solid_joinstyle="round", path_effects=halo)
    board.plot(x[:1], y[:1], "o", color=page, markeredgecolor=ink, markersize=6, markeredgewidth=1.6)


def _draw_puck(board: Axes, puck: Point, size: int, thumbnails: list[list[Boxes]], ink: str) -> None:
    row, column = (int(np.floor(np.clip(coordinate, 0, 1) * (size - 1) + 0.5)) for coordinate in reversed(puck))
    corner = column / size, row / size
    cell = FancyBboxPatch(corner, 1 / size, 1 / size, boxstyle="round,pad=-0.003,rounding_size=0.01", zorder=1.5)
    cell.set(facecolor=(1, 1, 1, 0.38), edgecolor=ink, linewidth=1.5)
    board.add_patch(cell)
    boxes = place_boxes(thumbnails[row][column], *corner, 1 / size)
    board.add_collection(PolyCollection(list(boxes), facecolor=ink, lw=0, zorder=1.6))
    disc = Circle(
        _to_board(puck, size), 9.5 / _SIZE, facecolor=_LIGHT_PAGE, edgecolor=_LIGHT_INK, linewidth=2.4, zorder=4
    )
    board.add_patch(disc)


def _draw_labels(board: Axes, labels: Sequence[str], dark: bool) -> None:
    background, text_color = (_DARK_PAGE, "#e8eaee") if dark else (_LIGHT_PAGE, "#1b1d22")
    for corner, (letter, label) in enumerate(zip("ABCD", labels, strict=True)):
        is_right, is_lower = corner % 2, corner // 2
        name = label if len(label) <= _MAX_LABEL_LENGTH else label[: _MAX_LABEL_LENGTH - 1] + "…"
        board.text(
            0.965 if is_right else 0.035,
            0.957 if is_lower else 0.043,
            f"{letter} · {name}" if name else letter,
            ha="right" if is_right else "left",
            va="center",
            zorder=3,
            bbox={"boxstyle": "round,pad=0.42,rounding_size=1.1", "fc": background, "alpha": 0.85, "lw": 0},
            **canvas.text_style(12, color=text_color, weight="bold"),
        )
