"""Perceptual color arithmetic in OKLab, in which equal steps look equal and blends stay clean.

Source: Ottosson (2020), "A perceptual color space for image processing", https://bottosson.github.io/posts/oklab/
The browser's `widgets/static/view/color.js` has the same numbers; a test compares them.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike

# Lightness, chroma, hue [degrees] of the corners A, B, C, D. Green and yellow are a shade lighter: at equal L they look
# darker than blue and pink.
CORNERS = ((0.80, 0.12, 265.0), (0.80, 0.12, 340.0), (0.82, 0.13, 165.0), (0.85, 0.13, 95.0))
DARK_SHIFT = 0.29  # subtracted from a palette's lightness in a dark theme

_LAB_TO_LMS = np.array(
    [
        [1.0, 0.3963377774, 0.2158037573],
        [1.0, -0.1055613458, -0.0638541728],
        [1.0, -0.0894841775, -1.2914855480],
    ]
)
_LMS_TO_RGB = np.array(
    [
        [4.0767416621, -3.3077115913, 0.2309699292],
        [-1.2684380046, 2.6097574011, -0.3413193965],
        [-0.0041960863, -0.7034186147, 1.7076147010],
    ]
)


def oklch_to_oklab(lightness: float, chroma: float, hue: float) -> np.ndarray:
    """Convert OKLCH to OKLab.

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


def oklab_to_rgb(lab: ArrayLike) -> np.ndarray:
    """Convert OKLab to sRGB; values out of gamut are clipped.

    Parameters
    ----------
    lab : array-like [shape=(..., 3)]

    Returns
    -------
    ndarray [shape=(..., 3), 0 to 1]

    Examples
    --------
    >>> oklab_to_rgb([1.0, 0.0, 0.0]).round(3)
    array([1., 1., 1.])
    """
    linear = np.clip((np.asarray(lab) @ _LAB_TO_LMS.T) ** 3 @ _LMS_TO_RGB.T, 0, 1)
    return np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)


def blend(weights: ArrayLike, *, lift: float = 0.0) -> np.ndarray:
    """Blend the corners' colors.

    Parameters
    ----------
    weights : array-like [shape=(..., 4)]
        Of A, B, C and D; they add up to 1.
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
    corners = np.stack([oklch_to_oklab(*corner) for corner in CORNERS])
    return oklab_to_rgb(np.asarray(weights, float) @ corners + [lift, 0, 0])


def to_hex(rgb: Iterable[float]) -> str:
    """Format ``(1, 0.5, 0)`` as ``"#ff8000"``."""
    return "#" + "".join(f"{round(255 * float(channel)):02x}" for channel in rgb)
