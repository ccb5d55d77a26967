"""The palette: four loops in the corners of a square, the blends between them, a puck, a path, sounds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import traitlets
from numpy.typing import NDArray

from latentpalette.latent.grids import cell_at, cell_center, cells_along
from latentpalette.music.sequence import NoteSequence
from latentpalette.music.track_choice import DrumTracks, TrackChoice, TrackName
from latentpalette.old_names import accept_old_arguments, accept_old_attributes, accept_old_methods, rename_fields
from latentpalette.progress.board import show_progress
from latentpalette.validation import check_list
from latentpalette.widgets import settings as checks
from latentpalette.widgets.cell_grid import CellGrid, GridInputs
from latentpalette.widgets.checked_traits import ComputedTrait, SettingError
from latentpalette.widgets.clips import Clip
from latentpalette.widgets.corners import (
    Corner,
    CornerLoop,
    default_corners,
    read_corners,
)
from latentpalette.widgets.grid_decoding import check_interpolation, decode_grid
from latentpalette.widgets.instrument import INSTRUMENT_SETTINGS, PLAYED_TRAITS
from latentpalette.widgets.model_clips import ModelClips, display_name
from latentpalette.widgets.palette_files import EDITED, STANDALONE, PaletteFiles
from latentpalette.widgets.palette_requests import PaletteRequests
from latentpalette.widgets.palette_traits import origin_of
from latentpalette.widgets.path import PalettePath, playback_order, to_points
from latentpalette.widgets.played_grid import PlayedGrid
from latentpalette.widgets.selected import SelectedCell
from latentpalette.widgets.tempo import common_tempo, differing_tempos, format_qpm

if TYPE_CHECKING:
    import numpy as np

    from latentpalette.models.musicvae import MusicVAE

# For each computed trait, the traits that it follows from. Several may change at once and are notified one by one:
# observers of the cell and the path find the new grid in place, whichever comes first.
_LOOP = ("grid_id", "corner_clips", "use_original_corners", *PLAYED_TRAITS)
_SOURCES = {
    "corners": ("corner_clips",),
    "grid": _LOOP,
    "selected": ("puck", "between_cells", *_LOOP),
    "path": ("points", "bars_per_cell", "path_mode", *_LOOP),
}


@accept_old_methods
@accept_old_attributes
class Palette(PaletteRequests, PaletteFiles):
    """Play the blends between four pieces of music, in a notebook or in a page of its own.

    Drag the puck or click a cell and the music changes in time; draw a path and it plays itself; edit, sample or load
    the corners; export what you like. The browser makes the sound: only new corners need the kernel.

    Parameters
    ----------
    model : MusicVAE
        A model of drums, melodies, trios or grooves, e.g. ``lp.load("drums-2bar")`` or ``lp.load("melody-2bar")``.
    corners : list of 4, optional
        A (top left), B (top right), C (bottom left), D (bottom right). Each is a NoteSequence as long as the model's
        music (or a shorter one that fits in it, which is repeated), the name of a preset, the path of a MIDI file or
        its bytes (the first window), or a z [z]. Default: presets. The corner of a file without a loop keeps its
        preset, and has the reason in `left_out`.
    size : int [3 to 21]
        Cells along a side.
    labels : list of 4 str, optional
        Labels of the corners; by default made from their sources.
    track, drums : optional
        The tracks of the corners that are read, and those that are drums; see `MusicVAE.excerpts`. They hold for files
        and for sequences without drums, and for the files that are loaded in the palette later.
    qpm : float [20 to 400, quarter notes per minute]
        Default: the tempo that most corners have, of tempos of as many corners that of the first of these; 120 for
        presets and z, which have none. `tempo_note` says where the corners differ. Corners that are assigned later
        bring their tempo with them while the palette is silent and nobody has set another.
    volume : float [0 to 1]
    mutes : list of bool
        One for each lane: a drum of a drum model, or a stream (melody, bass, drums).
    locks : list of (None or list)
        For each lane what is played instead of the cell's own: for a drum 0 or 1 for each step; for a stream notes
        [step, pitch, length, velocity, offset].
    launch_quantization : {"step", "beat", "bar", "loop"}
        The next boundary at which a change of the music takes over.
    bars_per_cell : {1, 2, 4, 8}
    path_mode : {"once", "loop", "ping-pong"}
    tool : {"drag", "draw"}
        Whether Play plays the cell under the puck or the path; assigning a path chooses "draw".
    use_original_corners : bool
        Whether the corner cells play the corners themselves, not the model's reconstructions. Default: True, but False
        where there are `chords`, which corners do not follow.
    between_cells : bool
        Whether the puck plays exactly where it is, not the nearest cell. A path plays cells.
    interpolation : float [0 to 1] or "lerp"
        How the corners are blended. With a learned prior a time of its flow, from 0 (musical: closest to real loops)
        to 1 (smooth: neighbors differ least), 0.4 by default; see `latentpalette.latent.flow_paths`. ``"lerp"``, the
        only choice without a prior, blends z along straight lines.
    conditions : dict
        What the Sample button asks for, of a model whose learned prior takes conditions (`MusicVAE.conditions`):
        ``{"style": "funk", "density": 0.4}``.
    chords : list of str, or str
        What the music is decoded over, of a model that is conditioned on chords: ``["C", "Am", "F", "G"]`` or
        ``"C Am F G"``, evenly spaced over it. Assign others to hear it over them; the corners are encoded with their
        own chords, which are inferred from their notes.
    decode_in_page : bool
        Whether the page of a notebook decodes, too. It gets the weights when the instrument is first used, and goes on
        where the kernel is busy or gone.

    Attributes
    ----------
    corners : tuple of 4 CornerLoop
        NoteSequences with `label` and `left_out`: what of its music a corner could not take, in words. Assign four of
        anything that the parameter accepts, and the grid is decoded from them.
    grid : ndarray [shape=(size, size, z)]
        Latent vectors of the cells: the posterior means of the corners, interpolated. Read-only.
    selected : SelectedCell
        The cell under the puck: row, col, x, y, weights, z, notes.
    path : PalettePath
        The path as it is played. Assign cells (row, column), points (x, y) or a path to draw one.

    All four can be observed like any trait: ``palette.observe(function, "selected")``.

    Raises
    ------
    PaletteError
        If the model makes none of these kinds of music, or a corner cannot be read.

    Examples
    --------
    >>> import latentpalette as lp
    >>> palette = lp.Palette(lp.load("drums-2bar"), size=5)
    >>> palette.path = [(0, 0), (0, 4), (4, 4)]
    >>> palette.path
    PalettePath(9 cells, 18 bars, 0:36)
    """

    script: ClassVar[str] = "palette"
    saved: ClassVar[tuple[str, ...]] = (*STANDALONE, "origin")
    settings: ClassVar[tuple[str, ...]] = (
        *INSTRUMENT_SETTINGS,
        *("bars_per_cell", "path_mode", "tool", "use_original_corners", "between_cells", "interpolation"),
        *("conditions", "decode_in_page", "puck"),
    )

    edited: ClassVar[tuple[str, ...]] = EDITED
    placed: ClassVar[tuple[str, ...]] = ("puck", "tool")

    corners: ComputedTrait[tuple[CornerLoop, ...]] = ComputedTrait(lambda palette, four: palette._set_corners(four))
    grid: ComputedTrait[NDArray[np.floating]] = ComputedTrait(source="the corners; assign palette.corners")
    selected: ComputedTrait[SelectedCell] = ComputedTrait(
        source="the puck; call palette.select(row, column) or assign palette.puck"
    )
    path: ComputedTrait[PalettePath] = ComputedTrait(lambda palette, path: palette._set_path(path))

    # Those whose grid is decoded, or requested by the browser that set them; None before the first.
    _grid_inputs: GridInputs | None = None
    # True once somebody has set the tempo: other corners do not change it then.
    _is_tempo_chosen = False
    # True while corners are assigned, which may bring their tempo.
    _is_following = False

    @accept_old_arguments(quantise="launch_quantization", originals="use_original_corners")
    def __init__(
        self,
        model: MusicVAE,
        corners: Iterable[Any] | None = None,
        size: int = 11,
        *,
        labels: Sequence[str] | None = None,
        track: TrackName | None = None,
        drums: DrumTracks = None,
        **settings: Any,
    ) -> None:
        self.require_known_settings(settings, own=("corners", "labels", "size", "track", "drums"))
        self._track_choice = TrackChoice(track, drums)
        with show_progress("Making a palette"):
            music = self._music = ModelClips.of(model, settings.get("chords"))
            size = checks.check_size(size)
            defaults = default_corners(music)
            sources = (
                defaults if corners is None else read_corners(music, corners, self._track_choice, present=defaults)
            )
            if labels is not None:
                labels = [str(label) for label in check_list(labels, "labels", 4, of="texts", error=SettingError)]
            qpm, tempo_note = common_tempo([corner.qpm for corner in sources])
            if "qpm" in settings:
                self._is_tempo_chosen = True
                tempo_note = ""
            elif qpm is not None:
                settings["qpm"] = qpm
            clips = [corner.clip.to_json() for corner in sources]
            interpolation = check_interpolation(model, settings.pop("interpolation", None))
            self._cells = decode_grid(music, GridInputs(clips, size, interpolation, list(music.chords)))
            super().__init__(
                corner_clips=clips,
                labels=[corner.label for corner in sources] if labels is None else labels,
                left_out=[list(corner.left_out) for corner in sources],
                tempo_note=tempo_note,
                size=size,
                interpolation=interpolation,
                **self._cells.as_traits(),
                origin=origin_of(display_name(model), clips),
                **(self.instrument_values() | settings),
            )
            self._grid_inputs = self._inputs()
            for name in _SOURCES:
                self._update(name)

    # --- cells ------------------------------------------------------------------------------------

    def notes(self, row: int, col: int) -> NoteSequence:
        """Return the loop of a cell as it is played: with locks, mutes and accents."""
        row, col = checks.require_cell(row, col, self._grid_size - 1)
        return self._played_music.sequence(self._playback.apply(self._clip(row, col)), self.qpm)

    def _first_settings(self) -> dict[str, Any]:
        return super()._first_settings() | {
            "use_original_corners": not self._music.chords
        }  # those do not follow chords

    def _clip(self, row: int, col: int) -> Clip:
        """Return the clip of a cell, before locks and mutes."""
        return self._played_grid.source(row, col)

    @property
    def _played_grid(self) -> PlayedGrid:
        return PlayedGrid(self._cells, self.use_original_corners, self._playback)

    def _cell_music(self, row: int, col: int) -> NoteSequence:
        return self._music.sequence(self._clip(row, col), self.qpm)

    def _corner_music(self) -> list[NoteSequence]:
        return [self._music.sequence(Clip.from_json(clip), self.qpm) for clip in self.corner_clips]

    def select(self, row: int, col: int) -> None:
        """Put the puck on a cell."""
        row, col = checks.require_cell(row, col, self._grid_size - 1)
        self.puck = cell_center(row, col, self._grid_size)

    def current_music(self) -> NoteSequence:
        """Return the music that it plays now: one lap of the path while one is drawn, else the selected cell."""
        return self.path.notes if self.tool == "draw" and self.path else self.selected.notes

    # --- computed traits --------------------------------------------------------------------------

    def _set_corners(self, corners: Iterable[Any]) -> None:
        pairs = zip(self.corner_clips, self.labels, strict=True)
        present = [Corner(Clip.from_json(clip), label) for clip, label in pairs]
        sources = read_corners(self._music, corners, self._track_choice, present=present)
        qpms = [corner.qpm for corner in sources]
        qpm, tempo_note = common_tempo(qpms)
        if qpm is None or self._is_tempo_chosen or self.playing:
            qpm, tempo_note = self.qpm, differing_tempos(self.qpm, qpms)
        elif qpm != self.qpm and not tempo_note:
            tempo_note = f"Tempo: {format_qpm(qpm)} qpm, that of the new corners."
        self._decode(
            [corner.clip.to_json() for corner in sources],
            self.size,
            labels=[corner.label for corner in sources],
            left_out=[list(corner.left_out) for corner in sources],
            qpm=qpm,
            tempo_note=tempo_note,
        )

    def _set_path(self, path: PalettePath | Iterable[Sequence[float]]) -> None:
        points = to_points(path, self._grid_size)
        with self.hold_sync():
            self.points = points
            if points:
                self.tool = "draw"  # Play follows the path

    def _update(self, name: str) -> None:
        getattr(type(self), name).update(self, getattr(self, f"_compute_{name}")())

    def _compute_corners(self) -> tuple[CornerLoop, ...]:
        return tuple(
            CornerLoop(loop, label=label, left_out=left_out)
            for loop, label, left_out in zip(self._corner_music(), self.labels, self.left_out, strict=True)
        )

    def _compute_grid(self) -> NDArray[np.floating]:
        return self._cells.z

    def _compute_selected(self) -> SelectedCell:
        x, y = self.puck
        row, col = cell_at(x, y, self._grid_size)
        clip, z = self._clip(row, col), None
        if self.between_cells and [x, y] != cell_center(row, col, self._grid_size):
            z, clip = self._cells.between(x, y)
        return SelectedCell(row, col, x, y, self._playback.apply(clip), self._played_music, self.qpm, self.grid, z)

    def _compute_path(self) -> PalettePath:
        points = tuple((x, y) for x, y in self.points)
        cells = tuple(playback_order(cells_along(points, self._grid_size), self.path_mode))
        played = self._played_grid  # its cells are decoded when they are needed: the browser asks for its own
        return PalettePath(points, cells, self.bars_per_cell, played, self._played_music, self.qpm, self.grid)

    @property
    def _grid_size(self) -> int:
        """Cells along a side of the decoded grid; `size` may be ahead of it while a new one is decoded."""
        return self._cells.size

    # --- decoding ---------------------------------------------------------------------------------

    def set_state(self, sync_data: Mapping[str, Any]) -> None:
        """Set traits from a message of the browser, which requests the grid of new corners in a message of its own.

        Raises
        ------
        SettingError
            If a value is wrong; then nothing changes.
        """
        state = rename_fields("Palette", sync_data) if isinstance(sync_data, dict) else sync_data
        before = self._grid_inputs
        if isinstance(state, dict):
            present = self._inputs()
            self._grid_inputs = GridInputs(*(state.get(name, present[k]) for k, name in enumerate(present._fields)))
        try:
            super().set_state(state)
        except Exception:
            self._grid_inputs = before
            raise

    @traitlets.observe(*sorted({*GridInputs._fields, "labels", "left_out", *sum(_SOURCES.values(), ())}))
    def _on_change(self, change: Any) -> None:
        if self._grid_inputs is None:
            return
        if self._grid_inputs != self._inputs():
            self._decode(self.corner_clips, self.size)
        if change.name in ("qpm", "labels") and not self._is_following:
            self._is_tempo_chosen = self._is_tempo_chosen or change.name == "qpm"
            self.store(tempo_note="")  # it is about the tempo or the corners from before
        if change.name in ("qpm", "labels", "left_out"):  # not the notes: observers of the corners are not notified
            type(self).corners.replace(self, self._compute_corners())
        for name, sources in _SOURCES.items():
            if change.name in sources:
                self._update(name)

    def _decode(self, clips: list[dict[str, Any]], size: int, **others: Any) -> None:
        """Decode the grid anew, and set it with its corners and other traits in one message to the browser."""
        self.send({"type": "decoding", "loops": size * size})
        try:
            cells = decode_grid(self._music, GridInputs(clips, size, self.interpolation, self.chords))
        except Exception:
            self.send({"type": "decoding", "loops": 0})
            raise
        self._is_following = "qpm" in others
        try:
            with self.hold_sync(), self.hold_trait_notifications():
                self._cells, self._grid_inputs = cells, cells.inputs
                grid = {"grid_id": self.grid_id + 1, **cells.as_traits()}
                self.store(corner_clips=clips, size=size, **others, **grid)
            self._update_cells()
        finally:
            self._is_following = False

    def _store_grid(self, labels: list[str], cells: CellGrid) -> None:
        """Set corners and their grid, which the browser has: they are not sent once more."""
        before = self._grid_inputs, self._cells
        self._grid_inputs, self._cells = cells.inputs, cells
        try:
            grid = {"grid_id": self.grid_id + 1, **cells.as_traits()}
            self.store_from_browser(labels=labels, **cells.inputs._asdict(), **grid)
            self._update_cells()
        except Exception:
            self._grid_inputs, self._cells = before
            raise

    def _update_cells(self) -> None:
        """Update what depends on the z of cells, which may change where their notes do not."""
        for name in ("grid", "selected", "path"):
            self._update(name)

    def __repr__(self) -> str:
        return f"Palette({self.model_name}, {self.size} by {self.size}: {', '.join(self.labels)})"
