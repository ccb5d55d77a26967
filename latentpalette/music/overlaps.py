"""Notes on the ticks of MIDI files, without those that overlap with a note of the same pitch and instrument."""

from __future__ import annotations

from collections.abc import Iterable

from latentpalette.music.sequence import Note

TICKS_PER_STEP = 120  # 480 a quarter note, fine enough for microtiming of under 1 %


def trim_overlaps(notes: Iterable[Note]) -> list[tuple[Note, int, int]]:
    """Return each note with its start and end [ticks] in order; a note ends where its pitch starts again.

    MIDI cannot tell which of two equal notes a note-off belongs to. A note before the beginning starts there, and one
    half a step late a tick earlier, as it would be the next step's. Of two that begin together the louder remains.

    Examples
    --------
    >>> [(start, end) for _, start, end in trim_overlaps([Note(60, 0, 8), Note(60, 4, 2), Note(60, 4, 8)])]
    [(0, 480), (480, 720)]
    """
    timed: list[tuple[Note, int, int]] = []
    sounding: dict[tuple[bool, int, int], int] = {}
    for note in sorted(notes, key=lambda note: note.step + note.offset):
        offset = min(round(note.offset * TICKS_PER_STEP), TICKS_PER_STEP // 2 - 1)
        start = max(note.step * TICKS_PER_STEP + offset, 0)
        key = (note.is_drum, note.program, note.pitch)
        if key in sounding:
            previous, previous_start, previous_end = timed[sounding[key]]
            if start <= previous_start:  # the same note twice
                if note.velocity > previous.velocity:
                    timed[sounding[key]] = (note, previous_start, previous_start + note.length * TICKS_PER_STEP)
                continue
            timed[sounding[key]] = (previous, previous_start, min(previous_end, start))
        sounding[key] = len(timed)
        timed.append((note, start, start + note.length * TICKS_PER_STEP))
    return timed
