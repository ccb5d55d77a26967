"""Latent Loops: sketch four melodies in a scale, listen to the grid between them, and make a song of what you find."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar

import traitlets

from latentpalette.latent.grids import CORNERS
from latentpalette.music.scales import Key
from latentpalette.music.sequence import NoteSequence, concatenate
from latentpalette.music.sketch import curve_of, sketch
from latentpalette.music.track_choice import TrackChoice, TrackName
from latentpalette.progress.board import show_progress
from latentpalette.progress.parts import finish
from latentpalette.validation import check_choice, check_integer, check_list
from latentpalette.widgets import loops_settings as checks
from latentpalette.widgets import settings as common
from latentpalette.widgets.cell_grid import GridInputs
from latentpalette.widgets.checked_traits import ComputedTrait, SettingError
from latentpalette.widgets.clips import Clip
from latentpalette.widgets.corners import Corner, CornerLoop, read_corners
from latentpalette.widgets.grid_decoding import check_interpolation, decode_grid
from latentpalette.widgets.instrument import PLAYED_TRAITS
from latentpalette.widgets.loops_composing import can_compose, compose_between
from latentpalette.widgets.loops_files import LoopsFiles
from latentpalette.widgets.loops_music import LoopsMusic
from latentpalette.widgets.loops_requests import LoopsRequests
from latentpalette.widgets.loops_song import Place
from latentpalette.widgets.loops_traits import SETTINGS
from latentpalette.widgets.model_clips import display_name
from latentpalette.widgets.palette_traits import origin_of
from latentpalette.widgets.selected import SelectedCell
from latentpalette.widgets.tempo import common_tempo

if TYPE_CHECKING:
    from latentpalette.models.musicvae import MusicVAE

_INPUTS = GridInputs._fields
_KEY = ("tonic", "scale")
_LOOP = ("cells", "corner_clips", "refined", "snap_to_scale", *_KEY, *PLAYED_TRAITS)
# For each computed trait, the traits that it follows from.
_SOURCES = {
    "corners": ("corner_clips",),
    "selected": ("cell", *_LOOP),
    "clipboard": ("clips",),
    "timeline": ("places", *PLAYED_TRAITS),
}


class LatentLoops(LoopsRequests, LoopsFiles):
    """Sketch four melodies in a scale, listen to the grid of blends between them, and make a song of what you find.

    Draw a curve and it snaps to the scale; hover over the grid and each loop is heard in its place in time; keep up to
    eight on the clipboard; put them in a row, each repeated and transposed, and play the song. Another tonic transposes
    everything, another scale moves it by degree. A model of drums plays a second row of the same song.

    Parameters
    ----------
    model : MusicVAE
        A model of one melody, e.g. ``lp.load("melody-2bar")`` or ``lp.load("melody-16bar")``. Models of drums and of
        several parts are refused: a scale tunes one melody.
    corners : list of 4, optional
        A (top left), B (top right), C (bottom left), D (bottom right). Each is anything that a corner of `Palette`
        takes. Default: four sketches.
    drums : MusicVAE, optional
        A model of drums, for the second row of the song, e.g. ``lp.load("drums-2bar")``.
    tonic : int [0 to 11] or str
        ``"C"``, ``"F#"``, ``"Bb"`` ...
    scale : str
        ``"major"``, ``"minor"``, ``"dorian"``, ``"mixolydian"``, ``"harmonic minor"``, ``"major pentatonic"``,
        ``"minor pentatonic"``, ``"blues"`` or ``"chromatic"``.
    size : int [4 to 12]
        Cells along a side of the grid.
    snap_to_scale : bool
        Whether blends, and music that is put in a corner, are moved to the nearest pitches of the scale.
    decode_in_page : bool
        Whether the page of a notebook decodes, too. It gets the weights when the instrument is first used, and goes on
        where the kernel is busy or gone.
    sketch_grid : {1, 2, 4} [steps]
        The shortest note of a sketch.
    labels, track, interpolation, chords, qpm, volume, mutes, locks, volumes, sounds, launch_quantization
        See `Palette`.

    Attributes
    ----------
    corners : tuple of 4 CornerLoop
        Assign four of anything that the parameter accepts.
    selected : SelectedCell
        The chosen loop of the grid: row, col, weights, z, notes.
    clipboard : tuple of 8 (CornerLoop or None)
        Assign up to eight pieces of music, or `selected`.
    timeline : tuple of Place
        The song: `music`, `repeats`, `transpose`, `drums` and `notes` of each place. Assign a list of places, of music,
        or of tuples (music, repeats, transpose, drums).
    plays : {"loop", "song"}
    song_mode : {"once", "loop"}

    Raises
    ------
    PaletteError
        If the model makes no single melody, `drums` makes no drums, or a corner cannot be read.

    Examples
    --------
    >>> import latentpalette as lp
    >>> loops = lp.LatentLoops(lp.load("melody-2bar"), tonic="D", scale="dorian", size=4)
    >>> loops.select(1, 2)
    >>> loops.timeline = [loops.selected, (loops.corners[3], 2, 5)]
    >>> loops
    LatentLoops(melody-2bar, D dorian, 4 by 4, a song of 2 places and 6 bars)
    >>> loops.song.steps // 16
    6
    """

    script: ClassVar[str] = "latentloops"
    settings: ClassVar[tuple[str, ...]] = SETTINGS

    corners: ComputedTrait[tuple[CornerLoop, ...]] = ComputedTrait(lambda loops, four: loops._set_corners(four))
    selected: ComputedTrait[SelectedCell] = ComputedTrait(source="the chosen cell; call loops.select(row, column)")
    clipboard: ComputedTrait[tuple[CornerLoop | None, ...]] = ComputedTrait(lambda loops, some: loops._set_clips(some))
    timeline: ComputedTrait[tuple[Place, ...]] = ComputedTrait(lambda loops, places: loops._set_places(places))

    # False while it is made.
    _is_made = False
    # True while values come together, from the browser or a file: nothing follows from one of them alone.
    _is_given_whole = False
    # What was moved to another key last, from which, and what became of it: to try scales loses nothing.
    _moved: tuple[Key, dict[str, Any], dict[str, Any]] | None = None

    def __init__(
        self,
        model: MusicVAE,
        corners: Iterable[Any] | None = None,
        *,
        drums: MusicVAE | None = None,
        tonic: int | str = 0,
        scale: str = "major pentatonic",
        size: int = 6,
        labels: Sequence[str] | None = None,
        track: TrackName | None = None,
        **settings: Any,
    ) -> None:
        self.require_known_settings(settings, own=("corners", "drums", "tonic", "scale", "size", "labels", "track"))
        self._track_choice = TrackChoice(track, None)
        with show_progress("Making Latent Loops"):
            both = self._both = LoopsMusic.of(model, drums, settings.pop("chords", None))
            self._music, self._page_music = both.both, both.melody
            key = Key(checks.check_tonic(tonic), checks.check_scale(scale))
            snap = checks.check_snap(settings.get("snap_to_scale", True))
            grid = checks.check_sketch_grid(settings.get("sketch_grid", 2))
            curves: list[list[float]] = [[] for _ in CORNERS]
            sketches = both.first_sketches(key, grid)
            if corners is None:
                curves = [curve for curve, _ in sketches]
                read = [corner for _, corner in sketches]
            else:
                present = [corner for _, corner in sketches]
                read = read_corners(both.melody, corners, self._track_choice, present=present)
                read = [both.enter(corner, key if snap else None) for corner in read]
            if labels is not None:
                labels = [str(label) for label in check_list(labels, "labels", 4, of="texts", error=SettingError)]
            qpm, tempo_note = common_tempo([corner.qpm for corner in read])
            if "qpm" not in settings and qpm is not None:
                settings["qpm"] = qpm
            clips = [corner.clip.to_json() for corner in read]
            blend = check_interpolation(model, settings.pop("interpolation", None))
            decoded = decode_grid(
                both.melody, GridInputs(clips, checks.check_size(size), blend, list(both.melody.chords))
            )
            own = self.instrument_values() | settings
            super().__init__(
                **(decoded.inputs._asdict() | own),
                labels=[corner.label for corner in read] if labels is None else labels,
                left_out=[list(corner.left_out) for corner in read],
                curves=curves,
                tonic=key.tonic,
                scale=key.scale,
                tempo_note="" if "qpm" in settings and qpm is None else tempo_note,
                **self._grid_values(decoded),
                drum_presets=both.drum_presets(),
                drum_model=display_name(drums) if drums is not None else "",
                composes=can_compose(both.melody),
                origin=f"loops {origin_of(display_name(model), clips)}",
            )
            self._cells = decoded
            self._is_made = True
            for name in _SOURCES:
                self._update(name)

    # --- loops ------------------------------------------------------------------------------------

    @property
    def notes(self) -> NoteSequence:
        """The chosen loop of the grid, as it is played."""
        return self.selected.notes

    @property
    def song(self) -> NoteSequence:
        """The places of the timeline one after the other, each repeated and transposed, with its drums."""
        return concatenate([place.notes for place in self.timeline if place.notes is not None]).replace(qpm=self.qpm)

    def current_music(self) -> NoteSequence:
        """Return what plays now, or would: the chosen loop, or the song."""
        return self.song if self.plays == "song" and self.places else self.notes

    def select(self, row: int, col: int) -> None:
        """Choose a loop of the grid; row 0 is the upper one."""
        self.cell = list(common.require_cell(row, col, self.size - 1))

    def sketch(self, corner: str, points: Sequence[float], *, grid: int | None = None) -> None:
        """Sketch a corner: a curve of pitches, spread evenly over the loop, that snaps to the scale.

        Parameters
        ----------
        corner : {"A", "B", "C", "D"}
        points : list of float [MIDI pitch]
        grid : {1, 2, 4} [steps], optional
            The shortest note; by default `sketch_grid`.

        Raises
        ------
        MusicError
            If it is no curve.
        """
        k = CORNERS.index(check_choice(corner, "corner", list(CORNERS), error=SettingError))
        curve = curve_of(points, self._both.melody.steps)
        clip = self._both.melody.clip(sketch(curve, self.key, grid=self.sketch_grid if grid is None else grid))
        self._put_corners({k: (Corner(clip, "Sketch"), curve)})

    def append(self, music: Any, repeats: int = 1, transpose: int = 0, drums: Any = None) -> None:
        """Add a place at the end of the song."""
        self.places = [*self.places, self._both.read_place((music, repeats, transpose, drums), self.corner_clips)]

    def compose(self, count: int = 4, *, at: int | None = None, seed: int | None = None) -> None:
        """Compose further places of the song, from what is before them to what comes after.

        Parameters
        ----------
        count : int [1 to 16]
        at : int, optional
            The index of the first of them, from 0; by default they follow the last place.
        seed : int, optional
            The same seed and the same song give the same places.

        Raises
        ------
        ModelError
            If the model has no learned prior over songs; see `latentpalette.compose`.
        """
        count, size = checks.check_count(count), len(self.places)
        at = size if at is None else check_integer(at, "at (index of a place)", 0, size, error=SettingError)
        clips = finish(compose_between(self._both.melody, self.places, at, count, seed))
        self.places = self._both.with_composed(self.places, at, clips, seed, self.key if self.snap_to_scale else None)

    def _clip(self, row: int, col: int) -> Clip:
        """Return the clip of a cell, before locks and mutes."""
        last = self._cells.size - 1
        for cell in self.refined:
            if (cell["row"], cell["col"]) == (row, col):
                return Clip.from_json(cell["clip"])
        if row in (0, last) and col in (0, last):
            return Clip.from_json(self.corner_clips[2 * bool(row) + bool(col)])
        clip = self._cells.cell(row, col)
        return self._both.snap(clip, self.key) if self.snap_to_scale else clip

    # --- computed traits --------------------------------------------------------------------------

    def _update(self, name: str) -> None:
        getattr(type(self), name).update(self, getattr(self, f"_compute_{name}")())

    def _sequence(self, clip: dict[str, Any]) -> NoteSequence:
        return self._music.sequence(Clip.from_json(clip), self.qpm)

    def _compute_corners(self) -> tuple[CornerLoop, ...]:
        return tuple(
            CornerLoop(self._sequence(clip), label=label, left_out=left_out)
            for clip, label, left_out in zip(self.corner_clips, self.labels, self.left_out, strict=True)
        )

    def _compute_selected(self) -> SelectedCell:
        last = self._cells.size - 1
        row, col = (min(index, last) for index in self.cell)
        clip = self._playback.apply(self._clip(row, col))
        return SelectedCell(row, col, col / last, row / last, clip, self._played_music, self.qpm, self._cells.z)

    def _compute_clipboard(self) -> tuple[CornerLoop | None, ...]:
        return tuple(
            None if slot is None else CornerLoop(self._sequence(slot["clip"]), label=slot["label"])
            for slot in self.clips
        )

    def _compute_timeline(self) -> tuple[Place, ...]:
        return self._both.song_places(self.places, self._playback, self._played_music, self.qpm)

    # --- what is assigned -------------------------------------------------------------------------

    def _set_corners(self, corners: Iterable[Any]) -> None:
        present = [
            Corner(Clip.from_json(clip), label) for clip, label in zip(self.corner_clips, self.labels, strict=True)
        ]
        read = read_corners(self._both.melody, corners, self._track_choice, present=present)
        key = self.key if self.snap_to_scale else None
        self._put_corners({k: (self._both.enter(corner, key), []) for k, corner in enumerate(read)})

    def _put_corners(self, corners: Mapping[int, tuple[Corner, list[float]]]) -> None:
        values = {name: list(getattr(self, name)) for name in ("corner_clips", "labels", "left_out", "curves")}
        for k, (corner, curve) in corners.items():
            put = (corner.clip.to_json(), corner.label, list(corner.left_out), curve)
            for name, value in zip(values, put, strict=True):
                values[name][k] = value
        clips = values.pop("corner_clips")
        self._decode(self._inputs()._replace(corner_clips=clips), **values)

    def _set_clips(self, music: Iterable[Any]) -> None:
        given = check_list(music, "clipboard", 0, checks.CLIPBOARD, of="loops or None", error=SettingError)
        read = [
            None if each is None else self._both.read_loop(each, f"{k + 1}", self.corner_clips)
            for k, each in enumerate(given)
        ]
        self.clips = [*read, *[None] * (checks.CLIPBOARD - len(read))]

    def _set_places(self, places: Iterable[Any]) -> None:
        given = check_list(places, "timeline", 0, checks.MAX_PLACES, of="places of the song", error=SettingError)
        self.places = [self._both.read_place(place, self.corner_clips) for place in given]

    def check_fit(self, name: str, value: Any) -> Any:
        """Return the value of a setting, if it fits the music that the model makes; see `Widget.check_fit`."""
        if name == "interpolation":
            return check_interpolation(self.model, value)
        self._both.check_fit(name, value)
        return super().check_fit(name, value)

    # --- decoding ---------------------------------------------------------------------------------

    @contextmanager
    def _given_whole(self) -> Iterator[None]:
        before, self._is_given_whole = self._is_given_whole, True
        try:
            yield
        finally:
            self._is_given_whole = before

    def set_state(self, sync_data: Mapping[str, Any]) -> None:
        """Set traits from a message of the browser, which moves the music and requests the grid by itself."""
        with self._given_whole():
            super().set_state(sync_data)

    def store_state(self, values: dict[str, Any]) -> None:
        """Set checked traits of a state together; see `Instrument.open_state`."""
        with self._given_whole():
            super().store_state(values)
        if self._cells.inputs != self._inputs():
            self._decode(self._inputs())

    @traitlets.observe(*sorted({*_INPUTS, "labels", "left_out", *sum(_SOURCES.values(), ())}))
    def _on_change(self, change: Any) -> None:
        if not self._is_made:
            return
        if not self._is_given_whole:
            if change.name in _KEY:
                self._move(Key(**{**self.key._asdict(), change.name: change.old}))
            if change.name == "size" and self.refined:
                self.refined = []  # they were places of another grid
            if change.name in _INPUTS and self._cells.inputs != self._inputs():
                self._decode(self._inputs())
        if change.name == "qpm":
            self.store(tempo_note="")  # it is about the tempo from before
        if change.name in ("qpm", "labels", "left_out"):  # not the notes: observers of the corners are not notified
            type(self).corners.replace(self, self._compute_corners())
        for name, sources in _SOURCES.items():
            if change.name in sources:
                self._update(name)

    def _move(self, origin: Key) -> None:
        """Move all music from one key to the present one."""
        names = ("corner_clips", "curves", "refined", "clips", "places")
        present = {name: getattr(self, name) for name in names}
        if self._moved and self._moved[2] == present:
            origin, present = self._moved[:2]
        moved = self._both.move_all(present, origin, self.key)
        self._moved = (origin, present, moved)
        others = {name: value for name, value in moved.items() if name != "corner_clips"}
        self._decode(self._inputs()._replace(corner_clips=moved["corner_clips"]), **others)

    def _decode(self, inputs: GridInputs, **others: Any) -> None:
        """Decode the grid anew, and set it with its corners in one message to the browser."""
        grid = decode_grid(self._both.melody, inputs)
        with self._given_whole(), self._together():
            self._cells = grid
            self.store(**inputs._asdict(), **others, **self._grid_values(grid))
        self._update("selected")  # z may change where the notes do not

    def __repr__(self) -> str:
        bars = sum(place.notes.bars for place in self.timeline if place.notes is not None)
        song = f"a song of {len(self.places)} places and {bars} bars" if self.places else "no song yet"
        return f"LatentLoops({self.model_name}, {self.key}, {self.size} by {self.size}, {song})"
