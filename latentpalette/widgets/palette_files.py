"""Files of a palette: MIDI, Python source, a page, a picture."""

from __future__ import annotations

import os
from abc import abstractmethod
from pathlib import Path
from typing import Any

from latentpalette.files import make_folder
from latentpalette.latent.flow_paths import FLOW_TIME
from latentpalette.music import midi
from latentpalette.music.sequence import NoteSequence
from latentpalette.widgets.cell_grid import CellGrid
from latentpalette.widgets.clips import Clip
from latentpalette.widgets.instrument import INSTRUMENT_TRAITS
from latentpalette.widgets.palette_traits import PaletteTraits
from latentpalette.widgets.path import cell_label
from latentpalette.widgets.to_python import to_python

# The traits that a page without Python needs.
STANDALONE = (
    *INSTRUMENT_TRAITS,
    *("corner_clips", "labels", "left_out", "size", "puck", "points", "bars_per_cell", "path_mode", "tool"),
    *("use_original_corners", "between_cells", "interpolation"),
    *("decode_ms", "norm_percentiles", "grid_id", "cells", "corner_z"),
)

# The traits that are edited, as static/state/session.js has them.
EDITED = (
    *("corner_clips", "labels", "left_out", "size", "points", "qpm", "mutes", "locks", "volumes", "sounds"),
    *("bars_per_cell", "path_mode", "launch_quantization", "use_original_corners", "between_cells"),
    *("interpolation", "chords"),
)


class PaletteFiles(PaletteTraits):
    """A palette that can be written to files."""

    _cells: CellGrid

    @property
    @abstractmethod
    def _grid_size(self) -> int:
        """Cells along a side of the decoded grid."""

    @abstractmethod
    def notes(self, row: int, col: int) -> NoteSequence:
        """Return the loop of a cell as it is played."""

    @abstractmethod
    def _decode_all(self) -> None:
        """Decode the cells that are not decoded yet."""

    @abstractmethod
    def _cell_music(self, row: int, col: int) -> NoteSequence:
        """Return the music of a cell, before locks and mutes."""

    @abstractmethod
    def _corner_music(self) -> list[NoteSequence]:
        """Return the music of the corners."""

    def _preset_names(self) -> list[str | None]:
        """Return for each corner the name of the preset that it is, or None."""
        clips = {preset["name"]: preset["clip"] for preset in self.presets}
        pairs = zip(self.corner_clips, self.labels, strict=True)
        return [label if clips.get(label) == clip else None for clip, label in pairs]

    def save_grid(self, folder: str | os.PathLike[str]) -> list[Path]:
        """Write every cell as a MIDI file, ``r01_c01.mid`` to ``r11_c11.mid``, rows and columns counted from 1.

        Raises
        ------
        FileError
            If the folder cannot be made.
        """
        folder = make_folder(folder)
        self._decode_all()
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
        defaults |= self._first_settings()
        if self.has_prior:
            defaults["interpolation"] = FLOW_TIME
        settings = {name: getattr(self, name) for name in names if getattr(self, name) != defaults[name]}
        return to_python(
            model=self.model,
            corners=self._corner_music(),
            labels=self.labels,
            presets=self._preset_names(),
            settings=settings,
            puck=self.puck,
            points=self.points,
        )

    def standalone_state(self) -> dict[str, Any]:
        """Return the traits that a page without Python needs."""
        self._decode_all()
        self.finish_kit()
        return {name: getattr(self, name) for name in STANDALONE} | {"has_kernel": False, "playing": False}

    def _encoded_clips(self) -> list[Clip]:
        return [Clip.from_json(clip) for clip in self.corner_clips]

    def to_png(self) -> bytes:
        """Draw the palette as the bytes of a PNG file."""
        self._decode_all()
        return self.display_png()

    def display_png(self) -> bytes:
        """Draw what is decoded by now: the grid, or a coarse one of its cells; see `Widget.display_png`."""
        from latentpalette.plots.palette_png import palette_png

        x, y = self.puck
        axis = self._cells.decoded_axis
        loops = [[self._cell_music(row, col) for col in axis] for row in axis]
        return palette_png(loops, list(self.labels), (x, y), [(x, y) for x, y in self.points])
