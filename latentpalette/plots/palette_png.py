"""A palette as a picture: what a saved notebook shows where no widget runs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.patches import Circle, FancyBboxPatch
from matplotlib.patheffects import Stroke, withStroke

from latentpalette.errors import PaletteError
from latentpalette.latent.grids import weights
from latentpalette.music.drums import NAMES
from latentpalette.plots import canvas
from latentpalette.plots.colors import DARKER, blend

Point = tuple[float, float]

_SIZE = 460  # [pixels] as wide as the widget's board
_MARGIN = 14
_PAPER, _INK = "#ffffff", "#16181d"
_NIGHT, _CHALK = "#15171c", "#ffffff"
_CORNER = 14 / _SIZE  # the radius of the board's corners
_LABEL = 26  # longer labels are cut


def palette_png(
    masks: np.ndarray,
    labels: Sequence[str],
    puck: Point | None = None,
    path: Sequence[Point] = (),
    *,
    dark: bool = False,
) -> bytes:
    r"""Draw a palette: cells in the blend of their corners, each with its pattern; puck, path and the corners' names.

    Parameters
    ----------
    masks : ndarray [shape=(n, n, steps), int]
        The drums of each cell at each step; bit k is drum k. Row 0 is the upper one.
    labels : list of str
        The names of the corners A, B, C, D.
    puck : (x, y) [0 to 1], optional
        Between the centres of the outer cells; x to the right, y down.
    path : list of (x, y)
    dark : bool

    Returns
    -------
    bytes
        A PNG file. The same palette gives the same bytes.

    Raises
    ------
    PaletteError
        If the cells are not a square, or there are not four labels.

    Examples
    --------
    >>> palette_png(np.zeros((3, 3, 32), np.uint16), ["a", "b", "c", "d"], (0.5, 0.5))[:4]
    b'\x89PNG'
    """
    masks = np.asarray(masks)
    if masks.ndim != 3 or masks.shape[0] != masks.shape[1] or masks.shape[0] < 2:
        raise PaletteError(f"The cells of a palette are masks of the shape (n, n, steps); got {masks.shape}.")
    if len(labels) != 4:
        raise PaletteError(f"A palette has four labels, for its corners A, B, C and D; got {len(labels)}.")
    size = len(masks)
    figure = canvas.figure(_SIZE + 2 * _MARGIN, _SIZE + 2 * _MARGIN)
    figure.patch.set(alpha=1, facecolor=_NIGHT if dark else _PAPER)
    board = canvas.panel(figure, _MARGIN, _MARGIN, _SIZE, _SIZE)
    board.set(xlim=(0, 1), ylim=(1, 0), xticks=[], yticks=[])  # y down, as on a screen
    shape = FancyBboxPatch((0, 0), 1, 1, boxstyle=f"round,pad=0,rounding_size={_CORNER}", transform=board.transData)
    ink = _CHALK if dark else _INK
    _field(board, size, shape, dark)
    _thumbnails(board, masks, shape, ink, 0.72 if dark else 0.6)
    if path:
        _path(board, [_on_board(point, size) for point in path], ink, _NIGHT if dark else _PAPER)
    if puck is not None:
        _puck(board, puck, size, masks, ink)
    _tags(board, labels, dark)
    return canvas.png(figure, scale=1.5)


def _field(board: Axes, size: int, shape: FancyBboxPatch, dark: bool) -> None:
    places = np.linspace(0, 1, size)
    colours = blend(weights(*np.meshgrid(places, places)), lift=-DARKER if dark else 0)  # [size, size, 3]
    image = board.imshow(colours, extent=(0, 1, 1, 0), aspect="auto", interpolation="nearest")
    image.set_clip_path(shape)


def _thumbnails(board: Axes, masks: np.ndarray, shape: FancyBboxPatch, ink: str, opacity: float) -> None:
    size = len(masks)
    boxes = [
        _thumbnail(masks[row, column], column / size, row / size, 1 / size)
        for row in range(size)
        for column in range(size)
    ]
    drawn = board.add_collection(PolyCollection(list(np.concatenate(boxes)), facecolor=ink, alpha=opacity, lw=0))
    drawn.set_clip_path(shape)


def _thumbnail(pattern: np.ndarray, left: float, top: float, width: float) -> np.ndarray:
    """A pattern in a square, the kick at the bottom: a box for each hit, ndarray [shape=(hits, 4, 2)]."""
    steps, drums = len(pattern), len(NAMES)
    margin = 0.1 * width
    cell = np.array([(width - 2 * margin) / steps, (width - 2 * margin) / drums])
    step, drum = np.nonzero(pattern[:, None] >> np.arange(drums) & 1)
    corner = np.stack([step, drums - 1 - drum], axis=1) * cell + [left + margin, top + margin]  # [hits, 2]
    box = np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) * cell * [0.8, 0.72]  # [4, 2]
    return corner[:, None] + box


def _on_board(point: Point, size: int) -> tuple[float, float]:
    """The puck moves between the centres of the outer cells; the board reaches half a cell beyond."""
    x, y = ((part * (size - 1) + 0.5) / size for part in point)
    return x, y


def _path(board: Axes, points: list[Point], ink: str, paper: str) -> None:
    across, down = zip(*points, strict=True)
    halo = [Stroke(linewidth=5, foreground=paper, alpha=0.5), withStroke(linewidth=0)]
    board.plot(across, down, color=ink, lw=2.2, solid_capstyle="round", solid_joinstyle="round", path_effects=halo)
    board.plot(across[:1], down[:1], "o", color=paper, markeredgecolor=ink, markersize=6, markeredgewidth=1.6)


def _puck(board: Axes, puck: Point, size: int, masks: np.ndarray, ink: str) -> None:
    row, column = (int(np.floor(np.clip(part, 0, 1) * (size - 1) + 0.5)) for part in reversed(puck))
    corner = column / size, row / size
    box = FancyBboxPatch(corner, 1 / size, 1 / size, boxstyle="round,pad=-0.003,rounding_size=0.01", zorder=1.5)
    box.set(facecolor=(1, 1, 1, 0.38), edgecolor=ink, linewidth=1.5)
    board.add_patch(box)
    board.add_collection(
        PolyCollection(list(_thumbnail(masks[row, column], *corner, 1 / size)), facecolor=ink, lw=0, zorder=1.6)
    )
    ring = Circle(_on_board(puck, size), 9.5 / _SIZE, facecolor=_PAPER, edgecolor=_INK, linewidth=2.4, zorder=4)
    board.add_patch(ring)


def _tags(board: Axes, labels: Sequence[str], dark: bool) -> None:
    ground, text = (_NIGHT, "#e8eaee") if dark else (_PAPER, "#1b1d22")
    for corner, (letter, label) in enumerate(zip("ABCD", labels, strict=True)):
        right, low = corner % 2, corner // 2
        name = label if len(label) <= _LABEL else label[: _LABEL - 1] + "…"
        board.text(
            0.965 if right else 0.035,
            0.957 if low else 0.043,
            f"{letter} · {name}" if name else letter,
            ha="right" if right else "left",
            va="center",
            zorder=3,
            bbox={"boxstyle": "round,pad=0.42,rounding_size=1.1", "fc": ground, "alpha": 0.85, "lw": 0},
            **canvas.words(12, color=text, weight="bold"),
        )
