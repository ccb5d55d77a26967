"""The programs and banks of MIDI channels, where several tracks set them.

In the bank 127 of Yamaha's XG and 120 of General MIDI 2, programs are drum kits, on any channel. FluidSynth reads them
so, too.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence

from latentpalette.music.midi_file import BANK_SELECT, CONTROL_CHANGE, MIDI_PORT, PROGRAM_CHANGE, Track

DRUM_BANKS = (120, 127)


class ChannelPrograms:
    """The programs of one channel over time, or its banks.

    A program holds from where it is set until the next one, whichever track sets it. Of several at the same tick, a
    track plays its own.

    Parameters
    ----------
    changes : list of (tick, track, program)
        In the order of ticks, then tracks, then the file.

    Examples
    --------
    >>> programs = ChannelPrograms([(0, 0, 33), (0, 1, 5), (960, 0, 40)])
    >>> programs.find(480, track=2), programs.find(480, track=0, own=(0, 33)), programs.find(960, track=1, own=(0, 5))
    (5, 33, 40)
    """

    def __init__(self, changes: Sequence[tuple[int, int, int]]) -> None:
        self.tracks = {track for _, track, _ in changes}
        self._ticks: list[int] = []
        self._last: list[tuple[int, int, int | None]] = []  # track and program, and the last program of another track
        for tick, track, program in changes:
            other = None
            if self._ticks and self._ticks[-1] == tick:
                last_track, last_program, other = self._last.pop()
                other = last_program if last_track != track else other
            else:
                self._ticks.append(tick)
            self._last.append((track, program, other))

    def find(self, tick: int, *, track: int, own: tuple[int, int] = (-1, 0)) -> int:
        """Return the program of a note-on of a track.

        Parameters
        ----------
        tick, track : int
        own : (tick, program)
            The last change before the note-on in its own track; (-1, 0) if there is none.
        """
        own_tick, own_program = own
        index = bisect_right(self._ticks, tick) - 1
        while index >= 0 and self._ticks[index] > own_tick:
            last_track, program, other = self._last[index]
            if last_track != track:
                return program
            if other is not None:
                return other
            index -= 1  # a change at this tick, after the note-on; there is at most one such tick
        return own_program

    def next_change(self, tick: int) -> float:
        """Return the tick of the first change after a tick; infinity if there is none."""
        index = bisect_right(self._ticks, tick)
        return self._ticks[index] if index < len(self._ticks) else math.inf


def find_channel_programs(
    tracks: Sequence[Track],
) -> tuple[dict[int, ChannelPrograms], dict[int, ChannelPrograms]]:
    """Find the programs and the banks of the channels of a file; see `channel_offset` for the numbers of channels.

    Examples
    --------
    >>> setup = Track([(0, 0xC2, 33, 0), (0, 0xBA, 0, 127)], [])
    >>> programs, banks = find_channel_programs([setup, Track([(480, 0x92, 40, 80)], [])])
    >>> programs[2].find(480, track=1), banks[10].find(480, track=1)
    (33, 127)
    """
    programs: dict[int, list[tuple[int, int, int]]] = {}
    banks: dict[int, list[tuple[int, int, int]]] = {}
    for number, track in enumerate(tracks):
        offset = channel_offset(track)
        for tick, status, first, second in track.events:
            if status < CONTROL_CHANGE:  # most events are notes
                continue
            if status & 0xF0 == PROGRAM_CHANGE:
                programs.setdefault(offset + (status & 0x0F), []).append((tick, number, first))
            elif first == BANK_SELECT and status & 0xF0 == CONTROL_CHANGE:
                banks.setdefault(offset + (status & 0x0F), []).append((tick, number, second))
    return _sort_changes(programs), _sort_changes(banks)


def _sort_changes(changes: dict[int, list[tuple[int, int, int]]]) -> dict[int, ChannelPrograms]:
    for channel_changes in changes.values():
        channel_changes.sort(key=lambda change: change[:2])
    return {channel: ChannelPrograms(channel_changes) for channel, channel_changes in changes.items()}


def channel_offset(track: Track) -> int:
    """Return what to add to the channels of a track: files for more than 16 channels have several ports.

    Examples
    --------
    >>> from latentpalette.music.midi_file import MetaEvent
    >>> channel_offset(Track([], [MetaEvent(0, MIDI_PORT, bytes([1]), 0, 0)]))
    16
    """
    ports = (event.data[0] for event in track.meta_events if event.type == MIDI_PORT and event.data)
    return 16 * next(ports, 0)
