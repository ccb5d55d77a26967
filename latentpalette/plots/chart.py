"""Matplotlib panels with numbers along both axes, in the style of the other plots."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from latentpalette.plots import canvas
from latentpalette.plots.theme import BEAT_ALPHA, GREY, track_color

LEFT, TOP, RIGHT, BOTTOM = 56, 34, 14, 44  # [pixels] around a panel: tick labels, title, margin, tick labels and xlabel

_MAX_TICKS = 5


def add_chart(
    figure: Figure,
    left: float,
    top: float,
    width: float,
    height: float,
    *,
    title: str = "",
    xlabel: str = "",
) -> Axes:
    """Add a panel to a figure.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    left, top, width, height : float [pixels]
        From the figure's upper left corner; tick labels, title and label included.
    title, xlabel : str
    """
    panel = canvas.add_panel(figure, left + LEFT, top + TOP, width - LEFT - RIGHT, height - TOP - BOTTOM)
    panel.set_title(title, loc="left", pad=8, **canvas.text_style(13, color=GREY, weight="bold"))
    panel.set_xlabel(xlabel, **canvas.text_style(11, color=GREY))
    panel.grid(color=GREY, alpha=BEAT_ALPHA, lw=0.7)
    panel.set_axisbelow(True)
    panel.locator_params(nbins=_MAX_TICKS)
    return panel


def style_ticks(panel: Axes) -> None:
    """Set font and color of the tick labels. Call it last: new limits make new labels."""
    for label in (*panel.get_xticklabels(), *panel.get_yticklabels()):
        label.set(**canvas.text_style(11, color=GREY))


def plot_line(panel: Axes, x: ArrayLike, y: ArrayLike, *, label: str, index: int, dashed: bool = False) -> None:
    """Plot a curve in the color of its index, with a label for the legend."""
    style = "--" if dashed else "-"
    panel.plot(x, y, color=track_color(index), lw=2, ls=style, label=label, solid_capstyle="round")


def add_legend(panel: Axes, *, loc: Literal["best", "upper right"] = "best") -> None:
    """Add a legend without a frame."""
    legend = panel.legend(loc=loc, frameon=False, handlelength=1.6)
    for text in legend.get_texts():
        text.set(**canvas.text_style(11, color=GREY))


def panel_row(count: int, *, width: float = 920, height: float = 300) -> tuple[Figure, Sequence[tuple[float, float]]]:
    """Return a figure for panels side by side, and the left edge and the width of each [pixels]."""
    figure = canvas.new_figure(width, height)
    return figure, [(index * width / count, width / count) for index in range(count)]
