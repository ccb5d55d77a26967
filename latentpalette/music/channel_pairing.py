"""Pair the note-ons and note-offs of a MIDI file by channel and pitch, and sort the notes by instrument.

No note is lost: the first note-on of a pitch is paired with the first note-off, one without a note-off ends where its
pitch is played again, and one that ends where it begins lasts a step. Programs and controllers belong to the channel,
whichever track sets them.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence

from latentpalette.music.channel_programs import (
    DRUM_BANKS,
    ChannelPrograms,
    channel_offset,
    find_channel_programs,
)
from latentpalette.music.midi_file import (
    BANK_SELECT,
    CONTROL_CHANGE,
    NOTE_OFF,
    NOTE_ON,
    PROGRAM_CHANGE,
    TRACK_NAME,
    ChannelEvent,
    Track,
)
from latentpalette.music.midi_text import decode_text
from latentpalette.music.missing_note_offs import (
    Key,
    add_note_offs,
    find_foreign_note_offs,
    find_open_ons,
    find_unpaired_ons,
)
from latentpalette.music.note_pairing import Instrument
from latentpalette.music.rhythm_parts import RhythmParts, find_rhythm_parts

_OpenNote = tuple[int, int, Instrument]  # start tick and velocity of a note that has not ended


def pair_notes_by_channel(tracks: Sequence[Track], *, controller: int, ticks_per_step: int) -> list[Instrument]:
    """Return the instruments of a file that play notes, track by track, in the order of their first note-off.

    Parameters
    ----------
    tracks : list of Track
    controller : int
        Number of the controller whose changes are returned with the notes.
    ticks_per_step : int
        The length of a note that ends where it begins.

    Examples
    --------
    >>> setup = Track([(0, 0xC0, 33, 0)], [])
    >>> notes = Track([(0, 0x90, 60, 80), (10, 0x90, 60, 90), (10, 0x80, 60, 0)], [])
    >>> instruments = pair_notes_by_channel([setup, notes], controller=64, ticks_per_step=24)
    >>> [(instrument.program, instrument.notes) for instrument in instruments]
    [(33, [0, 10, 60, 80, 10, 34, 60, 90])]
    """
    programs, banks = find_channel_programs(tracks) if len(tracks) > 1 else ({}, {})
    parts = find_rhythm_parts(tracks)
    pairings = [_TrackPairing(number, track, programs, banks, parts) for number, track in enumerate(tracks)]
    for pairing in pairings:
        pairing.pair(pairing.track.events, controller, ticks_per_step)
    if any(pairing.open_notes for pairing in pairings):
        foreign_offs = _find_foreign_note_offs(pairings)
        for pairing in pairings:
            if pairing.open_notes:
                events = _merge_events(pairing, foreign_offs.get(pairing.number, []))
                unpaired_ons = find_unpaired_ons(events, pairing.open_notes)
                events = add_note_offs(events, unpaired_ons, pairing.track.end_tick)
                pairing.pair(events, controller, ticks_per_step)
    _share_control_changes(pairings)
    return [instrument for pairing in pairings for instrument in pairing.instruments]


def find_open_notes(tracks: Sequence[Track]) -> list[list[ChannelEvent]]:
    """Return the note-ons of each track that nothing but the end of their track ends.

    Examples
    --------
    >>> find_open_notes([Track([(0, 0x90, 60, 80), (10, 0x90, 62, 90), (20, 0x80, 60, 0)], [])])
    [[(10, 144, 62, 90)]]
    """
    return [
        [events[position] for position in find_open_ons(events, unpaired_ons)]
        for events, unpaired_ons in _find_unpaired_ons(tracks)
    ]


def complete_note_offs(tracks: Sequence[Track]) -> list[list[ChannelEvent]]:
    """Return the events of each track with a note-off for every note; then the first of a pitch ends the first note.

    Examples
    --------
    >>> complete_note_offs([Track([(0, 0x90, 60, 80), (10, 0x90, 60, 90), (20, 0x80, 60, 0)], [])])
    [[(0, 144, 60, 80), (10, 128, 60, 0), (10, 144, 60, 90), (20, 128, 60, 0)]]
    """
    return [
        add_note_offs(events, unpaired_ons, track.end_tick)
        for track, (events, unpaired_ons) in zip(tracks, _find_unpaired_ons(tracks), strict=True)
    ]


class _TrackPairing:
    """The pairing of the notes of one track."""

    def __init__(
        self,
        number: int,
        track: Track,
        programs: Mapping[int, ChannelPrograms],
        banks: Mapping[int, ChannelPrograms],
        rhythm_parts: RhythmParts,
    ) -> None:
        self.number = number
        self.track = track
        self.offset = channel_offset(track)
        self._shared_programs = self._set_elsewhere(programs)
        self._shared_banks = self._set_elsewhere(banks)
        self._rhythm_parts = rhythm_parts
        self.instruments: list[Instrument] = []  # in the order of their first note-off
        self.open_notes: dict[Key, _OpenNote] = {}
        self.unpaired_offs: list[tuple[int, Key]] = []
        self.control_changes: dict[int, list[tuple[int, int]]] = {}  # by channel

    def pair(self, events: Iterable[ChannelEvent], controller: int, ticks_per_step: int) -> None:
        """Pair the notes of some events; what was paired before is forgotten."""
        self.instruments, self.unpaired_offs, self.control_changes = [], [], {}
        self.open_notes = open_notes = {}
        waiting: dict[Key, deque[_OpenNote]] = {}  # notes that began while an earlier one of their pitch sounded
        instruments: dict[tuple[int, int, bool], Instrument] = {}  # by program, channel and whether they are drums
        own_programs = [(-1, 0)] * 16  # tick and program, by channel
        own_banks = [(-1, 0)] * 16
        playing: list[Instrument | None] = [None] * 16  # by channel; None where it has to be looked up,
        holds_until: list[float] = [math.inf] * 16  # as it has to be from this tick on
        for tick, status, first, second in events:
            if status < 0xA0:
                key = (status & 0x0F) << 7 | first
                if status >= NOTE_ON and second:
                    channel = status & 0x0F
                    instrument = playing[channel]
                    if instrument is None or tick >= holds_until[channel]:
                        program = self._find(self._shared_programs, channel, tick, own_programs[channel])
                        is_drum = self._find(self._shared_banks, channel, tick, own_banks[channel]) in DRUM_BANKS
                        is_drum = is_drum or self._rhythm_parts.is_drum(self.offset + channel, tick)
                        instrument = instruments.get((program, channel, is_drum))
                        if instrument is None:
                            instrument = Instrument("", program, channel, track=self.number, is_drum=is_drum)
                            instrument.name = self._name_at(tick)
                            instruments[program, channel, is_drum] = instrument
                        playing[channel] = instrument
                        holds_until[channel] = self._next_change(channel, tick)
                    note = (tick, second, instrument)
                    if key in open_notes:
                        waiting.setdefault(key, deque()).append(note)
                    else:
                        open_notes[key] = note
                    continue
                ended = open_notes.pop(key, None)
                if ended is None:
                    self.unpaired_offs.append((tick, key))
                    continue
                if waiting and key in waiting:
                    open_notes[key] = waiting[key].popleft()
                    if not waiting[key]:
                        del waiting[key]
                start, velocity, instrument = ended
                if not instrument.notes:
                    self.instruments.append(instrument)
                instrument.notes += (start, tick if tick > start else start + ticks_per_step, first, velocity)
            elif status & 0xF0 == PROGRAM_CHANGE:
                own_programs[status & 0x0F] = (tick, first)
                playing[status & 0x0F] = None
            elif first == controller and status & 0xF0 == CONTROL_CHANGE:
                self.control_changes.setdefault(status & 0x0F, []).append((tick, second))
            elif first == BANK_SELECT and status & 0xF0 == CONTROL_CHANGE:
                own_banks[status & 0x0F] = (tick, second)
                playing[status & 0x0F] = None

    def _set_elsewhere(self, channel_values: Mapping[int, ChannelPrograms]) -> dict[int, ChannelPrograms]:
        """Return the programs, or banks, of the channels [0 to 15] for which other tracks set them, too."""
        return {
            channel - self.offset: values
            for channel, values in channel_values.items()
            if 0 <= channel - self.offset < 16 and values.tracks != {self.number}
        }

    def _find(self, shared: Mapping[int, ChannelPrograms], channel: int, tick: int, own_change: tuple[int, int]) -> int:
        """Return the program, or the bank, of a note-on."""
        values = shared.get(channel)
        return values.find(tick, track=self.number, own=own_change) if values else own_change[1]

    def _next_change(self, channel: int, tick: int) -> float:
        """Return the tick at which another track, or a system exclusive event, may change what a channel plays."""
        shared = (values.get(channel) for values in (self._shared_programs, self._shared_banks))
        ticks = [values.next_change(tick) for values in shared if values]
        return min([self._rhythm_parts.next_change(self.offset + channel, tick), *ticks])

    def _name_at(self, tick: int) -> str:
        """Return the name of the track at a tick: the last one up to there, or else the first."""
        names = [event for event in self.track.meta_events if event.type == TRACK_NAME]
        index = bisect_right(names, tick, key=lambda event: event.tick) - 1
        return decode_text(names[max(index, 0)].data) if names else ""


def _find_unpaired_ons(tracks: Sequence[Track]) -> Iterator[tuple[list[ChannelEvent], dict[Key, list[int]]]]:
    """Yield the events of each track, with the note-offs on other tracks of its notes, and the note-ons without one."""
    parts = RhythmParts({})
    pairings = [_TrackPairing(number, track, {}, {}, parts) for number, track in enumerate(tracks)]
    for pairing in pairings:
        pairing.pair(pairing.track.events, controller=-1, ticks_per_step=1)
    foreign_offs = _find_foreign_note_offs(pairings)
    for pairing in pairings:
        events = _merge_events(pairing, foreign_offs.get(pairing.number, []))
        yield events, find_unpaired_ons(events, pairing.open_notes)


def _find_foreign_note_offs(pairings: Sequence[_TrackPairing]) -> dict[int, list[tuple[int, Key]]]:
    """Find the note-offs on other tracks that the open notes of each track may have: (tick, key)."""
    offs: dict[int, dict[Key, list[int]]] = {}
    for pairing in pairings:
        for tick, key in pairing.unpaired_offs:
            offs.setdefault(pairing.number, {}).setdefault(pairing.offset << 7 | key, []).append(tick)
    if not offs or len(pairings) == 1:
        return {}
    ons: dict[int, dict[Key, list[int]]] = {}
    for pairing in pairings:
        events = pairing.track.events
        if pairing.open_notes:
            ons[pairing.number] = {
                pairing.offset << 7 | key: [events[position][0] for position in positions]
                for key, positions in find_unpaired_ons(events, pairing.open_notes).items()
            }
    return find_foreign_note_offs(ons, offs)


def _merge_events(pairing: _TrackPairing, foreign_offs: Sequence[tuple[int, Key]]) -> list[ChannelEvent]:
    """Return the events of a track and the note-offs on other tracks of its notes."""
    # At one tick the note-offs of other tracks come last, so that they may end a note that begins there.
    return sorted(
        [
            *pairing.track.events,
            *((tick, NOTE_OFF | key >> 7 & 0x0F, key & 0x7F, 0) for tick, key in foreign_offs),
        ],
        key=lambda event: event[0],
    )


def _share_control_changes(pairings: Sequence[_TrackPairing]) -> None:
    """Give each instrument all control changes of its channel, in the order of time."""
    by_channel: dict[int, list[tuple[int, int]]] = {}
    for pairing in pairings:
        for channel, changes in pairing.control_changes.items():
            by_channel.setdefault(pairing.offset + channel, []).extend(changes)
    for changes in by_channel.values():
        changes.sort(key=lambda change: change[0])
    for pairing in pairings:
        for instrument in pairing.instruments:
            instrument.control_changes = by_channel.get(pairing.offset + instrument.channel, [])
