"""Files of a palette: MIDI, Python source, a page, a picture."""

from __future__ import annotations

import os
from abc import abstractmethod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentpalette.errors import FileError
from latentpalette.files import expand_path
from latentpalette.latent.flow_paths import FLOW_TIME
from latentpalette.music import midi
from latentpalette.music.sequence import NoteSequence
from latentpalette.widgets.palette_traits import PaletteTraits
from latentpalette.widgets.path import cell_label
from latentpalette.widgets.to_python import to_python

# The traits that a page without Python needs.
STANDALONE = (
    *("patterns", "labels", "left_out", "tempo_note", "size", "puck", "points", "qpm", "volume", "mutes", "locks"),
    *("launch_quantization", "bars_per_cell", "path_mode", "tool", "use_original_corners", "interpolation"),
    *("has_prior", "model_name", "drums", "pitches", "accents", "presets", "kit_index", "kit_rate", "decode_ms"),
    *("norm_percentiles", "cells", "corner_z", "kit"),
)


class PaletteFiles(PaletteTraits):
    """A palette that can be written to files."""

    @property
    @abstractmethod
    def _grid_size(self) -> int:
        """Cells along a side of the decoded grid."""

    @abstractmethod
    def notes(self, row: int, col: int) -> NoteSequence:
        """Return the loop of a cell as it is played."""

    @abstractmethod
    def _tokens_of_all(self) -> NDArray[np.uint16]:
        """Return the tokens of all cells [size, size, 32]."""

    def save_grid(self, folder: str | os.PathLike[str]) -> list[Path]:
        """Write every cell as a MIDI file, ``r01_c01.mid`` to ``r11_c11.mid``, rows and columns counted from 1.

        Raises
        ------
        FileError
            If the folder cannot be made.
        """
        folder = expand_path(folder)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise FileError(f"{folder}: the folder cannot be made ({error.strerror}). Name another one.") from error
        size = self._grid_size
        return [
            midi.write(
                self.notes(row, col),
                folder / f"r{row + 1:02}_c{col + 1:02}.mid",
                markers=[(0, cell_label((row, col), size))],
            )
            for row in range(size)
            for col in range(size)
        ]

    def to_python(self) -> str:
        """Return the Python source that makes this palette again."""
        names = ("size", *(name for name in self.settings if name != "puck"))
        defaults = {name: self.traits()[name].default() for name in names}
        if self.has_prior:
            defaults["interpolation"] = FLOW_TIME
        settings = {name: getattr(self, name) for name in names if getattr(self, name) != defaults[name]}
        return to_python(
            model=self.model_name,
            patterns=self.patterns,
            labels=self.labels,
            presets={preset["name"]: tuple(preset["pattern"]) for preset in self.presets},
            settings=settings,
            puck=self.puck,
            points=self.points,
        )

    def standalone_state(self) -> dict[str, Any]:
        """Return the traits that a page without Python needs."""
        return {name: getattr(self, name) for name in STANDALONE} | {"has_kernel": False, "playing": False}

    def to_png(self) -> bytes:
        """Draw the palette as the bytes of a PNG file, which a saved notebook shows."""
        from latentpalette.plots.palette_png import palette_png

        x, y = self.puck
        return palette_png(self._tokens_of_all(), list(self.labels), (x, y), [(x, y) for x, y in self.points])
