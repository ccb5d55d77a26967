"""Encode standard MIDI files: events as tracks, tracks as a file."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence

from latentpalette.music.midi_file import END_OF_TRACK, META

RawEvent = tuple[int, bytes]
"""Tick, and an event without the time that has passed before it."""


def encode_file(tracks: Sequence[bytes], *, ticks_per_quarter: int, file_type: int = 1) -> bytes:
    """Return a file of some chunks, which are tracks but for what else a program wrote between them.

    Parameters
    ----------
    tracks : list of bytes
        From `encode_track`.
    ticks_per_quarter : int
    file_type : {0, 1}
        0 for a single track.

    Examples
    --------
    >>> encode_file([encode_track([], 96)], ticks_per_quarter=96).hex(" ", 4)
    '4d54 68640000 00060001 00010060 4d54726b 00000004 60ff2f00'
    """
    num_tracks = sum(chunk.startswith(b"MTrk") for chunk in tracks)
    return b"MThd" + struct.pack(">IHHH", 6, file_type, num_tracks, ticks_per_quarter) + b"".join(tracks)


def encode_track(events: Iterable[RawEvent], end_tick: int) -> bytes:
    """Return the chunk of a track.

    Parameters
    ----------
    events : iterable of (tick, bytes)
        In order; without the end of the track.
    end_tick : int
        Where the track ends; at its last event if that comes later.

    Notes
    -----
    A channel event with the same status byte as the event before it is written without, as the format allows.
    """
    body = bytearray()
    now = status = 0
    for tick, event in events:
        body += encode_variable_length(tick - now)
        body += event[1:] if event[0] == status else event
        now, status = tick, event[0] if event[0] < 0xF0 else 0
    body += encode_variable_length(max(end_tick - now, 0)) + encode_meta(END_OF_TRACK, b"")
    return b"MTrk" + struct.pack(">I", len(body)) + body


def encode_meta(event_type: int, content: bytes) -> bytes:
    r"""Return a meta event.

    Examples
    --------
    >>> encode_meta(0x03, b"Drums")
    b'\xff\x03\x05Drums'
    """
    return bytes([META, event_type]) + encode_variable_length(len(content)) + content


def encode_variable_length(number: int) -> bytes:
    """Return a number with seven bits a byte, the highest first; all bytes but the last have the eighth bit set.

    Examples
    --------
    >>> encode_variable_length(480).hex()
    '8360'
    """
    groups = [number & 0x7F]
    while number := number >> 7:
        groups.append(number & 0x7F | 0x80)
    return bytes(reversed(groups))
