"""What every representation has in common: music in, arrays out, and back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from latentpalette.errors import ConverterError
from latentpalette.music.midi import Source
from latentpalette.music.sequence import STEPS_PER_BAR, NoteSequence
from latentpalette.windows.common import Excerpts

Rows = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Example:
    """One window of music as a model reads it.

    Parameters
    ----------
    inputs : ndarray of float32 [shape=(steps, input depth)]
        What the encoder reads.
    outputs : ndarray of float32 [shape=(steps, output depth)]
        What the decoder is to say.
    controls : ndarray of float32 [shape=(steps, control depth)]
        What both are told besides; depth 0 where there is nothing.
    lengths : ndarray of int [shape=(segments,)], optional
        How many rows of each segment count, where not all do.
    """

    inputs: Rows
    outputs: Rows
    controls: Rows
    lengths: NDArray[np.int64] | None = None


class Converter(Protocol):
    """A representation: how music becomes rows of numbers, one row a step, and rows become music."""

    @property
    def steps(self) -> int:
        """Rows in a window."""

    @property
    def input_depth(self) -> int:
        """Columns the encoder reads."""

    @property
    def output_depth(self) -> int:
        """Columns the decoder says."""

    @property
    def control_depth(self) -> int:
        """Columns both are told."""

    def encode(self, sequence: NoteSequence) -> Example:
        """Music to arrays; `ConverterError` says why it cannot be."""

    def decode(self, rows: NDArray, *, qpm: float = 120.0) -> NoteSequence:
        """Rows [steps, output depth] to music."""

    def excerpts(self, source: Source | NoteSequence, *, strict: bool = False) -> Excerpts:
        """The windows of a piece that `encode` takes, in order, and why the rest was left out."""


def check_steps(sequence: NoteSequence, steps: int) -> None:
    """Raise `ConverterError` if a sequence is not as long as a model reads, saying what to do.

    Examples
    --------
    >>> check_steps(NoteSequence(steps=32), 32)
    """
    if sequence.steps == steps:
        return
    how = (
        "Cut it with model.excerpts(sequence)"
        if sequence.steps > steps
        else f"Repeat it, or make it longer: sequence.replace(steps={steps})"
    )
    raise ConverterError(
        f"This model reads {steps} steps ({steps // STEPS_PER_BAR} bars); the sequence has {sequence.steps}. {how}."
    )
