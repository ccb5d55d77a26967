"""Channels that a MIDI file makes drums, or no drums, by system exclusive events of Roland's GS and Yamaha's XG."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence

from latentpalette.music.channel_programs import channel_offset
from latentpalette.music.midi_file import Track
from latentpalette.music.note_pairing import DRUM_CHANNEL

_SYSTEM_EXCLUSIVE = 0xF0
_ID = rb"[\x00-\x7f]"  # of a device; any is meant
_GS_PART = re.compile(rb"\x41%b\x42\x12\x40([\x10-\x1f])\x15([\x00-\x02])" % _ID)  # "use for rhythm part"
_XG_PART = re.compile(rb"\x43[\x10-\x1f]\x4c\x08([\x00-\x0f])\x07([\x00-\x7f])")  # "part mode"
_RESETS = re.compile(
    rb"\x41%b\x42\x12(?:\x40\x00\x7f|\x00\x00\x7f)|\x43[\x10-\x1f]\x4c\x00\x00[\x7e\x7f]|\x7e%b\x09[\x01-\x03]"
    % (_ID, _ID)
)  # those of GS, XG and General MIDI


class RhythmParts:
    """The channels that are drums, over time: channel 10, except where a system exclusive event says otherwise.

    An event holds from its tick on, for the notes at that tick, too. A reset of GS, XG or General MIDI restores the
    channels of its port.

    Parameters
    ----------
    changes : mapping of channel to list of (tick, is_drum)
        In order; see `channel_offset` for the numbers of channels.

    Examples
    --------
    >>> parts = RhythmParts({2: [(0, True), (960, False)]})
    >>> [parts.is_drum(2, tick) for tick in (0, 959, 960)], parts.is_drum(9, 0), parts.next_change(2, 0)
    ([True, True, False], True, 960)
    """

    def __init__(self, changes: Mapping[int, Sequence[tuple[int, bool]]]) -> None:
        self._changes = changes

    def is_drum(self, channel: int, tick: int) -> bool:
        """Return whether a channel is drums at a tick."""
        changes = self._changes.get(channel, ())
        index = bisect_right(changes, tick, key=lambda change: change[0]) - 1
        return changes[index][1] if index >= 0 else channel % 16 == DRUM_CHANNEL

    def next_change(self, channel: int, tick: int) -> float:
        """Return the tick of the first change of a channel after a tick; infinity if there is none."""
        changes = self._changes.get(channel, ())
        index = bisect_right(changes, tick, key=lambda change: change[0])
        return changes[index][0] if index < len(changes) else math.inf


def find_rhythm_parts(tracks: Sequence[Track]) -> RhythmParts:
    r"""Find the channels that are drums in the tracks of a file.

    Examples
    --------
    >>> from latentpalette.music.midi_file import MetaEvent
    >>> event = MetaEvent(480, 0xF0, bytes.fromhex("41 10 42 12 40 1b 15 01 0f f7"), 0, 0)
    >>> parts = find_rhythm_parts([Track([], [event])])
    >>> parts.is_drum(11, 0), parts.is_drum(11, 480)
    (False, True)
    """
    events = [
        (event.tick, offset, event.data)
        for track in tracks
        for offset in [channel_offset(track)]
        for event in track.meta_events
        if event.type == _SYSTEM_EXCLUSIVE
    ]
    changes: dict[int, list[tuple[int, bool]]] = {}
    for tick, offset, data in sorted(events, key=lambda event: event[0]):
        if part := _parse_part(data):
            channel, is_drum = part
            changes.setdefault(offset + channel, []).append((tick, is_drum))
        elif _RESETS.match(data):
            for channel in changes.keys() & set(range(offset, offset + 16)):
                changes[channel].append((tick, channel % 16 == DRUM_CHANNEL))
    return RhythmParts(changes)


def _parse_part(data: bytes) -> tuple[int, bool] | None:
    """Return a channel and whether it is made drums by a system exclusive event; None if the event is another one."""
    if match := _GS_PART.match(data):
        part = match[1][0] & 0x0F
        # The parts of GS are those of channel 10, of channels 1 to 9, and of channels 11 to 16.
        return (part if part > DRUM_CHANNEL else (part - 1) % (DRUM_CHANNEL + 1)), match[2][0] > 0
    if match := _XG_PART.match(data):
        return match[1][0], match[2][0] > 0
    return None
