"""A latent map in bokeh: to zoom into, with the name of every point under the pointer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from bokeh.models import (
    ColumnDataSource,
    HoverTool,
    PanTool,
    Range1d,
    ResetTool,
    Scatter,
    WheelZoomTool,
)
from bokeh.models.annotations import Legend, LegendItem, Title
from bokeh.plotting import figure
from numpy.typing import ArrayLike

from latentpalette.errors import LatentError
from latentpalette.plots.theme import BEAT_ALPHA, GREY, track_color

_SIZE = 460  # [pixels]
_FONT = "system-ui, -apple-system, Segoe UI, Roboto, DejaVu Sans, sans-serif"
_TIPS = """
<div style="font:13px/1.45 system-ui,sans-serif;padding:2px 4px">
  <b>@name</b><br>@group<br>(@x{0.00}, @y{0.00})
</div>
"""


def latent_scatter(
    points: ArrayLike,
    names: Sequence[str] | None = None,
    groups: Sequence[str] | None = None,
    *,
    title: str = "",
    size: int = _SIZE,
) -> Any:
    """Draw where music lies on a plane; hovering tells what it is, the wheel zooms, a name in the legend hides a group.

    Parameters
    ----------
    points : array-like [shape=(n, 2)]
        x to the right and y up: z of two dimensions, or `Plane.flat` of it.
    names : list of str, optional
        What each point is called.
    groups : list of str, optional
        What kind it is: a colour for each, in the order they first appear.
    title : str
    size : int [pixels]
        Of the square.

    Returns
    -------
    bokeh.plotting.figure
        For layouts of your own; `latentpalette.plots.latent_map.latent_map` is the same as a picture.

    Raises
    ------
    LatentError
        If points are not [n, 2], or there is not one name and one group for each.

    Examples
    --------
    >>> board = latent_scatter([[0.0, 1.0], [1.0, 0.0]], ["Bossa/1", "Trap/7"], ["Bossa", "Trap"])
    >>> board.select_one("Trap").data_source.data["name"]
    ['Trap/7']
    """
    cloud = np.asarray(points, np.float64)
    if cloud.ndim != 2 or cloud.shape[1] != 2:
        raise LatentError(f"The points of a map are [n, 2]; got shape {cloud.shape}. Lay z flat with maps.plane(z).")
    called = [f"point {number}" for number in range(len(cloud))] if names is None else list(names)
    kinds = [""] * len(cloud) if groups is None else list(groups)
    for what, given in (("name", called), ("group", kinds)):
        if len(given) != len(cloud):
            raise LatentError(f"Each of {len(cloud)} points has one {what}; got {len(given)}.")
    board = figure(
        width=size,
        height=size,
        title=Title(text=title, text_color=GREY, text_font=_FONT, text_font_size="13px") if title else None,
        toolbar_location=None,
        tools=[PanTool(), ResetTool()],
        match_aspect=True,
    )
    wheel = WheelZoomTool()
    board.add_tools(wheel)
    board.toolbar.active_scroll = wheel
    _around(board, cloud)
    items = []
    for number, kind in enumerate(dict.fromkeys(kinds)):
        chosen = [index for index, each in enumerate(kinds) if each == kind]
        data = {
            "x": cloud[chosen, 0].tolist(),
            "y": cloud[chosen, 1].tolist(),
            "name": [called[index] for index in chosen],
            "group": [kind] * len(chosen),
        }
        dot = Scatter(x="x", y="y", size=6, fill_color=track_color(number), fill_alpha=0.75, line_color=None)
        drawn: Any = board.add_glyph(ColumnDataSource(data), dot, name=kind or "points")
        items.append(LegendItem(label=kind, renderers=[drawn]))
    board.add_tools(HoverTool(tooltips=_TIPS, attachment="above"))
    if groups is not None:
        board.add_layout(_legend(items), "below")
    _calm(board)
    return board


def _around(board: Any, cloud: np.ndarray) -> None:
    """A square that holds every point."""
    middle = (cloud.max(0) + cloud.min(0)) / 2 if len(cloud) else np.zeros(2)
    half = 1.06 * max(np.ptp(cloud, axis=0).max() / 2 if len(cloud) else 0, 1e-6)
    board.x_range = Range1d(start=middle[0] - half, end=middle[0] + half)
    board.y_range = Range1d(start=middle[1] - half, end=middle[1] + half)


def _legend(items: list[LegendItem]) -> Legend:
    return Legend(
        items=items,
        ncols=3,
        click_policy="hide",
        border_line_color=None,
        background_fill_color=None,
        label_text_color=GREY,
        label_text_font=_FONT,
        label_text_font_size="12px",
    )


def _calm(board: Any) -> None:
    """Hairlines and greys that sit on a white page and on a black one."""
    board.background_fill_color = board.border_fill_color = None
    board.outline_line_color = None
    for axis in (board.xaxis[0], board.yaxis[0]):
        axis.axis_line_color = axis.major_tick_line_color = axis.minor_tick_line_color = None
        axis.major_label_text_color = GREY
        axis.major_label_text_font = _FONT
    for grid in (board.xgrid[0], board.ygrid[0]):
        grid.grid_line_color = GREY
        grid.grid_line_alpha = BEAT_ALPHA
