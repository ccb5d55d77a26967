"""Tokens of a bar of several tracks, each a stream of performance events.

There are 490: note-on of 128 pitches, note-off of 128, time shifts of 1 to 96 steps (24 to a quarter note), 8
velocities, 128 programs, the drum kit, and the end of a track. Source: Magenta's
`MultiInstrumentPerformanceConverter`; Simon et al. (2018), arXiv 1806.00195.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable
from typing import NamedTuple

from latentpalette.errors import MusicError
from latentpalette.music.instruments import track_of
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
from latentpalette.music.sequence import STEPS_PER_BAR, STEPS_PER_QUARTER, Note

FINE_STEPS_PER_QUARTER = 24
FINE_STEPS_PER_BAR = 4 * FINE_STEPS_PER_QUARTER
VELOCITY_BINS = 8
MIN_TRACKS, MAX_TRACKS = 2, 8
TRACK_LENGTH = 64  # tokens, those of the program and of the end among them
MIN_EVENTS = 8  # in all tracks together

# Time shifts and velocity bins count from 1.
_FIRST_TOKENS = {NOTE_ON: 0, NOTE_OFF: 128, TIME_SHIFT: 256 - 1, VELOCITY: 256 + FINE_STEPS_PER_BAR - 1}
FIRST_PROGRAM = 256 + FINE_STEPS_PER_BAR + VELOCITY_BINS
DRUM_KIT = FIRST_PROGRAM + 128
END_TOKEN = DRUM_KIT + 1
NUM_TOKENS = END_TOKEN + 1

Tokens = list[int]


class PerformanceTrack(NamedTuple):
    """The notes of one track of a bar, on the fine grid."""

    is_drum: bool
    program: int
    notes: list[TimedNote]


def encode_tracks(tracks: Iterable[PerformanceTrack]) -> list[Tokens]:
    """Encode the tracks of a bar: by program, drums last; each ends with an end token.

    Raises
    ------
    MusicError
        If there are too few or too many tracks or events.

    Examples
    --------
    >>> notes = [TimedNote(0.0, 60 + n, 80, 6 * n, 6 * n + 6) for n in range(4)]
    >>> encode_tracks([PerformanceTrack(True, 0, notes), PerformanceTrack(False, 33, notes)])[0][:4]
    [393, 356, 60, 261]
    """
    tracks = sorted(tracks, key=lambda track: (track.is_drum, track.program))
    if not MIN_TRACKS <= len(tracks) <= MAX_TRACKS:
        raise MusicError(f"{len(tracks)} tracks; a performance has {MIN_TRACKS} to {MAX_TRACKS}")
    encoded: list[Tokens] = []
    for track in tracks:
        events = encode_events(
            track.notes, steps=FINE_STEPS_PER_BAR, max_shift_steps=FINE_STEPS_PER_BAR, bins=VELOCITY_BINS
        )
        if len(events) > TRACK_LENGTH - 2:
            raise MusicError(f"a track of {len(events)} events; there is room for {TRACK_LENGTH - 2}")
        program = DRUM_KIT if track.is_drum else FIRST_PROGRAM + track.program
        encoded.append([program, *(_FIRST_TOKENS[event.kind] + event.value for event in events), END_TOKEN])
    if sum(len(tokens) - 2 for tokens in encoded) < MIN_EVENTS:
        raise MusicError(f"fewer than {MIN_EVENTS} events in all")
    return encoded


def program_tracks(notes: Iterable[Note]) -> list[PerformanceTrack]:
    """Return the notes of a bar as tracks on the fine grid: one for each program, and one for the drums.

    Examples
    --------
    >>> [(track.program, len(track.notes)) for track in program_tracks([Note(60, 0), Note(40, 0, program=33)])]
    [(0, 1), (33, 1)]
    """
    tracks: dict[tuple[bool, int], PerformanceTrack] = {}
    fine_steps = FINE_STEPS_PER_QUARTER // STEPS_PER_QUARTER
    for note in notes:
        onset = max(note.step + note.offset, 0.0)
        step = min(round(onset * fine_steps), FINE_STEPS_PER_BAR - 1)
        end_step = min(max(round((onset + note.length) * fine_steps), step + 1), FINE_STEPS_PER_BAR)
        track = tracks.setdefault(track_of(note), PerformanceTrack(*track_of(note), []))
        track.notes.append(TimedNote(onset, note.pitch, note.velocity, step, end_step))
    return list(tracks.values())


def merge_by_program(tracks: Iterable[PerformanceTrack]) -> list[PerformanceTrack]:
    """Return one track for each program, and one for the drums; of notes that coincide the longest.

    Examples
    --------
    >>> short, long = TimedNote(0.0, 60, 80, 0, 6), TimedNote(0.0, 60, 80, 0, 12)
    >>> [track.notes for track in merge_by_program([PerformanceTrack(False, 40, [note]) for note in (short, long)])]
    [[TimedNote(onset=0.0, pitch=60, velocity=80, step=0, end_step=12)]]
    """
    merged: dict[tuple[bool, int], dict[tuple[int, int], TimedNote]] = {}
    for track in tracks:
        notes = merged.setdefault((track.is_drum, 0 if track.is_drum else track.program), {})
        for note in track.notes:
            other = notes.get((note.step, note.pitch))
            if other is None or other.end_step < note.end_step:
                notes[note.step, note.pitch] = note
    return [PerformanceTrack(*key, list(notes.values())) for key, notes in merged.items()]


def event_of(token: int) -> PerformanceEvent | None:
    """Return the event that a token stands for; None for programs and the end.

    Examples
    --------
    >>> tuple(event_of(261)), event_of(END_TOKEN)
    (('time shift', 6), None)
    """
    if token < _FIRST_TOKENS[NOTE_OFF]:
        return PerformanceEvent(NOTE_ON, token)
    if token <= _FIRST_TOKENS[TIME_SHIFT]:
        return PerformanceEvent(NOTE_OFF, token - _FIRST_TOKENS[NOTE_OFF])
    if token <= _FIRST_TOKENS[VELOCITY]:
        return PerformanceEvent(TIME_SHIFT, token - _FIRST_TOKENS[TIME_SHIFT])
    return PerformanceEvent(VELOCITY, token - _FIRST_TOKENS[VELOCITY]) if token < FIRST_PROGRAM else None


def decode_track(tokens: Tokens) -> list[Note]:
    """Return the notes of a track's tokens, on the grid of sixteenths with their microtiming.

    Notes play the first program that is named; those that never end last up to the end of the bar.

    Examples
    --------
    >>> [(note.step, note.length, note.program) for note in decode_track([393, 356, 60, 261, 188])]
    [(0, 1, 33)]
    """
    programs = [token for token in tokens if FIRST_PROGRAM <= token <= DRUM_KIT]
    is_drum = bool(programs) and programs[0] == DRUM_KIT
    program = programs[0] - FIRST_PROGRAM if programs and not is_drum else 0
    notes: list[Note] = []
    sounding: defaultdict[int, deque[tuple[int, int]]] = defaultdict(deque)  # pitch: (fine step, velocity) of onsets
    now, velocity = 0, 80

    def end_note(pitch: int, end: int) -> None:
        start, loudness = sounding[pitch].popleft()
        if start < FINE_STEPS_PER_BAR:
            exact = start * STEPS_PER_QUARTER / FINE_STEPS_PER_QUARTER
            step = min(int(exact + 0.5), STEPS_PER_BAR - 1)
            fine_length = min(end, FINE_STEPS_PER_BAR) - start
            length = max(round(fine_length * STEPS_PER_QUARTER / FINE_STEPS_PER_QUARTER), 1)
            notes.append(Note(pitch, step, length, loudness, min(round(exact - step, 6), 0.5), is_drum, program))

    for event in filter(None, map(event_of, tokens)):
        if event.kind == TIME_SHIFT:
            now += event.value
        elif event.kind == VELOCITY:
            velocity = bin_to_velocity(event.value, VELOCITY_BINS)
        elif event.kind == NOTE_ON:
            sounding[event.value].append((now, velocity))
        elif sounding[event.value]:
            end_note(event.value, now)
    for pitch, onsets in sounding.items():
        for _ in range(len(onsets)):
            end_note(pitch, max(now, FINE_STEPS_PER_BAR))
    return notes
