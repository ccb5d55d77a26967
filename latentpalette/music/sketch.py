"""Melodies sketched as a curve: it snaps to the pitches of a scale and to steps, and where it is level notes are held.

The browser does the same in static/state/sketch.js; tests/vectors/loops.json holds both to it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from latentpalette.errors import MusicError
from latentpalette.music.scales import Key, scale_rows, snap_pitch
from latentpalette.music.sequence import Note, NoteSequence
from latentpalette.validation import check_numbers, short_repr

VELOCITY = 80
LOW, HIGH = 21, 108  # pitches of a piano


def curve_of(points: ArrayLike, steps: int) -> list[float]:
    """Return the height of a curve in the middle of every step, of points that are spread evenly over all of them.

    Parameters
    ----------
    points : array-like [shape=(n,), n >= 1]
        Pitches, fractions included.
    steps : int

    Examples
    --------
    >>> curve_of([60, 64], steps=4)
    [60.5, 61.5, 62.5, 63.5]
    """
    pitches = check_numbers(points, "A curve", error=MusicError)
    if pitches.ndim != 1 or not len(pitches) or not ((pitches >= LOW) & (pitches <= HIGH)).all():
        raise MusicError(f"A curve is a list of pitches from {LOW} to {HIGH}; got {short_repr(points)}.")
    places = np.linspace(0, steps, len(pitches)) if len(pitches) > 1 else np.zeros(1)
    heights: list[float] = np.interp(np.arange(steps) + 0.5, places, pitches).round(2).tolist()
    return heights


def sketch(curve: Sequence[float | None], key: Key, *, grid: int = 2) -> NoteSequence:
    """Return the melody of a curve.

    Parameters
    ----------
    curve : list of (float or None)
        The height in the middle of every step, as a pitch; None where nothing is drawn, and nothing sounds.
    key : Key
        The scale that the curve snaps to.
    grid : int [steps]
        A note begins on a multiple of it. Where the next one would be as high, the last one is held.

    Examples
    --------
    >>> line = sketch([60, 60.2, 64, 64.1, 64, 64, None, None], Key(0, "major"), grid=2)
    >>> [(note.step, note.pitch, note.length) for note in line.notes]
    [(0, 60, 2), (2, 64, 4)]
    """
    notes: list[Note] = []
    for step in range(0, len(curve), grid):
        heights = [height for height in curve[step : step + grid] if height is not None]
        if not heights:
            continue
        pitch = nearest_in_scale(sum(heights) / len(heights), key)
        length = min(grid, len(curve) - step)
        last = notes[-1] if notes else None
        if last and last.pitch == pitch and last.step + last.length == step:
            notes[-1] = Note(pitch, last.step, last.length + length, VELOCITY)
        else:
            notes.append(Note(pitch, step, length, VELOCITY))
    return NoteSequence(notes, len(curve))


def nearest_in_scale(height: float, key: Key) -> int:
    """Return the pitch of a scale that is nearest to a height between pitches; of two the lower one.

    Examples
    --------
    >>> nearest_in_scale(60.9, Key(0, "major")), nearest_in_scale(61.1, Key(0, "major"))
    (60, 62)
    """
    low = snap_pitch(math.floor(height), key)
    rows = scale_rows(key, low - 12, low + 12)
    return min(rows, key=lambda pitch: (round(abs(pitch - height), 6), pitch))
