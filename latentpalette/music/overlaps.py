"""Notes that overlap with a note of the same pitch and instrument."""

from __future__ import annotations

from collections.abc import Iterable

from latentpalette.music.sequence import Note


def trim_overlaps(notes: Iterable[Note]) -> list[tuple[Note, float, float]]:
    """Return each note with its start and end [steps]; a note ends where its pitch starts again.

    MIDI cannot tell which of two equal notes a note-off belongs to.

    Examples
    --------
    >>> [(start, end) for _, start, end in trim_overlaps([Note(60, 0, 8), Note(60, 4, 2), Note(60, 4, 8)])]
    [(0.0, 4.0), (4.0, 6.0)]
    """
    timed: list[tuple[Note, float, float]] = []
    sounding: dict[tuple[bool, int, int], int] = {}
    for note in sorted(notes, key=lambda note: note.step + note.offset):
        start = max(note.step + note.offset, 0.0)
        key = (note.is_drum, note.program, note.pitch)
        if key in sounding:
            previous, previous_start, previous_end = timed[sounding[key]]
            if start <= previous_start:  # the same note twice
                continue
            timed[sounding[key]] = (previous, previous_start, min(previous_end, start))
        sounding[key] = len(timed)
        timed.append((note, start, start + note.length))
    return timed
