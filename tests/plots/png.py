"""What is in a PNG."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image


def pixels(png: bytes, *, on: str = "#ffffff") -> np.ndarray:
    """A picture laid on a page of one colour: [height, width, 3], 0 to 255."""
    image = Image.open(io.BytesIO(png)).convert("RGBA")
    page = Image.new("RGBA", image.size, on)
    return np.asarray(Image.alpha_composite(page, image).convert("RGB")).astype(int)


def like(picture: np.ndarray, colour: tuple[int, int, int], *, tolerance: int = 12) -> np.ndarray:
    """Where a picture has a colour: [height, width] of bool."""
    return np.all(np.abs(picture - np.array(colour)) <= tolerance, axis=-1)
