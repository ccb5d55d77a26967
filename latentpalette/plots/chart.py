"""A panel with numbers along both axes, in the greys of the house."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from latentpalette.plots import canvas
from latentpalette.plots.colors import BEAT, GREY, part_colour

LEFT, TOP, RIGHT, BOTTOM = 56, 34, 14, 44  # [pixels] around a panel: numbers, title, a margin, numbers and a name

_TICKS = 5


def chart(
    made: Figure,
    left: float,
    top: float,
    width: float,
    height: float,
    *,
    title: str = "",
    across: str = "",
) -> Axes:
    """A panel at a place in the figure [pixels], its title above, what it counts along x below; numbers fit inside."""
    panel = canvas.panel(made, left + LEFT, top + TOP, width - LEFT - RIGHT, height - TOP - BOTTOM)
    panel.set_title(title, loc="left", pad=8, **canvas.words(13, color=GREY, weight="bold"))
    panel.set_xlabel(across, **canvas.words(11, color=GREY))
    panel.grid(color=GREY, alpha=BEAT, lw=0.7)
    panel.set_axisbelow(True)
    panel.locator_params(nbins=_TICKS)
    return panel


def numbers(panel: Axes) -> None:
    """Set the numbers along the axes in the letters of the house; last of all, when the limits stand."""
    for label in (*panel.get_xticklabels(), *panel.get_yticklabels()):
        label.set(**canvas.words(11, color=GREY))


def line(panel: Axes, x: ArrayLike, y: ArrayLike, *, name: str, number: int, dashed: bool = False) -> None:
    """A curve in the colour of a part, with its name for the legend."""
    panel.plot(x, y, color=part_colour(number), lw=2, ls="--" if dashed else "-", label=name, solid_capstyle="round")


def legend(panel: Axes, *, where: Literal["best", "upper right"] = "best") -> None:
    """Names beside the colours, without a box."""
    found = panel.legend(loc=where, frameon=False, handlelength=1.6)
    for text in found.get_texts():
        text.set(**canvas.words(11, color=GREY))


def row(count: int, *, width: float = 920, height: float = 300) -> tuple[Figure, Sequence[tuple[float, float]]]:
    """A figure for so many panels beside each other: the figure, and the left edge and the width of each [pixels]."""
    made = canvas.figure(width, height)
    return made, [(place * width / count, width / count) for place in range(count)]
