"""Features of patterns in windows: what follows what, what sounds together, keys, and repetition."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from latentpalette.converters.melody import FIRST_NOTE_ON, NOTE_OFF
from latentpalette.converters.streams import Labels
from latentpalette.music.sequence import STEPS_PER_BAR

LAGS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 64, 128)  # steps
MAX_INTERVAL = 6  # semitones of interval pairs; larger ones count as this
MAX_DISTANCE = 8  # steps from onset to onset, of pairs of them
MAX_DURATION = 17  # steps that a note counts for its pitch class
MAX_TOGETHER = 4  # drums in one step
_MAJOR = np.array([1, 0, 1, 0, 1, 1, 0, 1, 0, 1, 0, 1])
# [tonic, pitch class]: 1 where the class is of the tonic's major scale
_SCALES = np.stack([np.roll(_MAJOR, tonic) for tonic in range(12)])


def drum_patterns(hits: NDArray) -> dict[str, NDArray]:
    """Return features of drum loops in groups of one kind.

    Parameters
    ----------
    hits : ndarray of int [shape=(n, t, drums)]
        0 or 1.

    Returns
    -------
    dict of name to ndarray [shape=(n, features)]

    Examples
    --------
    >>> {name: values.shape for name, values in drum_patterns(np.zeros((5, 32, 9), int)).items()}
    {'positions': (5, 180), 'together': (5, 86), 'followers': (5, 162), 'repetition': (5, 37)}
    """
    n, steps, drums = hits.shape
    pairs = [np.einsum("nta,ntb->nab", hits[:, : steps - lag], hits[:, lag:]).reshape(n, -1) for lag in range(3)]
    powers = 1 << np.arange(drums)
    labels = hits @ powers
    together = np.stack([(hits.sum(2) == count).sum(1) for count in range(MAX_TOGETHER + 1)], 1)
    changes = [(hits[:, lag:] != hits[:, : steps - lag]).sum(1) for lag in (4, 8, STEPS_PER_BAR) if lag < steps]
    distinct = 1 + (np.diff(np.sort(labels, 1), axis=1) != 0).sum(1, keepdims=True)
    return {
        "positions": np.concatenate([_sum_by_position(hits, STEPS_PER_BAR), _sum_by_position(hits, 4)], 1),
        "together": np.concatenate([pairs[0], together], 1),
        "followers": np.concatenate(pairs[1:], 1),
        "repetition": np.concatenate([*changes, distinct, _repetition(labels)], 1),
    }


def melody_patterns(labels: Labels, sounding: Labels) -> dict[str, NDArray]:
    """Return features of melodies in groups of one kind, the same in any key.

    Parameters
    ----------
    labels, sounding : ndarray of int [shape=(n, t)]
        Labels, and the note-on class that sounds at each step, 0 for silence.

    Returns
    -------
    dict of name to ndarray [shape=(n, features)]

    Examples
    --------
    >>> silence = np.zeros((5, 32), int)
    >>> list(melody_patterns(silence, silence))
    ['scale', 'interval pairs', 'distance pairs', 'line', 'positions', 'repetition']
    """
    n, steps = labels.shape
    is_onset = labels >= FIRST_NOTE_ON
    row, step = np.nonzero(is_onset)
    pitch = labels[row, step]
    same = row[1:] == row[:-1]
    interval = np.diff(pitch)
    distance = np.where(same, np.diff(step), 0)
    is_last = np.append(~same, True)[: len(step)]
    duration = np.where(is_last, steps - step, np.append(distance, 0)[: len(step)])
    profile = np.zeros((n, 12))
    first = labels[np.arange(n), is_onset.argmax(1)]
    np.add.at(profile, (row, (pitch - first[row]) % 12), duration.clip(0, MAX_DURATION))
    fit = profile @ _SCALES.T  # [n, tonics]
    tonic = fit.argmax(1)  # semitones above the first note
    scale = np.take_along_axis(profile, (tonic[:, None] + np.arange(12)) % 12, 1)
    triple = same[1:] & same[:-1]
    small = interval.clip(-MAX_INTERVAL, MAX_INTERVAL) + MAX_INTERVAL
    short = distance.clip(1, MAX_DISTANCE) - 1
    return {
        "scale": scale,
        "interval pairs": _count_pairs(n, row[2:][triple], small[:-1][triple], small[1:][triple], 2 * MAX_INTERVAL + 1),
        "distance pairs": _count_pairs(n, row[2:][triple], short[:-1][triple], short[1:][triple], MAX_DISTANCE),
        "line": np.column_stack([fit.max(1) / np.maximum(profile.sum(1), 1), *_line(labels, is_onset, tonic)]),
        "positions": np.column_stack([_sum_by_position(is_onset[..., None], STEPS_PER_BAR), (sounding == 0).sum(1)]),
        "repetition": np.concatenate([_repetition(labels), _repetition(is_onset), _repetition(sounding)], 1),
    }


def _line(labels: Labels, is_onset: NDArray, tonic: NDArray) -> list[NDArray]:
    """Describe where melodies begin and end, and how they move: eleven values [n]."""
    n, steps = labels.shape
    any_onset = is_onset.any(1)
    first = is_onset.argmax(1)
    last = steps - 1 - is_onset[:, ::-1].argmax(1)
    rows = np.arange(n)
    start, end = labels[rows, first], labels[rows, last]
    row, step = np.nonzero(is_onset)
    same = row[1:] == row[:-1]
    interval = np.where(same, np.diff(labels[row, step]), 0)
    largest, repeated, turns = np.zeros((3, n))
    np.maximum.at(largest, row[1:], np.abs(interval))
    np.add.at(repeated, row[1:], same & (interval == 0))
    np.add.at(turns, row[2:], same[1:] & same[:-1] & (interval[1:] * interval[:-1] < 0))
    classes = np.zeros((n, 12), bool)
    classes[row, labels[row, step] % 12] = True
    degrees = [np.where(any_onset, (note - start - tonic) % 12, -1) for note in (start, end)]
    return [
        *degrees,
        np.where(any_onset, end - start, 0),
        np.where(any_onset, first, steps),
        np.where(any_onset, last, -1),
        classes.sum(1),
        largest,
        repeated,
        turns,
        (labels == NOTE_OFF).sum(1),
        is_onset.sum(1),
    ]


def _count_pairs(n: int, row: NDArray, before: NDArray, after: NDArray, bins: int) -> NDArray[np.float64]:
    counts = np.zeros((n, bins * bins))
    np.add.at(counts, (row, before * bins + after), 1)
    return counts


def _sum_by_position(rolls: NDArray, period: int) -> NDArray:
    """Sum rolls [n, t, k] over the steps at each position of a period [n, period k]."""
    n, steps, k = rolls.shape
    padded = np.pad(rolls, ((0, 0), (0, -steps % period), (0, 0)))
    return padded.reshape(n, -1, period, k).sum(1).reshape(n, -1)


def _repetition(rows: NDArray) -> NDArray[np.float64]:
    """Return the share of steps that are as those some steps before, for each lag [n, lags]."""
    steps = rows.shape[1]
    lags = [lag for lag in LAGS if lag < steps]
    return np.stack([(rows[:, lag:] == rows[:, : steps - lag]).mean(1) for lag in lags], 1)
