"""Tracks of MIDI files as raw events that can be removed, replaced and inserted, and that are written as they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from latentpalette.music.midi_encoding import RawEvent, encode_file, encode_meta, encode_track, encode_variable_length
from latentpalette.music.midi_file import END_OF_TRACK, SYSTEM_EXCLUSIVE, ChannelEvent, MetaEvent, MidiFile, Track

# The order of events at one tick: new note-offs, the track's own events, new note-ons, note-offs of notes of no length.
_NOTE_OFF, _OWN, _NOTE_ON, _LATE_NOTE_OFF = range(4)


class RawTrack:
    """The events of a track.

    Parameters
    ----------
    events : list of (tick, bytes)
        In order, without the end of the track.
    end_tick : int
        Where it ends.
    channel_events : list of int
        The places of its channel events among them.
    """

    def __init__(self, events: Iterable[RawEvent], end_tick: int, channel_events: Sequence[int] = ()) -> None:
        self.end_tick = end_tick
        self._events: list[RawEvent | None] = list(events)
        self._channel_events = channel_events
        self._inserted: list[tuple[int, int, bytes]] = []  # tick, order, event

    def remove(self, position: int | None) -> bytes | None:
        """Remove a channel event, by its position in `Track.events`, and return it; None removes nothing."""
        if position is None:
            return None
        place = self._channel_events[position]
        event = self._events[place]
        self._events[place] = None
        return event[1] if event else None

    def replace(self, position: int | None, data: bytes) -> None:
        """Replace a channel event by another at the same tick."""
        if position is None:
            return
        place = self._channel_events[position]
        event = self._events[place]
        if event is not None:
            self._events[place] = (event[0], data)

    def insert_note(self, start: int, note_on: bytes, stop: int | None, note_off: bytes) -> None:
        """Insert a note-on, and its note-off unless it has none."""
        self._inserted.append((start, _NOTE_ON, note_on))
        if stop is not None:
            self.insert_note_off(start, stop, note_off)

    def insert_note_off(self, start: int, stop: int, note_off: bytes) -> None:
        """Insert the note-off of a note that begins at a tick."""
        self._inserted.append((stop, _NOTE_OFF if stop > start else _LATE_NOTE_OFF, note_off))

    def encode(self) -> bytes:
        """Return the chunk of the track."""
        own = [(event[0], _OWN, event[1]) for event in self._events if event is not None]
        events = sorted([*own, *self._inserted], key=lambda event: event[:2])
        return encode_track(((tick, data) for tick, _, data in events), self.end_tick)


def raw_track(track: Track) -> RawTrack:
    """Return a parsed track as raw events, in the order of the file.

    Examples
    --------
    >>> raw_track(Track([(0, 0x99, 36, 80), (24, 0x99, 36, 0)], [MetaEvent(0, 3, b"Kit", 0, 0)])).encode().hex(" ", 4)
    '4d54 726b0000 001200ff 03034b69 74009924 50182400 00ff2f00'
    """
    meta_events = [event for event in track.meta_events if event.type != END_OF_TRACK]
    ordered: list[tuple[int, int, RawEvent]] = [
        *((event.num_events_before, 0, (event.tick, _encode_meta_event(event))) for event in meta_events),
        *((index, 1, (event[0], _encode_channel_event(event))) for index, event in enumerate(track.events)),
    ]
    ordered.sort(key=lambda event: event[:2])
    places = [place for place, (_, is_channel_event, _) in enumerate(ordered) if is_channel_event]
    return RawTrack([event for _, _, event in ordered], track.end_tick, places)


def encode_tracks(file: MidiFile, tracks: Sequence[RawTrack]) -> bytes:
    """Return a parsed file with other tracks; its other chunks stay in their places."""
    chunks: list[bytes] = []
    for index in range(len(tracks) + 1):
        last = index == len(tracks)
        chunks += [chunk for place, chunk in file.other_chunks if place == index or (last and place > index)]
        chunks += [] if last else [tracks[index].encode()]
    file_type = file.file_type if len(tracks) == 1 else 1
    return encode_file(chunks, ticks_per_quarter=file.ticks_per_quarter, file_type=file_type)


def _encode_channel_event(event: ChannelEvent) -> bytes:
    _, status, first, second = event
    has_one_byte = status & 0xE0 == 0xC0  # program changes and channel pressure
    return bytes([status, first] if has_one_byte else [status, first, second])


def _encode_meta_event(event: MetaEvent) -> bytes:
    """Return the bytes of a meta event or of a system event."""
    if event.type < 0x80:
        return encode_meta(event.type, event.data)
    length = encode_variable_length(len(event.data)) if event.type in SYSTEM_EXCLUSIVE else b""
    return bytes([event.type]) + length + event.data
