"""Chords: their symbols, their triads as model inputs, and the chords that notes imply.

The inference is note-seq's: a hidden Markov model over keys and chords, two chords a bar. A chord is likely where its
pitches sound, likelier within the key, and both key and chord tend to stay the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from latentpalette.errors import MusicError
from latentpalette.music.chord_symbols import NO_CHORD, ROOTS, read_chord

NUM_TRIADS = 49  # no chord, and twelve each of major, minor, augmented and diminished

_CHORD_TONES = {
    "": (0, 4, 7),
    "m": (0, 3, 7),
    "+": (0, 4, 8),
    "dim": (0, 3, 6),
    "7": (0, 4, 7, 10),
    "maj7": (0, 4, 7, 11),
    "m7": (0, 3, 7, 10),
    "m7b5": (0, 3, 6, 10),
}
_CHORDS = [(root, kind) for root in range(12) for kind in _CHORD_TONES]  # after "no chord", which is 0
_MAJOR_SCALE = {0, 2, 4, 5, 7, 9, 11}

# note-seq's constants.
_KEY_CHANGE, _CHORD_CHANGE, _OUT_OF_KEY, _CONCENTRATION = 0.001, 0.5, 0.01, 100.0
_MAX_CHORDS = 1000


def triad_class(symbol: str) -> int:
    """Return the triad class of a chord symbol: 0 for none, then 12 each of major, minor, augmented, diminished.

    Each of the four starts at C.

    Raises
    ------
    MusicError
        If it is no chord; see `latentpalette.music.chord_symbols`.

    Examples
    --------
    >>> [triad_class(symbol) for symbol in ("C", "Am", "F#m7b5", "N.C.")]
    [1, 22, 43, 0]
    """
    return read_chord(symbol).triad_class


def infer_chords(
    pitches: Sequence[int] | NDArray,
    starts: Sequence[float] | NDArray,
    ends: Sequence[float] | NDArray,
    *,
    chord_length: float,
) -> list[str]:
    """Infer the most likely chords of some notes.

    Parameters
    ----------
    pitches : array-like of int [shape=(n,)]
    starts, ends : array-like [shape=(n,)]
        In any unit of time.
    chord_length : float
        Shortest duration of a chord, in the same unit.

    Returns
    -------
    list of str
        A symbol for each `chord_length` up to the last end.

    Raises
    ------
    MusicError
        If there would be more than a thousand.

    Examples
    --------
    >>> infer_chords([60, 64, 67, 57, 60, 64], [0, 0, 0, 8, 8, 8], [8, 8, 8, 16, 16, 16], chord_length=8.0)
    ['C', 'Am']
    """
    starts, ends = np.asarray(starts, float), np.asarray(ends, float)
    num_chords = int(np.ceil(ends.max(initial=0.0) / chord_length))
    if num_chords == 0:
        return []
    if num_chords > _MAX_CHORDS:
        raise MusicError(f"{num_chords} chords are more than the {_MAX_CHORDS} that can be inferred at once.")
    pitch_classes = _pitch_class_profiles(np.asarray(pitches, int), starts, ends, chord_length, num_chords)
    path = _viterbi(_CONCENTRATION * np.dot(pitch_classes, _chord_profiles().T))
    return [NO_CHORD if chord == 0 else _symbol(*_CHORDS[chord - 1]) for chord in path]


def _symbol(root: int, kind: str) -> str:
    return ROOTS[root] + kind


def _pitch_class_profiles(
    pitches: NDArray, starts: NDArray, ends: NDArray, chord_length: float, num_chords: int
) -> NDArray:
    """Return how long each pitch class sounds during each chord, as unit vectors [chords, 12]."""
    edges = chord_length * np.arange(num_chords + 1)
    durations = np.zeros((num_chords, 12))
    for pitch, start, end in zip(pitches.tolist(), starts.tolist(), ends.tolist(), strict=True):
        first = min(int(np.searchsorted(edges[1:-1], start, side="right")), num_chords - 1)
        last = max(int(np.searchsorted(edges[1:-1], end, side="left")), first)
        for index in range(first, last + 1):
            duration = min(end, edges[index + 1] if index < last else end) - max(start, edges[index])
            durations[index, pitch % 12] += duration
    norms = np.linalg.norm(durations, axis=1, keepdims=True)
    return np.divide(durations, norms, out=np.zeros_like(durations), where=norms > 0)


@cache
def _chord_profiles() -> NDArray:
    """Return the pitch classes of each chord as unit vectors [97, 12]; zeros for "no chord"."""
    profiles = np.zeros((len(_CHORDS) + 1, 12))
    for index, (root, kind) in enumerate(_CHORDS, 1):
        profiles[index, [(root + interval) % 12 for interval in _CHORD_TONES[kind]]] = 1
    profiles[1:] /= np.linalg.norm(profiles[1:], axis=1)[:, np.newaxis]
    return profiles


@cache
def _chord_given_key() -> NDArray:
    """Return the probability of each chord in each key [12, 97], by its number of pitches in the key and outside."""
    inside, outside = np.zeros((12, len(_CHORDS) + 1)), np.zeros((12, len(_CHORDS) + 1))
    for key in range(12):
        scale = {(key + interval) % 12 for interval in _MAJOR_SCALE}
        for index, (root, kind) in enumerate(_CHORDS, 1):
            chord = {(root + interval) % 12 for interval in _CHORD_TONES[kind]}
            inside[key, index], outside[key, index] = len(chord & scale), len(chord - scale)
    weights = (1 - _OUT_OF_KEY) ** inside * _OUT_OF_KEY**outside
    return weights / weights.sum(axis=1, keepdims=True)


def _viterbi(log_likelihood: NDArray) -> list[int]:
    """Return the most likely sequence of chords, given the log-likelihoods [chords, 97] of each, over all keys.

    A change of key forgets the chord, so the best way into a key from another is one number for each key left: the
    step costs 12 tables of 97 by 97, not one of 1,164 by 1,164.
    """
    num_chords = log_likelihood.shape[1]
    in_key = _chord_given_key()  # [12, 97]
    # Within a key, from chord i to chord j: the probability left over by chord i goes to all others. The products are
    # in note-seq's order, because chords that share their pitches tie to the last digit.
    within_key = (1 - _KEY_CHANGE) * (
        _CHORD_CHANGE * (in_key[:, None, :] + in_key[:, :, None] / (num_chords - 1))
    )  # [12, from, to]
    within_key[:, np.arange(num_chords), np.arange(num_chords)] = (1 - _KEY_CHANGE) * (1 - _CHORD_CHANGE)
    within_key = np.log(within_key)
    into_key = np.log((_KEY_CHANGE / 11) * in_key)  # [12, to]
    best = -np.log(12) + np.log(in_key) + log_likelihood[0]  # [12, 97]
    backpointers = []
    keys = np.arange(12)
    for frame in log_likelihood[1:]:
        candidates = best[:, :, None] + within_key  # [12, from, to]
        from_chord = candidates.argmax(axis=1)  # [12, to]
        score = np.take_along_axis(candidates, from_chord[:, None, :], axis=1)[:, 0]
        backpointer = keys[:, None] * num_chords + from_chord
        flat = best.reshape(-1)
        for key in range(12):
            other_keys = np.where(np.repeat(keys == key, num_chords), -np.inf, flat)
            source = int(other_keys.argmax())
            key_change_score = other_keys[source] + into_key[key]
            is_better = key_change_score > score[key]
            score[key] = np.where(is_better, key_change_score, score[key])
            backpointer[key] = np.where(is_better, source, backpointer[key])
        backpointers.append(backpointer.reshape(-1))
        best = score + frame
    path = [int(best.argmax())]
    for backpointer in reversed(backpointers):
        path.append(int(backpointer[path[-1]]))
    return [state % num_chords for state in reversed(path)]


def chord_per_step(symbols: Sequence[str], *, steps: int, steps_per_chord: int) -> list[str]:
    """Repeat every chord symbol for its steps, and the last one up to the end.

    Without symbols every step has `NO_CHORD`.

    Examples
    --------
    >>> chord_per_step(["C", "G"], steps=5, steps_per_chord=2)
    ['C', 'C', 'G', 'G', 'G']
    """
    symbols = symbols or [NO_CHORD]
    return [symbols[min(step // steps_per_chord, len(symbols) - 1)] for step in range(steps)]
