"""Parse the events of a track, as far as they can be read."""

from __future__ import annotations

from typing import NamedTuple

from latentpalette.music.midi_file import (
    CONTROL_CHANGE,
    END_OF_TRACK,
    META,
    NOTE_ON,
    NUM_DATA_BYTES,
    PROGRAM_CHANGE,
    SYSTEM_EXCLUSIVE,
    MetaEvent,
    Track,
    parse_block,
    parse_variable_length,
)
from latentpalette.music.skipped import Skipped

_MAX_DELTA = 1 << 28  # a variable-length quantity has up to four bytes of seven bits
_END = b"\xf7"  # of a system exclusive event
_NAMES = {NOTE_ON: "note", CONTROL_CHANGE: "controller", PROGRAM_CHANGE: "program"}  # of events that matter here


class ParsedEvents(NamedTuple):
    """The end of the parsing of a track.

    Parameters
    ----------
    position : int
        Where it ended in the chunk.
    tick : int
    is_ended : bool
        Whether the track said that it ends.
    is_damaged : bool
        Whether something that is no event ended it.
    skipped : list of Skipped
        Events that were not read as they are.
    """

    position: int
    tick: int
    is_ended: bool
    is_damaged: bool
    skipped: list[Skipped]


def parse_events(chunk: bytes, track: Track, *, stop_at_end: bool) -> ParsedEvents:
    """Append the events of a chunk to a track, up to its end or to something that is no event.

    Parameters
    ----------
    chunk : bytes
    track : Track
    stop_at_end : bool
        Stop where the track says that it ends, for a chunk whose length is unknown. Otherwise only if another track
        follows there.

    Examples
    --------
    >>> track = Track([], [])
    >>> parse_events(bytes([0, 0x90, 60, 80, 96, 60]), track, stop_at_end=False).is_damaged, track.events
    (True, [(0, 144, 60, 80)])
    """
    append, append_meta = track.events.append, track.meta_events.append
    skipped: list[Skipped] = []
    position = tick = status = 0
    is_ended = is_damaged = False
    try:
        while position < len(chunk):
            delta = chunk[position]
            position += 1
            if delta & 0x80:
                delta, position = parse_variable_length(chunk, position - 1, max_value=_MAX_DELTA)
            tick += delta
            first = chunk[position]
            position += 1
            if first >= 0xF0:  # the status of the last channel event stays in force
                if first != META:
                    start = position
                    content, position = _parse_system_event(chunk, first, position)
                    append_meta(MetaEvent(tick, first, content, len(track.events), start))
                    continue
                meta_type, type_position = chunk[position], position
                content, position = parse_block(chunk, position + 1)
                if meta_type < 0x80:  # there are no others
                    append_meta(MetaEvent(tick, meta_type, content, len(track.events), type_position))
                if meta_type == END_OF_TRACK:
                    is_ended = True
                    if stop_at_end or chunk.startswith(b"MTrk", position):
                        break
                continue
            if first & 0x80:
                status = first
                first = chunk[position]
                position += 1
            elif not status:
                raise ValueError("an event without a status")
            second = 0
            if status & 0xE0 != 0xC0:  # all channel events but program changes and channel pressure have two data bytes
                second = chunk[position]
                position += 1
            if (first | second) & 0x80:
                skipped += _describe_large_values(status & 0xF0, first, second, tick)
                if first & 0x80:
                    continue
                second = min(second, 127)
            append((tick, status, first, second))
    except (ValueError, IndexError):  # IndexError: the chunk ends inside the event
        is_damaged = True
    return ParsedEvents(position, tick, is_ended, is_damaged, skipped)


def _describe_large_values(kind: int, first: int, second: int, tick: int) -> list[Skipped]:
    """Describe an event with a data byte above 127, if it says anything about the music."""
    if kind not in _NAMES:
        return []
    if first > 127:
        return [Skipped("events with a number over 127 are ignored", f"{_NAMES[kind]} {first}", tick)]
    value = "velocity" if kind == NOTE_ON else f"controller {first}"
    return [Skipped("values over 127 are read as 127", f"{value} {second}", tick)]


def _parse_system_event(chunk: bytes, status: int, position: int) -> tuple[bytes, int]:
    """Return the data of a system event, without their length, and the position after it.

    System exclusive events begin with their length. Some programs omit it; then the end of the event stands inside the
    block that its first byte seems to be the length of.
    """
    if status not in SYSTEM_EXCLUSIVE:
        stop = position + NUM_DATA_BYTES.get(status, 0)
        return chunk[position:stop], stop
    end = position
    while end < len(chunk) and chunk[end] < 0x80:
        end += 1
    try:
        content, stop = parse_block(chunk, position)
    except (ValueError, IndexError):
        content, stop = b"", len(chunk) + 1
    is_length_missing = chunk[end : end + 1] == _END and end + 1 < stop and content[-1:] != _END
    if is_length_missing:
        return chunk[position : end + 1], end + 1
    if stop > len(chunk):
        raise IndexError
    return content, stop
