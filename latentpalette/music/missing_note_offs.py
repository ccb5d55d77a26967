"""Find the note-offs that a track of a MIDI file lacks: on other tracks, or nowhere."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Mapping, Sequence

from latentpalette.music.midi_file import NOTE_OFF, NOTE_ON, ChannelEvent

Key = int
"""A pitch on a channel: the number of the channel, times 128, plus the pitch."""


def find_foreign_note_offs(
    unpaired_ons: Mapping[int, Mapping[Key, Sequence[int]]], unpaired_offs: Mapping[int, Mapping[Key, Sequence[int]]]
) -> dict[int, list[tuple[int, Key]]]:
    """Find the note-offs of notes that begin on one track and end on another.

    Each ends the earliest note of its channel and pitch that its own track does not end.

    Parameters
    ----------
    unpaired_ons, unpaired_offs : mapping of track to mapping of key to ticks
        Note-ons without a note-off on their own track, and the reverse, in order.

    Returns
    -------
    dict of track to list of (tick, key)

    Examples
    --------
    >>> find_foreign_note_offs({0: {60: [0, 480]}}, {1: {60: [240, 960, 1440]}})
    {0: [(240, 60), (960, 60)]}
    """
    ons_by_key: dict[Key, list[tuple[int, int]]] = {}
    for track, ons in unpaired_ons.items():
        for key, ticks in ons.items():
            ons_by_key.setdefault(key, []).extend((tick, track) for tick in ticks)
    offs_by_key: dict[Key, list[tuple[int, int]]] = {}
    for track, offs in unpaired_offs.items():
        for key in offs.keys() & ons_by_key.keys():
            offs_by_key.setdefault(key, []).extend((tick, track) for tick in offs[key])
    found: dict[int, list[tuple[int, Key]]] = {}
    for key, key_offs in sorted(offs_by_key.items()):
        waiting = deque(sorted(ons_by_key[key]))
        for tick, off_track in sorted(key_offs):
            if waiting and waiting[0][0] <= tick and waiting[0][1] != off_track:
                found.setdefault(waiting.popleft()[1], []).append((tick, key))
    return found


def find_unpaired_ons(events: Sequence[ChannelEvent], keys: Collection[Key]) -> dict[Key, list[int]]:
    """Find the note-ons that have no note-off, by their positions among the events of a track.

    A note-off counts for the nearest note-on before it, so that one lost note-off does not shift those that follow.

    Parameters
    ----------
    events : list of (tick, status, data byte, data byte)
    keys : collection of int
        The keys to look at, without the port.

    Examples
    --------
    >>> events = [(0, 0x90, 60, 80), (10, 0x90, 60, 80), (15, 0x80, 60, 0), (20, 0x90, 60, 80)]
    >>> find_unpaired_ons(events, {60})
    {60: [0, 3]}
    """
    open_ons: dict[Key, list[int]] = {key: [] for key in keys}
    for position, (_, status, pitch, velocity) in enumerate(events):
        if status < 0xA0:
            ons = open_ons.get((status & 0x0F) << 7 | pitch)
            if ons is None:
                continue
            if status >= NOTE_ON and velocity:
                ons.append(position)
            elif ons:
                ons.pop()
    return {key: ons for key, ons in open_ons.items() if ons}


def add_note_offs(
    events: Sequence[ChannelEvent], unpaired_ons: Mapping[Key, Sequence[int]], end_tick: int
) -> list[ChannelEvent]:
    """Return the events of a track with the note-offs that it lacks.

    A note without a note-off ends where its pitch is played again, or at the end of the track.

    Parameters
    ----------
    events : list of (tick, status, data byte, data byte)
    unpaired_ons : mapping of key to positions
        From `find_unpaired_ons`.
    end_tick : int

    Examples
    --------
    >>> add_note_offs([(0, 0x90, 60, 80), (10, 0x90, 60, 80)], {60: [0, 1]}, 20)
    [(0, 144, 60, 80), (10, 128, 60, 0), (10, 144, 60, 80), (20, 128, 60, 0)]
    """
    is_unpaired = {position for positions in unpaired_ons.values() for position in positions}
    sounding: set[Key] = set()
    complete: list[ChannelEvent] = []
    for position, event in enumerate(events):
        tick, status, pitch, velocity = event
        if NOTE_ON <= status < 0xA0 and velocity:
            key = (status & 0x0F) << 7 | pitch
            if key in sounding:
                sounding.remove(key)
                complete.append((tick, NOTE_OFF | status & 0x0F, pitch, 0))
            if position in is_unpaired:
                sounding.add(key)
        complete.append(event)
    return complete + [(end_tick, NOTE_OFF | key >> 7, key & 0x7F, 0) for key in sorted(sounding)]


def find_open_ons(events: Sequence[ChannelEvent], unpaired_ons: Mapping[Key, Sequence[int]]) -> list[int]:
    """Find the note-ons that last to the end of a track, by their positions: no note-off, and no note-on after them.

    Parameters
    ----------
    events : list of (tick, status, data byte, data byte)
    unpaired_ons : mapping of key to positions
        From `find_unpaired_ons`.

    Examples
    --------
    >>> find_open_ons([(0, 0x90, 60, 80), (10, 0x90, 60, 80)], {60: [0, 1]})
    [1]
    """
    last_ons = {
        (status & 0x0F) << 7 | pitch: position
        for position, (_, status, pitch, velocity) in enumerate(events)
        if NOTE_ON <= status < 0xA0 and velocity
    }
    return [positions[-1] for key, positions in unpaired_ons.items() if positions[-1] == last_ons[key]]
