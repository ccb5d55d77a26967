"""Requests of a palette's browser: a grid, more cells of it, an undone one, a sample, the loops of a MIDI file."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from latentpalette.latent.grids import CORNERS, cell_at, cells_along
from latentpalette.progress.parts import Task
from latentpalette.widgets import settings
from latentpalette.widgets.cell_grid import CellGrid, GridInputs
from latentpalette.widgets.checked_traits import SettingError
from latentpalette.widgets.chord_settings import check_chords
from latentpalette.widgets.clips import Clip, encode_clips
from latentpalette.widgets.grid_decoding import check_interpolation, grid_in_parts
from latentpalette.widgets.palette_traits import PaletteTraits
from latentpalette.widgets.partly_decoded import FillsIn
from latentpalette.widgets.requests import Response, Work, handles

MAX_CELL_BYTES = 32 << 20  # 441 cells of 16 bars with thousands of notes each
MAX_Z_BYTES = 4 * 4 * 8192  # four corners of 32-bit floats; the models have 2 to 512 of them
_GRID: dict[str, Any] = {
    "corner_clips": settings.check_corner_clips,
    "size": settings.check_size,
    "interpolation": settings.check_interpolation,
    "chords": check_chords,
}
_CORNERS: dict[str, Any] = {"labels": settings.check_labels, **_GRID}


class PaletteRequests(FillsIn, PaletteTraits):
    """A palette that responds to its browser."""

    _cells: CellGrid
    # A grid that the page has decoded, and this palette has not: its engine may stop while the grid is shown.
    _page_grid: CellGrid | None = None

    @abstractmethod
    def _store_grid(self, labels: list[str], cells: CellGrid) -> None:
        """Set corners and their grid, which the browser has."""

    def _inputs(self) -> GridInputs:
        return GridInputs(self.corner_clips, self.size, self.interpolation, self.chords)

    @handles("decode", **_CORNERS)
    def _handle_decode(self, *, labels: list[str], **values: Any) -> Work:
        cells = yield from grid_in_parts(self._music, self._read_inputs(**values))
        x, y = self.puck
        row, col = cell_at(x, y, cells.size)
        yield from cells.decode_in_parts([row * cells.size + col])
        self._store_grid(labels, cells)
        body = {name: getattr(self, name) for name in ("norm_percentiles", "decode_ms", "grid_id")}
        return body, [self.cells, self.corner_z]

    @handles("cells", grid_id=settings.check_grid_id, indices=settings.check_cell_indices, **_GRID)
    def _handle_cells(self, *, grid_id: int, indices: list[int], **values: Any) -> Work:  # type: ignore[override]
        """Decode some of the cells that are missing."""
        grid = yield from self._grid_of(grid_id, self._read_inputs(**values))
        if grid is self._cells:
            return (yield from self._fill_in(indices))
        came = yield from grid.fill_in(indices, self._preferred)
        return {"indices": came, "progress": grid.progress}, [encode_clips([grid.clips[index] for index in came])]

    @handles("between", grid_id=settings.check_grid_id, point=settings.check_puck, **_GRID)
    def _handle_between(self, *, grid_id: int, point: list[float], **values: Any) -> Work:
        """Decode a point between the cells."""
        grid = yield from self._grid_of(grid_id, self._read_inputs(**values))
        _, clip = yield from grid.between_in_parts(point[0], point[1])
        return {}, [encode_clips([clip])]

    def _grid_of(self, grid_id: int, inputs: GridInputs) -> Task[CellGrid]:
        """Return the grid that the browser shows: by its number, or decoded anew where the page has decoded it."""
        if grid_id == self.grid_id or inputs == self._cells.inputs:
            return self._cells
        if self._page_grid is None or inputs != self._page_grid.inputs:
            self._page_grid = yield from grid_in_parts(self._music, inputs)
        return self._page_grid

    @property
    def _preferred(self) -> set[int]:
        """The cells of the path, if Play plays it."""
        size, points = self._cells.size, [(x, y) for x, y in self.points]
        return {row * size + col for row, col in cells_along(points, size)} if self.tool == "draw" else set()

    def _keep_cells(self) -> None:
        """Set the trait of the cells to those that are decoded by now, which the browser has or asks for."""
        self.store_from_browser(cells=encode_clips(self._cells.clips))

    @handles("restore", buffers=(MAX_CELL_BYTES, MAX_Z_BYTES), norm_percentiles=settings.check_percentiles, **_CORNERS)
    def _handle_restore(
        self, cells: bytes, corner_z: bytes, *, labels: list[str], norm_percentiles: list[int], **values: Any
    ) -> Response:
        restored = CellGrid.restored(self._music, self._read_inputs(**values), cells, corner_z, norm_percentiles)
        restored.elapsed_ms = self.decode_ms
        self._store_grid(labels, restored)
        return {"grid_id": self.grid_id}, []

    def _read_inputs(self, **values: Any) -> GridInputs:
        """Return what a grid is decoded from, if this model can blend so and has such clips."""
        return GridInputs(**{name: self.check_fit(name, value) for name, value in values.items()})

    def check_fit(self, name: str, value: Any) -> Any:
        """Return the value of a setting, if it fits the music that the model makes; see `Widget.check_fit`."""
        if name == "interpolation":
            return check_interpolation(self.model, value)
        if name == "corner_clips":
            for letter, clip in zip(CORNERS, value, strict=True):
                self._music.check_clip(Clip.from_json(clip), f"Corner {letter}", error=SettingError)
        return super().check_fit(name, value)
