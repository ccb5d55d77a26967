"""Matplotlib figures without pyplot, whose state other plots of a notebook would see."""

from __future__ import annotations

import io
import warnings
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from latentpalette.plots.theme import PNG_FONTS

POINTS_PER_PIXEL = 0.72  # matplotlib measures type in points; at 100 dots per inch a pixel is this many


def new_figure(width: float, height: float) -> Figure:
    """Return a transparent figure of this size [pixels at scale 1]."""
    figure = Figure(figsize=(width / 100, height / 100), dpi=100)
    FigureCanvasAgg(figure)
    figure.patch.set_alpha(0)
    return figure


def add_panel(figure: Figure, left: float, top: float, width: float, height: float) -> Axes:
    """Add empty axes to a figure [pixels from its upper left corner]."""
    figure_width, figure_height = (100 * inches for inches in figure.get_size_inches())
    bottom = 1 - (top + height) / figure_height
    axes = figure.add_axes((left / figure_width, bottom, width / figure_width, height / figure_height))
    axes.patch.set_alpha(0)
    axes.tick_params(length=0, pad=4)
    for spine in axes.spines.values():
        spine.set_visible(False)
    return axes


def text_style(pixels: float, **options: Any) -> dict[str, Any]:
    """Return keywords for text of this size. The text is drawn literally: a dollar sign is a dollar sign."""
    return {"fontsize": pixels * POINTS_PER_PIXEL, "fontfamily": PNG_FONTS, "parse_math": False, **options}


def to_png(figure: Figure, *, scale: float = 2.0) -> bytes:
    """Return the bytes of a PNG file, `scale` dots per pixel; the same figure gives the same bytes."""
    file = io.BytesIO()
    with warnings.catch_warnings():
        # A letter that the font lacks is drawn as a box, which shows what is wrong.
        warnings.filterwarnings("ignore", r"Glyph .* missing from", UserWarning)
        figure.savefig(file, format="png", dpi=100 * scale, metadata={"Software": None})
    return file.getvalue()
