"""Tempos and time signatures of a MIDI file."""

from __future__ import annotations

from typing import NamedTuple

from latentpalette.errors import MidiError
from latentpalette.music.midi_file import SET_TEMPO, TIME_SIGNATURE, MetaEvent, MidiFile
from latentpalette.music.sequence import MAX_QPM
from latentpalette.music.skipped import Skipped

_MIN_MICROSECONDS = 60_000_000 // MAX_QPM
_MAX_DENOMINATOR_POWER = 7  # 128ths, the shortest notes that notation programs write


class Clock(NamedTuple):
    """The tempos and time signatures of a file, in order.

    Parameters
    ----------
    tempos : list of (tick, microseconds per quarter note)
    time_signatures : list of (tick, numerator, denominator)
    """

    tempos: list[tuple[int, int]]
    time_signatures: list[tuple[int, int, int]]


def read_clock(file: MidiFile) -> tuple[Clock, list[Skipped]]:
    r"""Read the tempos and time signatures of all tracks; those that cannot be are skipped.

    Of several at the same tick the last one holds, track after track, as in players.

    Examples
    --------
    >>> from latentpalette.music.midi_file import Track
    >>> first, second = MetaEvent(0, SET_TEMPO, bytes(3), 0, 0), MetaEvent(0, SET_TEMPO, b"\x0a\x2c\x2b", 0, 0)
    >>> clock, skipped = read_clock(MidiFile(480, [Track([], [first]), Track([], [second])]))
    >>> clock.tempos, skipped[0].kind, skipped[0].example
    ([(0, 666667)], 'impossible tempos are ignored', '0')
    """
    events = [
        event for track in file.tracks for event in track.meta_events if event.type in (SET_TEMPO, TIME_SIGNATURE)
    ]
    events.sort(key=lambda event: event.tick)
    tempos: dict[int, int] = {}
    time_signatures: dict[int, tuple[int, int]] = {}
    skipped: list[Skipped] = []
    for event in events:
        if event.type == SET_TEMPO:
            microseconds = int.from_bytes(event.data[:3], "big")
            if len(event.data) < 3:
                skipped.append(Skipped("events that are cut short are ignored", "a tempo", event.tick))
            elif microseconds < _MIN_MICROSECONDS:
                qpm = f"{60_000_000 / microseconds:,.0f}" if microseconds else "0"
                skipped.append(Skipped("impossible tempos are ignored", qpm, event.tick))
            else:
                tempos[event.tick] = microseconds
        elif len(event.data) < 2:
            skipped.append(Skipped("events that are cut short are ignored", "a time signature", event.tick))
        elif meter := parse_time_signature(event.data):
            time_signatures[event.tick] = meter
        else:
            text = f"{event.data[0]}/{2 ** min(event.data[1], 99)}"
            skipped.append(Skipped("impossible time signatures are ignored", text, event.tick))
    return Clock(list(tempos.items()), [(tick, *meter) for tick, meter in time_signatures.items()]), skipped


def read_clock_of_first_track(file: MidiFile, name: str) -> Clock:
    """Read the tempos and time signatures of the first track, by pretty_midi's rules.

    Raises
    ------
    MidiError
        If a tempo cannot be.
    """
    meta_events = file.tracks[0].meta_events
    tempos = [_parse_tempo(event, name) for event in meta_events if event.type == SET_TEMPO]
    meters = [event for event in meta_events if event.type == TIME_SIGNATURE and len(event.data) >= 2]
    return Clock(tempos, [(event.tick, event.data[0], 2 ** event.data[1]) for event in meters])


def parse_time_signature(data: bytes) -> tuple[int, int] | None:
    """Return the numerator and denominator of a time signature; None if it cannot be.

    Examples
    --------
    >>> parse_time_signature(bytes([6, 3, 24, 8])), parse_time_signature(bytes([2, 33, 24, 8]))
    ((6, 8), None)
    """
    if len(data) < 2 or not data[0] or data[1] > _MAX_DENOMINATOR_POWER:
        return None
    return data[0], 2 ** data[1]


def _parse_tempo(event: MetaEvent, name: str) -> tuple[int, int]:
    microseconds = int.from_bytes(event.data[:3], "big")
    if microseconds == 0 or len(event.data) < 3:
        raise MidiError(f"{name}: not a readable MIDI file (a tempo of {event.data!r}). Export it again.")
    return event.tick, microseconds
