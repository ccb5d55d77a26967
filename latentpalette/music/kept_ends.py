"""Keep the ends of notes that are not removed, where others of their channel and pitch are."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Sequence

from latentpalette.music.midi_file import NOTE_ON, ChannelEvent, Track
from latentpalette.music.raw_tracks import RawTrack


def keep_ends(
    raw: RawTrack,
    track: Track,
    complete_events: Sequence[ChannelEvent],
    *,
    channel: int,
    pitch: int,
    removed: Collection[int],
) -> None:
    """Write the note-offs of a channel and a pitch anew: one for each note that stays, where the note ended.

    Parameters
    ----------
    raw : RawTrack
        The track that is changed.
    track : Track
        The same track as it was.
    complete_events : list of (tick, status, data byte, data byte)
        Its events with all note-offs, see `latentpalette.music.channel_pairing.complete_note_offs`.
    channel, pitch : int
    removed : collection of int
        The note-ons that go, by their positions among the events of the track.
    """
    note_ons: list[int] = []
    for position, event in enumerate(track.events):
        if _plays(event, channel, pitch):
            if _begins(event):
                note_ons.append(position)
            else:
                raw.remove(position)
    waiting: deque[int] = deque()
    coming = iter(note_ons)
    for event in complete_events:
        if not _plays(event, channel, pitch):
            continue
        if _begins(event):
            waiting.append(next(coming))
        elif waiting and (position := waiting.popleft()) not in removed:
            tick, status, _, velocity = event
            raw.insert_note_off(track.events[position][0], tick, bytes([status, pitch, velocity]))


def _plays(event: ChannelEvent, channel: int, pitch: int) -> bool:
    return event[1] < 0xA0 and event[1] & 0x0F == channel and event[2] == pitch


def _begins(event: ChannelEvent) -> bool:
    return event[1] >= NOTE_ON and event[3] > 0
