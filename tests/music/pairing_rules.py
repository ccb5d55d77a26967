"""The rules by which notes, programs, tempos and time signatures are read from MIDI files, written for the eye.

One function for each rule, without regard to speed, sharing nothing with the reader. Events are (tick, bytes), in the
order of their track.
"""

from __future__ import annotations

from typing import NamedTuple

Events = list[tuple[int, bytes]]


class Note(NamedTuple):
    """A note as it is in the file: ticks, and the channel counted from 0."""

    start: int
    end: int
    channel: int
    pitch: int
    velocity: int
    program: int


class _Stroke(NamedTuple):
    """A note-on or note-off: where it is, and whether it begins a note."""

    tick: int
    track: int
    position: int
    is_on: bool
    velocity: int = 0


def notes_of(tracks: list[Events], *, ends: list[int], ticks_per_step: int) -> list[Note]:
    """Return the notes of a file, sorted; `ends` are the ticks at which its tracks end."""
    notes = []
    keys = {(data[0] & 0x0F, data[1]) for events in tracks for _, data in events if data[0] & 0xF0 == 0x90}
    for channel, pitch in keys:
        by_track = [_strokes(track, events, channel, pitch) for track, events in enumerate(tracks)]
        foreign_offs = _foreign_offs(by_track)
        for track, strokes in enumerate(by_track):
            # At one tick the note-offs of other tracks come last.
            strokes = sorted(strokes + foreign_offs[track], key=lambda stroke: stroke.tick)
            for on, end in _first_on_first_off(_with_missing_offs(strokes, ends[track])):
                program = _program_at(tracks, channel, on)
                end = end if end > on.tick else on.tick + ticks_per_step
                notes.append(Note(on.tick, end, channel, pitch, on.velocity, program))
    return sorted(notes)


def _strokes(track: int, events: Events, channel: int, pitch: int) -> list[_Stroke]:
    strokes = []
    for position, (tick, data) in enumerate(events):
        if data[0] == 0x90 | channel and data[1] == pitch:
            strokes.append(_Stroke(tick, track, position, data[2] > 0, data[2]))
        elif data[0] == 0x80 | channel and data[1] == pitch:
            strokes.append(_Stroke(tick, track, position, False))
    return strokes


def _first_on_first_off(strokes: list[_Stroke]) -> list[tuple[_Stroke, int]]:
    """Pair the first note-on that has not ended with each note-off; note-offs of nothing end nothing."""
    sounding: list[_Stroke] = []
    pairs = []
    for stroke in strokes:
        if stroke.is_on:
            sounding.append(stroke)
        elif sounding:
            pairs.append((sounding.pop(0), stroke.tick))
    return pairs


def _ons_without_off(strokes: list[_Stroke]) -> list[_Stroke]:
    """Return the note-ons without a note-off: each note-off is that of the nearest note-on before it."""
    open_ons: list[_Stroke] = []
    for stroke in strokes:
        if stroke.is_on:
            open_ons.append(stroke)
        elif open_ons:
            open_ons.pop()
    return open_ons


def _offs_without_on(strokes: list[_Stroke]) -> list[_Stroke]:
    left, sounding = [], 0
    for stroke in strokes:
        if stroke.is_on:
            sounding += 1
        elif sounding:
            sounding -= 1
        else:
            left.append(stroke)
    return left


def _foreign_offs(by_track: list[list[_Stroke]]) -> list[list[_Stroke]]:
    """Return the note-offs that each track takes from others: each ends the earliest note that its own track does not.

    The note-offs that end nothing on their own track are asked one after the other.
    """
    foreign: list[list[_Stroke]] = [[] for _ in by_track]
    waiting = sorted(on for strokes in by_track for on in _ons_without_off(strokes))
    for off in sorted(off for strokes in by_track for off in _offs_without_on(strokes)):
        if waiting and waiting[0].tick <= off.tick and waiting[0].track != off.track:
            foreign[waiting.pop(0).track].append(off)
    return foreign


def _with_missing_offs(strokes: list[_Stroke], end: int) -> list[_Stroke]:
    """Add a note-off for each note-on without one: before the next note-on of the pitch, or where the track ends."""
    lacking = _ons_without_off(strokes)
    complete: list[_Stroke] = []
    is_hanging = False
    for stroke in strokes:
        if stroke.is_on and is_hanging:
            complete.append(_Stroke(stroke.tick, stroke.track, stroke.position, False))
            is_hanging = False
        complete.append(stroke)
        is_hanging = is_hanging or stroke in lacking
    return [*complete, _Stroke(end, 0, 0, False)] if is_hanging else complete


def _program_at(tracks: list[Events], channel: int, on: _Stroke) -> int:
    """Return the last program of the channel at a note-on; of several at one tick a track plays its own."""
    changes = [(-1, False, 0, 0, 0)]
    for track, events in enumerate(tracks):
        for position, (tick, data) in enumerate(events):
            is_own = track == on.track
            is_before = position < on.position if is_own else tick <= on.tick
            if data[0] == 0xC0 | channel and is_before:
                changes.append((tick, is_own, track, position, data[1]))
    return max(changes)[-1]


def tempos_of(tracks: list[Events]) -> list[tuple[int, int]]:
    """Return (tick, microseconds per quarter) of all tempos from 1 to 1000; of several at a tick the last holds."""
    changes = {0: 500_000}
    for tick, data in _in_order(tracks):
        if data[:2] == b"\xff\x51" and len(data) >= 6 and int.from_bytes(data[3:6], "big") >= 60_000:
            changes[tick] = int.from_bytes(data[3:6], "big")
    return _without_repeats(sorted(changes.items()))


def meters_of(tracks: list[Events]) -> list[tuple[int, tuple[int, int]]]:
    """Return (tick, (numerator, denominator)) of all possible time signatures; of several at a tick the last holds."""
    changes = {0: (4, 4)}
    for tick, data in _in_order(tracks):
        if data[:2] == b"\xff\x58" and len(data) >= 5 and data[3] and data[4] <= 7:
            changes[tick] = (data[3], 2 ** data[4])
    return _without_repeats(sorted(changes.items()))


def _in_order(tracks: list[Events]) -> Events:
    """Return the events of all tracks in the order of ticks, then tracks."""
    return sorted((event for events in tracks for event in events), key=lambda event: event[0])


def _without_repeats(changes: list) -> list:
    return [change for number, change in enumerate(changes) if not number or change[1] != changes[number - 1][1]]
