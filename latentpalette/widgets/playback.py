"""What is heard of a cell: its loop, with locked lanes put in place, muted ones left out, and the drummer's accents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from latentpalette.music.accents import ACCENTS
from latentpalette.music.sequence import STEPS_PER_BAR, Note, NoteSequence, concatenate

Masks = NDArray[np.uint16]


@dataclass(frozen=True)
class Hearing:
    """The settings that stand between a loop and the ear.

    Parameters
    ----------
    pitches : tuple of int
        The pitch of each drum.
    qpm : float
    mutes : tuple of bool
        One a drum.
    locks : tuple of (None or list of 0 and 1)
        One a drum: the lane that is kept, whatever the cell says.

    Examples
    --------
    >>> hearing = Hearing(pitches=(36, 38), mutes=(False, True), locks=(None, None))
    >>> [(note.pitch, note.step, note.velocity) for note in hearing.sequence([3, 0, 1, 0]).notes]
    [(36, 0, 120), (36, 2, 98)]
    """

    pitches: tuple[int, ...]
    qpm: float = 120.0
    mutes: tuple[bool, ...] = ()
    locks: tuple[Sequence[int] | None, ...] = ()

    def masks(self, masks: ArrayLike) -> Masks:
        """The loop [t] with the locked lanes in place of its own."""
        heard = np.array(masks, np.uint16)
        for drum, lane in enumerate(self.locks):
            if lane is not None:
                bit = np.uint16(1 << drum)
                kept = np.resize(np.asarray(lane, bool), heard.shape)
                heard = np.where(kept, heard | bit, heard & ~bit)
        return heard

    def sequence(self, masks: ArrayLike) -> NoteSequence:
        """The loop [t] as it is heard."""
        heard = self.masks(masks)
        notes = [
            Note(pitch, step, 1, ACCENTS[drum][step % STEPS_PER_BAR], 0.0, True)
            for drum, (pitch, mute) in enumerate(zip(self.pitches, self.mutes, strict=True))
            if not mute
            for step in np.flatnonzero(heard >> drum & 1).tolist()
        ]
        return NoteSequence(notes, len(heard), self.qpm)

    def walk(self, cells: Sequence[ArrayLike], bars_per_cell: int) -> NoteSequence:
        """Loops [cells][t] one after the other, each for its bars, as they are heard.

        Step s of the walk plays column s mod t of the loop it lies in: the beat stays in phase, however long a cell is.
        """
        length = bars_per_cell * STEPS_PER_BAR
        free = replace(self, locks=())  # a lock holds from the start of its loop, wherever the cell begins
        parts = []
        for turn, masks in enumerate(cells):
            heard = self.masks(masks)
            parts.append(free.sequence(heard[np.arange(turn * length, (turn + 1) * length) % len(heard)]))
        return concatenate(parts) if parts else NoteSequence(qpm=self.qpm)
