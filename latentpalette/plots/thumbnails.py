"""Music in a small place, as boxes: drums in lanes, melodies above them at the height of their pitch."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from latentpalette.music.drums import DRUM_NAMES, REDUCED
from latentpalette.music.sequence import NoteSequence

Boxes = NDArray[np.floating]  # [n, 4]: left, top, width, height

_MIN_ROWS = 16  # semitones: a melody of few pitches does not fill its cell
_MARGIN = 0.1  # around a thumbnail, as a part of its cell
_UNIT_SQUARE = np.array([[0, 0], [1, 0], [1, 1], [0, 1]])


def thumbnail_boxes(loops: Sequence[NoteSequence]) -> list[Boxes]:
    """Return the music of each loop as boxes in a square of side 1.

    Drums lie in lanes, the kick lowest; melodies above them, at the height of their pitch in the range of all loops.

    Examples
    --------
    >>> [len(boxes) for boxes in thumbnail_boxes([NoteSequence.from_steps({"kick": [0, 8]}, steps=16)])]
    [2]
    """
    notes = [note for loop in loops for note in loop.notes]
    has_drums, has_melody = (any(note.is_drum == kind for note in notes) for kind in (True, False))
    pitches = [note.pitch for note in notes if not note.is_drum] or [60]
    low, high = min(pitches), max(pitches)
    melody_height = 0.62 if has_drums else 1.0
    top = melody_height if has_melody else 0.0
    return [_boxes_of(loop, (low, high), melody_height, top) for loop in loops]


def place_boxes(
    boxes: Boxes, left: float, top: float, width: float, height: float | None = None
) -> NDArray[np.floating]:
    """Return the corners [boxes, 4, 2] of boxes in a cell, a square one by default, with a margin."""
    size = np.array([width, width if height is None else height])
    margin = _MARGIN * size.min()
    scaled = boxes.reshape(-1, 2, 2) * (size - 2 * margin)
    return [left + margin, top + margin] + scaled[:, None, 0] + scaled[:, None, 1] * _UNIT_SQUARE


def _boxes_of(loop: NoteSequence, pitch_range: tuple[int, int], melody_height: float, drums_top: float) -> Boxes:
    low, high = pitch_range
    row = melody_height / max(high - low + 1, _MIN_ROWS)
    lane = (1 - drums_top) / len(DRUM_NAMES)
    boxes = []
    for note in loop.notes:
        left, width = note.step / loop.steps, 0.8 / loop.steps
        if not note.is_drum:
            middle = melody_height / 2 + ((low + high) / 2 - note.pitch) * row
            boxes.append((left, middle - row / 2, width * note.length, row * 0.9))
        elif note.pitch in REDUCED.classes:
            drum = REDUCED.classes[note.pitch]
            boxes.append((left, drums_top + (len(DRUM_NAMES) - 1 - drum) * lane, width, 0.72 * lane))
    return np.array(boxes).reshape(-1, 4)
