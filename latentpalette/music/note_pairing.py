"""Pair the note-ons and note-offs of a MIDI file, and sort the notes by instrument, by pretty_midi's rules."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from latentpalette.music.midi_file import (
    CONTROL_CHANGE,
    NOTE_OFF,
    NOTE_ON,
    PITCH_BEND,
    PROGRAM_CHANGE,
    TRACK_NAME,
    MetaEvent,
    Track,
)
from latentpalette.music.midi_text import decode_text

DRUM_CHANNEL = 9  # counted from 0

OpenNotes = list[tuple[int, int]]  # start tick and velocity of note-ons that have not ended


@dataclass(slots=True)
class Instrument:
    """The notes that one program plays on one channel of a track.

    Parameters
    ----------
    name : str
        Name of the track.
    program, channel : int
    notes : list of int
        Start and end [ticks], pitch and velocity of each note, one after the other, in the order of their ends.
    control_changes : list of (tick, value)
        The movements of one controller.
    track : int
        The number of the track, from 0.
    is_drum : bool
        Whether its pitches are drums: on channel 10, in banks of drum kits and where a file says so (see
        `latentpalette.music.channel_programs` and `latentpalette.music.rhythm_parts`).
    """

    name: str
    program: int
    channel: int
    notes: list[int] = field(default_factory=list)
    control_changes: list[tuple[int, int]] = field(default_factory=list)
    track: int = 0
    is_drum: bool = False


def pair_notes(tracks: Sequence[Track], *, controller: int) -> list[Instrument]:
    """Return the instruments of a file that play notes, in the order of their first note-off.

    Parameters
    ----------
    tracks : list of Track
    controller : int
        Number of the controller whose changes are returned with the notes.

    Examples
    --------
    >>> events = [(0, 0x90, 60, 80), (10, 0x90, 60, 0), (10, 0xC0, 33, 0), (10, 0x90, 40, 90), (30, 0x80, 40, 0)]
    >>> [(instrument.program, instrument.notes) for instrument in pair_notes([Track(events, [])], controller=64)]
    [(0, [0, 10, 60, 80]), (33, [10, 30, 40, 90])]
    """
    return [instrument for number, track in enumerate(tracks) for instrument in _pair_track(number, track, controller)]


def split_at_note_off(open_notes: OpenNotes, tick: int) -> tuple[OpenNotes, OpenNotes]:
    """Return the open notes of a pitch that a note-off ends, and those that go on.

    A note-off ends all notes of its pitch. One that starts at its very tick goes on, if another one ends; if none does,
    it has no length and is dropped.

    Examples
    --------
    >>> split_at_note_off([(0, 80), (5, 90), (10, 100)], 10), split_at_note_off([(10, 100)], 10)
    (([(0, 80), (5, 90)], [(10, 100)]), ([], []))
    """
    if open_notes[-1][0] != tick:  # they are in the order of their starts
        return open_notes, []
    ended = [note for note in open_notes if note[0] != tick]
    return ended, [note for note in open_notes if note[0] == tick] if ended else []


def _pair_track(number: int, track: Track, controller: int) -> list[Instrument]:
    open_notes: dict[int, OpenNotes] = {}  # by channel and pitch
    programs = [0] * 16
    instruments: dict[tuple[int, int], Instrument] = {}  # by program and channel
    # Controllers before the first note of a program; as in pretty_midi, the channel's later programs share them.
    early_changes: dict[int, list[tuple[int, int]]] = {}
    names = [event for event in track.meta_events if event.type == TRACK_NAME]
    for index, (tick, status, first, second) in enumerate(track.events):
        kind, channel = status & 0xF0, status & 0x0F
        if kind == NOTE_ON and second:
            key = channel << 7 | first
            if key in open_notes:
                open_notes[key].append((tick, second))
            else:
                open_notes[key] = [(tick, second)]
        elif kind in (NOTE_OFF, NOTE_ON):
            open_of_pitch = open_notes.pop(channel << 7 | first, None)
            if not open_of_pitch:
                continue
            ended, going_on = split_at_note_off(open_of_pitch, tick)
            if going_on:
                open_notes[channel << 7 | first] = going_on
            if not ended:
                continue
            program = programs[channel]
            instrument = instruments.get((program, channel))
            if instrument is None:
                instrument = Instrument(_name_at(names, index), program, channel, track=number)
                instrument.is_drum = channel == DRUM_CHANNEL
                instrument.control_changes = early_changes.get(channel, instrument.control_changes)
                instruments[program, channel] = instrument
            for start, velocity in ended:
                instrument.notes += (start, tick, first, velocity)
        elif kind == PROGRAM_CHANGE:
            programs[channel] = first
        elif kind in (CONTROL_CHANGE, PITCH_BEND):
            instrument = instruments.get((programs[channel], channel))
            changes = early_changes.setdefault(channel, []) if instrument is None else instrument.control_changes
            if kind == CONTROL_CHANGE and first == controller:
                changes.append((tick, second))
    return list(instruments.values())


def _name_at(names: Sequence[MetaEvent], index: int) -> str:
    """Return the name of a track at a channel event: the last one before it."""
    following = bisect_right(names, index, key=lambda event: event.num_events_before)
    return decode_text(names[following - 1].data) if following else ""
