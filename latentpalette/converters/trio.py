"""Melody, bass and drums at once, as three streams side by side in a frame.

692 columns: the melody's 90 classes, the bass's 90, and the drums' 512 tokens. Source: Magenta's `TrioConverter`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from latentpalette.converters.base import Example, Frames, require_length
from latentpalette.converters.drums import DrumsConverter
from latentpalette.converters.melody import NOTE_OFF, NUM_CLASSES, MelodyConverter
from latentpalette.errors import ConverterError
from latentpalette.music.instruments import BASS_PROGRAM
from latentpalette.music.sequence import NoteSequence
from latentpalette.windows.excerpt import Excerpt
from latentpalette.windows.trio import BASS, MAGENTA_MELODY_PROGRAMS, MELODY, stream_of, stream_of_program

Tokens = NDArray[np.int64]


@dataclass(frozen=True)
class TrioConverter:
    """Melody, bass and drums of a fixed number of steps.

    Parameters
    ----------
    steps : int
        Length of a window; 256 is sixteen bars.
    drum_map : str
        As in `DrumsConverter`.
    melody_programs : (int, int) or None
        The first and last General MIDI program, counted from 0, of melodies; those of basses are 32 to 39. None for
        all others.

    Examples
    --------
    >>> from latentpalette.music.sequence import Note, NoteSequence
    >>> band = NoteSequence([Note(72, 0, 4), Note(36, 0, 8, program=33), Note(36, 0, is_drum=True)], steps=64)
    >>> trio = TrioConverter(steps=64)
    >>> trio.encode(band).targets.shape, trio.decode(trio.encode(band).targets) == band
    ((64, 692), True)
    """

    steps: int = 256
    drum_map: str = "reduced"
    melody_programs: tuple[int, int] | None = MAGENTA_MELODY_PROGRAMS

    def __post_init__(self) -> None:
        if self.melody_programs is not None:
            object.__setattr__(self, "melody_programs", tuple(self.melody_programs))  # JSON knows lists only

    @property
    def _drums(self) -> DrumsConverter:
        return DrumsConverter(self.steps, self.drum_map)

    @property
    def depths(self) -> tuple[int, int, int]:
        """Columns of melody, bass and drums."""
        return NUM_CLASSES, NUM_CLASSES, self._drums.output_depth

    @property
    def input_depth(self) -> int:
        """Melody, bass and drums side by side."""
        return sum(self.depths)

    @property
    def output_depth(self) -> int:
        """Melody, bass and drums side by side."""
        return sum(self.depths)

    @property
    def control_depth(self) -> int:
        """0: there is no conditioning."""
        return 0

    def encode(self, sequence: NoteSequence) -> Example:
        """Encode three streams as arrays.

        Bass is programs 32 to 39, melody the `melody_programs`, or all others where there are none; of several notes
        at once the highest. Drums are drums; other instruments are ignored.

        Raises
        ------
        ConverterError
            If it has another length, or notes in none of the three streams.
        """
        tokens = self.tokens(sequence)
        streams = [np.eye(depth, dtype=np.float32)[stream] for depth, stream in zip(self.depths, tokens.T, strict=True)]
        frames = np.concatenate(streams, axis=1)
        return Example(frames, frames, np.zeros((self.steps, 0), np.float32))

    def tokens(self, sequence: NoteSequence) -> Tokens:
        """Return the tokens of melody, bass and drums of each step [steps, 3]; errors as `encode`."""
        require_length(sequence, self.steps)
        if sequence.notes and not any(stream_of(note, self.melody_programs) for note in sequence.notes):
            low, high = self.melody_programs or (0, 127)
            raise ConverterError(
                f"No trio to encode: no drums, and no note on programs {low} to {high} (melody) or 32 to 39 (bass). "
                "Give the melody one of these programs."
            )
        melodies = [self._melody_tokens(sequence, stream) for stream in (MELODY, BASS)]
        return np.stack([*melodies, self._drums.tokens(sequence).astype(np.int64)], axis=1)

    def _melody_tokens(self, sequence: NoteSequence, stream: str) -> Tokens:
        """Return the tokens [steps] of melody or bass; a note from before the window may end in it."""
        notes = [note for note in sequence.notes if stream_of(note, self.melody_programs) == stream]
        tokens = MelodyConverter(self.steps).tokens(sequence.replace(notes=notes))
        for step, program in sequence.carried_note_offs if isinstance(sequence, Excerpt) else ():
            is_of_stream = stream_of_program(program, self.melody_programs) == stream
            if is_of_stream and step < self.steps and not tokens[: step + 1].any():
                tokens[step] = NOTE_OFF
        return tokens

    def decode(self, frames: Frames, *, qpm: float = 120.0) -> NoteSequence:
        """Decode frames [t, 692] to three streams of the same length.

        Raises
        ------
        ConverterError
            If the frames have another width.
        """
        frames = np.asarray(frames)
        if frames.ndim != 2 or frames.shape[1] != self.output_depth:
            raise ConverterError(f"Frames are [t, {self.output_depth}]; got shape {frames.shape}.")
        melody, bass, drums = np.split(frames, np.cumsum(self.depths)[:-1], axis=1)
        melody_converter = MelodyConverter(self.steps)
        streams = (
            melody_converter.decode(melody, qpm=qpm),
            melody_converter.decode(bass, qpm=qpm, program=BASS_PROGRAM),
            self._drums.decode(drums, qpm=qpm),
        )
        return NoteSequence([note for stream in streams for note in stream.notes], len(frames), qpm)
