"""Traits that a palette shares with its browser."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

from latentpalette.latent.grids import CORNERS, cell_at
from latentpalette.widgets import settings
from latentpalette.widgets.checked_traits import CheckedTrait, DerivedTrait
from latentpalette.widgets.frontend import cell_id
from latentpalette.widgets.instrument import NO_ECHO, PYTHON, SHARED, Instrument

EMPTY: dict[str, Any] = {"steps": 32, "notes": []}  # a clip
_CORNERS = "the corners and the size; assign palette.corners or palette.size"


def origin_of(model_name: str, corner_clips: Sequence[dict[str, Any]]) -> str:
    """Return what identifies a palette among others and when its cell is run again: model and cell, or the corners."""
    return f"{model_name} {cell_id() or zlib.crc32(repr(corner_clips).encode())}"


class PaletteTraits(Instrument):
    """Traits that a palette shares with its browser."""

    corner_clips = CheckedTrait(settings.check_corner_clips, [EMPTY] * len(CORNERS)).tag(**NO_ECHO)
    labels = CheckedTrait(settings.check_labels, list(CORNERS)).tag(**NO_ECHO)
    left_out = CheckedTrait(settings.check_left_out, [[] for _ in CORNERS]).tag(**NO_ECHO)
    size = CheckedTrait(settings.check_size, 11).tag(**NO_ECHO)
    puck = CheckedTrait(settings.check_puck, [0.5, 0.5]).tag(**NO_ECHO)
    points = CheckedTrait(settings.check_points, []).tag(**NO_ECHO)
    bars_per_cell = CheckedTrait(settings.check_bars_per_cell, 2).tag(**SHARED)
    path_mode = CheckedTrait(settings.check_path_mode, "loop").tag(**SHARED)
    tool = CheckedTrait(settings.check_tool, "drag").tag(**SHARED)
    use_original_corners = CheckedTrait(settings.check_use_original_corners, True).tag(**SHARED)
    between_cells = CheckedTrait(settings.check_between_cells, False).tag(**SHARED)
    interpolation = CheckedTrait(settings.check_interpolation, "lerp").tag(**NO_ECHO)

    decode_ms: DerivedTrait[float] = DerivedTrait(0.0, source=_CORNERS).tag(**PYTHON)
    norm_percentiles: DerivedTrait[list[int]] = DerivedTrait([], source=_CORNERS).tag(**PYTHON)
    # Counts the grids, so that parts of an earlier one are recognized.
    grid_id: DerivedTrait[int] = DerivedTrait(0, source=_CORNERS).tag(**PYTHON)
    # Bytes, as `cell_grid.CellGrid` has them.
    cells: DerivedTrait[bytes] = DerivedTrait(b"", source=_CORNERS).tag(**PYTHON)
    corner_z: DerivedTrait[bytes] = DerivedTrait(b"", source=_CORNERS).tag(**PYTHON)

    def alt_text(self) -> str:
        """Describe the picture of the palette in words."""
        x, y = self.puck
        row, col = cell_at(x, y, self.size)
        corners = ", ".join(self.labels)
        path = ", and a path" if self.points else ""
        puck = f"the puck in row {row + 1}, column {col + 1}"
        return f"Palette: {self.size} by {self.size} loops between {corners}; {puck}{path}"
