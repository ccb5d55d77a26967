"""Lay the patterns of a MIDI file of type 2, which are played one after the other, end to end."""

from __future__ import annotations

from collections.abc import Sequence

from latentpalette.music.midi_clock import parse_time_signature
from latentpalette.music.midi_file import TIME_SIGNATURE, Track


def lay_end_to_end(patterns: Sequence[Track], ticks_per_quarter: int) -> list[Track]:
    """Return patterns as tracks, each beginning on the bar line at or after the end of the one before.

    Examples
    --------
    >>> patterns = [Track([(0, 0x99, 36, 80), (500, 0x99, 36, 0)], []), Track([(0, 0x99, 38, 80)], [])]
    >>> [track.events for track in lay_end_to_end(patterns, 480)]
    [[(0, 153, 36, 80), (500, 153, 36, 0)], [(1920, 153, 38, 80)]]
    """
    tracks: list[Track] = []
    start, bar_ticks = 0, ticks_per_quarter * 4
    for pattern in patterns:
        events = [(start + tick, status, first, second) for tick, status, first, second in pattern.events]
        meta_events = [event._replace(tick=start + event.tick) for event in pattern.meta_events]
        tracks.append(Track(events, meta_events))
        meter_start = start
        for event in meta_events:
            meter = parse_time_signature(event.data) if event.type == TIME_SIGNATURE else None
            if meter:
                meter_start, bar_ticks = event.tick, max(ticks_per_quarter * 4 * meter[0] // meter[1], 1)
        # Many programs end a track a tick after its last bar line.
        ticks = tracks[-1].end_tick - meter_start - max(ticks_per_quarter // 48, 1)
        start = meter_start + max(-(-ticks // bar_ticks), 1 if events else 0) * bar_ticks
    return tracks
