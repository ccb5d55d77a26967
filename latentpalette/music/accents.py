"""How hard a drum is struck where nobody said: the same every time, and never flat.

The drum models know what is hit, not how hard. A drummer leans on the beat, lets the hi-hat breathe between its
eighths and plays the snare's in-between strokes as ghost notes; these velocities do so.
"""

from __future__ import annotations

import dataclasses

from latentpalette.music import drums
from latentpalette.music.sequence import STEPS_PER_BAR, NoteSequence

# One quarter note, in sixteenths: on the beat, e, and, a.
_KICK = (112, 84, 98, 88)
_SNARE = (108, 52, 82, 58)
_HAT = (96, 58, 80, 62)
_OPEN = (98, 78, 92, 80)
_TOM = (104, 86, 96, 90)
_CRASH = (112, 96, 104, 98)
_RIDE = (98, 64, 84, 68)

# Beats 1 and 3 carry the bar; on the snare, 2 and 4 do.
_STRONG = (8, 0, 4, 0)
_BACKBEAT = (0, 8, 0, 8)


def _bar(quarter: tuple[int, int, int, int], beats: tuple[int, int, int, int]) -> tuple[int, ...]:
    return tuple(
        min(quarter[step % 4] + (beats[step // 4] if step % 4 == 0 else 0), 127) for step in range(STEPS_PER_BAR)
    )


ACCENTS: tuple[tuple[int, ...], ...] = (
    _bar(_KICK, _STRONG),
    _bar(_SNARE, _BACKBEAT),
    _bar(_HAT, _STRONG),
    _bar(_OPEN, _STRONG),
    _bar(_TOM, _STRONG),
    _bar(_TOM, _STRONG),
    _bar(_TOM, _STRONG),
    _bar(_CRASH, _STRONG),
    _bar(_RIDE, _STRONG),
)
"""Velocity [9 drums][16 steps of a bar], 1 to 127; drums as in `latentpalette.music.drums.NAMES`."""


def accented(sequence: NoteSequence) -> NoteSequence:
    """Give every drum stroke the velocity of its place in the bar; other notes keep theirs.

    Examples
    --------
    >>> loop = NoteSequence.from_steps({"closed hat": [0, 1, 2]}, steps=16)
    >>> [note.velocity for note in accented(loop).notes]
    [104, 58, 80]
    """
    classes = drums.REDUCED.classes
    return sequence.replace(
        notes=[
            dataclasses.replace(note, velocity=ACCENTS[classes[note.pitch]][note.step % STEPS_PER_BAR])
            if note.is_drum and note.pitch in classes
            else note
            for note in sequence.notes
        ]
    )
