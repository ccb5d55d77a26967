"""Drum loops as frames of nine drums: a piano roll in, one of 512 tokens out.

The encoder reads one bit for each drum and a last bit that is set where no drum is hit; the decoder outputs one token
a step, the sum of 2 to the power of each drum that is hit. Source: Magenta's `DrumsConverter`; Roberts et al. (2018).
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
    drum_map : str
        A name in `latentpalette.music.drums.DRUM_MAPS`, of a map with nine classes.

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
        """One token for each set of drums."""
        return 2 ** len(self.pitch_map)

    def tokens(self, sequence: NoteSequence) -> Tokens:
        """Return the token of each step: bit k is set where drum k is hit.

        Parameters
        ----------
        sequence : NoteSequence
            Notes that are no drums, and pitches without a class, are ignored.

        Returns
        -------
        ndarray of uint16 [shape=(sequence.steps,)]
        """
        return (self.pianoroll(sequence) @ _BITS).astype(np.uint16)

    def from_tokens(self, tokens: ArrayLike, *, qpm: float = 120.0, velocity: int = 80) -> NoteSequence:
        """Return the loop of some tokens.

        Parameters
        ----------
        tokens : array-like of int [shape=(t,), 0 to 511]
        """
        pitches = self.pitch_map.exemplars
        notes = [
            Note(pitches[drum], step, 1, velocity, 0.0, True)
            for step, token in enumerate(np.asarray(tokens).tolist())
            if token
            for drum in _DRUMS_OF[token]
        ]
        return NoteSequence(notes, len(np.asarray(tokens)), qpm)

    def encode(self, sequence: NoteSequence) -> Example:
        """Encode a loop as arrays.

        Parameters
        ----------
        sequence : NoteSequence
            As long as the converter's windows; it may be silent.

        Raises
        ------
        ConverterError
            If it has another length, or other instruments only.
        """
        self.check(sequence)
        return self.example(self.tokens(sequence))

    def example(self, tokens: ArrayLike) -> Example:
        """Return the arrays of some tokens [t]; see `encode`."""
        tokens = np.asarray(tokens, np.int64)
        bits = (tokens[:, None] >> np.arange(len(self.pitch_map))) & 1
        inputs = np.concatenate([bits, tokens[:, None] == 0], axis=1).astype(np.float32)
        targets = np.zeros((len(tokens), self.output_depth), np.float32)
        targets[np.arange(len(tokens)), tokens] = 1.0
        return Example(inputs, targets, np.zeros((len(tokens), 0), np.float32))

    def decode(self, frames: Frames, *, qpm: float = 120.0) -> NoteSequence:
        """Decode frames to a loop.

        Parameters
        ----------
        frames : ndarray [shape=(t, 512)] or [shape=(t, 9 or 10)]
            One-hot tokens as the decoder returns them, or a piano roll as the encoder reads it.

        Raises
        ------
        ConverterError
            If the frames have another width.
        """
        frames = np.asarray(frames)
        drums_wide = len(self.pitch_map)
        if frames.ndim == 2 and frames.shape[1] == self.output_depth:
            return self.from_tokens(frames.argmax(axis=1), qpm=qpm)
        if frames.ndim == 2 and frames.shape[1] in (drums_wide, drums_wide + 1):
            bits = frames[:, :drums_wide] > 0.5
            return self.from_tokens(bits @ (1 << np.arange(drums_wide)), qpm=qpm)
        raise ConverterError(f"Frames are [t, {self.output_depth}] or [t, {drums_wide + 1}]; got shape {frames.shape}.")


_BITS = 1 << np.arange(9)

# The drums of each token, so that a grid of cells is decoded to notes in a millisecond.
_DRUMS_OF = tuple(tuple(drum for drum in range(9) if token >> drum & 1) for token in range(512))
