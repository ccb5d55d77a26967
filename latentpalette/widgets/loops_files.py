"""Files of Latent Loops: the song, Python source, a page, a picture."""

from __future__ import annotations

import itertools
import os
from abc import abstractmethod
from pathlib import Path
from typing import Any, ClassVar

from latentpalette.files import expand_path
from latentpalette.latent.flow_paths import FLOW_TIME
from latentpalette.music import midi
from latentpalette.music.sequence import NoteSequence
from latentpalette.widgets.cell_grid import CellGrid
from latentpalette.widgets.clips import Clip
from latentpalette.widgets.loops_music import LoopsMusic
from latentpalette.widgets.loops_song import place_label
from latentpalette.widgets.loops_traits import EDITED, STANDALONE, LoopsTraits
from latentpalette.widgets.to_python import load_source, opening_of, source_of


class LoopsFiles(LoopsTraits):
    """Latent Loops that can be written to files."""

    saved: ClassVar[tuple[str, ...]] = (*STANDALONE, "origin")
    edited: ClassVar[tuple[str, ...]] = EDITED
    placed: ClassVar[tuple[str, ...]] = ("cell",)

    _cells: CellGrid
    _both: LoopsMusic

    @property
    @abstractmethod
    def notes(self) -> NoteSequence:
        """The chosen loop of the grid, as it is played."""

    @property
    @abstractmethod
    def song(self) -> NoteSequence:
        """The places of the timeline one after the other."""

    @abstractmethod
    def _decode_all(self) -> None:
        """Decode the cells that are not decoded yet."""

    @abstractmethod
    def _clip(self, row: int, col: int) -> Clip:
        """Return the clip of a cell, before locks and mutes."""

    def save(self, path: str | os.PathLike[str], *, loop: bool = False) -> Path:
        """Write the song as a file: ``.mid`` (with a marker for each place), ``.wav`` or ``.mp3``.

        With `loop`, audio is exactly as long as the song, to be repeated. Without places in the song it is the chosen
        loop. See `NoteSequence.save`.

        Raises
        ------
        FileError
            If the file cannot be written.
        """
        path = expand_path(path)
        if path.suffix.lower() not in (".mid", ".midi") or not self.places:
            return (self.song if self.places else self.notes).save(path, loop=loop)
        steps = self._music.steps
        starts = itertools.accumulate((steps * place["repeats"] for place in self.places[:-1]), initial=0)
        markers = [
            (start, place_label(place["label"], index))
            for index, (start, place) in enumerate(zip(starts, self.places, strict=True))
        ]
        return midi.write(self.song, path, markers=markers)

    def standalone_state(self) -> dict[str, Any]:
        """Return the traits that a page without Python needs."""
        self._decode_all()
        self.finish_kit()
        return {name: getattr(self, name) for name in STANDALONE} | {"has_kernel": False, "playing": False}

    def _encoded_clips(self) -> list[Clip]:
        return [Clip.from_json(clip) for clip in self.corner_clips]

    def to_png(self) -> bytes:
        """Draw the grid as the bytes of a PNG file."""
        self._decode_all()
        return self.display_png()

    def display_png(self) -> bytes:
        """Draw what is decoded by now: the grid, or a coarse one of its cells; see `Widget.display_png`."""
        from latentpalette.plots.palette_png import palette_png

        axis = self._cells.decoded_axis
        loops = [[self._music.sequence(self._clip(row, col)) for col in axis] for row in axis]
        row, col = (min(index, self.size - 1) / (self.size - 1) for index in self.cell)
        return palette_png(loops, list(self.labels), (col, row))

    def to_python(self) -> str:
        """Return the Python source that makes these loops and their song again."""
        presets = {preset["name"]: preset["clip"] for preset in self.presets}

        def source(clip: dict[str, Any], label: str = "") -> str:
            is_preset = presets.get(label) == clip
            return repr(label) if is_preset else source_of(self._source_music(clip))

        names = [name for name in self.settings if name != "cell"]
        defaults = {name: self.traits()[name].default() for name in names}
        defaults |= self._first_settings()
        if self.has_prior:
            defaults["interpolation"] = FLOW_TIME
        changed = {name: getattr(self, name) for name in names if getattr(self, name) != defaults[name]}
        drum_model = self._both.drums.model if self._both.drums else None
        lines = [
            *opening_of(self.model, *([drum_model] if drum_model else [])),
            "loops = lp.LatentLoops(",
            f"    {load_source(self.model)},",
            "    corners=[",
            *(f"        {source(clip, label)}," for clip, label in zip(self.corner_clips, self.labels, strict=True)),
            "    ],",
            f"    labels={list(self.labels)!r},",
            *([f"    drums={load_source(drum_model)},"] if drum_model else []),
            f"    tonic={self.tonic!r}, scale={self.scale!r}, size={self.size!r},",
            *(f"    {name}={value!r}," for name, value in changed.items()),
            ")",
        ]
        if any(self.clips):
            slots = ", ".join("None" if slot is None else source(slot["clip"]) for slot in self.clips)
            lines.append(f"loops.clipboard = [{slots}]")
        for place in self.places:
            drums = "" if place["drums"] is None else f", {source_of(self._source_music(place['drums']['clip']))}"
            lines.append(f"loops.append({source(place['clip'])}, {place['repeats']}, {place['transpose']}{drums})")
        return "\n".join([*lines, f"loops.select({self.cell[0]}, {self.cell[1]})", ""])

    def _source_music(self, clip: dict[str, Any]) -> NoteSequence:
        return self._music.sequence(Clip.from_json(clip))
