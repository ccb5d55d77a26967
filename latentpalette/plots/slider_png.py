"""An interpolation slider as PNG: what a saved notebook shows where no widget runs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import ListedColormap
from numpy.typing import NDArray

from latentpalette.errors import PaletteError
from latentpalette.music.sequence import NoteSequence
from latentpalette.plots import canvas
from latentpalette.plots.colors import blend
from latentpalette.plots.thumbnails import place_boxes, thumbnail_boxes
from latentpalette.validation import check_number

_WIDTH = 760  # [pixels]
_MARGIN = 14
_SLIDER_HEIGHT = 46
_CARD_HEIGHT = 132
_TITLE_HEIGHT = 24
_INK = "#16181d"


def slider_png(
    ends: Sequence[NoteSequence], between: NoteSequence, labels: Sequence[str], t: float, *, kind: str = "the model"
) -> bytes:
    r"""Draw a slider between two pieces of music: above what a model makes of its place, below the pieces as a mix.

    Parameters
    ----------
    ends : list of 2 NoteSequence
    between : NoteSequence
        The model's.
    labels : list of 2 str
        Of the ends.
    t : float [0 to 1]
        Where the slider stands.
    kind : str
        What is said above the music between the ends.

    Returns
    -------
    bytes
        A PNG file. The same music gives the same bytes.

    Raises
    ------
    PaletteError
        If there are not two ends and two labels, or `t` is out of range.

    Examples
    --------
    >>> slider_png([NoteSequence(steps=32)] * 2, NoteSequence(steps=32), ["a", "b"], 0.5)[:4]
    b'\x89PNG'
    """
    if len(ends) != 2 or len(labels) != 2:
        raise PaletteError(f"A slider has two ends and their labels; got {len(ends)} and {len(labels)}.")
    t = check_number(t, "t, the place of the slider,", 0, 1, error=PaletteError)
    height = 2 * _MARGIN + _TITLE_HEIGHT + _SLIDER_HEIGHT + 2 * (_TITLE_HEIGHT + _CARD_HEIGHT)
    figure = canvas.new_figure(_WIDTH + 2 * _MARGIN, height)
    figure.patch.set(alpha=1, facecolor="#ffffff")
    _draw_slider(canvas.add_panel(figure, _MARGIN, _MARGIN + _TITLE_HEIGHT, _WIDTH, _SLIDER_HEIGHT), labels, t)
    middle, *two = thumbnail_boxes([between, *ends])
    shares = (1 - t, t)
    colors = blend(np.array([[1 - t, t, 0, 0], [1, 0, 0, 0], [0, 1, 0, 0]]))
    percent = [f"{letter} {100 * share:.0f} %" for letter, share in zip("AB", shares, strict=True)]
    cards = [
        (kind, colors[:1], [(middle, 1.0, _INK)]),
        (
            f"cross-fade: {', '.join(percent)}",
            np.array([[0.965, 0.968, 0.976]]),
            [(boxes, share, 0.62 * color) for boxes, share, color in zip(two, shares, colors[1:], strict=True)],
        ),
    ]
    for index, (title, ground, layers) in enumerate(cards):
        top = _MARGIN + _TITLE_HEIGHT + _SLIDER_HEIGHT + index * (_TITLE_HEIGHT + _CARD_HEIGHT) + _TITLE_HEIGHT
        card = canvas.add_panel(figure, _MARGIN, top, _WIDTH, _CARD_HEIGHT)
        card.set(xlim=(0, _WIDTH), ylim=(_CARD_HEIGHT, 0), xticks=[], yticks=[])  # y down, as on a screen
        card.patch.set(alpha=1, facecolor=tuple(ground[0]))
        for boxes, share, color in layers:
            if share and len(boxes):
                card.add_collection(PolyCollection(list(_placed(boxes, share)), facecolor=color, lw=0))
        card.text(0, -11, title, ha="left", va="center", **canvas.text_style(12))
    return canvas.to_png(figure, scale=1.5)


def _draw_slider(panel: Axes, labels: Sequence[str], t: float) -> None:
    """Draw a track in the colors from A to B, the labels above it, and a ring at a place."""
    panel.set(xlim=(0, _WIDTH), ylim=(_SLIDER_HEIGHT, 0), xticks=[], yticks=[])
    along = np.linspace(0, 1, 128)
    colors = blend(np.stack([1 - along, along, 0 * along, 0 * along], -1))
    panel.imshow(
        along[None],
        extent=(0, _WIDTH, 28, 16),
        aspect="auto",
        cmap=ListedColormap(list(colors)),
        interpolation="nearest",
    )
    panel.set(xlim=(0, _WIDTH), ylim=(_SLIDER_HEIGHT, 0))
    panel.plot([12 + t * (_WIDTH - 24)], [22], marker="o", markersize=15, mfc="#ffffff", mec=_INK, mew=1.6)
    for letter, label, x, side in zip("AB", labels, (0, _WIDTH), ("left", "right"), strict=True):
        name = label if len(label) <= 40 else f"{label[:39]}…"
        panel.text(x, -6, f"{letter} · {name}", ha=side, va="center", **canvas.text_style(12, weight="bold"))


def _placed(boxes: NDArray[np.floating], share: float) -> NDArray[np.floating]:
    """Return boxes [boxes, 4, 2] on a card, as thick as they are loud."""
    thin = boxes.copy()
    thin[:, 1] += boxes[:, 3] * (1 - share) / 2
    thin[:, 3] *= share
    return place_boxes(thin, 0, 0, _WIDTH, _CARD_HEIGHT)
