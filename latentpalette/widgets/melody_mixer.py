"""The melody mixer: two pieces of music, and the steps from one to the other in a row."""

from __future__ import annotations

import itertools
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import traitlets

from latentpalette.files import expand_path
from latentpalette.music import midi
from latentpalette.music.sequence import STEPS_PER_BAR, NoteSequence, concatenate
from latentpalette.music.track_choice import DrumTracks, TrackChoice, TrackName
from latentpalette.progress.board import show_progress
from latentpalette.widgets import row_settings as checks
from latentpalette.widgets.checked_traits import CheckedTrait, ComputedTrait
from latentpalette.widgets.clips import Clip, encode_clips
from latentpalette.widgets.instrument import (
    INSTRUMENT_SETTINGS,
    INSTRUMENT_TRAITS,
    NO_ECHO,
    PLAYED_TRAITS,
    SHARED,
)
from latentpalette.widgets.model_clips import ModelClips
from latentpalette.widgets.partly_decoded import FillsIn
from latentpalette.widgets.path import playback_order
from latentpalette.widgets.requests import Work, handles
from latentpalette.widgets.row import Row, RowInputs, Tile, decode_row, row_in_parts
from latentpalette.widgets.two_ends import TwoEnds

if TYPE_CHECKING:
    from latentpalette.models.musicvae import MusicVAE

_EMPTY: dict[str, Any] = {"steps": 32, "notes": []}  # a clip
_INPUTS = RowInputs._fields
# For each computed trait, the traits that it follows from.
_SOURCES = {
    "row": ("tiles", "end_clips", "use_original_ends", *PLAYED_TRAITS),
    "selected": ("tile", "tiles", "end_clips", "use_original_ends", *PLAYED_TRAITS),
}
_OWN_SETTINGS = ("n", "interpolation", "even_steps", "use_original_ends", "tile", "plays", "row_mode")


class MelodyMixer(FillsIn, TwoEnds):
    """Pull two pieces of music apart like an accordion: between them are the steps from one to the other.

    Click a step and it plays, in time; play the row and all steps play one after the other. Sample, choose or load
    either end. Melodies, basses, drums and trios can be mixed. The browser makes the sound: only other ends and
    another number of steps need the kernel.

    Parameters
    ----------
    a, b : NoteSequence, name of a preset, MIDI file or z [shape=(z,)], optional
        The ends: music as long as the model's (or shorter, which is repeated); of a file, its path or bytes, the
        first window. Default: presets.
    model : MusicVAE
        A model of drums, melodies, trios or grooves, e.g. ``lp.load("melody-2bar")``.
    n : int [2 to 33]
        Number of steps, both ends included.
    labels : list of 2 str, optional
        Labels of the ends; by default made from their sources.
    track, drums : optional
        The tracks that are read of files and of sequences without drums; see `MusicVAE.excerpts`.
    interpolation : {"slerp", "lerp"} or float [0 to 1]
        How the ends are blended, as for `MusicVAE.interpolate`: by default 0.4 with a learned prior, else ``"slerp"``.
    even_steps : bool
        Place the steps so that each changes the music equally much; otherwise z is evenly spaced.
    use_original_ends : bool
        Whether the first and the last step play the ends themselves, not the model's reconstructions.
    tile : int [0 to n - 1]
        The step that plays, or is chosen.
    plays : {"tile", "row"}
        What Play plays: the chosen step, again and again, or the whole row.
    decode_in_page : bool
        Whether the page of a notebook decodes, too. It gets the weights when the instrument is first used, and goes on
        where the kernel is busy or gone.
    row_mode : {"once", "loop", "ping-pong"}
    chords, qpm, volume, mutes, locks, launch_quantization, conditions
        See `Palette`.

    Attributes
    ----------
    row : tuple of n Tile
        The steps: `index`, `position`, `z`, `notes`.
    selected : Tile
        The chosen step. `row` and `selected` can be observed like any trait.
    ends : tuple of 2 CornerLoop
        NoteSequences with `label` and `left_out`. Assign two of anything that the parameters accept.

    Raises
    ------
    PaletteError
        If the model makes none of these kinds of music, or an end cannot be read.

    Examples
    --------
    >>> import latentpalette as lp
    >>> mixer = lp.MelodyMixer("Lullaby", "Walking", lp.load("melody-2bar"), n=5)
    >>> mixer
    MelodyMixer(melody-2bar, 5 steps from Lullaby to Walking)
    >>> mixer.notes.steps, mixer.row[2].label
    (160, 'step 3 · A .50 B .50')
    """

    script: ClassVar[str] = "melodymixer"
    saved: ClassVar[tuple[str, ...]] = (
        *INSTRUMENT_TRAITS,
        *("end_clips", "labels", "left_out", *_OWN_SETTINGS, "tiles", "progress", "decode_ms", "origin"),
    )
    settings: ClassVar[tuple[str, ...]] = (*INSTRUMENT_SETTINGS, *_OWN_SETTINGS, "conditions", "decode_in_page")
    placed: ClassVar[tuple[str, ...]] = ("tile",)
    edited: ClassVar[tuple[str, ...]] = (
        *("end_clips", "labels", "left_out", "n", "interpolation", "even_steps", "use_original_ends", "row_mode"),
        *("mutes", "locks", "volumes", "sounds", "chords"),
    )

    n = CheckedTrait(checks.check_n, 9).tag(**NO_ECHO)
    even_steps = CheckedTrait(checks.check_even_steps, False).tag(**SHARED)
    tile = CheckedTrait(checks.check_tile, 0).tag(**NO_ECHO)
    plays = CheckedTrait(checks.check_plays, "tile").tag(**SHARED)
    row_mode = CheckedTrait(checks.check_row_mode, "loop").tag(**SHARED)

    row: ComputedTrait[tuple[Tile, ...]] = ComputedTrait(source="the ends; assign mixer.ends or mixer.n")
    selected: ComputedTrait[Tile] = ComputedTrait(source="the chosen step; assign mixer.tile")

    noun: ClassVar[str] = "mixer"
    _cells: Row

    def __init__(
        self,
        a: Any = None,
        b: Any = None,
        model: MusicVAE | None = None,
        n: int = 9,
        *,
        labels: Sequence[str] | None = None,
        track: TrackName | None = None,
        drums: DrumTracks = None,
        **settings: Any,
    ) -> None:
        self.require_known_settings(settings, own=("a", "b", "model", "labels", "track", "drums"))
        model = self.require_model(model)
        self._track_choice = TrackChoice(track, drums)
        with show_progress("Making a mixer"):
            music = self._music = ModelClips.of(model, settings.pop("chords", None))
            values = self.first_values(music, a, b, labels, settings)
            even_steps = checks.check_even_steps(settings.pop("even_steps", False))
            inputs = RowInputs(
                values["end_clips"], checks.check_n(n), values["interpolation"], even_steps, values["chords"]
            )
            row = decode_row(music, inputs)
            values |= inputs._asdict() | self._row_values(row)
            super().__init__(**(values | self.instrument_values() | settings))
            self._cells = row
            self._is_made = True
            for name in ("ends", *_SOURCES):
                self._update(name)

    # --- what plays -------------------------------------------------------------------------------

    @property
    def notes(self) -> NoteSequence:
        """The row as one piece: every step once, in order; with `row_mode` "ping-pong" there and back."""
        return concatenate([tile.notes for tile in self._lap()])

    def current_music(self) -> NoteSequence:
        """Return what plays now, or would: the chosen step, or the row."""
        return self.notes if self.plays == "row" else self.selected.notes

    @property
    def changes(self) -> list[int]:
        """Number of notes that come or go from each step to the next [n - 1]."""
        played = [{(note.step, note.pitch, note.is_drum) for note in tile.notes.notes} for tile in self.row]
        return [len(one ^ other) for one, other in itertools.pairwise(played)]

    def save(self, path: str | os.PathLike[str], *, loop: bool = False) -> Path:
        """Write the row as a file: ``.mid`` (with a marker for each step), ``.wav`` or ``.mp3``.

        With `loop`, audio is exactly as long as the row, to be repeated; see `NoteSequence.save`.

        Raises
        ------
        FileError
            If the file cannot be written.
        """
        path = expand_path(path)
        if path.suffix.lower() not in (".mid", ".midi"):
            return self.notes.save(path, loop=loop)
        markers = [(turn * self._music.steps, tile.label) for turn, tile in enumerate(self._lap())]
        return midi.write(self.notes, path, markers=markers)

    def _lap(self) -> list[Tile]:
        return [self.row[index] for index, _ in playback_order([(i, 0) for i in range(len(self.row))], self.row_mode)]

    # --- computed traits --------------------------------------------------------------------------

    def _compute_row(self) -> tuple[Tile, ...]:
        settings = (self._played_music, self.use_original_ends, self._playback, self.qpm)
        return tuple(Tile(index, self._cells, *settings) for index in range(self._cells.n))

    def _compute_selected(self) -> Tile:
        last = len(self.row) - 1
        return self.row[min(self.tile, last)]

    # --- decoding ---------------------------------------------------------------------------------

    def _inputs(self) -> RowInputs:
        return RowInputs(*(getattr(self, name) for name in _INPUTS))

    @traitlets.observe(*sorted({*_INPUTS, *sum(_SOURCES.values(), ())}))
    def _on_change(self, change: Any) -> None:
        if not self._is_made:
            return
        if change.name in _INPUTS and not self._is_from_browser and self._cells.inputs != self._inputs():
            self._decode(self._inputs())
        for name, sources in _SOURCES.items():
            if change.name in sources:
                self._update(name)

    def _decode(self, inputs: RowInputs, **others: Any) -> None:
        """Decode the row anew, and set it with its ends in one message to the browser."""
        row = decode_row(self._music, inputs)
        before, last = len(self.row) - 1, inputs.n - 1
        tile = round(min(self.tile, before) / before * last)  # where it was on the way from A to B
        with self.hold_sync(), self.hold_trait_notifications():
            self._cells = row
            self.store(**inputs._asdict(), **others, tile=tile, **self._row_values(row))
        for name in ("row", "selected"):  # z may change where the notes do not
            self._update(name)

    @staticmethod
    def _row_values(row: Row) -> dict[str, Any]:
        return {"tiles": encode_clips(row.shown), "progress": row.progress, "decode_ms": row.elapsed_ms}

    def _keep_cells(self) -> None:
        self.store_from_browser(**self._row_values(self._cells))

    @handles("decode")
    def _handle_decode(self) -> Work:
        """Decode the row of the present ends, which the browser has set, or the steps that are heard first."""
        while self._cells.inputs != (inputs := self._inputs()):
            row = yield from row_in_parts(self._music, inputs)
            if inputs == self._inputs():  # else the browser has set others meanwhile
                self._cells = row
                self._keep_cells()
                for name in ("row", "selected"):
                    self._update(name)
        return {"decode_ms": self.decode_ms, "progress": self.progress}, [self.tiles]

    # --- where no widget runs ---------------------------------------------------------------------

    def alt_text(self) -> str:
        """Describe the picture of the mixer in words."""
        bars = len(self.row) * self._music.steps // STEPS_PER_BAR
        return f"Mixer: {len(self.row)} steps from {self.labels[0]} to {self.labels[1]}, {bars} bars"

    def to_png(self) -> bytes:
        """Draw the row as the bytes of a PNG file."""
        self._decode_all()
        return self.display_png()

    def display_png(self) -> bytes:
        """Draw what is decoded by now: the row, or a few of its steps; see `Widget.display_png`."""
        from latentpalette.plots.row_png import row_png

        row, steps = self._cells, self._cells.decoded_steps
        shown, last = row.shown, row.n - 1
        ends = dict(zip((0, last), self.end_clips, strict=True)) if self.use_original_ends else {}
        clips = [Clip.from_json(ends[step]) if step in ends else shown[step] for step in steps]
        loops = [self._music.sequence(clip) for clip in clips if clip is not None]
        return row_png(loops, list(self.labels), round(min(self.tile, last) / last * (len(loops) - 1)))

    def __repr__(self) -> str:
        return f"MelodyMixer({self.model_name}, {len(self.row)} steps from {self.labels[0]} to {self.labels[1]})"
