"""Chords: their symbols, the triads that models are told, and the chords that notes imply.

The inference is note-seq's: a hidden Markov model over keys and chords, two chords a bar. A chord is likely where its
pitches sound, likelier within the key, and neither key nor chord changes without cause.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from latentpalette.errors import MusicError

ROOTS = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
NO_CHORD = "N.C."
TRIADS = 49  # no chord, and twelve each of major, minor, augmented and diminished

_KINDS = {
    "": (0, 4, 7),
    "m": (0, 3, 7),
    "+": (0, 4, 8),
    "dim": (0, 3, 6),
    "7": (0, 4, 7, 10),
    "maj7": (0, 4, 7, 11),
    "m7": (0, 3, 7, 10),
    "m7b5": (0, 3, 6, 10),
}
_TRIAD_OF = {"": 0, "7": 0, "maj7": 0, "m": 1, "m7": 1, "+": 2, "aug": 2, "dim": 3, "o": 3, "m7b5": 3, "dim7": 3}
_CHORDS = [(root, kind) for root in range(12) for kind in _KINDS]  # after "no chord", which is 0
_MAJOR_SCALE = {0, 2, 4, 5, 7, 9, 11}
_SYMBOL = re.compile(r"(?P<letter>[A-G])(?P<shift>[#b]?)(?P<kind>.*)")

# note-seq's constants.
_KEY_CHANGE, _CHORD_CHANGE, _OUT_OF_KEY, _CONCENTRATION = 0.001, 0.5, 0.01, 100.0
_MOST_CHORDS = 1000


def triad(symbol: str) -> int:
    """The class of a chord symbol: 0 for none, then 12 major, minor, augmented and diminished each, from C up.

    Raises
    ------
    MusicError
        If it is no chord, or has no triad among the four.

    Examples
    --------
    >>> triad("C"), triad("Am"), triad("F#m7b5"), triad("N.C.")
    (1, 22, 43, 0)
    """
    if symbol == NO_CHORD:
        return 0
    match = _SYMBOL.fullmatch(symbol)
    if match is None or match["kind"] not in _TRIAD_OF:
        kinds = ", ".join(repr(kind) for kind in _TRIAD_OF)
        raise MusicError(f"Not a chord that is known here: {symbol!r}. A root (C, F#, Bb ...) and one of {kinds}.")
    root = "C.D.EF.G.A.B".index(match["letter"]) + {"#": 1, "b": -1, "": 0}[match["shift"]]
    return 1 + 12 * _TRIAD_OF[match["kind"]] + root % 12


def infer(
    pitches: Sequence[int] | NDArray,
    starts: Sequence[float] | NDArray,
    ends: Sequence[float] | NDArray,
    *,
    frame: float,
) -> list[str]:
    """The likeliest chords under some notes.

    Parameters
    ----------
    pitches : array-like of int [shape=(n,)]
    starts, ends : array-like [shape=(n,)]
        In any unit of time.
    frame : float
        How long a chord lasts at least, in the same unit.

    Returns
    -------
    list of str
        A symbol for each frame up to the last end.

    Raises
    ------
    MusicError
        If there would be more than a thousand.

    Examples
    --------
    >>> infer([60, 64, 67, 57, 60, 64], [0, 0, 0, 8, 8, 8], [8, 8, 8, 16, 16, 16], frame=8.0)
    ['C', 'Am']
    """
    starts, ends = np.asarray(starts, float), np.asarray(ends, float)
    frames = int(np.ceil(ends.max(initial=0.0) / frame))
    if frames == 0:
        return []
    if frames > _MOST_CHORDS:
        raise MusicError(f"{frames} chords are more than the {_MOST_CHORDS} that are inferred at most.")
    heard = _pitch_classes(np.asarray(pitches, int), starts, ends, frame, frames)
    path = _viterbi(_CONCENTRATION * np.dot(heard, _chord_pitches().T))
    return [NO_CHORD if chord == 0 else _symbol(*_CHORDS[chord - 1]) for chord in path]


def _symbol(root: int, kind: str) -> str:
    return ROOTS[root] + kind


def _pitch_classes(pitches: NDArray, starts: NDArray, ends: NDArray, frame: float, frames: int) -> NDArray:
    """How long each pitch class sounds in each frame, as unit vectors [frames, 12]."""
    edges = frame * np.arange(frames + 1)
    sounding = np.zeros((frames, 12))
    for pitch, start, end in zip(pitches.tolist(), starts.tolist(), ends.tolist(), strict=True):
        first = min(int(np.searchsorted(edges[1:-1], start, side="right")), frames - 1)
        last = max(int(np.searchsorted(edges[1:-1], end, side="left")), first)
        for index in range(first, last + 1):
            inside = min(end, edges[index + 1] if index < last else end) - max(start, edges[index])
            sounding[index, pitch % 12] += inside
    norms = np.linalg.norm(sounding, axis=1, keepdims=True)
    return np.divide(sounding, norms, out=np.zeros_like(sounding), where=norms > 0)


@cache
def _chord_pitches() -> NDArray:
    """The pitches of each chord as unit vectors [97, 12]; none for "no chord"."""
    pitches = np.zeros((len(_CHORDS) + 1, 12))
    for index, (root, kind) in enumerate(_CHORDS, 1):
        pitches[index, [(root + step) % 12 for step in _KINDS[kind]]] = 1
    pitches[1:] /= np.linalg.norm(pitches[1:], axis=1)[:, np.newaxis]
    return pitches


@cache
def _chords_in_key() -> NDArray:
    """The probability of each chord in each key [12, 97]: its pitches in the key against those outside."""
    inside, outside = np.zeros((12, len(_CHORDS) + 1)), np.zeros((12, len(_CHORDS) + 1))
    for key in range(12):
        scale = {(key + step) % 12 for step in _MAJOR_SCALE}
        for index, (root, kind) in enumerate(_CHORDS, 1):
            chord = {(root + step) % 12 for step in _KINDS[kind]}
            inside[key, index], outside[key, index] = len(chord & scale), len(chord - scale)
    weights = (1 - _OUT_OF_KEY) ** inside * _OUT_OF_KEY**outside
    return weights / weights.sum(axis=1, keepdims=True)


def _viterbi(likelihood: NDArray) -> list[int]:
    """The best chord of each frame, given log likelihoods [frames, 97], over all walks through keys and chords.

    A change of key forgets the chord, so the best way into a key from another is one number for each key left: the
    step costs 12 tables of 97 by 97, not one of 1,164 by 1,164.
    """
    chords = likelihood.shape[1]
    in_key = _chords_in_key()  # [12, 97]
    # Within a key, from chord i to chord j: the share of the chord that is left goes to all others. The products are
    # taken in note-seq's order, because chords that share their pitches tie to the last digit.
    moved = (1 - _KEY_CHANGE) * (
        _CHORD_CHANGE * (in_key[:, None, :] + in_key[:, :, None] / (chords - 1))
    )  # [12, from, to]
    moved[:, np.arange(chords), np.arange(chords)] = (1 - _KEY_CHANGE) * (1 - _CHORD_CHANGE)
    moved = np.log(moved)
    modulated = np.log((_KEY_CHANGE / 11) * in_key)  # [12, to]
    best = -np.log(12) + np.log(in_key) + likelihood[0]  # [12, 97]
    origins = []
    keys = np.arange(12)
    for frame in likelihood[1:]:
        within = best[:, :, None] + moved  # [12, from, to]
        from_chord = within.argmax(axis=1)  # [12, to]
        score = np.take_along_axis(within, from_chord[:, None, :], axis=1)[:, 0]
        origin = keys[:, None] * chords + from_chord
        flat = best.reshape(-1)
        for key in range(12):
            others = np.where(np.repeat(keys == key, chords), -np.inf, flat)
            left = int(others.argmax())
            arrived = others[left] + modulated[key]
            better = arrived > score[key]
            score[key] = np.where(better, arrived, score[key])
            origin[key] = np.where(better, left, origin[key])
        origins.append(origin.reshape(-1))
        best = score + frame
    state = int(best.argmax())
    path = [state]
    for origin in reversed(origins):
        path.append(int(origin[path[-1]]))
    return [state % chords for state in reversed(path)]


def stretched(symbols: Sequence[str], *, steps: int, each: int) -> list[str]:
    """The chord of each step when every symbol lasts `each` steps, and the last one up to the end.

    Examples
    --------
    >>> stretched(["C", "G"], steps=5, each=2)
    ['C', 'C', 'G', 'G', 'G']
    """
    symbols = symbols or [NO_CHORD]
    return [symbols[min(step // each, len(symbols) - 1)] for step in range(steps)]
