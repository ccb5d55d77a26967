"""MIDI files in bulk: the same scores as `latentpalette.music.midi` reads, by symusic, in a fraction of the time.

Where a file is written in a way that the two libraries understand differently, or not at all, the slow reader decides.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentpalette.music import midi
from latentpalette.music.score import Score

Columns = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]

_TEXT_AT_END = midi.END.encode()
_TEMPO_OR_METER, _END_OF_TRACK = (0x51, 0x58), 0x2F
_MOST_TICKS = 10_000_000  # pretty_midi refuses more


def read_score(source: midi.Source) -> Score:
    """Read a MIDI file as a `Score`, as `latentpalette.music.midi.read_score` does.

    Parameters
    ----------
    source : path or bytes

    Raises
    ------
    MidiError
        If it cannot be read.

    Notes
    -----
    Notes of one part that end at the same tick may stand in another order; no window depends on it.

    Examples
    --------
    >>> from latentpalette.music.sequence import Note, NoteSequence
    >>> data = midi.to_bytes(NoteSequence([Note(60, 0, 4), Note(62, 5, 2, offset=0.25)], steps=16))
    >>> read_score(data).start.tolist() == midi.read_score(data).start.tolist() == [0.0, 5.25]
    True
    """
    name, data = midi.checked(source)
    return _quick(name, data) or midi.read_score(source)


@dataclass(frozen=True)
class _Change:
    """A change of meter, as `latentpalette.music.midi` wants it."""

    time: float
    numerator: int
    denominator: int


class _Tempos:
    """Ticks to seconds with pretty_midi's own arithmetic, to the last bit."""

    def __init__(self, changes: list[tuple[int, int]], resolution: int) -> None:
        scales = [(0, 60.0 / (120.0 * resolution))]
        for tick, microseconds in changes:
            scale = 60.0 / ((6e7 / microseconds) * resolution)
            if tick == 0:
                scales = [(0, scale)]
            elif scale != scales[-1][1]:
                scales.append((tick, scale))
        self.resolution = resolution
        self._ticks = np.array([tick for tick, _ in scales])
        self._scales = np.array([scale for _, scale in scales])
        times = [0.0]
        for (tick, scale), (after, _) in pairwise(scales):
            times.append(times[-1] + scale * (after - tick))
        self._times = np.array(times)

    def seconds(self, ticks: NDArray[np.int64]) -> NDArray[np.float64]:
        # A tick at which the tempo changes still has the time that the tempo before gave it: the same number.
        piece = np.searchsorted(self._ticks, ticks, side="right") - 1
        return self._times[piece] + self._scales[piece] * (ticks - self._ticks[piece])

    def get_tempo_changes(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        return self.seconds(self._ticks), 60.0 / (self._scales * self.resolution)


def _quick(name: str, data: bytes) -> Score | None:
    """The score, or None where the slow reader has to decide."""
    strikes = _strikes(data)
    if strikes is None:
        return None
    import symusic

    try:
        read: Any = symusic.Score.from_midi(data)
        tracks = [track for track in read.tracks if len(track.notes)]
        called = [track.name for track in tracks]
    except Exception:
        return None
    if any("\ufffd" in words for words in called):  # not UTF-8; symusic has already thrown the letters away
        return None
    # A track with several programs is several parts, in an order and with notes that the two see differently; and of
    # a note that was struck twice and let go once, symusic keeps one.
    if [len(track.notes) for track in tracks] != strikes:
        return None
    parts: list[Columns] = []
    for track in tracks:
        part = _notes(track.notes.numpy())
        if part is None or part[1].max(initial=0) > _MOST_TICKS:
            return None
        parts.append(part)
    tempos = _Tempos([(tempo.time, tempo.mspq) for tempo in read.tempos], read.ticks_per_quarter)
    meters = [
        _Change(float(tempos.seconds(np.array([meter.time]))[0]), meter.numerator, meter.denominator)
        for meter in read.time_signatures
    ]
    counts = [len(part[0]) for part in parts]
    start, end, pitch, velocity = (
        np.concatenate([part[column] for part in parts] or [np.zeros(0, int)]) for column in range(4)
    )
    return midi.assembled(
        name,
        columns=(
            pitch.astype(int),
            velocity.astype(int),
            np.repeat([track.program for track in tracks], counts).astype(int),
            np.repeat(np.arange(len(tracks)), counts).astype(int),
            np.repeat([track.is_drum for track in tracks], counts).astype(bool),
            tempos.seconds(start),
            tempos.seconds(end),
        ),
        clock=tempos,
        meters=meters,
        marks=(),
        instruments=[
            (track.is_drum, words.encode().decode("latin-1").strip(), track.program)
            for track, words in zip(tracks, called, strict=True)
        ],
        pedal=tuple(
            (number, float(tempos.seconds(np.array([change.time]))[0]), change.value >= 64)
            for number, track in enumerate(tracks)
            for change in track.controls
            if change.number == midi.SUSTAIN
        ),
    )


def _strikes(data: bytes) -> list[int] | None:
    """How many notes each track strikes that strikes any; None unless the file is whole and plain.

    Plain: tempos and meters are in its first track alone, and it has no mark of ours at its end.
    """
    kind, many, _ = struct.unpack(">HHH", data[8:14])
    at = 8 + struct.unpack(">I", data[4:8])[0]
    strikes: list[int] = []
    try:
        while data[at : at + 4] == b"MTrk":
            stop = at + 8 + struct.unpack(">I", data[at + 4 : at + 8])[0]
            found = _strikes_in(data, at + 8, stop, first=not strikes)
            if found is None:
                return None
            at = stop
            strikes.append(found)
    except (IndexError, struct.error):  # it ends in the middle of something
        return None
    whole = kind < 2 and 0 < len(strikes) == many and at == len(data) and _TEXT_AT_END not in data
    return [count for count in strikes if count] if whole else None


def _strikes_in(data: bytes, at: int, stop: int, *, first: bool) -> int | None:
    """How many notes one track strikes; None as `_strikes`."""
    status = strikes = 0
    while at < stop:
        while data[at] & 0x80:  # how long until then
            at += 1
        at += 1
        if data[at] & 0x80:
            status = data[at]
            at += 1
        if status >= 0xF0:  # its length follows
            what = data[at]
            if status == 0xFF:
                at += 1
                if not first and what in _TEMPO_OR_METER:
                    return None
            elif status not in (0xF0, 0xF7):
                return None
            size = 0
            while data[at] & 0x80:
                size = (size | data[at] & 0x7F) << 7
                at += 1
            at += 1 + (size | data[at])
            if status == 0xFF and what == _END_OF_TRACK:
                return strikes if at == stop else None
        elif status < 0x80:
            return None
        else:
            size = 1 if status & 0xE0 == 0xC0 else 2
            if data[at] & 0x80 or data[at + size - 1] & 0x80:
                return None
            strikes += status & 0xF0 == 0x90 and data[at + 1] > 0
            at += size
    return None


def _notes(notes: dict[str, NDArray]) -> Columns | None:
    """Start, end [ticks], pitch and velocity of a part's notes in the order of their ends, as pretty_midi has them.

    Where a key is struck again while it is down, symusic ends one note at each note-off, pretty_midi all of them.
    """
    start, pitch, velocity = (notes[name].astype(np.int64) for name in ("time", "pitch", "velocity"))
    end = start + notes["duration"].astype(np.int64)
    if not ((end > start).all() and (start >= 0).all() and (velocity > 0).all()):
        return None
    order = np.lexsort((end, start, pitch))
    start, end, pitch, velocity = (column[order] for column in (start, end, pitch, velocity))
    again = np.flatnonzero((pitch[1:] == pitch[:-1]) & (start[1:] < end[:-1]))
    kept = np.ones(len(start), bool)
    for key in np.unique(pitch[again]):
        mine = np.flatnonzero(pitch == key)
        ends = _ends(start[mine].tolist(), sorted(end[mine].tolist()))
        if ends is None:
            return None
        end[mine] = ends
        kept[mine] = end[mine] > 0
    start, end, pitch, velocity = (column[kept] for column in (start, end, pitch, velocity))
    order = np.lexsort((start, end))
    return start[order], end[order], pitch[order], velocity[order]


def _ends(starts: list[int], offs: list[int]) -> list[int] | None:
    """Where pretty_midi ends each note of a key; 0 where it never does, None where the file's own order matters.

    Examples
    --------
    >>> _ends([0, 5, 20], [10, 15, 30])
    [10, 10, 30]
    """
    ends = [0] * len(starts)
    closed = 0
    for off in offs:
        until = closed
        while until < len(starts) and starts[until] < off:
            until += 1
        if until == closed and until < len(starts) and starts[until] == off:
            return None
        ends[closed:until] = [off] * (until - closed)
        closed = until
    return ends
