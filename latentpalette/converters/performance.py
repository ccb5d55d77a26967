"""A bar of several instruments: up to eight tracks, each a stream of events, one after the other.

A frame is one of the 490 tokens of `latentpalette.music.performance_tokens`. Source: Magenta's
`MultiInstrumentPerformanceConverter`; Simon et al. (2018), arXiv 1806.00195.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from latentpalette.converters.base import Example, Frames
from latentpalette.errors import ConverterError, MusicError
from latentpalette.music.chord_symbols import NO_CHORD
from latentpalette.music.chords import NUM_TRIADS, chord_per_step, infer_chords, triad_class
from latentpalette.music.performance import TIME_SHIFT
from latentpalette.music.performance_tokens import (
    END_TOKEN,
    FINE_STEPS_PER_BAR,
    MAX_TRACKS,
    NUM_TOKENS,
    TRACK_LENGTH,
    Tokens,
    decode_track,
    encode_tracks,
    event_of,
    program_tracks,
)
from latentpalette.music.sequence import STEPS_PER_BAR, STEPS_PER_QUARTER, Note, NoteSequence
from latentpalette.windows.excerpt import Excerpt

NO_TOKEN = NUM_TOKENS  # where a track has ended


@dataclass(frozen=True)
class PerformanceConverter:
    """One bar of two to eight tracks, as eight slots of 64 tokens.

    Parameters
    ----------
    chords : bool
        Condition the model on the chord at each event, as a triad.
    merge_tracks : bool
        Read the tracks of one program as one, as a `NoteSequence` has them, with the lengths of its notes; so music
        that was decoded encodes as it was. Magenta's models read each track of a file by itself.

    Examples
    --------
    >>> from latentpalette.music.sequence import Note, NoteSequence
    >>> bar = NoteSequence([Note(60, 0, 8), Note(64, 8, 8), *(Note(36, s, is_drum=True) for s in (0, 4, 8))], steps=16)
    >>> converter = PerformanceConverter()
    >>> frames = converter.encode(bar).targets
    >>> frames.shape, [(note.pitch, note.step) for note in converter.decode(frames).notes][:2]
    ((512, 490), [(36, 0), (60, 0)])
    """

    chords: bool = False
    merge_tracks: bool = False

    @property
    def steps(self) -> int:
        """Frames of a bar: eight tracks of 64 tokens."""
        return MAX_TRACKS * TRACK_LENGTH

    @property
    def music_steps(self) -> int:
        """Steps of music: one bar."""
        return STEPS_PER_BAR

    @property
    def input_depth(self) -> int:
        """One of 490 tokens."""
        return NUM_TOKENS

    @property
    def output_depth(self) -> int:
        """One of 490 tokens."""
        return NUM_TOKENS

    @property
    def control_depth(self) -> int:
        """The triads, if they are controls."""
        return NUM_TRIADS if self.chords else 0

    def encode(self, sequence: NoteSequence, *, chords: Sequence[str] | None = None) -> Example:
        """Encode a bar as arrays.

        Parameters
        ----------
        sequence : NoteSequence
            Sixteen steps. Each program is a track, the drums are one more and come last.
        chords : list of str, optional
            Chords, evenly spaced over the bar, for a model with chords; by default those of the excerpt, or those
            inferred from the notes.

        Raises
        ------
        ConverterError
            If it is not one bar, or has too few or too many tracks or events.
        """
        tokens, triads = self.tokens(sequence, chords=chords)
        in_use = np.flatnonzero(tokens != NO_TOKEN)
        frames = np.zeros((self.steps, NUM_TOKENS), np.float32)
        frames[in_use, tokens[in_use]] = 1.0
        controls = np.zeros((self.steps, self.control_depth), np.float32)
        if self.chords:
            controls[in_use, triads[in_use]] = 1.0
        return Example(frames, frames, controls, self.lengths(frames))

    def tokens(
        self, sequence: NoteSequence, *, chords: Sequence[str] | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the tokens of a bar [512], and the triad at each [512]; see `encode`.

        `NO_TOKEN` stands where a track has ended. The triad is 0, no chord, for a model without chords.
        """
        if sequence.steps != STEPS_PER_BAR:
            raise ConverterError(
                f"This model reads one bar of {STEPS_PER_BAR} steps; the sequence has {sequence.steps}. "
                "Cut it with model.excerpts(sequence)."
            )
        if isinstance(sequence, Excerpt) and sequence.track_tokens and not self.merge_tracks:
            tracks = [list(tokens) for tokens in sequence.track_tokens]
        else:
            try:
                tracks = encode_tracks(program_tracks(sequence.notes))
            except MusicError as error:
                raise ConverterError(f"No performance to encode: {error}.") from error
        chord_at = self._chords_of(sequence, chords) if self.chords else [NO_CHORD]
        packed, triads = np.full(self.steps, NO_TOKEN), np.zeros(self.steps, np.int64)
        for number, track in enumerate(tracks + [[END_TOKEN]] * (MAX_TRACKS - len(tracks))):
            place = slice(number * TRACK_LENGTH, number * TRACK_LENGTH + len(track))
            packed[place], triads[place] = track, _triads(track, chord_at)
        return packed, triads

    def chord_controls(self, chords: Sequence[str]) -> Frames:
        """Return the controls [512, 49] of one chord: none at the program of a track, as `encode` has it.

        Raises
        ------
        ConverterError
            If there are several: the position of the next in a track depends on the events of the track.
        """
        if len(chords) != 1:
            raise ConverterError(f"A performance is decoded over one chord; got {list(chords)}.")
        controls = np.zeros((self.steps, NUM_TRIADS), np.float32)
        controls[:, triad_class(chords[0])] = 1.0
        controls[::TRACK_LENGTH] = np.eye(NUM_TRIADS)[0]
        return controls

    @staticmethod
    def lengths(frames: Frames) -> NDArray[np.int64]:
        """Return the number of frames in use of each of the eight slots [8]."""
        return (np.asarray(frames).reshape(MAX_TRACKS, TRACK_LENGTH, NUM_TOKENS) > 0).any(axis=2).sum(axis=1)

    def _chords_of(self, sequence: NoteSequence, chords: Sequence[str] | None) -> Sequence[str]:
        """Return the chord of each fine step [96]."""
        if chords is None and isinstance(sequence, Excerpt) and sequence.chords:
            return sequence.chords
        chords = chords if chords is not None else _infer_chords(sequence)
        if not chords or FINE_STEPS_PER_BAR % len(chords):
            raise ConverterError(f"{len(chords)} chords do not divide a bar evenly.")
        return chord_per_step(chords, steps=FINE_STEPS_PER_BAR, steps_per_chord=FINE_STEPS_PER_BAR // len(chords))

    def decode(self, frames: Frames, *, qpm: float = 120.0) -> NoteSequence:
        """Decode frames [512, 490] to a bar; a track ends at its first end token and plays the program it names.

        Raises
        ------
        ConverterError
            If the frames have another shape.
        """
        frames = np.asarray(frames)
        if frames.shape != (self.steps, NUM_TOKENS):
            raise ConverterError(f"Frames are [{self.steps}, {NUM_TOKENS}]; got shape {frames.shape}.")
        notes: list[Note] = []
        for slot in frames.reshape(MAX_TRACKS, TRACK_LENGTH, NUM_TOKENS):
            tokens = [int(frame.argmax()) for frame in slot if frame.any()]
            notes += decode_track(tokens[: tokens.index(END_TOKEN)] if END_TOKEN in tokens else tokens)
        return NoteSequence(notes, STEPS_PER_BAR, qpm)


def _triads(track: Tokens, chord_at: Sequence[str]) -> list[int]:
    """Return the triad at each event of a track: none at the program's, the last one again at the end's.

    chord_at : the chord of each fine step; the last one holds on
    """
    now, triads = 0, [0]
    for token in track[1:]:
        is_end = token == END_TOKEN
        triads.append(triads[-1] if is_end else triad_class(chord_at[min(now, len(chord_at) - 1)]))
        event = event_of(token)
        now += event.value if event is not None and event.kind == TIME_SHIFT else 0
    return triads


def _infer_chords(sequence: NoteSequence) -> list[str]:
    """Infer the two chords of a bar from its pitched notes."""
    pitched = [note for note in sequence.notes if not note.is_drum]
    starts = [note.step + note.offset for note in pitched]
    ends = [start + note.length for start, note in zip(starts, pitched, strict=True)]
    pitches = [note.pitch for note in pitched]
    chords = infer_chords(pitches, starts, ends, chord_length=2.0 * STEPS_PER_QUARTER)
    return (chords or [NO_CHORD])[:2]
