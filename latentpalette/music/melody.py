"""Melody extraction: the top line of an instrument, split at long rests.

Source: note-seq's `Melody.from_quantized_sequence` and Magenta's `extract_melodies`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from latentpalette.music.sequence import STEPS_PER_BAR, Note

MIN_PITCH, MAX_PITCH = 21, 108  # the keys of a piano: what a melody model can encode


@dataclass(frozen=True)
class MelodyLine:
    """A monophonic line: each note ends before or where the next one starts.

    Parameters
    ----------
    start, stop : int [steps]
        Whole bars: from that of the first note to that of the last.
    notes : tuple of Note
        In order, one at a time.
    dropped : int
        Number of notes left out because they start together with a higher one.
    """

    start: int
    stop: int
    notes: tuple[Note, ...]
    dropped: int = 0


def extract_melodies(
    notes: Iterable[Note], *, gap_steps: int | None = STEPS_PER_BAR, start_step: int = 0
) -> Iterator[MelodyLine]:
    """Extract the top line of some notes, split at long rests.

    Parameters
    ----------
    notes : iterable of Note
        Of several that start together the highest is kept; a later one cuts an earlier one short.
    gap_steps : int or None [steps]
        A rest at least this long splits the line; None never does.
    start_step : int
        Start of the first bar.

    Yields
    ------
    MelodyLine
        In order.

    Examples
    --------
    >>> [(line.start, line.stop) for line in extract_melodies([Note(60, 17, 4), Note(64, 17, 2), Note(62, 50)])]
    [(16, 32), (48, 64)]
    """
    line: list[Note] = []
    dropped = 0
    for note in sorted(notes, key=lambda note: (note.step, -note.pitch)):
        if line and note.step == line[-1].step:
            dropped += 1
            continue
        if line and gap_steps is not None and note.step - _end(line[-1]) >= gap_steps:
            yield _melody_line(line, dropped, start_step)
            line, dropped = [], 0
        if line and _end(line[-1]) > note.step:
            line[-1] = dataclasses.replace(line[-1], length=note.step - line[-1].step)
        line.append(note)
    if line:
        yield _melody_line(line, dropped, start_step)


def _melody_line(notes: list[Note], dropped: int, start_step: int) -> MelodyLine:
    start = notes[0].step - (notes[0].step - start_step) % STEPS_PER_BAR
    bars = -(-(_end(notes[-1]) - start) // STEPS_PER_BAR)
    return MelodyLine(start, start + bars * STEPS_PER_BAR, tuple(notes), dropped)


def _end(note: Note) -> int:
    return note.step + note.length
