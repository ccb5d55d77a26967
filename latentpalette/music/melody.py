"""One line at a time: the top line of an instrument, and the runs it is played in.

Source: note-seq's `Melody.from_quantized_sequence` and Magenta's `extract_melodies`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from latentpalette.music.sequence import STEPS_PER_BAR, Note


@dataclass(frozen=True)
class Line:
    """Notes that follow one another, none longer than up to the next.

    Parameters
    ----------
    start, stop : int [steps]
        Whole bars: from that of the first note to that of the last.
    notes : tuple of Note
        In order, one at a time.
    dropped : int
        Notes that lay under the top line.
    """

    start: int
    stop: int
    notes: tuple[Note, ...]
    dropped: int = 0


def lines(notes: Iterable[Note], *, rest: int | None = STEPS_PER_BAR, start: int = 0) -> Iterator[Line]:
    """The top line of some notes, parted where it rests.

    Parameters
    ----------
    notes : iterable of Note
        Of several that begin together the highest is kept; a later one cuts an earlier one short.
    rest : int or None [steps]
        A silence at least this long parts the line; None never does.
    start : int
        Where the bars are counted from.

    Yields
    ------
    Line
        In order.

    Examples
    --------
    >>> [(line.start, line.stop) for line in lines([Note(60, 17, 4), Note(64, 17, 2), Note(62, 50)])]
    [(16, 32), (48, 64)]
    """
    waiting = sorted(notes, key=lambda note: (note.step, -note.pitch))
    kept: list[Note] = []
    dropped = 0
    for note in waiting:
        if kept and note.step == kept[-1].step:
            dropped += 1
            continue
        if kept and rest is not None and note.step - _end(kept[-1]) >= rest:
            yield _line(kept, dropped, start)
            kept, dropped = [], 0
        if kept and _end(kept[-1]) > note.step:
            kept[-1] = dataclasses.replace(kept[-1], length=note.step - kept[-1].step)
        kept.append(note)
    if kept:
        yield _line(kept, dropped, start)


def _line(notes: list[Note], dropped: int, start: int) -> Line:
    first = notes[0].step - (notes[0].step - start) % STEPS_PER_BAR
    bars = -(-(_end(notes[-1]) - first) // STEPS_PER_BAR)
    return Line(first, first + bars * STEPS_PER_BAR, tuple(notes), dropped)


def _end(note: Note) -> int:
    return note.step + note.length
