"""Base of the converters of drum loops: a piano roll of drums, and its checks."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np
from numpy.typing import NDArray

from latentpalette.converters.base import Frames, require_drums, require_length
from latentpalette.music.drums import DRUM_MAPS, DrumMap
from latentpalette.music.sequence import Note, NoteSequence


class DrumConverterBase(ABC):
    """Drum loops of a fixed number of steps, as one bit for each drum and step."""

    steps: int
    drum_map: str

    @property
    def pitch_map(self) -> DrumMap:
        """The map called `drum_map`: from MIDI pitches to classes of drums."""
        return DRUM_MAPS[self.drum_map]

    @property
    def input_depth(self) -> int:
        """One bit for each drum, and one that is set where no drum is hit."""
        return len(self.pitch_map) + 1

    @property
    @abstractmethod
    def output_depth(self) -> int:
        """Width of the decoder's output."""

    @property
    def control_depth(self) -> int:
        """0: there is no conditioning."""
        return 0

    def pianoroll(self, sequence: NoteSequence) -> NDArray[np.bool_]:
        """Return which drum is hit at which step [steps, drums], without what is no drum or has no class."""
        hits = np.zeros((sequence.steps, len(self.pitch_map)), bool)
        classes = self.pitch_map.classes
        for note in sequence.notes:
            if note.is_drum and note.pitch in classes:
                hits[note.step, classes[note.pitch]] = True
        return hits

    def from_pianoroll(self, pianoroll: NDArray, *, qpm: float = 120.0, velocity: int = 80) -> NoteSequence:
        """Return the loop of a piano roll [t, drums] of truth values."""
        pitches = self.pitch_map.exemplars
        notes = [Note(pitches[drum], step, 1, velocity, 0.0, True) for step, drum in np.argwhere(pianoroll).tolist()]
        return NoteSequence(notes, len(pianoroll), qpm)

    def encoder_frames(self, sequence: NoteSequence) -> Frames:
        """Return the encoder's input of a loop [steps, drums + 1]."""
        self.check(sequence)
        hits = self.pianoroll(sequence)
        return np.concatenate([hits, ~hits.any(axis=1, keepdims=True)], axis=1).astype(np.float32)

    def check(self, sequence: NoteSequence) -> None:
        """Raise `ConverterError` if `encode` cannot encode this sequence."""
        require_length(sequence, self.steps)
        require_drums(sequence)
