"""The interface of an engine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from latentpalette.audio.events import NoteEvent
from latentpalette.audio.soundfont.file import SoundFont


class Engine(Protocol):
    """A module that renders note events with the sounds of a SoundFont."""

    def unavailable_reason(self) -> str | None:
        """Return why this engine cannot be used here; None where it can."""

    def render(self, events: Sequence[NoteEvent], frames: int, soundfont: SoundFont) -> np.ndarray:
        """Render note events to samples.

        Parameters
        ----------
        events : list of NoteEvent, in order of time
        frames : int
            Number of frames to render. What still sounds at the end is cut there.
        soundfont : SoundFont

        Returns
        -------
        ndarray [shape=(2, frames), float32]
            Dry (no reverb, no chorus), at a fixed gain. A function of the arguments, equal to the bit.

        Raises
        ------
        SoundError
            If the engine cannot be used here, or cannot play the SoundFont or an instrument of it.
        """
        ...
