"""Patterns as they are played: locked lanes replaced, muted ones left out, velocities by the position in the bar.

The browser does the same in static/state/pattern.js; tests/vectors/palette.json holds both to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from latentpalette.music.accents import ACCENTS
from latentpalette.music.sequence import STEPS_PER_BAR, Note, NoteSequence

Tokens = NDArray[np.uint16]


@dataclass(frozen=True)
class PlaybackSettings:
    """Settings that change what a pattern plays.

    Parameters
    ----------
    mutes : sequence of bool
        For each drum, whether it is left out.
    locks : sequence of (None or sequence of 0 and 1)
        For each drum the lane that replaces the pattern's own, or None. A lane shorter than the pattern repeats.

    Examples
    --------
    >>> settings = PlaybackSettings(mutes=[False, True], locks=[[1, 0], None])
    >>> settings.apply([2, 3, 0, 1]).tolist()
    [1, 0, 1, 0]
    """

    mutes: Sequence[bool] = ()
    locks: Sequence[Sequence[int] | None] = ()

    def apply(self, tokens: ArrayLike) -> Tokens:
        """Return the tokens [..., t] that are played instead of `tokens` [..., t]."""
        played = np.array(tokens, np.uint16)
        for drum, lane in enumerate(self.locks):
            if lane is not None:
                bit = np.uint16(1 << drum)
                is_hit = np.resize(np.asarray(lane, bool), played.shape[-1])
                played = np.where(is_hit, played | bit, played & ~bit)
        muted = sum(1 << drum for drum, is_muted in enumerate(self.mutes) if is_muted)
        return played & ~np.uint16(muted)

    def apply_to_path(self, cells: ArrayLike, bars_per_cell: int) -> Tokens:
        """Return the tokens that a path plays.

        Parameters
        ----------
        cells : array-like of int [shape=(cells, t)]
            Tokens of the cells, in order.
        bars_per_cell : int

        Returns
        -------
        ndarray of uint16 [shape=(cells * bars_per_cell * 16,)]
            Step s is column s mod t of the cell it lies in: the beat stays in phase, however long a cell lasts.

        Examples
        --------
        >>> PlaybackSettings().apply_to_path([[1] * 16 + [2] * 16, [4] * 16 + [8] * 16], 1)[[0, 16]].tolist()
        [1, 8]
        """
        played = self.apply(cells)
        if not len(played):
            return np.zeros(0, np.uint16)
        steps = np.arange(len(played) * bars_per_cell * STEPS_PER_BAR)
        return played[steps // (bars_per_cell * STEPS_PER_BAR), steps % played.shape[-1]]


def notes_of(tokens: ArrayLike, pitches: Sequence[int], qpm: float = 120.0) -> NoteSequence:
    """Return the notes of drum tokens, with accents.

    Parameters
    ----------
    tokens : array-like of int [shape=(t,)]
        Bit k is set where drum k is hit.
    pitches : sequence of int
        The pitch of each drum.
    qpm : float [quarter notes per minute]

    Examples
    --------
    >>> [(note.pitch, note.step, note.velocity) for note in notes_of([3, 0, 1, 0], pitches=[36, 38]).notes]
    [(36, 0, 120), (38, 0, 108), (36, 2, 98)]
    """
    tokens = np.asarray(tokens, np.uint16)
    notes = [
        Note(pitch, step, 1, ACCENTS[drum][step % STEPS_PER_BAR], 0.0, True)
        for drum, pitch in enumerate(pitches)
        for step in np.flatnonzero(tokens >> drum & 1).tolist()
    ]
    return NoteSequence(notes, len(tokens), qpm)
