"""Latent space seen from above: where music lies on a plane, and what is between."""

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
from latentpalette.plots.chart import chart, numbers
from latentpalette.plots.colors import GREY, hexadecimal, lab_of, part_colour, rgb_of
from latentpalette.plots.picture import Picture, picture

HOLLOW = hexadecimal(rgb_of(lab_of(0.66, 0.16, 25)))  # a red that reads on white and on black

_WIDTH = 920  # [pixels]
_LARGEST = 460  # [pixels] a single map is no wider than this
_LEGEND = 26  # [pixels] a line of names under the maps
_DOT = 9  # [square points]


@dataclass(frozen=True, eq=False)
class Map:
    """One map.

    Parameters
    ----------
    points : array-like [shape=(n, 2)]
        Where music lies, x to the right and y up.
    title : str
    field : array-like [shape=(size, size)], optional
        A number for each cell of the square from -reach to reach, row 0 on top, drawn beneath the points: nothing at
        0, full colour at its largest. For holes, `Holes.hollow`.
    reach : float, optional
        Half the side of the square that is shown; without it all points are.
    """

    points: ArrayLike
    title: str = ""
    field: ArrayLike | None = None
    reach: float | None = None


def latent_map(maps: Map | Sequence[Map], groups: Sequence[str] | None = None, *, alt: str = "") -> Picture:
    r"""Draw maps beside each other.

    Parameters
    ----------
    maps : Map, or list of them
    groups : list of str, optional
        What each point is, the same on all maps: a colour for each name, in the order they first appear.
    alt : str, optional
        What the picture shows.

    Returns
    -------
    Picture

    Raises
    ------
    LatentError
        If there is no map, points are not [n, 2], or there is not one group for each.

    Examples
    --------
    >>> latent_map(Map([[0.0, 1.0], [1.0, 0.0]], "two loops"), ["rock", "bossa"])
    Picture(2 points of 2 kinds on a plane: two loops)
    """
    maps = [maps] if isinstance(maps, Map) else list(maps)
    if not maps:
        raise LatentError("There is no map to draw.")
    clouds = [_points(each.points, groups) for each in maps]
    names = list(dict.fromkeys(groups or ()))
    side = min(_LARGEST, _WIDTH / len(maps))
    lines = _lines(names, side * len(maps))
    made = canvas.figure(side * len(maps), side + _LEGEND * len(lines))
    for number, (each, cloud) in enumerate(zip(maps, clouds, strict=True)):
        panel = chart(made, number * side, 0, side, side, title=each.title)
        _frame(panel, cloud, each.reach)
        if each.field is not None:
            _field(panel, np.asarray(each.field, np.float64))
        _dots(panel, cloud, groups, names)
        numbers(panel)
    _names(made, names, lines)
    kinds = f" of {len(names)} kinds" if names else ""
    titles = ", ".join(each.title for each in maps if each.title)
    shown = f"{len(clouds[0])} points{kinds} on a plane{': ' if titles else ''}{titles}"
    return picture(made, alt or shown)


def _points(points: ArrayLike, groups: Sequence[str] | None) -> np.ndarray:
    cloud = np.asarray(points, np.float64)
    if cloud.ndim != 2 or cloud.shape[1] != 2:
        raise LatentError(f"The points of a map are [n, 2]; got shape {cloud.shape}. Lay z flat with maps.plane(z).")
    if groups is not None and len(groups) != len(cloud):
        raise LatentError(f"Each of {len(cloud)} points is of one group; got {len(groups)} groups.")
    return cloud


def _frame(panel: Axes, cloud: np.ndarray, reach: float | None) -> None:
    if reach is None:
        middle = (cloud.max(0) + cloud.min(0)) / 2 if len(cloud) else np.zeros(2)
        half = 1.06 * max(np.ptp(cloud, axis=0).max() / 2 if len(cloud) else 0, 1e-6)
    else:
        middle, half = np.zeros(2), reach
    panel.set(xlim=(middle[0] - half, middle[0] + half), ylim=(middle[1] - half, middle[1] + half))


def _field(panel: Axes, values: np.ndarray) -> None:
    """From nothing to full colour, over the square that is shown."""
    if values.ndim != 2 or values.shape[0] != values.shape[1]:
        raise LatentError(f"The field of a map is [size, size]; got shape {values.shape}.")
    shade = np.zeros((*values.shape, 4))
    shade[..., :3] = to_rgb(HOLLOW)
    most = np.nanmax(values, initial=0.0)
    shade[..., 3] = np.nan_to_num(0.55 * values / most) if most > 0 else 0.0
    panel.imshow(shade, extent=(*panel.get_xlim(), *panel.get_ylim()), interpolation="nearest", aspect="auto")


def _dots(panel: Axes, cloud: np.ndarray, groups: Sequence[str] | None, names: list[str]) -> None:
    colours = [part_colour(names.index(group)) for group in groups] if groups is not None else GREY
    panel.scatter(cloud[:, 0], cloud[:, 1], c=colours, s=_DOT, alpha=0.75, lw=0)


def _lines(names: list[str], wide: float) -> list[list[tuple[str, float]]]:
    """Names in lines that fit: for each its left edge [pixels]."""
    lines: list[list[tuple[str, float]]] = []
    taken = math.inf
    for name in names:
        needs = 7.2 * (len(name) + 2) + 12
        if taken + needs > wide:
            lines.append([])
            taken = 14.0
        lines[-1].append((name, taken))
        taken += needs
    return lines


def _names(made: Figure, names: list[str], lines: list[list[tuple[str, float]]]) -> None:
    """Every name in its colour, under the maps."""
    across, down = (100 * inches for inches in made.get_size_inches())
    for number, line in enumerate(reversed(lines)):
        for name, left in line:
            high = (number + 0.5) * _LEGEND / down
            colour = part_colour(names.index(name))
            made.text(left / across, high, f"● {name}", **canvas.words(11, color=colour, va="center"))
