"""A palette as PNG: what a saved notebook shows where no widget runs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.patches import Circle, FancyBboxPatch
from matplotlib.patheffects import Stroke, withStroke
from numpy.typing import NDArray

from latentpalette.errors import PaletteError
from latentpalette.latent.grids import bilinear_weights
from latentpalette.music.drums import DRUM_NAMES, REDUCED
from latentpalette.music.sequence import NoteSequence
from latentpalette.plots import canvas
from latentpalette.plots.colors import DARK_SHIFT, blend

Point = tuple[float, float]
Boxes = NDArray[np.floating]  # [n, 4]: left, top, width, height

MAX_PATH_POINTS = 1000  # of the path as it is drawn
_SIZE = 460  # [pixels] as wide as the widget's board
_MARGIN = 14  # [pixels]
_LIGHT_PAGE, _LIGHT_INK = "#ffffff", "#16181d"
_DARK_PAGE, _DARK_INK = "#15171c", "#ffffff"
_CORNER_RADIUS = 14 / _SIZE
_MAX_LABEL_LENGTH = 26
_MIN_ROWS = 16  # semitones: a melody of few pitches does not fill its cell
_UNIT_SQUARE = np.array([[0, 0], [1, 0], [1, 1], [0, 1]])


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
    size, thumbnails = len(loops), _thumbnails_of(loops)
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
        _place(thumbnails[row][column], column / size, row / size, 1 / size)
        for row in range(size)
        for column in range(size)
    ]
    collection = PolyCollection(list(np.concatenate(boxes)), facecolor=ink, alpha=alpha, lw=0)
    board.add_collection(collection).set_clip_path(outline)


def _thumbnails_of(loops: Sequence[Sequence[NoteSequence]]) -> list[list[Boxes]]:
    """Return the music of each cell as boxes (left, top, width, height) in a square of side 1.

    Drums lie in lanes, the kick lowest; melodies above them, at the height of their pitch in the range of all cells.
    """
    notes = [note for row in loops for loop in row for note in loop.notes]
    has_drums, has_melody = (any(note.is_drum == kind for note in notes) for kind in (True, False))
    pitches = [note.pitch for note in notes if not note.is_drum] or [60]
    low, high = min(pitches), max(pitches)
    melody_height = 0.62 if has_drums else 1.0
    top = melody_height if has_melody else 0.0
    return [[_boxes_of(loop, (low, high), melody_height, top) for loop in row] for row in loops]


def _boxes_of(loop: NoteSequence, pitch_range: tuple[int, int], melody_height: float, drums_top: float) -> Boxes:
    low, high = pitch_range
    row = melody_height / max(high - low + 1, _MIN_ROWS)
    lane = (1 - drums_top) / len(DRUM_NAMES)
    boxes = []
    for note in loop.notes:
        left, width = note.step / loop.steps, 0.8 / loop.steps
        if not note.is_drum:
            middle = melody_height / 2 + ((low + high) / 2 - note.pitch) * row
            boxes.append((left, middle - row / 2, width * note.length, row * 0.9))
        elif note.pitch in REDUCED.classes:
            drum = REDUCED.classes[note.pitch]
            boxes.append((left, drums_top + (len(DRUM_NAMES) - 1 - drum) * lane, width, 0.72 * lane))
    return np.array(boxes).reshape(-1, 4)


def _place(boxes: Boxes, left: float, top: float, width: float) -> np.ndarray:
    """Return the corners [boxes, 4, 2] of boxes in a cell of the board."""
    margin = 0.1 * width
    scaled = boxes * (width - 2 * margin)
    return [left + margin, top + margin] + scaled[:, None, :2] + scaled[:, None, 2:] * _UNIT_SQUARE


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
    boxes = _place(thumbnails[row][column], *corner, 1 / size)
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
