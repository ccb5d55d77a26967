"""Pixels of a PNG."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image


def pixels(png: bytes, *, page: str = "#ffffff") -> np.ndarray:
    """Return a picture laid on a page of one color: [height, width, 3], 0 to 255."""
    image = Image.open(io.BytesIO(png)).convert("RGBA")
    background = Image.new("RGBA", image.size, page)
    return np.asarray(Image.alpha_composite(background, image).convert("RGB")).astype(int)


def has_color(picture: np.ndarray, color: tuple[int, int, int], *, tolerance: int = 12) -> np.ndarray:
    """Return which pixels have a color: [height, width] of bool."""
    return np.all(np.abs(picture - np.array(color)) <= tolerance, axis=-1)


def rgb(color: str) -> tuple[int, int, int]:
    """Return a color like ``"#5b78ee"`` as red, green and blue, 0 to 255."""
    return tuple(int(color[start : start + 2], 16) for start in (1, 3, 5))
