"""Find the tracks and channels of a MIDI file for new drum hits, so that its other notes stay as they are."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Sequence

from latentpalette.music.channel_pairing import find_open_notes
from latentpalette.music.channel_programs import channel_offset
from latentpalette.music.midi_file import NOTE_ON, Track
from latentpalette.music.note_pairing import DRUM_CHANNEL
from latentpalette.music.rhythm_parts import find_rhythm_parts

NEW_TRACK = -1  # the number of a track that the file does not have yet
_NUM_PORTS = 128

Hit = tuple[int, int, int, int]
"""The track, channel, pitch and tick of a drum hit."""


class HitPlaces:
    """The places for new hits: tracks and channels where hits are already, and a new track.

    A hit is paired with a note-off by its track, channel and pitch. So that no other note gets another end, no hit is
    added or moved where another note has the same three; none after the end of a track that ends other notes, as it
    would then end later; and none where its channel is not drums at its tick.

    Parameters
    ----------
    hits : list of (track, channel, pitch, tick)
        The hits that there are.
    tracks : list of Track
    onsets : collection of (track, channel, tick)
        Where drums begin, see `latentpalette.music.track_choice.drum_onsets`.

    Examples
    --------
    >>> events = [(0, 0x99, 36, 80), (0, 0x90, 36, 80), (480, 0x80, 36, 0)]
    >>> places = HitPlaces([(0, 9, 36, 0)], [Track(events, [])], {(0, 9, 0)})
    >>> places.find(38, tick=480), places.allow_move((0, 9, 36, 0), tick=10)
    ((0, 9), True)
    """

    def __init__(self, hits: Sequence[Hit], tracks: Sequence[Track], onsets: Collection[tuple[int, int, int]]) -> None:
        self._rhythm_parts = find_rhythm_parts(tracks)
        self._offsets = [channel_offset(track) for track in tracks]
        self._other_notes = {
            (number, status & 0x0F, pitch)
            for number, track in enumerate(tracks)
            for tick, status, pitch, velocity in track.events
            if NOTE_ON <= status < 0xA0 and velocity and (number, status & 0x0F, tick) not in onsets
        }
        self._channels_of_other_notes = {(track, channel) for track, channel, _ in self._other_notes}
        self._last_ticks = [
            track.end_tick - 1
            if any((number, status & 0x0F, tick) not in onsets for tick, status, _, _ in open_notes)
            else math.inf
            for number, (track, open_notes) in enumerate(zip(tracks, find_open_notes(tracks), strict=True))
        ]
        self._hits_at = Counter((track, channel) for track, channel, _, _ in hits)
        if not hits and len(tracks) == 1:
            self._hits_at[0, DRUM_CHANNEL] = 0
        self._hits_by_pitch: dict[int, Counter[tuple[int, int]]] = {}
        for track, channel, pitch, _ in hits:
            self._hits_by_pitch.setdefault(pitch, Counter())[track, channel] += 1
        # Drums because of their bank, their name or a choice.
        self._drums_elsewhere = {
            (track, channel) for track, channel, _, tick in hits if not self._is_rhythm_part(track, channel, tick)
        }

    def find(self, pitch: int, tick: int) -> tuple[int, int]:
        """Return the track and the channel for a hit: where most are, of its pitch if there are any."""
        for candidates in (self._hits_by_pitch.get(pitch, ()), self._hits_at):
            allowed = [place for place in candidates if self._is_allowed(place, pitch, tick)]
            if allowed:
                return max(allowed, key=self._hits_at.__getitem__)
        return NEW_TRACK, DRUM_CHANNEL

    def find_channel(self, ticks: Collection[int]) -> tuple[int, int]:
        """Return a port and a channel on which a new track is drums at some ticks: channel 10 if possible."""
        if self._drums_elsewhere and self._drums_elsewhere.issuperset(self._hits_at):
            track, channel = max(self._hits_at, key=self._hits_at.__getitem__)
            return self._offsets[track] // 16, channel
        is_drum = self._rhythm_parts.is_drum
        ports = (port for port in range(_NUM_PORTS) if all(is_drum(16 * port + DRUM_CHANNEL, tick) for tick in ticks))
        return next(ports, 0), DRUM_CHANNEL

    def is_shared(self, track: int, channel: int, pitch: int) -> bool:
        """Return True if other notes have a track, a channel and a pitch."""
        return (track, channel, pitch) in self._other_notes

    def allow_move(self, hit: Hit, tick: int) -> bool:
        """Return True if a hit may be moved to a tick."""
        track, channel, pitch, start = hit
        if start == tick:
            return True
        if max(start, tick) > self._last_ticks[track]:
            return False
        was_part = self._is_rhythm_part(track, channel, start)
        is_part = self._is_rhythm_part(track, channel, tick)
        return (track, channel, pitch) not in self._other_notes and was_part == is_part

    def _is_allowed(self, place: tuple[int, int], pitch: int, tick: int) -> bool:
        if (*place, pitch) in self._other_notes or tick > self._last_ticks[place[0]]:
            return False
        if place not in self._drums_elsewhere:
            return self._is_rhythm_part(*place, tick)
        # A hit on channel 10 would end the reading of drums by their names.
        return place not in self._channels_of_other_notes and not self._is_rhythm_part(*place, tick)

    def _is_rhythm_part(self, track: int, channel: int, tick: int) -> bool:
        return self._rhythm_parts.is_drum(self._offsets[track] + channel, tick)
