"""Colours by how they look: OKLab, in which equal steps look equal and blends stay clean.

Source: Ottosson (2020), "A perceptual color space for image processing", https://bottosson.github.io/posts/oklab/
The browser's `widgets/static/view/color.js` has the same numbers; a test compares them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

Colour: TypeAlias = "tuple[float, float, float]"

# Lightness, chroma, hue [degrees] of the corners A, B, C, D. Green and yellow are a shade lighter: at equal L they look
# duller than blue and pink.
CORNERS = ((0.80, 0.12, 265.0), (0.80, 0.12, 340.0), (0.82, 0.13, 165.0), (0.85, 0.13, 95.0))
DARKER = 0.2  # how much a palette is lowered in a dark theme

# A blue that reads on white and on near black alike, and a grey that does: for words whole, for lines a trace of it.
ACCENT = "#5b78ee"
GREY = "#7a808c"
BAR, BEAT, ROW = 0.75, 0.32, 0.2  # opacity of lines
BEAT_SHADE, KEY_SHADE = 0.07, 0.07  # opacity of every second beat, and of the rows of the black keys

_TO_LMS = np.array(
    [
        [1.0, 0.3963377774, 0.2158037573],
        [1.0, -0.1055613458, -0.0638541728],
        [1.0, -0.0894841775, -1.2914855480],
    ]
)
_TO_RGB = np.array(
    [
        [4.0767416621, -3.3077115913, 0.2309699292],
        [-1.2684380046, 2.6097574011, -0.3413193965],
        [-0.0041960863, -0.7034186147, 1.7076147010],
    ]
)


def lab_of(lightness: float, chroma: float, hue: float) -> np.ndarray:
    """OKLCH to OKLab.

    Parameters
    ----------
    lightness : float [0 to 1]
    chroma : float [0 to about 0.4]
    hue : float [degrees]

    Returns
    -------
    ndarray [shape=(3,)]
        L, a, b.
    """
    angle = np.deg2rad(hue)
    return np.array([lightness, chroma * np.cos(angle), chroma * np.sin(angle)])


def rgb_of(lab: ArrayLike) -> np.ndarray:
    """OKLab to sRGB; what a screen cannot show is clipped.

    Parameters
    ----------
    lab : array-like [shape=(..., 3)]

    Returns
    -------
    ndarray [shape=(..., 3), 0 to 1]

    Examples
    --------
    >>> rgb_of([1.0, 0.0, 0.0]).round(3)
    array([1., 1., 1.])
    """
    linear = np.clip((np.asarray(lab) @ _TO_LMS.T) ** 3 @ _TO_RGB.T, 0, 1)
    return np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)


def blend(weights: ArrayLike, *, lift: float = 0.0) -> np.ndarray:
    """Mix the corners' colours.

    Parameters
    ----------
    weights : array-like [shape=(..., 4)]
        How much of A, B, C and D; they add up to 1.
    lift : float
        Added to the lightness.

    Returns
    -------
    ndarray [shape=(..., 3), 0 to 1]

    Examples
    --------
    >>> (blend([1, 0, 0, 0]) * 255).round()
    array([152., 188., 255.])
    """
    labs = np.stack([lab_of(*corner) for corner in CORNERS])
    return rgb_of(np.asarray(weights, float) @ labs + [lift, 0, 0])


def hexadecimal(rgb: Iterable[float]) -> str:
    """``(1, 0.5, 0)`` to ``"#ff8000"``."""
    return "#" + "".join(f"{round(255 * float(part)):02x}" for part in rgb)


def part_colour(number: int) -> str:
    """A colour for a part of a score: the accent for the first, then hues that lie well apart.

    Each reads on a light and on a dark page.
    """
    return ACCENT if number == 0 else hexadecimal(rgb_of(lab_of(0.62, 0.14, 265 + 137.5 * number)))
