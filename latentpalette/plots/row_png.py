"""A row of steps between two pieces of music as PNG: what a saved notebook shows where no widget runs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.patches import Rectangle

from latentpalette.errors import PaletteError
from latentpalette.music.sequence import NoteSequence
from latentpalette.plots import canvas
from latentpalette.plots.colors import blend
from latentpalette.plots.thumbnails import place_boxes, thumbnail_boxes

_WIDTH, _HEIGHT = 760, 132  # [pixels] of the row
_MARGIN = 14  # [pixels]
_TITLE_HEIGHT = 24  # [pixels]
_GAP = 2  # [pixels] between tiles
_INK = "#16181d"


def row_png(loops: Sequence[NoteSequence], labels: Sequence[str], chosen: int = 0) -> bytes:
    r"""Draw a row of steps from A to B, each in its color, with its music.

    Parameters
    ----------
    loops : list of n NoteSequence
    labels : list of 2 str
        Of the ends.
    chosen : int
        The index of the step that has a frame.

    Returns
    -------
    bytes
        A PNG file. The same row gives the same bytes.

    Raises
    ------
    PaletteError
        If there are fewer than two loops, or not two labels.

    Examples
    --------
    >>> row_png([NoteSequence(steps=32)] * 3, ["a", "b"])[:4]
    b'\x89PNG'
    """
    if len(loops) < 2 or len(labels) != 2:
        raise PaletteError(f"A row has two ends and their labels; got {len(loops)} steps and {len(labels)} labels.")
    n = len(loops)
    figure = canvas.new_figure(_WIDTH + 2 * _MARGIN, _HEIGHT + _TITLE_HEIGHT + 2 * _MARGIN)
    figure.patch.set(alpha=1, facecolor="#ffffff")
    board = canvas.add_panel(figure, _MARGIN, _MARGIN + _TITLE_HEIGHT, _WIDTH, _HEIGHT)
    board.set(xlim=(0, _WIDTH), ylim=(_HEIGHT, 0), xticks=[], yticks=[])  # y down, as on a screen
    t = np.linspace(0, 1, n)
    colors = blend(np.stack([1 - t, t, 0 * t, 0 * t], -1))
    width = _WIDTH / n
    boxes = []
    for index, (thumbnail, color) in enumerate(zip(thumbnail_boxes(loops), colors, strict=True)):
        left = index * width
        board.add_patch(Rectangle((left + _GAP / 2, 0), width - _GAP, _HEIGHT, facecolor=color, lw=0))
        boxes.append(place_boxes(thumbnail, left, 0, width, _HEIGHT))
    board.add_collection(PolyCollection(list(np.concatenate(boxes)), facecolor=_INK, alpha=0.62, lw=0))
    frame = Rectangle((chosen * width + 1.5, 1.5), width - 3, _HEIGHT - 3, facecolor="none", edgecolor=_INK, lw=1.6)
    board.add_patch(frame)
    for letter, label, x, side in zip("AB", labels, (0, _WIDTH), ("left", "right"), strict=True):
        name = label if len(label) <= 40 else f"{label[:39]}…"
        board.text(x, -9, f"{letter} · {name}", ha=side, va="center", **canvas.text_style(12, weight="bold"))
    return canvas.to_png(figure, scale=1.5)
