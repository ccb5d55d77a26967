"""Traits that a palette shares with its browser."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

from latentpalette.latent.grids import CORNERS, cell_at
from latentpalette.widgets import settings
from latentpalette.widgets.base import Widget
from latentpalette.widgets.checked_traits import CheckedTrait, DerivedTrait
from latentpalette.widgets.frontend import cell_id

_MODEL = "the model of the palette; make another palette for another model"
_CORNERS = "the corners and the size; assign palette.corners or palette.size"

# The browser sets these. Of those that it changes again and again, what it sends is not sent back (`echo_update`).
_SHARED: dict[str, Any] = {"sync": True, "from_browser": True}
_NO_ECHO: dict[str, Any] = {**_SHARED, "echo_update": False}
_PYTHON: dict[str, Any] = {"sync": True, "echo_update": False}


def origin_of(model_name: str, corner_clips: Sequence[dict[str, Any]]) -> str:
    """Return what identifies a palette among others and when its cell is run again: model and cell, or the corners."""
    return f"{model_name} {cell_id() or zlib.crc32(repr(corner_clips).encode())}"


class PaletteTraits(Widget):
    """Traits that a palette shares with its browser."""

    corner_clips = CheckedTrait(settings.check_corner_clips, [{"steps": 32, "notes": []}] * len(CORNERS)).tag(
        **_NO_ECHO
    )
    labels = CheckedTrait(settings.check_labels, list(CORNERS)).tag(**_NO_ECHO)
    left_out = CheckedTrait(settings.check_left_out, [[] for _ in CORNERS]).tag(**_NO_ECHO)
    size = CheckedTrait(settings.check_size, 11).tag(**_NO_ECHO)
    puck = CheckedTrait(settings.check_puck, [0.5, 0.5]).tag(**_NO_ECHO)
    points = CheckedTrait(settings.check_points, []).tag(**_NO_ECHO)
    qpm = CheckedTrait(settings.check_qpm, 120.0).tag(**_SHARED)
    volume = CheckedTrait(settings.check_volume, 1.0).tag(**_SHARED)
    mutes = CheckedTrait(settings.check_mutes, [False]).tag(**_SHARED)
    locks = CheckedTrait(settings.check_locks, [None]).tag(**_SHARED)
    launch_quantization = CheckedTrait(settings.check_launch_quantization, "step").tag(**_SHARED)
    bars_per_cell = CheckedTrait(settings.check_bars_per_cell, 2).tag(**_SHARED)
    path_mode = CheckedTrait(settings.check_path_mode, "loop").tag(**_SHARED)
    tool = CheckedTrait(settings.check_tool, "drag").tag(**_SHARED)
    playing = CheckedTrait(settings.check_playing, False).tag(**_SHARED)
    use_original_corners = CheckedTrait(settings.check_use_original_corners, True).tag(**_SHARED)
    interpolation = CheckedTrait(settings.check_interpolation, "lerp").tag(**_NO_ECHO)

    has_kernel: DerivedTrait[bool] = DerivedTrait(True, source="where the palette is shown").tag(sync=True)
    tempo_note: DerivedTrait[str] = DerivedTrait("", source="the tempos of the corners").tag(sync=True)
    # Identifies the cell that made it: when it is run again, what was edited is offered (static/state/edits.js).
    origin: DerivedTrait[str] = DerivedTrait("", source="the cell that made the palette").tag(sync=True)
    model_name: DerivedTrait[str] = DerivedTrait("", source=_MODEL).tag(sync=True)
    has_prior: DerivedTrait[bool] = DerivedTrait(False, source=_MODEL).tag(sync=True)  # a learned one
    has_velocity: DerivedTrait[bool] = DerivedTrait(False, source=_MODEL).tag(sync=True)
    streams: DerivedTrait[list[dict[str, Any]]] = DerivedTrait([], source=_MODEL).tag(sync=True)
    lanes: DerivedTrait[list[dict[str, Any]]] = DerivedTrait([], source=_MODEL).tag(sync=True)
    accents: DerivedTrait[list[list[int]]] = DerivedTrait([], source="the drums").tag(sync=True)
    presets: DerivedTrait[list[dict[str, Any]]] = DerivedTrait([], source="the package").tag(sync=True)
    kit_index: DerivedTrait[list[dict[str, Any]]] = DerivedTrait([], source="the SoundFont").tag(sync=True)
    kit_rate: DerivedTrait[int] = DerivedTrait(44100, source="the SoundFont").tag(sync=True)
    kit: DerivedTrait[bytes] = DerivedTrait(b"", source="the SoundFont").tag(**_PYTHON)
    decode_ms: DerivedTrait[float] = DerivedTrait(0.0, source=_CORNERS).tag(**_PYTHON)
    norm_percentiles: DerivedTrait[list[int]] = DerivedTrait([], source=_CORNERS).tag(**_PYTHON)
    # Counts the grids, so that parts of an earlier one are recognized.
    grid_id: DerivedTrait[int] = DerivedTrait(0, source=_CORNERS).tag(**_PYTHON)
    # Bytes, as `cell_grid.CellGrid` has them.
    cells: DerivedTrait[bytes] = DerivedTrait(b"", source=_CORNERS).tag(**_PYTHON)
    corner_z: DerivedTrait[bytes] = DerivedTrait(b"", source=_CORNERS).tag(**_PYTHON)

    def alt_text(self) -> str:
        """Describe the picture of the palette in words."""
        x, y = self.puck
        row, col = cell_at(x, y, self.size)
        corners = ", ".join(self.labels)
        path = ", and a path" if self.points else ""
        puck = f"the puck in row {row + 1}, column {col + 1}"
        return f"Palette: {self.size} by {self.size} loops between {corners}; {puck}{path}"
