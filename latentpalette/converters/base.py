"""The protocol of all representations: music to arrays, and back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from latentpalette.errors import ConverterError
from latentpalette.music.sequence import STEPS_PER_BAR, NoteSequence
from latentpalette.wording import counted

Frames = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Example:
    """One window of music as arrays.

    Parameters
    ----------
    inputs : ndarray of float32 [shape=(steps, input depth)]
        The encoder's input.
    targets : ndarray of float32 [shape=(steps, output depth)]
        The output that the decoder is trained for.
    controls : ndarray of float32 [shape=(steps, control depth)]
        The conditioning of both; depth 0 where there is none.
    lengths : ndarray of int [shape=(segments,)], optional
        The number of frames in use of each segment, where not all are.
    """

    inputs: Frames
    targets: Frames
    controls: Frames
    lengths: NDArray[np.int64] | None = None


class Converter(Protocol):
    """A representation: encodes music as frames, one a step, and decodes frames to music."""

    @property
    def steps(self) -> int:
        """Frames in a window."""

    @property
    def input_depth(self) -> int:
        """Width of the encoder's input."""

    @property
    def output_depth(self) -> int:
        """Width of the decoder's output."""

    @property
    def control_depth(self) -> int:
        """Width of the conditioning."""

    def __hash__(self) -> int:
        """Converters are values: what is made for one can be kept for its equals."""

    def encode(self, sequence: NoteSequence) -> Example:
        """Encode music as arrays; `ConverterError` if it cannot be."""

    def decode(self, frames: NDArray, *, qpm: float = 120.0) -> NoteSequence:
        """Decode frames [steps, output depth] to music."""


def music_steps(converter: Converter) -> int:
    """Return how many steps of music a window of a converter holds; those of a performance are not its frames.

    Examples
    --------
    >>> from latentpalette.converters import make_converter
    >>> [music_steps(make_converter(name)) for name in ("drums", "performance")]
    [32, 16]
    """
    return getattr(converter, "music_steps", converter.steps)


def require_length(sequence: NoteSequence, steps: int) -> None:
    """Raise `ConverterError` if a sequence is not as long as the model's windows.

    Examples
    --------
    >>> require_length(NoteSequence(steps=32), 32)
    """
    if sequence.steps == steps:
        return
    advice = (
        "Cut it with model.excerpts(sequence)"
        if sequence.steps > steps
        else f"Repeat it, or make it longer: sequence.replace(steps={steps})"
    )
    raise ConverterError(
        f"This model reads {steps} steps ({counted(steps // STEPS_PER_BAR, 'bar')}); the sequence has "
        f"{sequence.steps}. {advice}."
    )


def require_drums(sequence: NoteSequence) -> None:
    """Raise `ConverterError` if a sequence has notes, but no drums.

    Examples
    --------
    >>> require_drums(NoteSequence(steps=32))
    """
    if sequence.notes and not any(note.is_drum for note in sequence.notes):
        raise ConverterError(
            f"No drums to encode: none of the notes ({len(sequence.notes)}) is a drum "
            "(is_drum=True; channel 10 in a MIDI file)."
        )
