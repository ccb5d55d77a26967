"""Drum loops as a roll both ways: one bit a drum, for 9 drums or all 61.

Source: Magenta's `DrumsConverter` with `roll_input` and `roll_output`; the NADE models read and say it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from latentpalette.converters.base import Example, Rows
from latentpalette.converters.drum_base import DrumGrid
from latentpalette.errors import ConverterError
from latentpalette.music import drums
from latentpalette.music.sequence import NoteSequence


@dataclass(frozen=True)
class DrumRollConverter(DrumGrid):
    """Drum loops of a fixed number of steps, drum by drum.

    Parameters
    ----------
    steps : int
        Length of a loop; 32 is two bars.
    map : str
        A name in `latentpalette.music.drums.MAPS`.

    Examples
    --------
    >>> from latentpalette.music.sequence import NoteSequence
    >>> loop = NoteSequence.from_steps({"kick": [0, 8], "snare": [4]}, steps=32)
    >>> roll = DrumRollConverter(map="full")
    >>> roll.encode(loop).outputs.shape, roll.decode(roll.encode(loop).outputs) == loop
    ((32, 61), True)
    """

    steps: int = 32
    map: str = "reduced"

    def __post_init__(self) -> None:
        if self.map not in drums.MAPS:
            raise ConverterError(f"No drum map is called {self.map!r}; there are {list(drums.MAPS)}.")

    @property
    def output_depth(self) -> int:
        """One bit a drum."""
        return len(self.drum_map)

    def encode(self, sequence: NoteSequence) -> Example:
        """A loop as the model reads it; `ConverterError` says why it cannot be."""
        inputs = self.inputs(sequence)
        return Example(inputs, inputs[:, :-1].copy(), np.zeros((self.steps, 0), np.float32))

    def decode(self, rows: Rows, *, qpm: float = 120.0) -> NoteSequence:
        """Rows [t, drums] (or [t, drums + 1], as the encoder reads them) back to a loop."""
        rows = np.asarray(rows)
        if rows.ndim != 2 or rows.shape[1] not in (self.output_depth, self.input_depth):
            raise ConverterError(f"Rows are [t, {self.output_depth}]; got shape {rows.shape}.")
        return self.from_roll(rows[:, : self.output_depth] > 0.5, qpm=qpm)
