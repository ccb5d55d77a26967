"""Scales on a tonic: which pitches are in one, the nearest that is, and music moved from one to another by degree.

The browser does the same in static/state/scales.js; tests/vectors/loops.json holds both to it.
"""

from __future__ import annotations

from typing import NamedTuple

from latentpalette.errors import LatentPaletteError
from latentpalette.validation import check_choice, check_integer

OCTAVE = 12
PITCH_CLASSES = ("C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B")

# Semitones above the tonic, and the degree of each; 0 is one that other scales have no counterpart of.
SCALES: dict[str, tuple[tuple[int, ...], tuple[int, ...]]] = {
    "major": ((0, 2, 4, 5, 7, 9, 11), (1, 2, 3, 4, 5, 6, 7)),
    "minor": ((0, 2, 3, 5, 7, 8, 10), (1, 2, 3, 4, 5, 6, 7)),
    "dorian": ((0, 2, 3, 5, 7, 9, 10), (1, 2, 3, 4, 5, 6, 7)),
    "mixolydian": ((0, 2, 4, 5, 7, 9, 10), (1, 2, 3, 4, 5, 6, 7)),
    "harmonic minor": ((0, 2, 3, 5, 7, 8, 11), (1, 2, 3, 4, 5, 6, 7)),
    "major pentatonic": ((0, 2, 4, 7, 9), (1, 2, 3, 5, 6)),
    "minor pentatonic": ((0, 3, 5, 7, 10), (1, 3, 4, 5, 7)),
    "blues": ((0, 3, 5, 6, 7, 10), (1, 3, 4, 0, 5, 7)),
    "chromatic": (tuple(range(OCTAVE)), (0,) * OCTAVE),
}
_FLATS = {"D♭": 1, "E♭": 3, "G♭": 6, "A♭": 8, "B♭": 10}


class Key(NamedTuple):
    """A scale on a tonic.

    Parameters
    ----------
    tonic : int [0 to 11]
        0 is C.
    scale : str
        One of `SCALES`.

    Examples
    --------
    >>> str(Key(2, "dorian"))
    'D dorian'
    """

    tonic: int
    scale: str

    def __str__(self) -> str:
        return f"{PITCH_CLASSES[self.tonic]} {self.scale}"


def read_tonic(value: object, *, error: type[LatentPaletteError] = LatentPaletteError) -> int:
    """Return the pitch class of a tonic: 0 to 11, or a name.

    Examples
    --------
    >>> read_tonic("F#"), read_tonic("Bb"), read_tonic(7)
    (6, 10, 7)
    """
    if not isinstance(value, str):
        return check_integer(value, "tonic (0 is C)", 0, OCTAVE - 1, error=error)
    name = value[:1].upper() + value[1:].replace("#", "♯").replace("b", "♭")
    known = {**{name: tonic for tonic, name in enumerate(PITCH_CLASSES)}, **_FLATS}
    return known[check_choice(name, "tonic", list(known), error=error)]


def is_in_scale(pitch: int, key: Key) -> bool:
    """Return whether a pitch is one of a scale.

    Examples
    --------
    >>> is_in_scale(64, Key(0, "major")), is_in_scale(63, Key(0, "major"))
    (True, False)
    """
    return (pitch - key.tonic) % OCTAVE in SCALES[key.scale][0]


def snap_pitch(pitch: int, key: Key) -> int:
    """Return the nearest pitch of a scale; of two the lower one.

    Examples
    --------
    >>> snap_pitch(66, Key(0, "major pentatonic")), snap_pitch(71, Key(0, "major pentatonic"))
    (67, 72)
    """
    # Every scale has its tonic, so the next pitch of one is never further than an octave.
    return next(near for by in range(OCTAVE) for near in (pitch - by, pitch + by) if is_in_scale(near, key))


def move_pitch(pitch: int, origin: Key, target: Key) -> int:
    """Move a pitch from one key to another: transposed to the nearer tonic, and then the same degree.

    Degrees that the other scale lacks, and pitches outside the first, become the nearest pitch of the other.

    Examples
    --------
    >>> [move_pitch(pitch, Key(0, "major"), Key(0, "minor")) for pitch in (60, 64, 67, 71)]
    [60, 63, 67, 70]
    >>> move_pitch(60, Key(0, "major"), Key(9, "major"))
    57
    """
    by = (target.tonic - origin.tonic + 5) % OCTAVE - 5  # -5 to 6 semitones
    semitones, degrees = SCALES[origin.scale]
    octave, above = divmod(pitch - origin.tonic, OCTAVE)
    degree = degrees[semitones.index(above)] if above in semitones else 0
    others, their_degrees = SCALES[target.scale]
    if origin.scale != target.scale and degree in their_degrees and degree:
        above = others[their_degrees.index(degree)]
        return origin.tonic + by + OCTAVE * octave + above
    moved = pitch + by
    return moved if origin.scale == target.scale else snap_pitch(moved, target)


def fold_pitch(pitch: int, low: int, high: int) -> int:
    """Return a pitch moved by octaves until it lies within a range of at least an octave.

    Examples
    --------
    >>> fold_pitch(112, 21, 108), fold_pitch(60, 21, 108)
    (100, 60)
    """
    while pitch > high:
        pitch -= OCTAVE
    while pitch < low:
        pitch += OCTAVE
    return pitch


def scale_rows(key: Key, low: int, high: int) -> list[int]:
    """Return the pitches of a scale between two pitches, both included, the lowest first.

    Examples
    --------
    >>> scale_rows(Key(0, "major pentatonic"), 60, 72)
    [60, 62, 64, 67, 69, 72]
    """
    return [pitch for pitch in range(low, high + 1) if is_in_scale(pitch, key)]
