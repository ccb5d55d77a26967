"""Maps of a latent plane: points of encoded music, and a field of values between them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from latentpalette.errors import LatentError
from latentpalette.plots import canvas
from latentpalette.plots.arrays import check_array
from latentpalette.plots.chart import add_chart, style_ticks
from latentpalette.plots.picture import Picture, to_picture
from latentpalette.plots.theme import GREY, HOLE_COLOR, track_color
from latentpalette.validation import check_list, check_number, short_repr

MAX_MAPS = 12  # side by side

_WIDTH = 920  # [pixels]
_MAX_MAP_WIDTH = 460  # [pixels]
_LEGEND_LINE_HEIGHT = 26  # [pixels]
_DOT_SIZE = 9  # [square points]


@dataclass(frozen=True, eq=False)
class MapPanel:
    """One map of `latent_map`.

    Parameters
    ----------
    points : array-like [shape=(n, 2)]
        Positions on the plane, x to the right and y up.
    title : str
    field : array-like [shape=(size, size)], optional
        A value for each cell of the square from -radius to radius, row 0 on top, drawn below the points: transparent
        at 0, full color at its maximum. For holes, `Holes.is_hole`.
    radius : float, optional
        Half the side of the square that is shown. Default: such that all points are.
    """

    points: ArrayLike
    title: str = ""
    field: ArrayLike | None = None
    radius: float | None = None


def latent_map(maps: MapPanel | Sequence[MapPanel], groups: Sequence[str] | None = None, *, alt: str = "") -> Picture:
    r"""Draw maps of a latent plane side by side.

    Parameters
    ----------
    maps : MapPanel, or list of them
    groups : list of str, optional
        The group of each point, the same on all maps: a color for each, in the order they first appear.
    alt : str, optional
        Text alternative of the picture.

    Returns
    -------
    Picture

    Raises
    ------
    LatentError
        If there is no map, points are not [n, 2], or there is not one group for each point.

    Examples
    --------
    >>> latent_map(MapPanel([[0.0, 1.0], [1.0, 0.0]], "two loops"), ["rock", "bossa"])
    Picture(2 points of 2 kinds on a plane: two loops)
    """
    maps = (
        [maps]
        if isinstance(maps, MapPanel)
        else check_list(maps, "maps", 0, MAX_MAPS, of="MapPanels", error=LatentError)
    )
    for panel in maps:
        if not isinstance(panel, MapPanel):
            raise LatentError(f"A map is a MapPanel; got {short_repr(panel)}.")
        if panel.radius is not None:
            check_number(panel.radius, "The radius of a map", 1e-9, 1e9, error=LatentError)
    if not maps:
        raise LatentError("There is no map to draw.")
    clouds = [_check_points(panel.points, groups) for panel in maps]
    names = list(dict.fromkeys(groups or ()))
    side = min(_MAX_MAP_WIDTH, _WIDTH / len(maps))
    legend_lines = _break_legend(names, side * len(maps))
    figure = canvas.new_figure(side * len(maps), side + _LEGEND_LINE_HEIGHT * len(legend_lines))
    for index, (panel, points) in enumerate(zip(maps, clouds, strict=True)):
        axes = add_chart(figure, index * side, 0, side, side, title=panel.title)
        _set_limits(axes, points, panel.radius)
        if panel.field is not None:
            _draw_field(axes, check_array(panel.field, "The field of a map", error=LatentError, finite=False))
        _draw_points(axes, points, groups, names)
        style_ticks(axes)
    _draw_legend(figure, names, legend_lines)
    kinds = f" of {len(names)} kinds" if names else ""
    titles = ", ".join(panel.title for panel in maps if panel.title)
    description = f"{len(clouds[0])} points{kinds} on a plane{': ' if titles else ''}{titles}"
    return to_picture(figure, alt or description)


def _check_points(values: ArrayLike, groups: Sequence[str] | None) -> np.ndarray:
    points = check_array(values, "The points of a map", error=LatentError)
    if points.ndim != 2 or points.shape[1] != 2:
        raise LatentError(
            f"The points of a map are [n, 2]; got shape {points.shape}. "
            "Project z with latentpalette.latent.fit_plane(z).project(z)."
        )
    if groups is not None and len(groups) != len(points):
        raise LatentError(f"Each of {len(points)} points is of one group; got {len(groups)} groups.")
    return points


def _set_limits(axes: Axes, points: np.ndarray, radius: float | None) -> None:
    if radius is None:
        center = (points.max(0) + points.min(0)) / 2 if len(points) else np.zeros(2)
        half_side = 1.06 * max(np.ptp(points, axis=0).max() / 2 if len(points) else 0, 1e-6)
    else:
        center, half_side = np.zeros(2), radius
    x, y = center
    axes.set(xlim=(x - half_side, x + half_side), ylim=(y - half_side, y + half_side))


def _draw_field(axes: Axes, values: np.ndarray) -> None:
    """Draw a field over the square that is shown, from transparent to full color."""
    if values.ndim != 2 or values.shape[0] != values.shape[1]:
        raise LatentError(f"The field of a map is [size, size]; got shape {values.shape}.")
    rgba = np.zeros((*values.shape, 4))
    rgba[..., :3] = to_rgb(HOLE_COLOR)
    values = np.where(np.isfinite(values), values, 0.0)
    maximum = values.max(initial=0.0)
    rgba[..., 3] = (0.55 * values / maximum).clip(0, 1) if maximum > 0 else 0.0
    axes.imshow(rgba, extent=(*axes.get_xlim(), *axes.get_ylim()), interpolation="nearest", aspect="auto")


def _draw_points(axes: Axes, points: np.ndarray, groups: Sequence[str] | None, names: list[str]) -> None:
    by_name = {name: track_color(index) for index, name in enumerate(names)}
    colors = [by_name[group] for group in groups] if groups is not None else GREY
    axes.scatter(points[:, 0], points[:, 1], c=colors, s=_DOT_SIZE, alpha=0.75, lw=0)


def _break_legend(names: list[str], width: float) -> list[list[tuple[str, float]]]:
    """Break the legend into lines that fit: names, each with its left edge [pixels]."""
    lines: list[list[tuple[str, float]]] = []
    left = math.inf
    for name in names:
        name_width = 7.2 * (len(name) + 2) + 12
        if left + name_width > width:
            lines.append([])
            left = 14.0
        lines[-1].append((name, left))
        left += name_width
    return lines


def _draw_legend(figure: Figure, names: list[str], lines: list[list[tuple[str, float]]]) -> None:
    """Draw every name in its color, below the maps."""
    width, height = (100 * inches for inches in figure.get_size_inches())
    for index, line in enumerate(reversed(lines)):
        y = (index + 0.5) * _LEGEND_LINE_HEIGHT / height
        for name, left in line:
            color = track_color(names.index(name))
            figure.text(left / width, y, f"● {name}", **canvas.text_style(11, color=color, va="center"))
