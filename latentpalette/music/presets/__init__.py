"""Loops and tunes to start from, written for this project: drums, grooves, melodies, basses and trios."""

from latentpalette.music.presets.catalog import default_corners as default_corners
from latentpalette.music.presets.catalog import presets as presets

__all__ = ["default_corners", "presets"]
