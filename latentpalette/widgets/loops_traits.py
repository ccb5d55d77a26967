"""Traits that Latent Loops share with their browser."""

from __future__ import annotations

from typing import Any

from latentpalette.latent.grids import CORNERS
from latentpalette.music.scales import Key
from latentpalette.widgets import loops_settings as checks
from latentpalette.widgets import settings
from latentpalette.widgets.checked_traits import CheckedTrait, DerivedTrait
from latentpalette.widgets.instrument import INSTRUMENT_SETTINGS, INSTRUMENT_TRAITS, NO_ECHO, PYTHON, SHARED, Instrument
from latentpalette.widgets.palette_traits import EMPTY

_CORNERS = "the corners and the size; assign loops.corners or loops.size"


class LoopsTraits(Instrument):
    """Traits of Latent Loops."""

    corner_clips = CheckedTrait(settings.check_corner_clips, [EMPTY] * len(CORNERS)).tag(**NO_ECHO)
    labels = CheckedTrait(settings.check_labels, list(CORNERS)).tag(**NO_ECHO)
    left_out = CheckedTrait(settings.check_left_out, [[] for _ in CORNERS]).tag(**NO_ECHO)
    curves = CheckedTrait(checks.check_curves, [[] for _ in CORNERS]).tag(**NO_ECHO)
    size = CheckedTrait(checks.check_size, 6).tag(**NO_ECHO)
    interpolation = CheckedTrait(settings.check_interpolation, "lerp").tag(**NO_ECHO)
    cell = CheckedTrait(checks.check_cell, [0, 0]).tag(**NO_ECHO)
    refined = CheckedTrait(checks.check_refined, []).tag(**NO_ECHO)
    clips = CheckedTrait(checks.check_clips, [None] * checks.CLIPBOARD).tag(**NO_ECHO)
    places = CheckedTrait(checks.check_places, []).tag(**NO_ECHO)
    place = CheckedTrait(checks.check_place, 0).tag(**NO_ECHO)
    tonic = CheckedTrait(checks.check_tonic, 0).tag(**NO_ECHO)
    scale = CheckedTrait(checks.check_scale, "major pentatonic").tag(**NO_ECHO)
    snap_to_scale = CheckedTrait(checks.check_snap, True).tag(**SHARED)
    sketch_grid = CheckedTrait(checks.check_sketch_grid, 2).tag(**SHARED)
    plays = CheckedTrait(checks.check_plays, "loop").tag(**SHARED)
    song_mode = CheckedTrait(checks.check_song_mode, "once").tag(**SHARED)

    decode_ms: DerivedTrait[float] = DerivedTrait(0.0, source=_CORNERS).tag(**PYTHON)
    cells: DerivedTrait[bytes] = DerivedTrait(b"", source=_CORNERS).tag(**PYTHON)
    drum_presets: DerivedTrait[list[dict[str, Any]]] = DerivedTrait([], source="the drums").tag(sync=True)
    drum_model: DerivedTrait[str] = DerivedTrait("", source="the drums").tag(sync=True)
    composes: DerivedTrait[bool] = DerivedTrait(False, source="the model").tag(sync=True)

    @property
    def key(self) -> Key:
        """The scale on its tonic."""
        return Key(self.tonic, self.scale)

    def alt_text(self) -> str:
        """Describe the picture in words."""
        places = f"{len(self.places)} place{'s' * (len(self.places) != 1)}"
        corners = ", ".join(self.labels)
        return f"Latent Loops in {self.key}: {self.size} by {self.size} loops between {corners}; a song of {places}"


# The settings that the constructor takes, beside those of every instrument.
OWN_SETTINGS = ("interpolation", "cell", "snap_to_scale", "sketch_grid", "plays", "place", "song_mode")
SETTINGS = (*INSTRUMENT_SETTINGS, *OWN_SETTINGS, "decode_in_page")

# What undo brings back, as static/state/loopssession.js has it.
EDITED = (
    *("corner_clips", "labels", "left_out", "curves", "size", "interpolation", "refined", "clips", "places"),
    *("tonic", "scale", "snap_to_scale", "song_mode", "chords"),
    *("mutes", "locks", "volumes", "sounds"),
)

# What a page without Python needs.
STANDALONE = (
    *INSTRUMENT_TRAITS,
    *(name for name in EDITED if name not in INSTRUMENT_TRAITS),
    *("cell", "place", "plays", "sketch_grid", "decode_ms", "cells", "drum_presets", "drum_model", "composes"),
)
