"""The drum palette: four loops in the corners of a square, the blends between them, a puck, a path, a kit."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path as File
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import traitlets
from numpy.typing import NDArray

from latentpalette.errors import PaletteError
from latentpalette.latent.grids import cell_at, cells_along, weights
from latentpalette.music import midi
from latentpalette.music.accents import ACCENTS
from latentpalette.music.presets import presets
from latentpalette.music.sequence import NoteSequence
from latentpalette.widgets.base import Answer, Buffers, answers
from latentpalette.widgets.corners import DEFAULT, STEPS, drums_of, name_of, pattern_of, read_corners
from latentpalette.widgets.derived import Derives
from latentpalette.widgets.grid_decoding import decode_grid, latent_grid
from latentpalette.widgets.palette_traits import SIZES, PaletteState
from latentpalette.widgets.path import Path, cell_text, lap, points_of
from latentpalette.widgets.playback import Hearing
from latentpalette.widgets.selected import Selected
from latentpalette.widgets.to_python import code_of

if TYPE_CHECKING:
    from latentpalette.audio.kit import Kit
    from latentpalette.models.musicvae import MusicVAE
    from latentpalette.music.drums import DrumMap

_STATE = (
    *("patterns", "labels", "size", "puck", "points", "qpm", "volume", "mutes", "locks", "quantise", "bars_per_cell"),
    *("path_mode", "tool", "originals", "model_name", "drums", "pitches", "accents", "presets", "kit_index"),
    *("kit_rate", "decode_ms", "norm_percentiles", "cells", "kit"),
)


class Palette(Derives, PaletteState):
    """Play the blends between four drum loops, in a notebook or in a page of its own.

    Drag the puck or click a cell and the beat changes in time; draw a path and it plays itself; edit, sample or load
    the corners; take away what you like. Sound is made in the browser: playing needs no kernel, only new corners do.

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
        What the corners are called.
    qpm : float [40 to 240]
    volume : float [0 to 1]
    mutes : list of 9 bool
    locks : list of 9, each None or 32 times 0 or 1
        Lanes that stay as they are, whatever the cell says.
    quantise : {"step", "beat", "bar", "loop"}
        What a change of the beat waits for.
    bars_per_cell : {1, 2, 4, 8}
    path_mode : {"once", "loop", "ping-pong"}
    tool : {"drag", "draw"}
    originals : bool
        Whether the corner cells are the corners themselves, or what the model makes of them.

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
    Path(9 cells, 18 bars, 0:36)
    """

    script: ClassVar[str] = "palette"
    settings: ClassVar[tuple[str, ...]] = (
        *("qpm", "volume", "mutes", "locks", "quantise", "bars_per_cell", "path_mode", "tool", "originals", "puck"),
    )
    derived: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "selected": ("puck", "cells", "patterns", "originals", "mutes", "locks", "qpm"),
        "corners": ("patterns",),
        "path": ("points", "cells", "patterns", "originals", "mutes", "locks", "qpm", "bars_per_cell", "path_mode"),
        "grid": ("cells",),
    }

    def __init__(
        self,
        model: MusicVAE,
        corners: Iterable[Any] | None = None,
        size: int = 11,
        *,
        labels: Sequence[str] | None = None,
        **settings: Any,
    ) -> None:
        self.check_settings(settings, own=("corners", "labels", "size"))
        converter = drums_of(model)
        _check_size(size)
        read = read_corners(model, DEFAULT if corners is None else corners)
        if labels is not None and len(labels) != 4:
            raise PaletteError(f"There are four corners to label; got {len(labels)} labels.")
        patterns = [list(corner.pattern) for corner in read]
        decoded = decode_grid(model, patterns, size)
        drum_map = converter.drum_map
        kit = _kit_of(drum_map)
        samples, index = kit.packed()
        self.model = model
        self._settled = False
        try:
            super().__init__(
                patterns=patterns,
                labels=[corner.label for corner in read] if labels is None else [str(label) for label in labels],
                size=size,
                cells=decoded.bytes,
                norm_percentiles=decoded.percentiles,
                decode_ms=decoded.milliseconds,
                model_name=name_of(model),
                drums=list(drum_map.names),
                pitches=list(drum_map.exemplars),
                accents=[list(lane) for lane in ACCENTS],
                presets=[
                    {"name": name, "pattern": list(pattern_of(converter, loop))} for name, loop in presets().items()
                ],
                kit=bytes(samples),
                kit_index=list(index),
                kit_rate=kit.rate,
                **settings,
            )
        except traitlets.TraitError as problem:
            raise PaletteError(str(problem)) from problem
        self._settled = True

    # --- corners and grid -----------------------------------------------------------------------

    @property
    def corners(self) -> tuple[NoteSequence, ...]:
        """The four loops A, B, C, D. Assign four of anything that `Palette` takes, and the grid is decoded anew."""
        return tuple(self._loop(pattern) for pattern in self.patterns)

    @corners.setter
    def corners(self, corners: Iterable[Any]) -> None:
        read = read_corners(self.model, corners)
        self._decode([list(corner.pattern) for corner in read], [corner.label for corner in read], self.size)

    @property
    def grid(self) -> NDArray[np.floating]:
        """Where each cell lies in latent space [size, size, z]: the bilinear blend of the corners' posterior means."""
        return latent_grid(self.model, self.patterns, self._decoded_size)

    def masks(self, row: int, col: int) -> NDArray[np.uint16]:
        """The loop of a cell as bit masks [32], before locks and mutes."""
        size = self._decoded_size
        if not (0 <= row < size and 0 <= col < size):
            raise PaletteError(f"Rows and columns run from 0 to {size - 1} here; got row {row}, column {col}.")
        if self.originals and row in (0, size - 1) and col in (0, size - 1):
            return np.array(self.patterns[2 * bool(row) + bool(col)], np.uint16)
        masks: NDArray[np.uint16] = self._masks()[row, col]
        return masks

    def notes(self, row: int, col: int) -> NoteSequence:
        """The loop of a cell as it is heard: locks, mutes and accents included."""
        return self._hearing().sequence(self.masks(row, col))

    # --- puck and path --------------------------------------------------------------------------

    @property
    def selected(self) -> Selected:
        """The cell under the puck: row, col, x, y, weights, z, notes."""
        size = self._decoded_size
        x, y = self.puck
        row, col = cell_at(x, y, size)
        a, b, c, d = weights(col / (size - 1), row / (size - 1)).tolist()
        return Selected(row, col, x, y, (a, b, c, d), self.grid[row, col], self.notes(row, col))

    def select(self, row: int, col: int) -> None:
        """Put the puck on a cell."""
        self.masks(row, col)  # says what is wrong with a cell that is not there
        last = self._decoded_size - 1
        self.puck = [col / last, row / last]

    @property
    def path(self) -> Path:
        """The path that was drawn. Assign cells (row, column) or points (x, y) to draw one."""
        size = self._decoded_size
        points = tuple((x, y) for x, y in self.points)
        cells = tuple(lap(cells_along(points, size), self.path_mode))
        z = self.grid[tuple(np.array(cells, int).reshape(-1, 2).T)]
        notes = self._hearing().walk([self.masks(*cell) for cell in cells], self.bars_per_cell)
        return Path(points, cells, notes, z, size, self.bars_per_cell)

    @path.setter
    def path(self, path: Path | Iterable[Sequence[float]]) -> None:
        self.points = [list(p) for p in path.points] if isinstance(path, Path) else points_of(path, self._decoded_size)

    # --- taking it away -------------------------------------------------------------------------

    def save_grid(self, folder: str | os.PathLike[str]) -> list[File]:
        """Write every cell as a MIDI file, ``r01_c01.mid`` to ``r11_c11.mid``, rows and columns counted from 1."""
        folder = File(folder)
        folder.mkdir(parents=True, exist_ok=True)
        size = self._decoded_size
        return [
            midi.write(
                self.notes(row, col),
                folder / f"r{row + 1:02}_c{col + 1:02}.mid",
                markers=[(0, cell_text((row, col), size))],
            )
            for row in range(size)
            for col in range(size)
        ]

    def code(self) -> str:
        """The few lines of Python that make this palette again; print them."""
        settings = {
            name: getattr(self, name)
            for name in ("size", *(name for name in self.settings if name != "puck"))
            if getattr(self, name) != self.traits()[name].default()
        }
        return code_of(
            model=self.model_name,
            patterns=self.patterns,
            labels=self.labels,
            known={preset["name"]: tuple(preset["pattern"]) for preset in self.presets},
            settings=settings,
            puck=self.puck,
            points=self.points,
        )

    def page_state(self) -> dict[str, Any]:
        """The traits that a page without Python starts from."""
        return {name: getattr(self, name) for name in _STATE} | {"live": False, "playing": False}

    def snapshot(self) -> bytes:
        """A picture of the palette, as the bytes of a PNG file."""
        from latentpalette.plots.palette_png import palette_png

        size = self._decoded_size
        masks = np.stack([[self.masks(row, col) for col in range(size)] for row in range(size)])
        return palette_png(masks, list(self.labels), tuple(self.puck), [tuple(point) for point in self.points])

    def __repr__(self) -> str:
        return f"Palette({self.model_name}, {self.size} by {self.size}: {', '.join(self.labels)})"

    # --- what the browser asks ------------------------------------------------------------------

    @answers("decode")
    def _answer_decode(self, body: dict[str, Any], _: Buffers) -> Answer:
        patterns, size = body["patterns"], body["size"]
        _check_size(size)
        decoded = decode_grid(self.model, patterns, size)
        # The browser has the answer; `set_state` stores it without sending it once more.
        self.set_state(
            {
                "patterns": patterns,
                "labels": body["labels"],
                "size": size,
                "cells": decoded.bytes,
                "norm_percentiles": decoded.percentiles,
                "decode_ms": decoded.milliseconds,
            }
        )
        return {"norm_percentiles": decoded.percentiles, "decode_ms": decoded.milliseconds}, [decoded.bytes]

    @answers("restore")
    def _answer_restore(self, body: dict[str, Any], buffers: Buffers) -> Answer:
        cells = bytes(buffers[0])
        if len(cells) != 2 * STEPS * body["size"] ** 2:
            raise PaletteError(f"A grid of {body['size']} by {body['size']} cells does not fit {len(cells)} bytes.")
        kept = ("patterns", "labels", "size", "norm_percentiles")
        self.set_state({name: body[name] for name in kept} | {"cells": cells})
        return {}, []

    @answers("sample")
    def _answer_sample(self, body: dict[str, Any], _: Buffers) -> Answer:
        seed = int(body["seed"])
        loop = self.model.sample(1, temperature=float(body["temperature"]), seed=seed)[0]
        return {"pattern": list(pattern_of(drums_of(self.model), loop)), "label": f"Sampled #{seed}"}, []

    @answers("midi")
    def _answer_midi(self, body: dict[str, Any], buffers: Buffers) -> Answer:
        found = self.model.excerpts(bytes(buffers[0]))
        windows = [
            {"label": excerpt.where, "bar": excerpt.bar, "pattern": list(pattern_of(drums_of(self.model), excerpt))}
            for excerpt in found
        ]
        left_out = [str(reason) for reason in found.left_out]
        if not windows and not left_out:
            left_out = [f"{body.get('name', 'the file')} is empty"]
        return {"windows": windows, "left_out": left_out}, []

    # --- inside ---------------------------------------------------------------------------------

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take over what the browser sent; a grid that belongs to it follows by request."""
        with self._from_browser():
            super().set_state(sync_data)

    @contextmanager
    def _from_browser(self) -> Iterator[None]:
        settled, self._settled = self._settled, False
        try:
            yield
        finally:
            self._settled = settled

    @traitlets.observe("patterns", "size")
    def _changed_in_python(self, _: Any) -> None:
        if self._settled:
            self._decode(self.patterns, self.labels, self.size)

    def _decode(self, patterns: list[list[int]], labels: list[str], size: int) -> None:
        decoded = decode_grid(self.model, patterns, size)
        with self._from_browser(), self.hold_sync(), self.hold_trait_notifications():
            self.patterns, self.labels, self.size = patterns, labels, size
            self.cells = decoded.bytes
            self.norm_percentiles = decoded.percentiles
            self.decode_ms = decoded.milliseconds

    def fingerprint(self, name: str) -> Any:
        """Something small that differs whenever the property does."""
        heard = (self.originals, self.qpm, self.mutes[:], self.locks[:])
        if name == "corners":
            return [list(pattern) for pattern in self.patterns]
        if name == "grid":
            return self.cells
        if name == "path":
            return self.cells, self.points[:], self.bars_per_cell, self.path_mode, self.patterns[:], heard
        cell = cell_at(self.puck[0], self.puck[1], self._decoded_size)
        return cell, self.puck[:], self.masks(*cell).tobytes(), heard

    @property
    def _decoded_size(self) -> int:
        """Cells along a side of the grid that is there; `size` may be ahead of it while a new one is decoded."""
        return int((len(self.cells) // (2 * STEPS)) ** 0.5)

    def _masks(self) -> NDArray[np.uint16]:
        size = self._decoded_size
        return np.frombuffer(self.cells, "<u2").reshape(size, size, STEPS)

    def _hearing(self) -> Hearing:
        return Hearing(tuple(self.pitches), self.qpm, tuple(self.mutes), tuple(self.locks))

    def _loop(self, pattern: Sequence[int]) -> NoteSequence:
        free = Hearing(tuple(self.pitches), self.qpm, (False,) * 9)
        return free.sequence(pattern)


def _check_size(size: Any) -> None:
    if size not in SIZES:
        raise PaletteError(f"A palette has {SIZES[0]} to {SIZES[-1]} cells along a side; got {size!r}.")


def _kit_of(drum_map: DrumMap) -> Kit:
    from latentpalette.audio.kit import drum_kit

    return drum_kit(drum_map)
