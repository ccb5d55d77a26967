"""Parse the bytes of a standard MIDI file into tracks of events: structure alone, no notes, no seconds.

Files are not trusted: the work is proportional to their size, and whatever they contain, the answer is a list of tracks
or a `MidiError`.
"""

from __future__ import annotations

import struct
from typing import NamedTuple

from latentpalette.errors import MidiError

MAX_TICKS = 10_000_000  # pretty_midi refuses longer files

# Channel events, by the upper half of their status byte; the lower half is the channel.
NOTE_OFF, NOTE_ON, CONTROL_CHANGE, PROGRAM_CHANGE, PITCH_BEND = 0x80, 0x90, 0xB0, 0xC0, 0xE0
# Meta events, by their type.
TEXT, TRACK_NAME, MARKER, END_OF_TRACK, SET_TEMPO, TIME_SIGNATURE = 0x01, 0x03, 0x06, 0x2F, 0x51, 0x58

_SYSTEM_EXCLUSIVE, _META = (0xF0, 0xF7), 0xFF
# How many data bytes follow a status byte; two follow each of the other channel events.
_NUM_DATA_BYTES = (
    dict.fromkeys(range(0xC0, 0xE0), 1)
    | {0xF1: 1, 0xF2: 2, 0xF3: 1}
    | dict.fromkeys((0xF6, 0xF8, 0xFA, 0xFB, 0xFC, 0xFE), 0)
)

ChannelEvent = tuple[int, int, int, int]
"""Tick, status byte, and two data bytes; the second is 0 where the event has one."""


class MetaEvent(NamedTuple):
    """A meta event.

    Parameters
    ----------
    tick : int
    type : int
    data : bytes
    num_events_before : int
        How many channel events of its track come before it.
    type_position : int
        Where in the file its type stands.
    """

    tick: int
    type: int
    data: bytes
    num_events_before: int
    type_position: int


class Track(NamedTuple):
    """The events of a track, each kind in the order of the file."""

    events: list[ChannelEvent]
    meta_events: list[MetaEvent]

    @property
    def last_tick(self) -> int:
        """The tick of its last event, the end of the track aside."""
        meta_ticks = (event.tick for event in reversed(self.meta_events) if event.type != END_OF_TRACK)
        return max(self.events[-1][0] if self.events else 0, next(meta_ticks, 0))


class MidiFile(NamedTuple):
    """A parsed file; it has at least one track."""

    ticks_per_quarter: int
    tracks: list[Track]


def parse(data: bytes, *, name: str = "MIDI data") -> MidiFile:
    """Parse a MIDI file.

    Parameters
    ----------
    data : bytes
    name : str
        Name of the file, for messages.

    Raises
    ------
    MidiError
        If it is no MIDI file, is cut off, or contains something that no MIDI file contains.

    Examples
    --------
    >>> data = b"MThd\\0\\0\\0\\6\\0\\0\\0\\1\\0\\x60MTrk\\0\\0\\0\\x0b\\0\\x99\\x24\\x50\\x18\\x24\\0\\0\\xff\\x2f\\0"
    >>> parse(data).tracks[0].events
    [(0, 153, 36, 80), (24, 153, 36, 0)]
    """
    _check_header(data, name)
    header_size, _, num_tracks, ticks_per_quarter = struct.unpack(">IHHH", data[4:14])
    tracks: list[Track] = []
    position = 8 + header_size
    try:
        while len(tracks) < num_tracks:
            tracks.append(Track([], []))
            position = _parse_track(data, position, tracks[-1])
        if not tracks:
            raise ValueError("no tracks")
    except (ValueError, IndexError) as error:  # a damaged file ends here; IndexError: inside an event
        reason = str(error) if isinstance(error, ValueError) else "it ends inside an event"
        raise MidiError(f"{name}: not a readable MIDI file ({reason}). It may be cut off; export it again.") from error
    return MidiFile(ticks_per_quarter, tracks)


def _check_header(data: bytes, name: str) -> None:
    if not data:
        raise MidiError(f"{name}: the file is empty.")
    if data[:4] != b"MThd" or len(data) < 14:
        raise MidiError(f"{name}: not a MIDI file; it begins with {data[:4]!r}, not with b'MThd'.")
    division = struct.unpack(">H", data[12:14])[0]
    if division == 0 or division >= 0x8000:
        raise MidiError(
            f"{name}: its clock counts film frames (SMPTE), not quarter notes; export it with musical time."
        )


def _parse_track(data: bytes, position: int, track: Track) -> int:
    """Append the events of the track at a position of the file; return where it ends."""
    if data[position : position + 4] != b"MTrk" or len(data) < position + 8:
        raise ValueError("a track is missing")
    start = position + 8
    stop = start + struct.unpack(">I", data[position + 4 : start])[0]
    if stop > len(data):
        raise ValueError("it ends inside a track")
    last_tick = _parse_events(data[start:stop], start, track)
    if last_tick >= MAX_TICKS:
        raise ValueError(f"corrupt: it lasts {last_tick:,} ticks")
    return stop


def _parse_events(chunk: bytes, chunk_position: int, track: Track) -> int:
    """Append the events of a track; return the last tick. Raises IndexError where the track ends inside an event."""
    position = tick = status = 0
    append = track.events.append
    stop = len(chunk)
    if not stop:
        raise ValueError("a track is empty")
    while position < stop:
        delta = chunk[position]
        position += 1
        if delta & 0x80:
            delta, position = _parse_variable_length(chunk, position - 1)
        tick += delta
        first = chunk[position]
        if first & 0x80:
            position += 1
            if first == _META:  # the status before it goes on after it
                size, data_start = _parse_variable_length(chunk, position + 1)
                end = data_start + size
                if end > stop:
                    raise IndexError
                content = chunk[data_start:end]
                meta = MetaEvent(tick, chunk[position], content, len(track.events), chunk_position + position)
                track.meta_events.append(meta)
                position = end
                continue
            status = first
            if status in _SYSTEM_EXCLUSIVE:
                size, position = _parse_variable_length(chunk, position)
                position += size
                if position > stop:
                    raise IndexError
                status = 0
                continue
            first = chunk[position] if position < stop else 0
        elif not status:
            raise ValueError(f"an event without a status at byte {chunk_position + position:,}")
        if status < 0xC0 or 0xE0 <= status < 0xF0:
            second = chunk[position + 1]
            position += 2
            if (first | second) & 0x80:
                raise ValueError(f"a value above 127 at byte {chunk_position + position - 2:,}")
            append((tick, status, first, second))
        else:
            num_bytes = _NUM_DATA_BYTES.get(status)
            if num_bytes is None:
                raise ValueError(f"an unknown status at byte {chunk_position + position - 1:,}")
            content = chunk[position : position + num_bytes]
            position += num_bytes
            if position > stop:
                raise IndexError
            if any(byte & 0x80 for byte in content):
                raise ValueError(f"a value above 127 at byte {chunk_position + position - num_bytes:,}")
            if status < 0xF0:
                append((tick, status, first, 0))
            elif not num_bytes:
                status = 0
    return tick


def _parse_variable_length(chunk: bytes, position: int) -> tuple[int, int]:
    """Return a variable-length quantity and the position after it.

    Examples
    --------
    >>> _parse_variable_length(b"\\x81\\x00\\x40", 0)
    (128, 2)
    """
    value = 0
    while True:
        byte = chunk[position]
        position += 1
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, position
        if value > MAX_TICKS:  # no delay and no length in a file that is read
            raise ValueError(f"a number too large at byte {position:,} of a track")
