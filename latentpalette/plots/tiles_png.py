"""Loops side by side as PNG: what a saved notebook shows of tiles where no widget runs."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.patches import FancyBboxPatch

from latentpalette.errors import PaletteError
from latentpalette.music.sequence import NoteSequence
from latentpalette.plots import canvas
from latentpalette.plots.theme import ACCENT
from latentpalette.plots.thumbnails import place_boxes, thumbnail_boxes

_TILE = (150, 92)  # [pixels]
_GAP = 8  # [pixels]
_INK = "#16181d"
_GROUND, _CHOSEN_GROUND = "#e8edfb", "#cdd9fb"


def tiles_png(
    loops: Sequence[NoteSequence], labels: Sequence[str], chosen: int = 0, *, starred: Collection[int] = ()
) -> bytes:
    r"""Draw loops as tiles, in as many rows as make them a rectangle.

    Parameters
    ----------
    loops : list of n NoteSequence
    labels : list of n str
    chosen : int
        The tile that has a frame.
    starred : collection of int
        The tiles that have a star.

    Raises
    ------
    PaletteError
        If there is no loop, or not a label for each.

    Examples
    --------
    >>> tiles_png([NoteSequence(steps=32)] * 3, ["1", "2", "3"])[:4]
    b'\x89PNG'
    """
    if not loops or len(loops) != len(labels):
        raise PaletteError(f"Tiles are loops with a label each; got {len(loops)} loops and {len(labels)} labels.")
    columns = int(np.ceil(np.sqrt(len(loops))))
    rows = -(-len(loops) // columns)
    width, height = columns * (_TILE[0] + _GAP) + _GAP, rows * (_TILE[1] + _GAP) + _GAP
    figure = canvas.new_figure(width, height)
    figure.patch.set(alpha=1, facecolor="#ffffff")
    board = canvas.add_panel(figure, 0, 0, width, height)
    board.set(xlim=(0, width), ylim=(height, 0), xticks=[], yticks=[])  # y down, as on a screen
    for index, (boxes, label) in enumerate(zip(thumbnail_boxes(loops), labels, strict=True)):
        left = _GAP + index % columns * (_TILE[0] + _GAP)
        top = _GAP + index // columns * (_TILE[1] + _GAP)
        is_chosen = index == chosen
        ground = FancyBboxPatch((left, top), *_TILE, boxstyle="round,pad=0,rounding_size=8")
        ground.set(facecolor=_CHOSEN_GROUND if is_chosen else _GROUND, edgecolor=_INK, lw=1.5 if is_chosen else 0)
        board.add_patch(ground)
        board.text(left + 8, top + 13, label, va="center", **canvas.text_style(11, color=_INK, weight="bold"))
        if index in starred:
            board.plot(left + _TILE[0] - 13, top + 12, "*", color=ACCENT, markersize=7, markeredgewidth=0)
        corners = place_boxes(boxes, left, top + 16, _TILE[0], _TILE[1] - 16)
        board.add_collection(PolyCollection(list(corners), facecolor=_INK, alpha=0.66, lw=0))
    return canvas.to_png(figure, scale=1.5)
