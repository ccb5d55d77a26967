"""Parse the bytes of a standard MIDI file into tracks of events: structure alone, no notes, no seconds.

`parse` accepts the files that pretty_midi accepts; `latentpalette.music.tolerant_file` those that players play. Files
are not trusted: the work is proportional to their size, and whatever they contain, the answer is a list of tracks or a
`MidiError`.
"""

from __future__ import annotations

import re
import struct
from typing import NamedTuple

from latentpalette.errors import MidiError
from latentpalette.music.skipped import Skipped

MAX_TICKS = 10_000_000  # pretty_midi refuses longer files

# Channel events, by the upper half of their status byte; the lower half is the channel.
NOTE_OFF, NOTE_ON, CONTROL_CHANGE, PROGRAM_CHANGE, PITCH_BEND = 0x80, 0x90, 0xB0, 0xC0, 0xE0
BANK_SELECT = 0  # number of the controller
# Meta events, by their type.
TEXT, TRACK_NAME, MARKER, MIDI_PORT, END_OF_TRACK, SET_TEMPO, TIME_SIGNATURE = 0x01, 0x03, 0x06, 0x21, 0x2F, 0x51, 0x58

META = 0xFF
_AUDIO, _ARCHIVE = "audio", "a zip archive, or a project of some program"
_ADVICE = {
    _AUDIO: "Notes are read here, not sound. If a program has the notes, export it as a MIDI file.",
    _ARCHIVE: "Unpack it, or export its notes as a MIDI file.",
}
_OTHER_FORMATS: tuple[tuple[bytes, str], ...] = (
    (rb"RIFF....WAVE|fLaC|OggS|ID3|FORM....AIF|\xff[\xe2-\xff]|....ftyp", _AUDIO),
    (rb"PK", _ARCHIVE),
    (rb"RIFF....sfbk", "a SoundFont"),
    (rb"\s*(\xef\xbb\xbf)?<\?xml|\s*<score", "XML, such as MusicXML"),
    (rb"\s*<(!DOCTYPE|html)", "a web page; perhaps the download failed"),
)
SYSTEM_EXCLUSIVE = (0xF0, 0xF7)
# How many data bytes follow the status byte of each other system event.
NUM_DATA_BYTES = {0xF1: 1, 0xF2: 2, 0xF3: 1, 0xF6: 0, 0xF8: 0, 0xFA: 0, 0xFB: 0, 0xFC: 0, 0xFE: 0}

ChannelEvent = tuple[int, int, int, int]
"""Tick, status byte, and two data bytes; the second is 0 where the event has one."""


class MetaEvent(NamedTuple):
    """A meta event, or a system event, which says nothing about the music but belongs to the file.

    Parameters
    ----------
    tick : int
    type : int
        Of a system event its status byte, from 0xF0; meta events have types up to 127.
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

    @property
    def end_tick(self) -> int:
        """The tick at which it ends: that of its last event, the end of the track included."""
        return max(self.events[-1][0] if self.events else 0, self.meta_events[-1].tick if self.meta_events else 0)


class MidiFile(NamedTuple):
    """A parsed file; it has at least one track.

    Parameters
    ----------
    ticks_per_quarter : int
    tracks : list of Track
    skipped : tuple of Skipped
    file_type : {0, 1}
        0 for a file that is meant to have a single track.
    other_chunks : tuple of (int, bytes)
        What is no track: how many tracks come before it, and the whole chunk.
    """

    ticks_per_quarter: int
    tracks: list[Track]
    skipped: tuple[Skipped, ...] = ()
    file_type: int = 1
    other_chunks: tuple[tuple[int, bytes], ...] = ()


def parse(data: bytes, *, name: str = "MIDI data") -> MidiFile:
    r"""Parse a MIDI file.

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
    >>> header = b"MThd\0\0\0\6\0\0\0\1\0\x60"
    >>> track = b"MTrk\0\0\0\x0b\0\x99\x24\x50\x18\x24\0\0\xff\x2f\0"
    >>> parse(header + track).tracks[0].events
    [(0, 153, 36, 80), (24, 153, 36, 0)]
    """
    check_header(data, name)
    header_size, _, num_tracks, ticks_per_quarter = struct.unpack(">IHHH", data[4:14])
    if ticks_per_quarter >= 0x8000:
        raise MidiError(
            f"{name}: its clock counts film frames (SMPTE), not quarter notes; export it with musical time."
        )
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
        raise damaged(name, reason) from error
    return MidiFile(ticks_per_quarter, tracks)


def check_header(data: bytes, name: str) -> None:
    """Raise `MidiError` if data does not begin with the header of a MIDI file."""
    if not data:
        raise MidiError(f"{name}: the file is empty. Export it again.")
    if data[:4] != b"MThd":
        kind = next((kind for pattern, kind in _OTHER_FORMATS if re.match(pattern, data, re.DOTALL)), None)
        found = f"it is {kind}" if kind else f"it begins with {data[:4]!r}, not with b'MThd'"
        raise MidiError(f"{name}: not a MIDI file; {found}. {_ADVICE.get(kind or '', 'Export it as a MIDI file.')}")
    if len(data) < 14:
        raise damaged(name, "it ends inside its header")
    division = struct.unpack(">H", data[12:14])[0]
    if division == 0:
        raise MidiError(f"{name}: its clock has no ticks in a quarter note. It may be damaged; export it again.")


def damaged(name: str, reason: str) -> MidiError:
    """Return the error for a file that is damaged beyond reading."""
    return MidiError(f"{name}: not a readable MIDI file ({reason}). It may be cut off; export it again.")


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
    """Append the events of a track and return the last tick; raise IndexError if the track ends inside an event."""
    if not chunk:
        raise ValueError("a track is empty")
    append = track.events.append
    position = tick = status = 0
    while position < len(chunk):
        delta = chunk[position]
        position += 1
        if delta & 0x80:
            delta, position = parse_variable_length(chunk, position - 1)
        tick += delta
        if chunk[position] == META:  # the status byte before it stays in force
            meta_type, type_position = chunk[position + 1], chunk_position + position + 1
            content, position = parse_block(chunk, position + 2)
            track.meta_events.append(MetaEvent(tick, meta_type, content, len(track.events), type_position))
            continue
        if chunk[position] & 0x80:
            status = chunk[position]
            position += 1
        elif not status:
            raise ValueError(f"no status before the event at byte {chunk_position + position:,}")
        if status >= 0xF0:
            position = _skip_system_event(chunk, status, position)
            if not NUM_DATA_BYTES.get(status):  # an event without data of its own cannot be repeated
                status = 0
            continue
        first, second = chunk[position], 0
        position += 1
        if status & 0xE0 != 0xC0:  # all channel events but program changes and channel pressure have two data bytes
            second = chunk[position]
            position += 1
        if (first | second) & 0x80:
            raise ValueError(f"a value above 127 in the event that ends at byte {chunk_position + position:,}")
        append((tick, status, first, second))
    if position > len(chunk):
        raise IndexError
    return tick


def _skip_system_event(chunk: bytes, status: int, position: int) -> int:
    """Return the position after a system event, which says nothing about the music."""
    if status in SYSTEM_EXCLUSIVE:
        return parse_block(chunk, position)[1]
    if status not in NUM_DATA_BYTES:
        raise ValueError(f"the unknown status {status:#x}")
    return position + NUM_DATA_BYTES[status]


def parse_block(chunk: bytes, position: int) -> tuple[bytes, int]:
    """Return the content of a block that begins with its length, and the position after it.

    Raises
    ------
    IndexError
        If the chunk ends before the block does.
    ValueError
        If the length is larger than any file.
    """
    length, start = parse_variable_length(chunk, position)
    if start + length > len(chunk):
        raise IndexError
    return chunk[start : start + length], start + length


def parse_variable_length(chunk: bytes, position: int, *, max_value: int = MAX_TICKS) -> tuple[int, int]:
    r"""Return a variable-length quantity and the position after it.

    Raises
    ------
    IndexError
        If the chunk ends inside it.
    ValueError
        If it is larger than `max_value` and goes on.

    Examples
    --------
    >>> parse_variable_length(b"\x81\x00\x40", 0)
    (128, 2)
    """
    value = 0
    while True:
        byte = chunk[position]
        position += 1
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, position
        if value > max_value:
            raise ValueError("a number is too large")
