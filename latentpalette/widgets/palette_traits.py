"""Traits of a palette: those that it shares with its browser, and those that follow from them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
import traitlets

from latentpalette.latent.grids import cell_at
from latentpalette.widgets.base import Widget
from latentpalette.widgets.corners import DEFAULT_CORNERS, NUM_STEPS
from latentpalette.widgets.path import PATH_MODES

T = TypeVar("T")

SIZES = range(3, 22)


class ComputedTrait(traitlets.TraitType[T, Any]):
    """A trait whose value follows from other traits; it is observed as any trait is.

    Its owner calls `update` when one of the others has changed.

    Parameters
    ----------
    assign : callable (owner, value) -> None, optional
        Sets the other traits to what makes this one `value`. Without it the trait is read-only.
    """

    def __init__(self, assign: Callable[[Any, Any], None] | None = None) -> None:
        super().__init__(default_value=None, allow_none=True, read_only=assign is None)
        self._assign = assign

    def set(self, obj: traitlets.HasTraits, value: Any) -> None:
        """Handle an assignment."""
        # At the end of `hold_trait_notifications` traitlets assigns the value that is there.
        if self._assign is not None and value is not self.get(obj):
            self._assign(obj, value)

    def update(self, obj: traitlets.HasTraits, value: T) -> None:
        """Store a new value, and notify observers if it differs."""
        old: Any = self.get(obj)
        if old is value or (np.array_equal(old, value) if isinstance(value, np.ndarray) else old == value):
            return
        super().set(obj, value)

    def replace(self, obj: traitlets.HasTraits, value: T) -> None:
        """Store a new value without notifying observers."""
        obj._trait_values[str(self.name)] = value


def _list(
    length: int, item: traitlets.TraitType[Any, Any], default: list[Any], *, none: bool = False
) -> traitlets.List[Any]:
    return traitlets.List(item, default, minlen=length, maxlen=length, allow_none=none)


class PaletteTraits(Widget):
    """Traits that a palette shares with its browser.

    A trait that the browser changes itself is not sent back to it (``echo_update=False``).
    """

    patterns = _list(4, _list(NUM_STEPS, traitlets.Int(min=0, max=511), [0] * NUM_STEPS), [[0] * NUM_STEPS] * 4).tag(
        sync=True, echo_update=False
    )
    labels = _list(4, traitlets.Unicode(), list(DEFAULT_CORNERS)).tag(sync=True, echo_update=False)
    size = traitlets.Int(11, min=SIZES[0], max=SIZES[-1]).tag(sync=True, echo_update=False)
    puck = _list(2, traitlets.Float(min=0, max=1), [0.5, 0.5]).tag(sync=True, echo_update=False)
    points = traitlets.List(_list(2, traitlets.Float(min=0, max=1), [0.0, 0.0])).tag(sync=True, echo_update=False)
    qpm = traitlets.Float(120.0, min=40, max=240).tag(sync=True)
    volume = traitlets.Float(1.0, min=0, max=1).tag(sync=True)
    mutes = _list(9, traitlets.Bool(), [False] * 9).tag(sync=True)
    locks = _list(9, _list(NUM_STEPS, traitlets.Int(min=0, max=1), [0] * NUM_STEPS, none=True), [None] * 9).tag(
        sync=True
    )
    launch_quantization = traitlets.Enum(["step", "beat", "bar", "loop"], "step").tag(sync=True)
    bars_per_cell = traitlets.Enum([1, 2, 4, 8], 2).tag(sync=True)
    path_mode = traitlets.Enum(PATH_MODES, "loop").tag(sync=True)
    tool = traitlets.Enum(["drag", "draw"], "drag").tag(sync=True)
    playing = traitlets.Bool(False).tag(sync=True)
    use_original_corners = traitlets.Bool(True).tag(sync=True)
    has_kernel = traitlets.Bool(True).tag(sync=True)
    model_name = traitlets.Unicode().tag(sync=True)
    drums = traitlets.List(traitlets.Unicode()).tag(sync=True)
    pitches = traitlets.List(traitlets.Int()).tag(sync=True)
    accents = traitlets.List(traitlets.List(traitlets.Int())).tag(sync=True)
    presets = traitlets.List(traitlets.Dict()).tag(sync=True)
    kit_index = traitlets.List(traitlets.Dict()).tag(sync=True)
    kit_rate = traitlets.Int(44100).tag(sync=True)
    decode_ms = traitlets.Float(0.0).tag(sync=True, echo_update=False)
    norm_percentiles = traitlets.List(traitlets.Int()).tag(sync=True, echo_update=False)
    # Bytes, as `grid_decoding.DecodedGrid` and `audio.kit.Kit.packed` have them.
    cells = traitlets.Bytes().tag(sync=True, echo_update=False)
    corner_z = traitlets.Bytes().tag(sync=True, echo_update=False)
    kit = traitlets.Bytes().tag(sync=True, echo_update=False)

    def alt_text(self) -> str:
        """Describe the picture of the palette in words."""
        x, y = self.puck
        row, col = cell_at(x, y, self.size)
        corners = ", ".join(self.labels)
        path = ", and a path" if self.points else ""
        puck = f"the puck in row {row + 1}, column {col + 1}"
        return f"Palette: {self.size} by {self.size} loops between {corners}; {puck}{path}"
