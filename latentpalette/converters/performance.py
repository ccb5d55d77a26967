"""A bar of a whole band: up to eight tracks, each a stream of events, one after the other.

490 tokens: strike 128 pitches, let go 128, wait 1 to 96 steps (24 to a quarter note), 8 velocities, 128 programs, the
drum kit, and the end of a track. Source: Magenta's `MultiInstrumentPerformanceConverter`; Simon et al. (2018),
arXiv 1806.00195.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from latentpalette.converters.base import Example, Frames
from latentpalette.errors import ConverterError
from latentpalette.music import chords, midi
from latentpalette.music.performance import (
    NOTE_OFF,
    NOTE_ON,
    TIME_SHIFT,
    VELOCITY,
    PerformanceEvent,
    TimedNote,
    bin_to_velocity,
    encode_events,
)
from latentpalette.music.score import Score
from latentpalette.music.sequence import STEPS_PER_QUARTER, Note, NoteSequence
from latentpalette.music.sustain import apply_sustain
from latentpalette.music.tempo import to_constant_tempo
from latentpalette.windows.common import Excerpt, Excerpts, LeftOut, merge_left_out

FINE = 24  # steps to a quarter note in a stream
BAR = 4 * FINE
VELOCITIES = 8
PROGRAMS = 128
FEWEST_TRACKS, MOST_TRACKS = 2, 8
EVENTS = 64  # rows of a track, the program's and the end's among them
FEWEST_EVENTS = 8

_FIRST = {NOTE_ON: 0, NOTE_OFF: 128, TIME_SHIFT: 256 - 1, VELOCITY: 256 + BAR - 1}
FIRST_PROGRAM = 256 + BAR + VELOCITIES
DRUM_KIT = FIRST_PROGRAM + PROGRAMS
END = DRUM_KIT + 1
DEPTH = END + 1

Tokens = list[int]


@dataclass(frozen=True)
class PerformanceConverter:
    """One bar of two to eight tracks, as eight slots of 64 events.

    Parameters
    ----------
    chords : bool
        Tell the model the chord at each event, as a triad.

    Examples
    --------
    >>> from latentpalette.music.sequence import Note, NoteSequence
    >>> bar = NoteSequence([Note(60, 0, 8), Note(64, 8, 8), *(Note(36, s, is_drum=True) for s in (0, 4, 8))], steps=16)
    >>> band = PerformanceConverter()
    >>> rows = band.encode(bar).targets
    >>> rows.shape, [(note.pitch, note.step) for note in band.decode(rows).notes][:2]
    ((512, 490), [(36, 0), (60, 0)])
    """

    chords: bool = False

    @property
    def steps(self) -> int:
        """Rows of a bar: eight tracks of 64 events."""
        return MOST_TRACKS * EVENTS

    @property
    def input_depth(self) -> int:
        """One of 490 tokens."""
        return DEPTH

    @property
    def output_depth(self) -> int:
        """One of 490 tokens."""
        return DEPTH

    @property
    def control_depth(self) -> int:
        """The triads, if they are told."""
        return chords.NUM_TRIADS if self.chords else 0

    def encode(self, sequence: NoteSequence, *, symbols: list[str] | None = None) -> Example:
        """A bar as the model reads it.

        Parameters
        ----------
        sequence : NoteSequence
            Sixteen steps; every program is a track, the drums are one more, and drums come last.
        symbols : list of str, optional
            Chords, evenly spaced over the bar, for a model that is told them; inferred if not given.

        Raises
        ------
        ConverterError
            If it is not one bar, or has too few or too many tracks or events; the message says which.
        """
        if sequence.steps != 4 * STEPS_PER_QUARTER:
            raise ConverterError(
                f"This model reads one bar of {4 * STEPS_PER_QUARTER} steps; the sequence has {sequence.steps}. "
                "Cut it with model.excerpts(sequence)."
            )
        if isinstance(sequence, Excerpt) and sequence.track_tokens:
            tracks = [list(track) for track in sequence.track_tokens]
        else:
            tracks, why = _streams(_tracks_in(sequence))
            if why:
                raise ConverterError(f"No performance to encode: {why}.")
        rows = np.zeros((self.steps, DEPTH), np.float32)
        for number, track in enumerate(self._slots(tracks)):
            rows[number * EVENTS + np.arange(len(track)), track] = 1.0
        return Example(rows, rows, self._controls(sequence, tracks, symbols), self.lengths(rows))

    def chord_controls(self, symbols: Sequence[str]) -> Frames:
        """One chord [512, 49] to play over: none where a track names its program, as `encode` has it.

        Raises
        ------
        ConverterError
            If there are several: when in a track the next one begins is known once the track is.
        """
        if len(symbols) != 1:
            raise ConverterError(f"A bar of a band is played over one chord; got {list(symbols)}.")
        told = np.zeros((self.steps, chords.NUM_TRIADS), np.float32)
        told[:, chords.triad_class(symbols[0])] = 1.0
        told[::EVENTS] = np.eye(chords.NUM_TRIADS)[0]
        return told

    @staticmethod
    def lengths(frames: Frames) -> NDArray[np.int64]:
        """How many rows of each of the eight slots are in use [8]."""
        return (np.asarray(frames).reshape(MOST_TRACKS, EVENTS, DEPTH) > 0).any(axis=2).sum(axis=1)

    @staticmethod
    def _slots(tracks: list[Tokens]) -> list[Tokens]:
        return tracks + [[END]] * (MOST_TRACKS - len(tracks))

    def _controls(self, sequence: NoteSequence, tracks: list[Tokens], symbols: list[str] | None) -> Frames:
        """The chord at each event: none at the program's, the last again at the end's."""
        told = np.zeros((self.steps, self.control_depth), np.float32)
        if not self.chords:
            return told
        if symbols is None and isinstance(sequence, Excerpt) and sequence.chords:
            fine = list(sequence.chords)
        else:
            symbols = symbols if symbols is not None else _implied(sequence)
            if not symbols or BAR % len(symbols):
                raise ConverterError(f"{len(symbols)} chords do not divide a bar evenly.")
            fine = chords.chord_per_step(symbols, steps=BAR, steps_per_chord=BAR // len(symbols))
        for number, track in enumerate(self._slots(tracks)):
            now, triads = 0, [0]
            for token in track[1:]:
                triads.append(chords.triad_class(fine[min(now, BAR - 1)]) if token != END else triads[-1])
                event = _event(token)
                now += event.value if event is not None and event.kind == TIME_SHIFT else 0
            triads = triads[: len(track)] if track != [END] else [0]
            told[number * EVENTS + np.arange(len(triads)), triads] = 1.0
        return told

    def decode(self, frames: Frames, *, qpm: float = 120.0) -> NoteSequence:
        """Rows [512, 490] back to a bar; a track ends at its first end token and plays the program it names."""
        frames = np.asarray(frames)
        if frames.shape != (self.steps, DEPTH):
            raise ConverterError(f"Rows are [{self.steps}, {DEPTH}]; got shape {frames.shape}.")
        notes: list[Note] = []
        for slot in frames.reshape(MOST_TRACKS, EVENTS, DEPTH):
            tokens = [int(row.argmax()) for row in slot if row.any()]
            notes += _notes_of(tokens[: tokens.index(END)] if END in tokens else tokens)
        return NoteSequence(notes, 4 * STEPS_PER_QUARTER, qpm)

    def excerpts(self, source: midi.MidiSource | NoteSequence, *, strict: bool = False) -> Excerpts:
        """Every bar that holds two to eight tracks, in order, and why the others were left out.

        Parameters
        ----------
        source : path, bytes or NoteSequence
        strict : bool
            Find exactly Magenta's bars: they are cut in seconds, anew at each change of tempo, so that a bar in which
            the tempo changes is lost.
        """
        only_tempo = source.qpm if isinstance(source, NoteSequence) else None
        if isinstance(source, NoteSequence):  # at a tempo that a file has room for
            source = midi.to_bytes(source.replace(qpm=120.0))
        written = midi.read_score(source)
        score = apply_sustain(written)
        score = score if strict else to_constant_tempo(score)
        found: list[Excerpt] = []
        left_out: list[LeftOut] = []
        first = 1
        for begin, until, meter, qpm in score.time_change_points():
            bars = int(-(-(until - begin) * qpm // (60 * meter.steps_per_bar / STEPS_PER_QUARTER)))
            if meter.steps_per_bar == 4 * STEPS_PER_QUARTER:
                for number in range(bars):
                    excerpt, why = self._bar(score, begin, until, qpm, number)
                    if excerpt is None:
                        left_out.append(LeftOut(f"({why})", first + number, first + number))
                    else:
                        tempo = qpm if strict else written.qpm_at(begin * qpm / 60 + number * BAR / FINE)
                        music = excerpt[0].replace(qpm=only_tempo or tempo)
                        found.append(
                            Excerpt(music, bar=first + number, source=score.name, chords=excerpt[1], track_tokens=excerpt[2])
                        )
            elif bars:
                left_out.append(LeftOut(f"are in {meter}; a bar must have 16 sixteenths", first, first + bars - 1))
            first += bars
        if not found and not left_out:
            left_out.append(LeftOut("there are no notes"))
        return Excerpts(found, merge_left_out(left_out), score.name)

    def _bar(
        self, score: Score, begin: float, until: float, qpm: float, number: int
    ) -> tuple[tuple[NoteSequence, list[str], list[Tokens]] | None, str]:
        """One bar of a piece in one tempo: its music, chords and tracks; or nothing, and why."""
        length = 60 / qpm * 4
        # Bar lines as note-seq adds them up, to the last digit: a note on one must fall to the same side.
        start = length + (number - 1) * length if number else 0.0
        stop = min(length + number * length, until - begin)
        since = score.start_seconds - begin
        inside = np.flatnonzero((since >= start) & (since < stop) & (score.start_seconds < until))
        per_second = FINE * qpm / 60
        starts = since[inside] - start
        ends = np.minimum(score.end_seconds[inside] - begin, stop) - start
        steps = np.floor(starts * per_second + 0.5).astype(int)
        untils = np.maximum(np.floor(ends * per_second + 0.5).astype(int), steps + 1)
        tracks: dict[int, _Track] = {}
        for place, index in enumerate(inside.tolist()):
            track = tracks.setdefault(
                int(score.track[index]), _Track(bool(score.is_drum[index]), int(score.program[index]), [])
            )
            track.notes.append(
                TimedNote(
                    float(starts[place]), int(score.pitch[index]), int(score.velocity[index]),
                    int(steps[place]), int(untils[place]),
                )
            )  # fmt: skip
        streams, why = _streams(list(tracks.values()))
        if why:
            return None, why
        told: list[str] = []
        if self.chords:
            pitched = np.flatnonzero(~score.is_drum[inside])
            symbols = chords.infer_chords(score.pitch[inside][pitched], starts[pitched], ends[pitched], chord_length=length / 2)
            told = chords.chord_per_step(symbols, steps=BAR, steps_per_chord=BAR // 2)
        notes = [note for stream in streams for note in _notes_of(stream[:-1])]
        return (NoteSequence(notes, 4 * STEPS_PER_QUARTER, qpm), told, streams), ""


def _implied(sequence: NoteSequence) -> list[str]:
    """The two chords of a bar that its pitched notes imply."""
    pitched = [note for note in sequence.notes if not note.is_drum]
    starts = [note.step + note.offset for note in pitched]
    ends = [start + note.length for start, note in zip(starts, pitched, strict=True)]
    found = chords.infer_chords([note.pitch for note in pitched], starts, ends, chord_length=2.0 * STEPS_PER_QUARTER)
    return (found or [chords.NO_CHORD])[:2]


class _Track(NamedTuple):
    is_drum: bool
    program: int
    notes: list[TimedNote]


def _tracks_in(sequence: NoteSequence) -> list[_Track]:
    """A sequence's programs as tracks, on the finer grid."""
    tracks: dict[tuple[bool, int], _Track] = {}
    per_step = FINE // STEPS_PER_QUARTER
    for note in sequence.notes:
        at = max(note.step + note.offset, 0.0)
        step = min(round(at * per_step), BAR - 1)
        until = min(max(round((at + note.length) * per_step), step + 1), BAR)
        track = tracks.setdefault((note.is_drum, note.program), _Track(note.is_drum, note.program, []))
        track.notes.append(TimedNote(at, note.pitch, note.velocity, step, until))
    return list(tracks.values())


def _streams(tracks: list[_Track]) -> tuple[list[Tokens], str]:
    """The tokens of each track, programs in order and drums last; or why they cannot be."""
    if not FEWEST_TRACKS <= len(tracks) <= MOST_TRACKS:
        return [], f"{len(tracks)} tracks; a performance has {FEWEST_TRACKS} to {MOST_TRACKS}"
    streams = []
    for track in sorted(tracks, key=lambda track: (track.is_drum, track.program)):
        stream = encode_events(track.notes, steps=BAR, max_shift_steps=BAR, bins=VELOCITIES)
        if len(stream) > EVENTS - 2:
            return [], f"a track of {len(stream)} events; there is room for {EVENTS - 2}"
        program = DRUM_KIT if track.is_drum else FIRST_PROGRAM + track.program
        streams.append([program, *(_FIRST[event.kind] + event.value for event in stream), END])
    if sum(len(stream) - 2 for stream in streams) < FEWEST_EVENTS:
        return [], f"fewer than {FEWEST_EVENTS} events in all"
    return streams, ""


def _event(token: int) -> PerformanceEvent | None:
    """What a token says; None for programs and the end."""
    if token < 128:
        return PerformanceEvent(NOTE_ON, token)
    if token < 256:
        return PerformanceEvent(NOTE_OFF, token - 128)
    if token < 256 + BAR:
        return PerformanceEvent(TIME_SHIFT, token - _FIRST[TIME_SHIFT])
    return PerformanceEvent(VELOCITY, token - _FIRST[VELOCITY]) if token < FIRST_PROGRAM else None


def _notes_of(tokens: Tokens) -> list[Note]:
    """The notes of a track's tokens, on the grid of sixteenths with their timing."""
    program, is_drum = 0, False
    for token in tokens:
        if FIRST_PROGRAM <= token <= DRUM_KIT:
            program, is_drum = (0, True) if token == DRUM_KIT else (token - FIRST_PROGRAM, False)
            break
    notes: list[Note] = []
    struck: dict[int, list[tuple[int, int]]] = {}
    now, velocity = 0, 80

    def end(pitch: int) -> None:
        since, loudness = struck[pitch].pop(0)
        if since < BAR:
            exact = since * STEPS_PER_QUARTER / FINE
            step = min(int(exact + 0.5), 4 * STEPS_PER_QUARTER - 1)
            length = max(round((min(now, BAR) - since) * STEPS_PER_QUARTER / FINE), 1)
            notes.append(Note(pitch, step, length, loudness, min(round(exact - step, 6), 0.5), is_drum, program))

    for event in filter(None, map(_event, tokens)):
        if event.kind == TIME_SHIFT:
            now += event.value
        elif event.kind == VELOCITY:
            velocity = bin_to_velocity(event.value, VELOCITIES)
        elif event.kind == NOTE_ON:
            struck.setdefault(event.value, []).append((now, velocity))
        elif struck.get(event.value):
            end(event.value)
    now = max(now, BAR)
    for pitch, waiting in struck.items():
        while waiting:
            end(pitch)
    return notes
