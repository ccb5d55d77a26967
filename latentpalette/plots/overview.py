"""The part of a sequence that a piano roll draws: all of it, but of a very long one its beginning."""

from __future__ import annotations

from typing import NamedTuple

from latentpalette.music.sequence import STEPS_PER_BAR, NoteSequence

MAX_DRAWN_BARS = 1000
MAX_DRAWN_NOTES = 10_000


class DrawnPart(NamedTuple):
    """The beginning of a sequence, in whole bars, and a note that it is not all; empty where it is.

    Parameters
    ----------
    sequence : NoteSequence
    note : str
    """

    sequence: NoteSequence
    note: str


def drawn_part(sequence: NoteSequence) -> DrawnPart:
    """Return the part of a sequence that is drawn: up to a thousand bars with up to ten thousand notes.

    Examples
    --------
    >>> drawn_part(NoteSequence(steps=10_000_000))
    DrawnPart(sequence=NoteSequence(0 notes, 16000 steps, 120 qpm), note='bars 1 to 1,000 of 625,000 are drawn')
    >>> drawn_part(NoteSequence(steps=32)).note
    ''
    """
    bars = min(sequence.bars, MAX_DRAWN_BARS)
    if len(sequence.notes) > MAX_DRAWN_NOTES:
        bars = min(bars, max(1, sequence.notes[MAX_DRAWN_NOTES].step // STEPS_PER_BAR))
    if bars == sequence.bars and len(sequence.notes) <= MAX_DRAWN_NOTES:
        return DrawnPart(sequence, "")
    part = sequence.slice(0, min(bars * STEPS_PER_BAR, sequence.steps))
    note = f"bars 1 to {bars:,} of {sequence.bars:,} are drawn"
    if len(part.notes) > MAX_DRAWN_NOTES:  # all in one bar
        part = part.replace(notes=part.notes[:MAX_DRAWN_NOTES])
        note += f", with {MAX_DRAWN_NOTES:,} of their notes"
    return DrawnPart(part, note)
