"""The drum palette: four loops in the corners of a square, the blends between them, a puck, a path, a kit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import traitlets
from numpy.typing import NDArray

from latentpalette.latent.grids import cell_at, cells_along
from latentpalette.music.accents import ACCENTS
from latentpalette.music.presets import presets
from latentpalette.music.sequence import NoteSequence
from latentpalette.music.track_choice import NO_CHOICE, DrumTracks, TrackChoice, TrackName
from latentpalette.old_names import accept_old_arguments, accept_old_attributes, accept_old_methods, rename_fields
from latentpalette.progress.board import show_progress
from latentpalette.validation import check_list
from latentpalette.widgets import settings as checks
from latentpalette.widgets.checked_traits import ComputedTrait, SettingError
from latentpalette.widgets.corners import (
    Corner,
    CornerLoop,
    default_corners,
    display_name,
    read_corners,
    require_drum_converter,
    tokens_of,
)
from latentpalette.widgets.grid_decoding import (
    DecodedGrid,
    GridInputs,
    check_interpolation,
    decode_grid,
    interpolate_corners,
    read_cells,
)
from latentpalette.widgets.palette_files import STANDALONE, PaletteFiles
from latentpalette.widgets.palette_requests import PaletteRequests
from latentpalette.widgets.palette_traits import origin_of
from latentpalette.widgets.path import PalettePath, playback_order, to_points
from latentpalette.widgets.playback import PlaybackSettings, notes_of
from latentpalette.widgets.selected import SelectedCell
from latentpalette.widgets.tempo import common_tempo, differing_tempos, format_qpm

if TYPE_CHECKING:
    from latentpalette.audio.kit import Kit
    from latentpalette.models.musicvae import MusicVAE
    from latentpalette.music.drums import DrumMap

# For each computed trait, the traits that it follows from. Several may change at once and are notified one by one:
# observers of the cell and the path find the new grid in place, whichever comes first.
_LOOP = ("cells", "corner_z", "patterns", "use_original_corners", "mutes", "locks", "qpm")
_SOURCES = {
    "corners": ("patterns",),
    "grid": _LOOP,
    "selected": ("puck", *_LOOP),
    "path": ("points", "bars_per_cell", "path_mode", *_LOOP),
}


@accept_old_methods
@accept_old_attributes
class Palette(PaletteRequests, PaletteFiles):
    """Play the blends between four drum loops, in a notebook or in a page of its own.

    Drag the puck or click a cell and the beat changes in time; draw a path and it plays itself; edit, sample or load
    the corners; export what you like. The browser makes the sound: only new corners need the kernel.

    Parameters
    ----------
    model : MusicVAE
        A drum model of 32 steps, e.g. ``lp.load("drums-2bar")``.
    corners : list of 4, optional
        A (top left), B (top right), C (bottom left), D (bottom right). Each is a NoteSequence of 32 steps (or 16,
        played twice), the name of a preset, the path of a MIDI file or its bytes (the first window), or a z [z].
        Default: presets. The corner of a file without a loop keeps its preset, and has the reason in `left_out`.
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
    mutes : list of 9 bool
    locks : list of 9, each None or 32 times 0 or 1
        Lanes that are played instead of the cell's own.
    launch_quantization : {"step", "beat", "bar", "loop"}
        The next boundary at which a change of the beat takes over.
    bars_per_cell : {1, 2, 4, 8}
    path_mode : {"once", "loop", "ping-pong"}
    tool : {"drag", "draw"}
    use_original_corners : bool
        Whether the corner cells play the corners themselves, not the model's reconstructions.
    interpolation : float [0 to 1] or "lerp"
        How the corners are blended. With a learned prior a time of its flow, from 0 (musical: closest to real loops)
        to 1 (smooth: neighbors differ least), 0.4 by default; see `latentpalette.latent.flow_paths`. ``"lerp"``, the
        only choice without a prior, blends z along straight lines.

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
        If the model makes no drum loops, or a corner cannot be read.

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
        *("qpm", "volume", "mutes", "locks", "launch_quantization", "bars_per_cell", "path_mode", "tool"),
        *("use_original_corners", "interpolation", "puck"),
    )

    corners: ComputedTrait[tuple[CornerLoop, ...]] = ComputedTrait(lambda palette, four: palette._set_corners(four))
    grid: ComputedTrait[NDArray[np.floating]] = ComputedTrait(source="the corners; assign palette.corners")
    selected: ComputedTrait[SelectedCell] = ComputedTrait(
        source="the puck; call palette.select(row, column) or assign palette.puck"
    )
    path: ComputedTrait[PalettePath] = ComputedTrait(lambda palette, path: palette._set_path(path))

    # Those whose grid is decoded, or requested by the browser that set them; None before the first.
    _grid_inputs: GridInputs | None = None
    # The interpolation of the cells, which a new value of the trait is ahead of, and their z if just decoded.
    _decoded: tuple[str | float, NDArray[np.floating] | None] = ("lerp", None)
    # The z of the corners, the size and the interpolation that `grid` was computed from.
    _grid_key: tuple[bytes, int, str | float] | None = None
    # The tracks that are read of a corner's file.
    _track_choice: TrackChoice = NO_CHOICE
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
            converter = require_drum_converter(model)
            size = checks.check_size(size)
            defaults = default_corners(model)
            sources = (
                defaults if corners is None else read_corners(model, corners, self._track_choice, present=defaults)
            )
            if labels is not None:
                labels = [str(label) for label in check_list(labels, "labels", 4, of="texts", error=SettingError)]
            qpm, tempo_note = common_tempo([corner.qpm for corner in sources])
            if "qpm" in settings:
                self._is_tempo_chosen = True
                tempo_note = ""
            elif qpm is not None:
                settings["qpm"] = qpm
            patterns = [list(corner.pattern) for corner in sources]
            interpolation = check_interpolation(model, settings.pop("interpolation", None))
            decoded = decode_grid(model, GridInputs(patterns, size, interpolation))
            drum_map = converter.pitch_map
            kit = _kit_of(drum_map)
            samples, index = kit.packed()
            self._model = model
            super().__init__(
                patterns=patterns,
                labels=[corner.label for corner in sources] if labels is None else labels,
                left_out=[list(corner.left_out) for corner in sources],
                tempo_note=tempo_note,
                size=size,
                interpolation=interpolation,
                has_prior=model.prior is not None,
                **decoded.as_traits(),
                origin=origin_of(display_name(model), patterns),
                model_name=display_name(model),
                drums=list(drum_map.names),
                pitches=list(drum_map.exemplars),
                accents=[list(lane) for lane in ACCENTS],
                presets=[
                    {"name": name, "pattern": list(tokens_of(converter, loop))} for name, loop in presets().items()
                ],
                kit=bytes(samples),
                kit_index=list(index),
                kit_rate=kit.rate,
                **settings,
            )
            self._grid_inputs, self._decoded = self._inputs(), (interpolation, decoded.z)
            for name in _SOURCES:
                self._update(name)

    @property
    def model(self) -> MusicVAE:
        """The model that decodes the cells."""
        return self._model

    # --- cells ------------------------------------------------------------------------------------

    def tokens(self, row: int, col: int) -> NDArray[np.uint16]:
        """Return the tokens of a cell [32], before locks and mutes: bit k is set where drum k is hit."""
        last = self._grid_size - 1
        row, col = checks.require_cell(row, col, last)
        if self.use_original_corners and row in (0, last) and col in (0, last):
            return np.array(self.patterns[2 * bool(row) + bool(col)], np.uint16)
        tokens: NDArray[np.uint16] = read_cells(self.cells)[row, col]
        return tokens

    def notes(self, row: int, col: int) -> NoteSequence:
        """Return the loop of a cell as it is played: with locks, mutes and accents."""
        return notes_of(self._playback.apply(self.tokens(row, col)), self.pitches, self.qpm)

    def select(self, row: int, col: int) -> None:
        """Put the puck on a cell."""
        last = self._grid_size - 1
        row, col = checks.require_cell(row, col, last)
        self.puck = [col / last, row / last]

    # --- computed traits --------------------------------------------------------------------------

    def _set_corners(self, corners: Iterable[Any]) -> None:
        present = [Corner(tuple(pattern), label) for pattern, label in zip(self.patterns, self.labels, strict=True)]
        sources = read_corners(self.model, corners, self._track_choice, present=present)
        qpms = [corner.qpm for corner in sources]
        qpm, tempo_note = common_tempo(qpms)
        if qpm is None or self._is_tempo_chosen or self.playing:
            qpm, tempo_note = self.qpm, differing_tempos(self.qpm, qpms)
        elif qpm != self.qpm and not tempo_note:
            tempo_note = f"Tempo: {format_qpm(qpm)} qpm, that of the new corners."
        self._decode(
            [list(corner.pattern) for corner in sources],
            self.size,
            labels=[corner.label for corner in sources],
            left_out=[list(corner.left_out) for corner in sources],
            qpm=qpm,
            tempo_note=tempo_note,
        )

    def _set_path(self, path: PalettePath | Iterable[Sequence[float]]) -> None:
        self.points = to_points(path, self._grid_size)

    def _update(self, name: str) -> None:
        getattr(type(self), name).update(self, getattr(self, f"_compute_{name}")())

    def _compute_corners(self) -> tuple[CornerLoop, ...]:
        return tuple(
            CornerLoop(notes_of(pattern, self.pitches, self.qpm), label=label, left_out=left_out)
            for pattern, label, left_out in zip(self.patterns, self.labels, self.left_out, strict=True)
        )

    def _compute_grid(self) -> NDArray[np.floating]:
        interpolation, z = self._decoded
        key = self.corner_z, self._grid_size, interpolation
        if self._grid_key == key:
            return self.grid
        self._grid_key = key
        grid = interpolate_corners(self.model, *key) if z is None else z
        self._decoded = interpolation, None
        grid.flags.writeable = False  # the cell and the path refer to it
        return grid

    def _compute_selected(self) -> SelectedCell:
        x, y = self.puck
        row, col = cell_at(x, y, self._grid_size)
        tokens = tuple(self._playback.apply(self.tokens(row, col)).tolist())
        return SelectedCell(row, col, x, y, tokens, tuple(self.pitches), self.qpm, self.grid)

    def _compute_path(self) -> PalettePath:
        points = tuple((x, y) for x, y in self.points)
        cells = tuple(playback_order(cells_along(points, self._grid_size), self.path_mode))
        played = self._playback.apply(self._tokens_of_all()[tuple(np.array(cells, int).reshape(-1, 2).T)])
        return PalettePath(points, cells, self.bars_per_cell, played, tuple(self.pitches), self.qpm, self.grid)

    def _tokens_of_all(self) -> NDArray[np.uint16]:
        """Return the tokens of all cells [size, size, 32], as `tokens` does for one."""
        tokens = read_cells(self.cells)
        if self.use_original_corners:
            tokens = tokens.copy()
            tokens[:: len(tokens) - 1, :: len(tokens) - 1] = np.array(self.patterns, np.uint16).reshape(2, 2, -1)
        return tokens

    @property
    def _grid_size(self) -> int:
        """Cells along a side of the decoded grid; `size` may be ahead of it while a new one is decoded."""
        return len(read_cells(self.cells))

    @property
    def _playback(self) -> PlaybackSettings:
        return PlaybackSettings(self.mutes, self.locks)

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
            self._decode(self.patterns, self.size)
        if change.name in ("qpm", "labels") and not self._is_following:
            self._is_tempo_chosen = self._is_tempo_chosen or change.name == "qpm"
            self.store(tempo_note="")  # it is about the tempo or the corners from before
        if change.name in ("qpm", "labels", "left_out"):  # not the notes: observers of the corners are not notified
            type(self).corners.replace(self, self._compute_corners())
        for name, sources in _SOURCES.items():
            if change.name in sources:
                self._update(name)

    def _decode(self, patterns: list[list[int]], size: int, **others: Any) -> None:
        """Decode the grid anew, and set it with its corners and other traits in one message to the browser."""
        self.send({"type": "decoding", "loops": size * size})
        try:
            inputs = GridInputs(patterns, size, self.interpolation)
            decoded = decode_grid(self.model, inputs)
        except Exception:
            self.send({"type": "decoding", "loops": 0})
            raise
        self._grid_inputs, self._decoded = inputs, (inputs.interpolation, decoded.z)
        self._is_following = "qpm" in others
        try:
            with self.hold_sync(), self.hold_trait_notifications():
                self.store(patterns=patterns, size=size, **others, **decoded.as_traits())
            self._update_cells()
        finally:
            self._is_following = False

    def _store_grid(self, inputs: GridInputs, labels: list[str], decoded: DecodedGrid) -> None:
        """Set corners and their grid, which the browser has: they are not sent once more."""
        before = self._grid_inputs, self._decoded
        self._grid_inputs, self._decoded = inputs, (inputs.interpolation, decoded.z)
        try:
            self.store_from_browser(labels=labels, **inputs._asdict(), **decoded.as_traits())
            self._update_cells()
        except Exception:
            self._grid_inputs, self._decoded = before
            raise

    def _update_cells(self) -> None:
        """Update what depends on the z of cells, which may change where their notes do not."""
        for name in ("grid", "selected", "path"):
            self._update(name)

    def __repr__(self) -> str:
        return f"Palette({self.model_name}, {self.size} by {self.size}: {', '.join(self.labels)})"


def _kit_of(drum_map: DrumMap) -> Kit:
    from latentpalette.audio.kit import drum_kit

    with show_progress("Rendering the sounds of the drums"):
        return drum_kit(drum_map)
