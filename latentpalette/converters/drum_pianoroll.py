"""Drum loops as a piano roll both ways: one bit for each drum, for 9 drums or all 61.

Source: Magenta's `DrumsConverter` with `roll_input` and `roll_output`, as the NADE models use it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from latentpalette.converters.base import Example, Frames
from latentpalette.converters.drum_base import DrumConverterBase
from latentpalette.errors import ConverterError
from latentpalette.music import drums
from latentpalette.music.sequence import NoteSequence


@dataclass(frozen=True)
class DrumPianorollConverter(DrumConverterBase):
    """Drum loops of a fixed number of steps, drum by drum.

    Parameters
    ----------
    steps : int
        Length of a loop; 32 is two bars.
    drum_map : str
        A name in `latentpalette.music.drums.DRUM_MAPS`.

    Examples
    --------
    >>> from latentpalette.music.sequence import NoteSequence
    >>> loop = NoteSequence.from_steps({"kick": [0, 8], "snare": [4]}, steps=32)
    >>> converter = DrumPianorollConverter(drum_map="full")
    >>> converter.encode(loop).targets.shape, converter.decode(converter.encode(loop).targets) == loop
    ((32, 61), True)
    """

    steps: int = 32
    drum_map: str = "reduced"

    def __post_init__(self) -> None:
        if self.drum_map not in drums.DRUM_MAPS:
            raise ConverterError(f"No drum map is called {self.drum_map!r}; there are {list(drums.DRUM_MAPS)}.")

    @property
    def output_depth(self) -> int:
        """One bit for each drum."""
        return len(self.pitch_map)

    def encode(self, sequence: NoteSequence) -> Example:
        """Encode a loop as arrays; `ConverterError` if it cannot be."""
        inputs = self.encoder_frames(sequence)
        return Example(inputs, inputs[:, :-1].copy(), np.zeros((self.steps, 0), np.float32))

    def decode(self, frames: Frames, *, qpm: float = 120.0) -> NoteSequence:
        """Decode frames [t, drums] (or the encoder's, [t, drums + 1]) to a loop.

        Raises
        ------
        ConverterError
            If the frames have another width.
        """
        frames = np.asarray(frames)
        if frames.ndim != 2 or frames.shape[1] not in (self.output_depth, self.input_depth):
            raise ConverterError(f"Frames are [t, {self.output_depth}]; got shape {frames.shape}.")
        return self.from_pianoroll(frames[:, : self.output_depth] > 0.5, qpm=qpm)
