"""Read MIDI files fast, with symusic: the same scores as `latentpalette.music.midi` reads, in a fraction of the time.

Where the two libraries understand a file differently, or symusic cannot read it, pretty_midi reads it.
"""

from __future__ import annotations

import struct
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from latentpalette.music import midi
from latentpalette.music.score import Score
from latentpalette.music.score_builder import build_score
from latentpalette.music.tempo import TickTempoMap

Columns = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]

_END_MARKER = midi.END_MARKER.encode()
_TEMPO_OR_TIME_SIGNATURE, _END_OF_TRACK = (0x51, 0x58), 0x2F
_MAX_TICKS = 10_000_000  # pretty_midi refuses more


def read_score(source: midi.MidiSource) -> Score:
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
    Notes of one track that end at the same tick may stand in another order; no window depends on it.

    Examples
    --------
    >>> from latentpalette.music.sequence import Note, NoteSequence
    >>> data = midi.to_bytes(NoteSequence([Note(60, 0, 4), Note(62, 5, 2, offset=0.25)], steps=16))
    >>> read_score(data).start.tolist() == midi.read_score(data).start.tolist() == [0.0, 5.25]
    True
    """
    name, data = midi.read_bytes(source)
    return _read_symusic(name, data) or midi.read_score(source)


class _TimeSignature(NamedTuple):
    """A time signature as `build_score` reads it."""

    time: float
    numerator: int
    denominator: int


def _read_symusic(file_name: str, data: bytes) -> Score | None:
    """Return the score, or None where pretty_midi has to read the file."""
    note_ons = _count_note_ons(data)
    if note_ons is None:
        return None
    import symusic

    try:
        score: Any = symusic.Score.from_midi(data)
        tracks = [track for track in score.tracks if len(track.notes)]
        names = [track.name for track in tracks]
    except Exception:
        return None
    if any("\ufffd" in name for name in names):  # not UTF-8; symusic has dropped the bytes
        return None
    # pretty_midi splits a track with several programs, and symusic drops one of two notes that share a note-off.
    if [len(track.notes) for track in tracks] != note_ons:
        return None
    notes: list[Columns] = []
    for track in tracks:
        columns = _notes_like_pretty_midi(track.notes.numpy())
        if columns is None or columns[1].max(initial=0) > _MAX_TICKS:
            return None
        notes.append(columns)
    tempo_map = TickTempoMap(
        [(tempo.time, tempo.mspq) for tempo in score.tempos], ticks_per_quarter=score.ticks_per_quarter
    )

    def seconds(tick: int) -> float:
        return float(tempo_map.ticks_to_seconds(np.array([tick]))[0])

    counts = [len(columns[0]) for columns in notes]
    start, end, pitch, velocity = (
        np.concatenate([columns[index] for columns in notes] or [np.zeros(0, int)]) for index in range(4)
    )
    return build_score(
        file_name,
        columns=(
            pitch.astype(int),
            velocity.astype(int),
            np.repeat([track.program for track in tracks], counts).astype(int),
            np.repeat(np.arange(len(tracks)), counts).astype(int),
            np.repeat([track.is_drum for track in tracks], counts).astype(bool),
            tempo_map.ticks_to_seconds(start),
            tempo_map.ticks_to_seconds(end),
        ),
        tempo_map=tempo_map,
        time_signatures=[
            _TimeSignature(seconds(signature.time), signature.numerator, signature.denominator)
            for signature in score.time_signatures
        ],
        end_markers=(),
        track_names=[
            midi.track_name(name.encode().decode("latin-1").strip(), track.program, is_drum=track.is_drum)
            for track, name in zip(tracks, names, strict=True)
        ],
        sustain_pedal=tuple(
            (number, seconds(change.time), change.value >= 64)
            for number, track in enumerate(tracks)
            for change in track.controls
            if change.number == midi.SUSTAIN_CC
        ),
    )


def _count_note_ons(data: bytes) -> list[int] | None:
    """Count the note-ons of each track that has any; None unless the file is complete and simple.

    Simple: tempos and time signatures are in the first track alone, and there is no `midi.END_MARKER`.
    """
    file_type, num_tracks, _ = struct.unpack(">HHH", data[8:14])
    position = 8 + struct.unpack(">I", data[4:8])[0]
    counts: list[int] = []
    try:
        while data[position : position + 4] == b"MTrk":
            stop = position + 8 + struct.unpack(">I", data[position + 4 : position + 8])[0]
            count = _count_track_note_ons(data, position + 8, stop, is_first=not counts)
            if count is None:
                return None
            position = stop
            counts.append(count)
    except (IndexError, struct.error):  # the file ends inside an event
        return None
    is_complete = file_type < 2 and 0 < len(counts) == num_tracks and position == len(data)
    return [count for count in counts if count] if is_complete and _END_MARKER not in data else None


def _count_track_note_ons(data: bytes, position: int, stop: int, *, is_first: bool) -> int | None:
    """Count the note-ons of one track; None as for `_count_note_ons`."""
    status = count = 0
    while position < stop:
        while data[position] & 0x80:  # delta time
            position += 1
        position += 1
        if data[position] & 0x80:
            status = data[position]
            position += 1
        if status >= 0xF0:  # meta or system exclusive: a length, then so many bytes
            meta_type = data[position]
            if status == 0xFF:
                position += 1
                if not is_first and meta_type in _TEMPO_OR_TIME_SIGNATURE:
                    return None
            elif status not in (0xF0, 0xF7):
                return None
            size = 0
            while data[position] & 0x80:
                size = (size | data[position] & 0x7F) << 7
                position += 1
            position += 1 + (size | data[position])
            if status == 0xFF and meta_type == _END_OF_TRACK:
                return count if position == stop else None
        elif status < 0x80:
            return None
        else:
            size = 1 if status & 0xE0 == 0xC0 else 2
            if data[position] & 0x80 or data[position + size - 1] & 0x80:
                return None
            count += status & 0xF0 == 0x90 and data[position + 1] > 0
            position += size
    return None


def _notes_like_pretty_midi(notes: dict[str, NDArray]) -> Columns | None:
    """Return start, end [ticks], pitch and velocity of a track's notes in the order of their ends, as pretty_midi does.

    Where a pitch starts again while it sounds, symusic ends one note at each note-off, pretty_midi all of them.
    """
    start, pitch, velocity = (notes[name].astype(np.int64) for name in ("time", "pitch", "velocity"))
    end = start + notes["duration"].astype(np.int64)
    if not ((end > start).all() and (start >= 0).all() and (velocity > 0).all()):
        return None
    order = np.lexsort((end, start, pitch))
    start, end, pitch, velocity = (column[order] for column in (start, end, pitch, velocity))
    overlapping = np.flatnonzero((pitch[1:] == pitch[:-1]) & (start[1:] < end[:-1]))
    is_ended = np.ones(len(start), bool)
    for overlapping_pitch in np.unique(pitch[overlapping]):
        index = np.flatnonzero(pitch == overlapping_pitch)
        ends = _note_offs_like_pretty_midi(start[index].tolist(), sorted(end[index].tolist()))
        if ends is None:
            return None
        end[index] = ends
        is_ended[index] = end[index] > 0
    start, end, pitch, velocity = (column[is_ended] for column in (start, end, pitch, velocity))
    order = np.lexsort((start, end))
    return start[order], end[order], pitch[order], velocity[order]


def _note_offs_like_pretty_midi(starts: list[int], note_offs: list[int]) -> list[int] | None:
    """Return the end of each note of a pitch, 0 for a note without one; None where the order in the file decides.

    Examples
    --------
    >>> _note_offs_like_pretty_midi([0, 5, 20], [10, 15, 30])
    [10, 10, 30]
    """
    ends = [0] * len(starts)
    ended = 0
    for note_off in note_offs:
        started = ended
        while started < len(starts) and starts[started] < note_off:
            started += 1
        if started == ended and started < len(starts) and starts[started] == note_off:
            return None
        ends[ended:started] = [note_off] * (started - ended)
        ended = started
    return ends
