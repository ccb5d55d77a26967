"""The interpolation slider: one slider between two pieces of music, and the same way as a cross-fade beside it."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import traitlets

from latentpalette.files import expand_path
from latentpalette.music.crossfade import crossfade
from latentpalette.music.sequence import STEPS_PER_BAR, NoteSequence
from latentpalette.music.track_choice import DrumTracks, TrackChoice, TrackName
from latentpalette.progress.board import show_progress
from latentpalette.widgets import row_settings, slider_settings
from latentpalette.widgets.checked_traits import CheckedTrait, ComputedTrait
from latentpalette.widgets.clips import Clip, encode_clips
from latentpalette.widgets.instrument import INSTRUMENT_SETTINGS, INSTRUMENT_TRAITS, NO_ECHO, PLAYED_TRAITS, SHARED
from latentpalette.widgets.model_clips import ModelClips
from latentpalette.widgets.partly_decoded import FillsIn
from latentpalette.widgets.playback import join_in_phase
from latentpalette.widgets.requests import Work, handles
from latentpalette.widgets.ride import ride_places, turn_steps
from latentpalette.widgets.two_ends import END_TRAITS, TwoEnds
from latentpalette.widgets.way import NUM_PLACES, Place, Way, WayInputs, decode_way, way_in_parts

if TYPE_CHECKING:
    from latentpalette.models.musicvae import MusicVAE

_INPUTS = WayInputs._fields
_SELECTED_SOURCES = ("t", "tiles", "end_clips", "use_original_ends", *PLAYED_TRAITS)
_OWN_SETTINGS = (
    *("t", "n", "snap", "even_steps", "plays", "autoplay", "autoplay_bars"),
    *("interpolation", "use_original_ends"),
)


class InterpolationSlider(FillsIn, TwoEnds):
    """Move a slider from one piece of music to another, and hear what a model makes of the places between them.

    Beside it lies the cross-fade of the two pieces, to compare: halfway, a mix is two pieces at once, where the model
    plays one that lies between them. One switch changes what sounds. Drums, melodies, trios and grooves can be
    interpolated. The browser makes the sound: the slider needs the kernel for other ends, and for exact places.

    Parameters
    ----------
    a, b : NoteSequence, name of a preset, MIDI file or z [shape=(z,)], optional
        The ends: music as long as the model's (or shorter, which is repeated); of a file, its path or bytes, the
        first window. Default: presets.
    model : MusicVAE
        A model of drums, melodies, trios or grooves, e.g. ``lp.load("melody-2bar")``.
    t : float [0 to 1]
        Where the slider stands: 0 is A, 1 is B.
    labels : list of 2 str, optional
        Labels of the ends; by default made from their sources.
    track, drums : optional
        The tracks that are read of files and of sequences without drums; see `MusicVAE.excerpts`.
    n : int [2 to 33]
        Number of steps, both ends included: the marks on the slider, and what its keys move by.
    snap : bool
        Whether the slider moves from step to step in the browser, and stands still between them.
    even_steps : bool
        Place the steps so that each changes the music equally much; otherwise at equal distances.
    plays : {"model", "crossfade"}
        What sounds.
    autoplay : bool
        Whether the slider moves by itself, to and fro, while it plays.
    autoplay_bars : {1, 2, 4, 8, 16, 32, 64}
        How long it takes from A to B.
    interpolation : {"slerp", "lerp"} or float [0 to 1]
        How the ends are blended, as for `MusicVAE.interpolate`: by default 0.4 with a learned prior, else ``"slerp"``.
    decode_in_page : bool
        Whether the page of a notebook decodes, too. It gets the weights when the instrument is first used, and goes on
        where the kernel is busy or gone.
    use_original_ends : bool
        Whether the ends play the music itself, not the model's reconstructions.
    chords, qpm, volume, mutes, locks, launch_quantization, conditions
        See `Palette`.

    Attributes
    ----------
    selected : Place
        Where the slider stands: `t`, `z`, `notes`, `label`. It can be observed like any trait.
    crossfade : NoteSequence
        The cross-fade of the ends there; see `latentpalette.crossfade`.
    row : tuple of n Place
        The steps.
    ride : NoteSequence
        The music of the slider as it moves by itself, with `autoplay`: once from A to B and back again.
    ends : tuple of 2 CornerLoop
        NoteSequences with `label` and `left_out`. Assign two of anything that the parameters accept.

    Raises
    ------
    PaletteError
        If the model makes none of these kinds of music, or an end cannot be read.

    Examples
    --------
    >>> import latentpalette as lp
    >>> slider = lp.InterpolationSlider("Lullaby", "Walking", lp.load("melody-2bar"), t=0.25)
    >>> slider
    InterpolationSlider(melody-2bar, at .25 from Lullaby to Walking)
    >>> slider.selected.label, slider.selected.notes.steps, slider.crossfade.steps
    ('A .75 B .25', 32, 32)
    """

    script: ClassVar[str] = "interpolationslider"
    noun: ClassVar[str] = "slider"
    saved: ClassVar[tuple[str, ...]] = (
        *INSTRUMENT_TRAITS,
        *("end_clips", "labels", "left_out", *_OWN_SETTINGS, "tiles", "progress", "decode_ms", "origin"),
    )
    settings: ClassVar[tuple[str, ...]] = (*INSTRUMENT_SETTINGS, *_OWN_SETTINGS, "conditions", "decode_in_page")
    edited: ClassVar[tuple[str, ...]] = (
        *(*END_TRAITS, "t", "n", "snap", "even_steps", "autoplay_bars"),
        *("mutes", "locks", "volumes", "sounds", "chords"),
    )

    t = CheckedTrait(slider_settings.check_t, 0.5).tag(**NO_ECHO)
    n = CheckedTrait(row_settings.check_n, 9).tag(**NO_ECHO)
    snap = CheckedTrait(slider_settings.check_snap, False).tag(**SHARED)
    even_steps = CheckedTrait(row_settings.check_even_steps, False).tag(**SHARED)
    plays = CheckedTrait(slider_settings.check_sounds, "model").tag(**SHARED)
    autoplay = CheckedTrait(slider_settings.check_autoplay, False).tag(**SHARED)
    autoplay_bars = CheckedTrait(slider_settings.check_autoplay_bars, 8).tag(**SHARED)

    selected: ComputedTrait[Place] = ComputedTrait(source="the slider; assign slider.t")

    _cells: Way

    def __init__(
        self,
        a: Any = None,
        b: Any = None,
        model: MusicVAE | None = None,
        t: float = 0.5,
        *,
        labels: Sequence[str] | None = None,
        track: TrackName | None = None,
        drums: DrumTracks = None,
        **settings: Any,
    ) -> None:
        self.require_known_settings(settings, own=("a", "b", "model", "labels", "track", "drums"))
        model = self.require_model(model)
        self._track_choice = TrackChoice(track, drums)
        with show_progress("Making a slider"):
            music = self._music = ModelClips.of(model, settings.pop("chords", None))
            values = self.first_values(music, a, b, labels, settings) | {"t": t}
            self._cells = decode_way(music, WayInputs(*(values[name] for name in _INPUTS)))
            super().__init__(**(values | self._way_values() | self.instrument_values() | settings))
            self._is_made = True
            for name in ("ends", "selected"):
                self._update(name)

    # --- what plays -------------------------------------------------------------------------------

    def at(self, t: float) -> Place:
        """Return a place on the way from A (0) to B (1).

        Raises
        ------
        SettingError
            If `t` is no number from 0 to 1.
        """
        t = slider_settings.check_t(t)
        return Place(t, self._cells, self._played_music, self.use_original_ends, self._playback, self.qpm)

    @property
    def row(self) -> tuple[Place, ...]:
        """The steps: places on the way, from A to B."""
        return tuple(self.at(t) for t in self._cells.steps(self.n, are_even=self.even_steps))

    @property
    def crossfade(self) -> NoteSequence:
        """The cross-fade of the ends where the slider stands, with locks and mutes."""
        return self._crossfade_at(self.t)

    def _crossfade_at(self, t: float) -> NoteSequence:
        a, b = (self._music.sequence(Clip.from_json(clip), self.qpm) for clip in self.end_clips)
        mixed = self._music.clip(crossfade(a, b, t), accented=False)
        return self._played_music.sequence(self._playback.apply(mixed), self.qpm)

    @property
    def notes(self) -> NoteSequence:
        """The music that sounds where the slider stands: the model's, or the cross-fade."""
        return self._notes_at(self.t)

    def _notes_at(self, t: float) -> NoteSequence:
        return self.at(t).notes if self.plays == "model" else self._crossfade_at(t)

    @property
    def ride(self) -> NoteSequence:
        """The music of the slider as it moves by itself, with `autoplay`: once from A to B and back again."""
        turn = turn_steps(self.launch_quantization, self._music.steps)
        steps = self._cells.steps(self.n, are_even=self.even_steps)
        last = NUM_PLACES - 1

        def stop_at(t: float) -> float:
            if self.snap:
                return min(steps, key=lambda step: abs(step - t))
            return math.floor(t * last + 0.5) / last

        stops = [stop_at(t) for t in ride_places(self.autoplay_bars, turn)]
        loops = {t: self._notes_at(t) for t in set(stops)}
        return join_in_phase([loops[t] for t in stops], turn / STEPS_PER_BAR, self.qpm)

    def current_music(self) -> NoteSequence:
        """Return what plays now, or would: `ride` if it moves by itself, else `notes`."""
        return self.ride if self.autoplay else self.notes

    def save(self, path: str | os.PathLike[str], *, loop: bool = False) -> Path:
        """Write `notes` as a file: ``.mid``, ``.wav`` or ``.mp3``; see `NoteSequence.save`.

        Raises
        ------
        FileError
            If the file cannot be written.
        """
        return self.notes.save(expand_path(path), loop=loop)

    def _compute_selected(self) -> Place:
        return self.at(self.t)

    # --- decoding ---------------------------------------------------------------------------------

    def _inputs(self) -> WayInputs:
        return WayInputs(*(getattr(self, name) for name in _INPUTS))

    def _keep_cells(self) -> None:
        self.store_from_browser(**self._way_values())

    def _way_values(self) -> dict[str, Any]:
        return {
            "tiles": encode_clips(self._cells.clips),
            "progress": self._cells.progress,
            "decode_ms": self._cells.elapsed_ms,
        }

    @traitlets.observe(*sorted({*_INPUTS, *_SELECTED_SOURCES}))
    def _on_change(self, change: Any) -> None:
        if not self._is_made:
            return
        if change.name in _INPUTS and not self._is_from_browser and self._cells.inputs != self._inputs():
            self._decode(self._inputs())
        self._update("selected")

    def _decode(self, inputs: WayInputs, **others: Any) -> None:
        """Decode the way anew, and set it with its ends in one message to the browser."""
        self._cells = decode_way(self._music, inputs)
        with self._together():
            self.store(**inputs._asdict(), **others, **self._way_values())
        self._update("selected")  # z may change where the notes do not

    @handles("decode")
    def _handle_decode(self) -> Work:
        """Decode the way between the present ends, which the browser has set, or the places that are heard first."""
        while self._cells.inputs != (inputs := self._inputs()):
            way = yield from way_in_parts(self._music, inputs)
            if inputs == self._inputs():  # else the browser has set others meanwhile
                self._cells = way
                self._keep_cells()
                self._update("selected")
        return {"decode_ms": self.decode_ms, "progress": self.progress}, [self.tiles]

    @handles("place", t=slider_settings.check_t)
    def _handle_place(self, *, t: float) -> Work:
        """Decode the exact place of the slider."""
        yield from self._handle_decode()
        _, clip = yield from self._cells.place_in_parts(t)
        return {}, [encode_clips([clip])]

    # --- where no widget runs ---------------------------------------------------------------------

    def alt_text(self) -> str:
        """Describe the picture of the slider in words."""
        a, b = self.labels
        return f"Interpolation slider from {a} to {b}, at {self.selected.label}: as the model plays it, and as a mix"

    def to_png(self) -> bytes:
        """Draw the slider as the bytes of a PNG file, which a saved notebook shows."""
        from latentpalette.plots.slider_png import slider_png

        ends = [self._music.sequence(Clip.from_json(clip)) for clip in self.end_clips]
        return slider_png(ends, self.selected.notes, list(self.labels), self.t)

    def __repr__(self) -> str:
        at = f"{self.t:.2f}".removeprefix("0")
        return f"InterpolationSlider({self.model_name}, at {at} from {self.labels[0]} to {self.labels[1]})"
