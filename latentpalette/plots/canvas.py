"""A matplotlib figure that belongs to nobody else: no pyplot, no state that other plots of a notebook would see."""

from __future__ import annotations

import io
import warnings
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

POINTS_PER_PIXEL = 0.72  # matplotlib tells sizes of type in points; at 100 dots an inch a pixel is this many
_FONTS = ["DejaVu Sans"]  # it comes with matplotlib: the same picture on every machine


def figure(width: float, height: float) -> Figure:
    """A transparent figure of this size [pixels at scale 1]."""
    made = Figure(figsize=(width / 100, height / 100), dpi=100)
    FigureCanvasAgg(made)
    made.patch.set_alpha(0)
    return made


def panel(made: Figure, left: float, top: float, width: float, height: float) -> Axes:
    """An empty panel at a place in the figure [pixels from its upper left corner]."""
    across, down = (100 * inches for inches in made.get_size_inches())
    axes = made.add_axes((left / across, 1 - (top + height) / down, width / across, height / down))
    axes.patch.set_alpha(0)
    axes.tick_params(length=0, pad=4)
    for spine in axes.spines.values():
        spine.set_visible(False)
    return axes


def words(pixels: float, **more: Any) -> dict[str, Any]:
    """Keywords for text of this size, taken as it is written: a dollar sign is a dollar sign."""
    return {"fontsize": pixels * POINTS_PER_PIXEL, "fontfamily": _FONTS, "parse_math": False, **more}


def png(made: Figure, *, scale: float = 2.0) -> bytes:
    """The bytes of a PNG file, `scale` dots to the pixel; nothing of the time or the machine is in them."""
    file = io.BytesIO()
    with warnings.catch_warnings():
        # A letter that the font lacks is drawn as a box, which says enough.
        warnings.filterwarnings("ignore", r"Glyph .* missing from", UserWarning)
        made.savefig(file, format="png", dpi=100 * scale, metadata={"Software": None})
    return file.getvalue()
