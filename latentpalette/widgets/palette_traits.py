"""What a palette and its browser share: the traits, their limits and their defaults."""

from __future__ import annotations

from typing import Any

import traitlets

from latentpalette.widgets.base import Instrument
from latentpalette.widgets.corners import DEFAULT, STEPS
from latentpalette.widgets.path import MODES

SIZES = range(3, 22)


def _list(
    length: int, item: traitlets.TraitType[Any, Any], default: list[Any], *, none: bool = False
) -> traitlets.List[Any]:
    return traitlets.List(item, default, minlen=length, maxlen=length, allow_none=none)


class PaletteState(Instrument):
    """The traits of a palette. What the browser changes itself is not sent back to it (``echo_update=False``)."""

    patterns = _list(4, _list(STEPS, traitlets.Int(min=0, max=511), [0] * STEPS), [[0] * STEPS] * 4).tag(
        sync=True, echo_update=False
    )
    labels = _list(4, traitlets.Unicode(), list(DEFAULT)).tag(sync=True, echo_update=False)
    size = traitlets.Int(11, min=SIZES[0], max=SIZES[-1]).tag(sync=True, echo_update=False)
    puck = _list(2, traitlets.Float(min=0, max=1), [0.5, 0.5]).tag(sync=True, echo_update=False)
    points = traitlets.List(_list(2, traitlets.Float(min=0, max=1), [0.0, 0.0])).tag(sync=True, echo_update=False)
    qpm = traitlets.Float(120.0, min=40, max=240).tag(sync=True)
    volume = traitlets.Float(0.8, min=0, max=1).tag(sync=True)
    mutes = _list(9, traitlets.Bool(), [False] * 9).tag(sync=True)
    locks = _list(9, _list(STEPS, traitlets.Int(min=0, max=1), [0] * STEPS, none=True), [None] * 9).tag(sync=True)
    quantise = traitlets.Enum(["step", "beat", "bar", "loop"], "step").tag(sync=True)
    bars_per_cell = traitlets.Enum([1, 2, 4, 8], 2).tag(sync=True)
    path_mode = traitlets.Enum(MODES, "loop").tag(sync=True)
    tool = traitlets.Enum(["drag", "draw"], "drag").tag(sync=True)
    playing = traitlets.Bool(False).tag(sync=True)
    originals = traitlets.Bool(True).tag(sync=True)
    model_name = traitlets.Unicode().tag(sync=True)
    drums = traitlets.List(traitlets.Unicode()).tag(sync=True)
    pitches = traitlets.List(traitlets.Int()).tag(sync=True)
    accents = traitlets.List(traitlets.List(traitlets.Int())).tag(sync=True)
    presets = traitlets.List(traitlets.Dict()).tag(sync=True)
    kit_index = traitlets.List(traitlets.Dict()).tag(sync=True)
    kit_rate = traitlets.Int(44100).tag(sync=True)
    decode_ms = traitlets.Float(0.0).tag(sync=True, echo_update=False)
    live = traitlets.Bool(True).tag(sync=True)
    norm_percentiles = traitlets.List(traitlets.Int()).tag(sync=True, echo_update=False)
    # Bulk.
    cells = traitlets.Bytes().tag(sync=True, echo_update=False)
    kit = traitlets.Bytes().tag(sync=True, echo_update=False)
