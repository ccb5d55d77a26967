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
from latentpalette.music.performance import TIME_SHIFT, TimedNote
from latentpalette.music.performance_tokens import (
    END_TOKEN,
    FINE_STEPS_PER_BAR,
    FINE_STEPS_PER_QUARTER,
    MAX_TRACKS,
    NUM_TOKENS,
    TRACK_LENGTH,
    PerformanceTrack,
    Tokens,
    decode_track,
    encode_tracks,
    event_of,
)
from latentpalette.music.sequence import STEPS_PER_BAR, STEPS_PER_QUARTER, Note, NoteSequence
from latentpalette.windows.excerpt import Excerpt


@dataclass(frozen=True)
class PerformanceConverter:
    """One bar of two to eight tracks, as eight slots of 64 tokens.

    Parameters
    ----------
    chords : bool
        Condition the model on the chord at each event, as a triad.

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

    @property
    def steps(self) -> int:
        """Frames of a bar: eight tracks of 64 tokens."""
        return MAX_TRACKS * TRACK_LENGTH

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
        if sequence.steps != STEPS_PER_BAR:
            raise ConverterError(
                f"This model reads one bar of {STEPS_PER_BAR} steps; the sequence has {sequence.steps}. "
                "Cut it with model.excerpts(sequence)."
            )
        if isinstance(sequence, Excerpt) and sequence.track_tokens:
            tracks = [list(tokens) for tokens in sequence.track_tokens]
        else:
            try:
                tracks = encode_tracks(_tracks_in(sequence))
            except MusicError as error:
                raise ConverterError(f"No performance to encode: {error}.") from error
        frames = np.zeros((self.steps, NUM_TOKENS), np.float32)
        for number, tokens in enumerate(_fill_slots(tracks)):
            frames[number * TRACK_LENGTH + np.arange(len(tokens)), tokens] = 1.0
        controls = self._controls(tracks, self._chords_of(sequence, chords)) if self.chords else frames[:, :0].copy()
        return Example(frames, frames, controls, self.lengths(frames))

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

    def _controls(self, tracks: list[Tokens], chords: Sequence[str]) -> Frames:
        """Return the chord at each event [512, 49]: none at the program's, the last one again at the end's."""
        controls = np.zeros((self.steps, NUM_TRIADS), np.float32)
        for number, tokens in enumerate(_fill_slots(tracks)):
            now, triads = 0, [0]
            for token in tokens[1:]:
                is_end = token == END_TOKEN
                triads.append(triads[-1] if is_end else triad_class(chords[min(now, FINE_STEPS_PER_BAR - 1)]))
                event = event_of(token)
                now += event.value if event is not None and event.kind == TIME_SHIFT else 0
            controls[number * TRACK_LENGTH + np.arange(len(triads)), triads] = 1.0
        return controls

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


def _fill_slots(tracks: list[Tokens]) -> list[Tokens]:
    """Return the tokens of all eight slots; those without a track hold an end token."""
    return tracks + [[END_TOKEN]] * (MAX_TRACKS - len(tracks))


def _infer_chords(sequence: NoteSequence) -> list[str]:
    """Infer the two chords of a bar from its pitched notes."""
    pitched = [note for note in sequence.notes if not note.is_drum]
    starts = [note.step + note.offset for note in pitched]
    ends = [start + note.length for start, note in zip(starts, pitched, strict=True)]
    pitches = [note.pitch for note in pitched]
    chords = infer_chords(pitches, starts, ends, chord_length=2.0 * STEPS_PER_QUARTER)
    return (chords or [NO_CHORD])[:2]


def _tracks_in(sequence: NoteSequence) -> list[PerformanceTrack]:
    """Return each program of a bar as a track, on the fine grid."""
    tracks: dict[tuple[bool, int], PerformanceTrack] = {}
    fine_steps = FINE_STEPS_PER_QUARTER // STEPS_PER_QUARTER
    for note in sequence.notes:
        onset = max(note.step + note.offset, 0.0)
        step = min(round(onset * fine_steps), FINE_STEPS_PER_BAR - 1)
        end_step = min(max(round((onset + note.length) * fine_steps), step + 1), FINE_STEPS_PER_BAR)
        track = tracks.setdefault((note.is_drum, note.program), PerformanceTrack(note.is_drum, note.program, []))
        track.notes.append(TimedNote(onset, note.pitch, note.velocity, step, end_step))
    return list(tracks.values())
