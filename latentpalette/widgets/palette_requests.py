"""Requests of a palette's browser: another grid, an undone one, a sample, the loops of a MIDI file."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any

import traitlets

from latentpalette.errors import PaletteError
from latentpalette.music.track_choice import TrackChoice
from latentpalette.widgets import settings
from latentpalette.widgets.corners import NoLoopError, read_loops, require_drum_converter, tokens_of
from latentpalette.widgets.grid_decoding import CELL_BYTES, DecodedGrid, GridInputs, check_interpolation, decode_grid
from latentpalette.widgets.palette_traits import PaletteTraits
from latentpalette.widgets.requests import Response, handles

if TYPE_CHECKING:
    from latentpalette.models.musicvae import MusicVAE

MAX_CELL_BYTES = CELL_BYTES * settings.SIZES[-1] ** 2
MAX_Z_BYTES = 4 * 4 * 8192  # four corners of 32-bit floats; the models have 2 to 512 of them
MAX_MIDI_BYTES = 16 << 20  # the reader of MIDI files has a limit of its own
_CORNERS: dict[str, Any] = {
    "patterns": settings.check_patterns,
    "labels": settings.check_labels,
    "size": settings.check_size,
    "interpolation": settings.check_interpolation,
}


class PaletteRequests(PaletteTraits):
    """A palette that responds to its browser."""

    _track_choice: TrackChoice

    @property
    @abstractmethod
    def model(self) -> MusicVAE:
        """The model that decodes the cells."""

    @abstractmethod
    def _store_grid(self, inputs: GridInputs, labels: list[str], decoded: DecodedGrid) -> None:
        """Set corners and their grid, which the browser has."""

    def _inputs(self) -> GridInputs:
        return GridInputs(self.patterns, self.size, self.interpolation)

    @traitlets.validate("interpolation")
    def _validate_interpolation(self, proposal: Any) -> str | float:
        return check_interpolation(self.model, proposal["value"])

    @handles("decode", **_CORNERS)
    def _handle_decode(self, *, labels: list[str], **values: Any) -> Response:
        inputs = self._read_inputs(**values)
        decoded = decode_grid(self.model, inputs)
        self._store_grid(inputs, labels, decoded)
        body = {"norm_percentiles": decoded.norm_percentiles, "decode_ms": decoded.elapsed_ms}
        return body, [decoded.cells, decoded.corner_z]

    @handles("restore", buffers=(MAX_CELL_BYTES, MAX_Z_BYTES), norm_percentiles=settings.check_percentiles, **_CORNERS)
    def _handle_restore(
        self, cells: bytes, corner_z: bytes, *, labels: list[str], norm_percentiles: list[int], **values: Any
    ) -> Response:
        inputs = self._read_inputs(**values)
        size = inputs.size
        if len(cells) != CELL_BYTES * size**2:
            raise PaletteError(f"A grid of {size} by {size} cells does not fit {len(cells)} bytes.")
        if len(corner_z) != len(self.corner_z):
            raise PaletteError(f"The z of four corners has {len(self.corner_z)} bytes here; got {len(corner_z)}.")
        if len(norm_percentiles) != size**2:
            raise PaletteError(
                f"A grid of {size} by {size} cells has as many percentiles; got {len(norm_percentiles)}."
            )
        decoded = DecodedGrid(cells, corner_z, norm_percentiles, self.decode_ms)
        decoded.check()
        self._store_grid(inputs, labels, decoded)
        return {}, []

    def _read_inputs(self, **values: Any) -> GridInputs:
        """Return what a grid is decoded from, if this model can blend so."""
        check_interpolation(self.model, values["interpolation"])
        return GridInputs(**values)

    @handles("sample", temperature=settings.check_temperature, seed=settings.check_seed)
    def _handle_sample(self, *, temperature: float, seed: int) -> Response:
        loop = self.model.sample(1, temperature=temperature, seed=seed)[0]
        pattern = list(tokens_of(require_drum_converter(self.model), loop))
        return {"pattern": pattern, "label": f"Sampled #{seed}"}, []

    @handles("midi", buffers=(MAX_MIDI_BYTES,), name=settings.check_file_name)
    def _handle_midi(self, data: bytes, *, name: str) -> Response:
        if not data:
            raise PaletteError(f"{name} is empty: there is no music in it.")
        try:
            loops, left_out = read_loops(self.model, data, self._track_choice)
        except NoLoopError as error:
            return {"windows": [], "left_out": error.reasons or [f"{name} is empty"]}, []
        windows = [
            {
                "label": loop.label.partition(", ")[2],
                "pattern": list(loop.pattern),
                "qpm": loop.qpm,
                "left_out": list(loop.left_out),
            }
            for loop in loops
        ]
        return {"windows": windows, "left_out": list(left_out)}, []
