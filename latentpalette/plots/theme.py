"""Colors and opacities that all plots share. They read on a white page and on a near-black one."""

from __future__ import annotations

from latentpalette.plots.colors import oklab_to_rgb, oklch_to_oklab, to_hex

ACCENT = "#5b78ee"
GREY = "#7a808c"  # opaque for text, nearly transparent for lines
HOLE_COLOR = to_hex(oklab_to_rgb(oklch_to_oklab(0.66, 0.16, 25)))

BAR_ALPHA, BEAT_ALPHA, ROW_ALPHA = 0.75, 0.32, 0.2  # of lines
BEAT_SHADE_ALPHA, BLACK_KEY_ALPHA = 0.07, 0.07  # of every second beat, and of the rows of the black keys

WEB_FONT = "system-ui, -apple-system, Segoe UI, Roboto, DejaVu Sans, sans-serif"
PNG_FONTS = ["DejaVu Sans"]  # comes with matplotlib: the same picture on every machine


def track_color(index: int) -> str:
    """Return a color for a track, a curve or a group: the accent for 0, then hues that lie well apart."""
    return ACCENT if index == 0 else to_hex(oklab_to_rgb(oklch_to_oklab(0.62, 0.14, 265 + 137.5 * index)))
