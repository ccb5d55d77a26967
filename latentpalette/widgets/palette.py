"""The drum palette: four loops in the corners of a square, the blends between them, a puck, a path, a kit."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import traitlets
from numpy.typing import NDArray

from latentpalette.errors import PaletteError
from latentpalette.latent.grids import cell_at, cells_along
from latentpalette.music import midi
from latentpalette.music.accents import ACCENTS
from latentpalette.music.presets import presets
from latentpalette.music.sequence import NoteSequence
from latentpalette.old_names import accept_old_arguments, accept_old_attributes, accept_old_methods, rename_fields
from latentpalette.widgets.base import Buffers, Response, handles
from latentpalette.widgets.corners import (
    DEFAULT_CORNERS,
    display_name,
    read_corners,
    require_drum_converter,
    tokens_of,
)
from latentpalette.widgets.grid_decoding import CELL_BYTES, decode_grid, interpolate_corners, read_cells
from latentpalette.widgets.palette_traits import SIZES, ComputedTrait, PaletteTraits, origin_of
from latentpalette.widgets.path import PalettePath, cell_label, playback_order, to_points
from latentpalette.widgets.playback import PlaybackSettings, notes_of
from latentpalette.widgets.selected import SelectedCell
from latentpalette.widgets.to_python import to_python

if TYPE_CHECKING:
    from latentpalette.audio.kit import Kit
    from latentpalette.models.musicvae import MusicVAE
    from latentpalette.music.drums import DrumMap

# The traits that a page without Python needs.
_STANDALONE = (
    *("patterns", "labels", "size", "puck", "points", "qpm", "volume", "mutes", "locks", "launch_quantization"),
    *("bars_per_cell", "path_mode", "tool", "use_original_corners", "model_name", "drums", "pitches", "accents"),
    *("presets", "kit_index", "kit_rate", "decode_ms", "norm_percentiles", "cells", "corner_z", "kit"),
)

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
class Palette(PaletteTraits):
    """Play the blends between four drum loops, in a notebook or in a page of its own.

    Drag the puck or click a cell and the beat changes in time; draw a path and it plays itself; edit, sample or load
    the corners; export what you like. The browser makes the sound: only new corners need the kernel.

    Parameters
    ----------
    model : MusicVAE
        A drum model of 32 steps, e.g. ``lp.load("drums-2bar")``.
    corners : list of 4, optional
        A (top left), B (top right), C (bottom left), D (bottom right). Each is a NoteSequence of 32 steps (or 16,
        played twice), the name of a preset, the path of a MIDI file (its first window), or a z [z]. Default: presets.
    size : int [3 to 21]
        Cells along a side.
    labels : list of 4 str, optional
        Labels of the corners; by default made from their sources.
    qpm : float [40 to 240]
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

    Attributes
    ----------
    corners : tuple of 4 NoteSequence
        Assign four of anything that the parameter accepts, and the grid is decoded from them.
    grid : ndarray [shape=(size, size, z)]
        Latent vectors of the cells: the posterior means of the corners, interpolated bilinearly. Read-only.
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
    saved: ClassVar[tuple[str, ...]] = (*_STANDALONE, "origin")
    settings: ClassVar[tuple[str, ...]] = (
        *("qpm", "volume", "mutes", "locks", "launch_quantization", "bars_per_cell", "path_mode", "tool"),
        *("use_original_corners", "puck"),
    )

    corners: ComputedTrait[tuple[NoteSequence, ...]] = ComputedTrait(lambda palette, four: palette._set_corners(four))
    grid: ComputedTrait[NDArray[np.floating]] = ComputedTrait()
    selected: ComputedTrait[SelectedCell] = ComputedTrait()
    path: ComputedTrait[PalettePath] = ComputedTrait(lambda palette, path: palette._set_path(path))

    # Patterns and size whose grid is decoded, or requested by the browser that set them; None before the first.
    _grid_inputs: tuple[list[list[int]], int] | None = None
    # The z of the corners and the size that `grid` was computed from.
    _grid_key: tuple[bytes, int] | None = None

    @accept_old_arguments(quantise="launch_quantization", originals="use_original_corners")
    def __init__(
        self,
        model: MusicVAE,
        corners: Iterable[Any] | None = None,
        size: int = 11,
        *,
        labels: Sequence[str] | None = None,
        **settings: Any,
    ) -> None:
        self.require_known_settings(settings, own=("corners", "labels", "size"))
        converter = require_drum_converter(model)
        _check_size(size)
        sources = read_corners(model, DEFAULT_CORNERS if corners is None else corners)
        if labels is not None and len(labels) != 4:
            raise PaletteError(f"There are four corners to label; got {len(labels)} labels.")
        patterns = [list(corner.pattern) for corner in sources]
        decoded = decode_grid(model, patterns, size)
        drum_map = converter.pitch_map
        kit = _kit_of(drum_map)
        samples, index = kit.packed()
        self.model = model
        try:
            super().__init__(
                patterns=patterns,
                labels=[corner.label for corner in sources] if labels is None else [str(label) for label in labels],
                size=size,
                cells=decoded.cells,
                corner_z=decoded.corner_z,
                norm_percentiles=decoded.norm_percentiles,
                decode_ms=decoded.elapsed_ms,
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
        except traitlets.TraitError as error:
            raise PaletteError(str(error)) from error
        self._grid_inputs = self.patterns, self.size
        for name in _SOURCES:
            self._update(name)

    # --- cells ------------------------------------------------------------------------------------

    def tokens(self, row: int, col: int) -> NDArray[np.uint16]:
        """Return the tokens of a cell [32], before locks and mutes: bit k is set where drum k is hit."""
        last = self._grid_size - 1
        if not (0 <= row <= last and 0 <= col <= last):
            raise PaletteError(f"Rows and columns run from 0 to {last} here; got row {row}, column {col}.")
        if self.use_original_corners and row in (0, last) and col in (0, last):
            return np.array(self.patterns[2 * bool(row) + bool(col)], np.uint16)
        tokens: NDArray[np.uint16] = read_cells(self.cells)[row, col]
        return tokens

    def notes(self, row: int, col: int) -> NoteSequence:
        """Return the loop of a cell as it is played: with locks, mutes and accents."""
        return notes_of(self._playback.apply(self.tokens(row, col)), self.pitches, self.qpm)

    def select(self, row: int, col: int) -> None:
        """Put the puck on a cell."""
        self.tokens(row, col)  # raises an error for a cell that is not there
        last = self._grid_size - 1
        self.puck = [col / last, row / last]

    # --- computed traits --------------------------------------------------------------------------

    def _set_corners(self, corners: Iterable[Any]) -> None:
        sources = read_corners(self.model, corners)
        self._decode([list(corner.pattern) for corner in sources], [corner.label for corner in sources], self.size)

    def _set_path(self, path: PalettePath | Iterable[Sequence[float]]) -> None:
        self.points = to_points(path, self._grid_size)

    def _update(self, name: str) -> None:
        getattr(type(self), name).update(self, getattr(self, f"_compute_{name}")())

    def _compute_corners(self) -> tuple[NoteSequence, ...]:
        return tuple(notes_of(pattern, self.pitches, self.qpm) for pattern in self.patterns)

    def _compute_grid(self) -> NDArray[np.floating]:
        key = self.corner_z, self._grid_size
        if self._grid_key == key:
            return self.grid
        self._grid_key = key
        grid = interpolate_corners(*key)
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
        tokens = self._playback.apply_to_path([self.tokens(*cell) for cell in cells], self.bars_per_cell)
        pitches = tuple(self.pitches)
        return PalettePath(points, cells, self.bars_per_cell, tuple(tokens.tolist()), pitches, self.qpm, self.grid)

    @property
    def _grid_size(self) -> int:
        """Cells along a side of the decoded grid; `size` may be ahead of it while a new one is decoded."""
        return len(read_cells(self.cells))

    @property
    def _playback(self) -> PlaybackSettings:
        return PlaybackSettings(self.mutes, self.locks)

    # --- decoding ---------------------------------------------------------------------------------

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Set traits from a message of the browser, which requests the grid of new corners in a message of its own."""
        state = rename_fields("Palette", sync_data)
        before = self._grid_inputs
        self._grid_inputs = state.get("patterns", self.patterns), state.get("size", self.size)
        try:
            super().set_state(state)
        except traitlets.TraitError:
            self._grid_inputs = before
            raise

    @traitlets.observe(*sorted({"size", *(source for sources in _SOURCES.values() for source in sources)}))
    def _on_change(self, change: Any) -> None:
        if self._grid_inputs is None:
            return
        if self._grid_inputs != (self.patterns, self.size):
            self._decode(self.patterns, self.labels, self.size)
        if change.name == "qpm":  # the palette's, not the corners': observers of these are not notified
            type(self).corners.replace(self, self._compute_corners())
        for name, sources in _SOURCES.items():
            if change.name in sources:
                self._update(name)

    def _decode(self, patterns: list[list[int]], labels: list[str], size: int) -> None:
        decoded = decode_grid(self.model, patterns, size)
        self._grid_inputs = patterns, size
        with self.hold_sync(), self.hold_trait_notifications():
            self.patterns, self.labels, self.size = patterns, labels, size
            self.cells, self.corner_z = decoded.cells, decoded.corner_z
            self.norm_percentiles = decoded.norm_percentiles
            self.decode_ms = decoded.elapsed_ms

    @handles("decode")
    def _handle_decode(self, body: dict[str, Any], _: Buffers) -> Response:
        patterns, size = body["patterns"], body["size"]
        _check_size(size)
        decoded = decode_grid(self.model, patterns, size)
        grid = {"norm_percentiles": decoded.norm_percentiles, "decode_ms": decoded.elapsed_ms}
        # The browser has the response; `set_state` stores it without sending it once more.
        self.set_state(
            {"patterns": patterns, "labels": body["labels"], "size": size}
            | {"cells": decoded.cells, "corner_z": decoded.corner_z, **grid}
        )
        return grid, [decoded.cells, decoded.corner_z]

    @handles("restore")
    def _handle_restore(self, body: dict[str, Any], buffers: Buffers) -> Response:
        cells, corner_z = (bytes(buffer) for buffer in [*buffers, b"", b""][:2])
        if len(cells) != CELL_BYTES * body["size"] ** 2:
            raise PaletteError(f"A grid of {body['size']} by {body['size']} cells does not fit {len(cells)} bytes.")
        if len(corner_z) != len(self.corner_z):
            raise PaletteError(f"The z of four corners has {len(self.corner_z)} bytes here; got {len(corner_z)}.")
        names = ("patterns", "labels", "size", "norm_percentiles")
        self.set_state({name: body[name] for name in names} | {"cells": cells, "corner_z": corner_z})
        return {}, []

    @handles("sample")
    def _handle_sample(self, body: dict[str, Any], _: Buffers) -> Response:
        seed = int(body["seed"])
        loop = self.model.sample(1, temperature=float(body["temperature"]), seed=seed)[0]
        return {"pattern": self._pattern_of(loop), "label": f"Sampled #{seed}"}, []

    @handles("midi")
    def _handle_midi(self, body: dict[str, Any], buffers: Buffers) -> Response:
        excerpts = self.model.excerpts(bytes(buffers[0]))
        windows = [
            {"label": excerpt.bar_range, "bar": excerpt.bar, "pattern": self._pattern_of(excerpt)}
            for excerpt in excerpts
        ]
        left_out = [str(reason) for reason in excerpts.left_out]
        if not windows and not left_out:
            left_out = [f"{body.get('name', 'the file')} is empty"]
        return {"windows": windows, "left_out": left_out}, []

    def _pattern_of(self, loop: NoteSequence) -> list[int]:
        return list(tokens_of(require_drum_converter(self.model), loop))

    # --- export -----------------------------------------------------------------------------------

    def save_grid(self, folder: str | os.PathLike[str]) -> list[Path]:
        """Write every cell as a MIDI file, ``r01_c01.mid`` to ``r11_c11.mid``, rows and columns counted from 1."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
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
        settings = {
            name: getattr(self, name)
            for name in ("size", *(name for name in self.settings if name != "puck"))
            if getattr(self, name) != self.traits()[name].default()
        }
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
        return {name: getattr(self, name) for name in _STANDALONE} | {"has_kernel": False, "playing": False}

    def to_png(self) -> bytes:
        """Draw the palette as the bytes of a PNG file, which a saved notebook shows."""
        from latentpalette.plots.palette_png import palette_png

        size = self._grid_size
        tokens = np.stack([[self.tokens(row, col) for col in range(size)] for row in range(size)])
        return palette_png(tokens, list(self.labels), tuple(self.puck), [tuple(point) for point in self.points])

    def __repr__(self) -> str:
        return f"Palette({self.model_name}, {self.size} by {self.size}: {', '.join(self.labels)})"


def _check_size(size: Any) -> None:
    if size not in SIZES:
        raise PaletteError(f"A palette has {SIZES[0]} to {SIZES[-1]} cells along a side; got {size!r}.")


def _kit_of(drum_map: DrumMap) -> Kit:
    from latentpalette.audio.kit import drum_kit

    return drum_kit(drum_map)
