"""Requests of the browser of Latent Loops: the grid, more cells of it, drums."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from latentpalette.widgets import loops_settings as checks
from latentpalette.widgets import settings
from latentpalette.widgets.cell_grid import CellGrid, GridInputs
from latentpalette.widgets.clips import encode_clips
from latentpalette.widgets.grid_decoding import grid_in_parts
from latentpalette.widgets.loops_composing import compose_between, composed_label
from latentpalette.widgets.loops_music import LoopsMusic
from latentpalette.widgets.loops_traits import LoopsTraits
from latentpalette.widgets.model_clips import ModelClips
from latentpalette.widgets.page_model import PageParts
from latentpalette.widgets.partly_decoded import FillsIn
from latentpalette.widgets.requests import Work, handles


class LoopsRequests(FillsIn, LoopsTraits):
    """Latent Loops that respond to their browser."""

    _both: LoopsMusic
    _cells: CellGrid

    @abstractmethod
    def _update(self, name: str) -> None:
        """Compute a trait anew."""

    def _inputs(self) -> GridInputs:
        return GridInputs(*(getattr(self, name) for name in GridInputs._fields))

    @staticmethod
    def _grid_values(grid: CellGrid) -> dict[str, Any]:
        return {"cells": encode_clips(grid.clips), "decode_ms": grid.elapsed_ms}

    def _keep_cells(self) -> None:
        """Set the trait of the cells to those that are decoded by now, which the browser has or asks for."""
        self.store_from_browser(**self._grid_values(self._cells))

    @handles("decode")
    def _handle_decode(self) -> Work:
        """Decode the grid of the present corners, which the browser has set, or the cells that are heard first."""
        while self._cells.inputs != (inputs := self._inputs()):
            cells = yield from grid_in_parts(self._both.melody, inputs)
            row, col = (min(index, cells.size - 1) for index in self.cell)
            yield from cells.decode_in_parts([row * cells.size + col])
            if inputs == self._inputs():  # else the browser has set others meanwhile
                self._cells = cells
                self._keep_cells()
                self._update("selected")
        return {"decode_ms": self.decode_ms}, [self.cells]

    def _page_others(self, parts: PageParts) -> dict[str, tuple[ModelClips, PageParts]]:
        drums = self._both.drums
        if drums is None:
            return {}
        # A sample takes no encoder where the prior is learned.
        return {"drums": (drums, parts._replace(model="decoder") if drums.model.prior else parts)}

    @handles("drums", temperature=settings.check_temperature, seed=settings.check_seed)
    def _handle_drums(self, *, temperature: float, seed: int) -> Work:
        return (yield from self._both.sample_drums(temperature, seed)), []

    @handles("compose", count=checks.check_count, seed=settings.check_seed)
    def _handle_compose(self, *, count: int, seed: int) -> Work:
        """Compose how the song goes on; the browser moves the loops into the scale, and puts them in their places."""
        clips = yield from compose_between(self._both.melody, self.places, len(self.places), count, seed)
        return {"loops": [{"clip": clip.to_json(), "label": composed_label(seed)} for clip in clips]}, []
