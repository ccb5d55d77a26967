"""Drum loops as rows of nine drums: a roll in, one of 512 labels out.

The encoder reads one bit a drum and a last bit that says "nothing sounds"; the decoder says one label a step, the
sum of 2 to the power of each drum that is hit. Source: Magenta's `DrumsConverter`; Roberts et al. (2018).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from latentpalette.converters.base import Example, Frames
from latentpalette.converters.drum_base import DrumConverterBase
from latentpalette.errors import ConverterError
from latentpalette.music import drums
from latentpalette.music.sequence import Note, NoteSequence

Tokens = NDArray[np.uint16]


@dataclass(frozen=True)
class DrumsConverter(DrumConverterBase):
    """Drum loops of a fixed number of steps.

    Parameters
    ----------
    steps : int
        Length of a loop; 32 is two bars.
    map : str
        Which pitches count as which drum: a name in `latentpalette.music.drums.DRUM_MAPS` with nine classes.

    Examples
    --------
    >>> from latentpalette.music.sequence import NoteSequence
    >>> loop = NoteSequence.from_steps({"kick": [0, 8], "snare": [4]}, steps=32)
    >>> drums = DrumsConverter()
    >>> example = drums.encode(loop)
    >>> example.inputs.shape, example.targets.shape
    ((32, 10), (32, 512))
    >>> drums.decode(example.targets) == loop
    True
    """

    steps: int = 32
    drum_map: str = "reduced"

    def __post_init__(self) -> None:
        drums.require_nine_classes(self.drum_map, error=ConverterError)

    @property
    def output_depth(self) -> int:
        """One label for each set of drums."""
        return 2 ** len(self.pitch_map)

    def tokens(self, sequence: NoteSequence) -> Tokens:
        """The label of each step: bit k is set where drum k is hit.

        Parameters
        ----------
        sequence : NoteSequence
            Notes that are no drums, and pitches the map has no class for, are not heard.

        Returns
        -------
        ndarray of uint16 [shape=(sequence.steps,)]
        """
        return (self.pianoroll(sequence) @ _BITS).astype(np.uint16)

    def from_tokens(self, tokens: ArrayLike, *, qpm: float = 120.0, velocity: int = 80) -> NoteSequence:
        """The loop that these labels stand for.

        Parameters
        ----------
        masks : array-like of int [shape=(t,), 0 to 511]
        """
        pitches = self.pitch_map.exemplars
        notes = [
            Note(pitches[drum], step, 1, velocity, 0.0, True)
            for step, label in enumerate(np.asarray(tokens).tolist())
            if label
            for drum in _DRUMS_OF[label]
        ]
        return NoteSequence(notes, len(np.asarray(tokens)), qpm)

    def encode(self, sequence: NoteSequence) -> Example:
        """A loop as the model reads it.

        Parameters
        ----------
        sequence : NoteSequence
            As long as the converter says; silence is welcome.

        Raises
        ------
        ConverterError
            If it has another length, or plays other instruments only.
        """
        self.check(sequence)
        return self.example(self.tokens(sequence))

    def example(self, tokens: ArrayLike) -> Example:
        """Labels [t] to arrays; see `encode`."""
        tokens = np.asarray(tokens, np.int64)
        bits = (tokens[:, None] >> np.arange(len(self.pitch_map))) & 1
        inputs = np.concatenate([bits, tokens[:, None] == 0], axis=1).astype(np.float32)
        outputs = np.zeros((len(tokens), self.output_depth), np.float32)
        outputs[np.arange(len(tokens)), tokens] = 1.0
        return Example(inputs, outputs, np.zeros((len(tokens), 0), np.float32))

    def decode(self, frames: Frames, *, qpm: float = 120.0) -> NoteSequence:
        """Rows back to a loop.

        Parameters
        ----------
        rows : ndarray [shape=(t, 512)] or [shape=(t, 9 or 10)]
            One-hot labels as the decoder says them, or a roll as the encoder reads it.

        Raises
        ------
        ConverterError
            If the rows are of another width.
        """
        frames = np.asarray(frames)
        drums_wide = len(self.pitch_map)
        if frames.ndim == 2 and frames.shape[1] == self.output_depth:
            return self.from_tokens(frames.argmax(axis=1), qpm=qpm)
        if frames.ndim == 2 and frames.shape[1] in (drums_wide, drums_wide + 1):
            bits = frames[:, :drums_wide] > 0.5
            return self.from_tokens(bits @ (1 << np.arange(drums_wide)), qpm=qpm)
        raise ConverterError(f"Rows are [t, {self.output_depth}] or [t, {drums_wide + 1}]; got shape {frames.shape}.")


_BITS = 1 << np.arange(9)

# The drums in each label, so that a grid of cells is notes in a millisecond.
_DRUMS_OF = tuple(tuple(drum for drum in range(9) if label >> drum & 1) for label in range(512))
