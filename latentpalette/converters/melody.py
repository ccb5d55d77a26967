"""Melodies as frames of one in ninety: no event, note-off, or note-on of one of 88 pitches.

Class 0 continues what is (a held note, or silence), class 1 ends a note, and class 2 to 89 begin MIDI pitch 21 to 108.
Source: Magenta's `OneHotMelodyConverter`; Roberts et al. (2018).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np
from numpy.typing import ArrayLike, NDArray

from latentpalette.converters.base import Example, Frames, require_length
from latentpalette.errors import ConverterError
from latentpalette.music.chords import NUM_TRIADS, chord_per_step, triad_class
from latentpalette.music.melody import MAX_PITCH, MIN_PITCH, extract_melodies
from latentpalette.music.section import Section
from latentpalette.music.sequence import Note, NoteSequence
from latentpalette.windows.excerpt import Excerpt
from latentpalette.windows.melody import infer_chords_of
from latentpalette.wording import counted

NO_EVENT, NOTE_OFF, FIRST_NOTE_ON = 0, 1, 2
NUM_CLASSES = FIRST_NOTE_ON + MAX_PITCH - MIN_PITCH + 1

Tokens = NDArray[np.int64]


@dataclass(frozen=True)
class MelodyConverter:
    """Melodies of a fixed number of steps, one note at a time.

    Parameters
    ----------
    steps : int
        Length of a window; 32 is two bars.
    programs : (int, int) or None
        The first and last General MIDI program, counted from 0, that melodies are found in; None for all.
    chords : bool
        Condition the model on the chord of each step, as a triad; see `latentpalette.music.chords`.

    Examples
    --------
    >>> from latentpalette.music.sequence import Note, NoteSequence
    >>> tune = NoteSequence([Note(60, 16, 4), Note(64, 20, 8)], steps=32)
    >>> melody = MelodyConverter()
    >>> melody.tokens(tune)[15:30].tolist()
    [0, 41, 0, 0, 0, 45, 0, 0, 0, 0, 0, 0, 0, 1, 0]
    >>> melody.decode(melody.encode(tune).targets) == tune
    True
    """

    steps: int = 32
    programs: tuple[int, int] | None = None
    chords: bool = False

    def __post_init__(self) -> None:
        if self.programs is not None:
            object.__setattr__(self, "programs", tuple(self.programs))  # JSON knows lists only

    @property
    def input_depth(self) -> int:
        """No event, note-off, and note-on of 88 pitches."""
        return NUM_CLASSES

    @property
    def output_depth(self) -> int:
        """No event, note-off, and note-on of 88 pitches."""
        return NUM_CLASSES

    @property
    def control_depth(self) -> int:
        """The triads, if they are controls."""
        return NUM_TRIADS if self.chords else 0

    def tokens(self, sequence: NoteSequence) -> Tokens:
        """Return the token of each step [steps] of the top line of all notes in the pitch range that are no drums."""
        notes = [note for note in sequence.notes if not note.is_drum and MIN_PITCH <= note.pitch <= MAX_PITCH]
        line = next(extract_melodies(notes, gap_steps=None), None)
        return _tokens_of(line.notes if line else (), sequence.steps)

    def encode(self, sequence: NoteSequence, *, chords: Sequence[str] | None = None) -> Example:
        """Encode a melody as arrays.

        Parameters
        ----------
        sequence : NoteSequence
            As long as the converter's windows; it may be silent anywhere. Of several notes at once the highest counts.
        chords : list of str, optional
            Chords, evenly spaced over the window, for a model with chords: ``["C", "Am", "F", "G"]``. By default
            those of the excerpt, or those inferred from the notes.

        Raises
        ------
        ConverterError
            If it has another length, or nothing but drums or notes outside the pitch range.
        MusicError
            If one of `chords` is no chord.
        """
        self.check(sequence)
        return self.example(self.tokens(sequence), self.triads(sequence, chords) if self.chords else None)

    def triads(self, sequence: NoteSequence, chords: Sequence[str] | None = None) -> Tokens:
        """Return the triad of each step [steps]: of `chords`, else the excerpt's own, else inferred from the notes."""
        if chords is not None:
            if not chords or self.steps % len(chords):
                raise ConverterError(f"{len(chords)} chords do not divide {self.steps} steps evenly.")
            symbols = chord_per_step(chords, steps=self.steps, steps_per_chord=self.steps // len(chords))
        elif isinstance(sequence, Excerpt) and sequence.chords:
            symbols = list(sequence.chords)
        else:
            symbols = infer_chords_of(Section.from_sequence(sequence), sequence.steps)
        return np.array([triad_class(symbol) for symbol in symbols])

    def chord_controls(self, chords: Sequence[str]) -> Frames:
        """Return the controls [steps, 49] of chords that are evenly spaced over the window; see `encode`."""
        return np.eye(NUM_TRIADS, dtype=np.float32)[self.triads(NoteSequence(steps=self.steps), chords)]

    def check(self, sequence: NoteSequence) -> None:
        """Raise `ConverterError` if `encode` cannot encode this sequence."""
        require_length(sequence, self.steps)
        if sequence.notes and not any(not n.is_drum and MIN_PITCH <= n.pitch <= MAX_PITCH for n in sequence.notes):
            raise ConverterError(
                f"No melody to encode: {counted(len(sequence.notes), 'note')}, drums or outside "
                f"MIDI pitch {MIN_PITCH} to {MAX_PITCH}."
            )

    def example(self, tokens: ArrayLike, triads: ArrayLike | None = None) -> Example:
        """Return the arrays of some tokens [t] and, for a model with chords, triads [t]; see `encode`."""
        frames = np.eye(NUM_CLASSES, dtype=np.float32)[np.asarray(tokens, np.int64)]
        controls = np.zeros((len(frames), 0), np.float32)
        if triads is not None:
            controls = np.eye(NUM_TRIADS, dtype=np.float32)[np.asarray(triads, np.int64)]
        return Example(frames, frames, controls)

    def decode(self, frames: Frames, *, qpm: float = 120.0, velocity: int = 80, program: int = 0) -> NoteSequence:
        """Decode frames [t, 90] to a melody of the same length.

        Raises
        ------
        ConverterError
            If the frames have another width.
        """
        frames = np.asarray(frames)
        if frames.ndim != 2 or frames.shape[1] != NUM_CLASSES:
            raise ConverterError(f"Frames are [t, {NUM_CLASSES}]; got shape {frames.shape}.")
        notes: list[Note] = []
        sounding: tuple[int, int] | None = None  # pitch and onset
        for step, token in [*enumerate(frames.argmax(axis=1).tolist()), (len(frames), NOTE_OFF)]:
            if token == NO_EVENT:
                continue
            if sounding is not None:
                pitch, onset = sounding
                notes.append(Note(pitch, onset, step - onset, velocity, program=program))
            sounding = (token - FIRST_NOTE_ON + MIN_PITCH, step) if token >= FIRST_NOTE_ON else None
        return NoteSequence(notes, len(frames), qpm)


def _tokens_of(notes: tuple[Note, ...], steps: int) -> Tokens:
    """Return the tokens [steps] of notes that follow one another."""
    tokens = np.zeros(steps, np.int64)
    for note, following in zip_longest(notes, notes[1:]):
        end = note.step + note.length
        tokens[note.step] = note.pitch - MIN_PITCH + FIRST_NOTE_ON
        if end < steps and (following is None or following.step > end):
            tokens[end] = NOTE_OFF
    return tokens
