"""Features of windows for a classifier: rolls, intervals, patterns, and change from bar to bar."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from latentpalette.converters.melody import FIRST_NOTE_ON, NOTE_OFF
from latentpalette.converters.performance_stream import PerformanceStream
from latentpalette.converters.streams import DrumStream, Labels, Stream
from latentpalette.evaluation.pattern_features import drum_patterns, melody_patterns
from latentpalette.evaluation.performance_features import performance_groups
from latentpalette.music.sequence import STEPS_PER_BAR

MAX_ROLL_BARS = 2  # the rolls of longer windows hold their first bar and their last
MAX_INTERVAL = 13  # semitones; larger ones count as this
MAX_ONSET_DISTANCE = 17  # steps

Features = NDArray[np.float32]
FeatureGroups = dict[str, Features]


def window_features(labels: Labels, streams: tuple[Stream, ...]) -> Features:
    """Return the features of windows, those of one stream after those of another.

    Parameters
    ----------
    labels : ndarray of int [shape=(n, t, streams)]
    streams : tuple of Stream

    Returns
    -------
    ndarray of float32 [shape=(n, features)]

    Examples
    --------
    >>> labels = np.tile([1, 0, 4, 0], (3, 8))[..., None]
    >>> len(window_features(labels, (DrumStream.from_map("reduced"),)))
    3
    """
    return np.concatenate(list(feature_groups(labels, streams).values()), 1)


def feature_groups(labels: Labels, streams: tuple[Stream, ...]) -> FeatureGroups:
    """Return the features of windows in groups of one kind: name to ndarray of float32 [n, features].

    Parameters
    ----------
    labels : ndarray of int [shape=(n, t, streams)]
    streams : tuple of Stream

    Examples
    --------
    >>> labels = np.tile([1, 0, 4, 0], (3, 8))[..., None]
    >>> list(feature_groups(labels, (DrumStream.from_map("reduced"),)))  # doctest: +ELLIPSIS
    ['drums roll', 'drums hits of bars', 'drums changes of bars', 'drums positions', ..., 'drums summary']
    """
    groups: dict[str, NDArray] = {}
    for k, stream in enumerate(streams):
        one = labels[..., k]
        if isinstance(stream, PerformanceStream):
            of_stream = performance_groups(one)
        else:
            of_stream = _drum_groups(one, stream) if isinstance(stream, DrumStream) else _melody_groups(one)
        of_stream["summary"] = np.stack(list(stream.features(one).values()), 1)
        groups |= {f"{stream.name} {name}": values for name, values in of_stream.items()}
    return {name: values.reshape(len(labels), -1).astype(np.float32) for name, values in groups.items()}


def _drum_groups(labels: Labels, stream: DrumStream) -> dict[str, NDArray]:
    hits = (labels[..., None] >> np.arange(len(stream.drum_names))) & 1  # [n, t, drums]
    return {
        "roll": first_and_last_bar(hits),
        "hits of bars": _bar_counts(hits),
        "changes of bars": _bar_changes(hits),
        **drum_patterns(hits),
    }


def _melody_groups(labels: Labels) -> dict[str, NDArray]:
    is_onset = labels >= FIRST_NOTE_ON
    sounding = _sounding_pitch(labels)
    lowest = np.where(sounding > 0, sounding, 1000).min(1, keepdims=True)
    relative = np.where(sounding > 0, sounding - lowest + 1, 0)  # 0 is silence, 1 the lowest pitch
    intervals, distances = _interval_counts(labels)
    return {
        "roll": first_and_last_bar(relative),
        "onsets": first_and_last_bar(is_onset),
        "notes of bars": _bar_counts(is_onset[..., None]),
        "changes of bars": _bar_changes(sounding[..., None]),
        "intervals": intervals,
        "distances": distances,
        **melody_patterns(labels, sounding),
    }


def _sounding_pitch(labels: Labels) -> NDArray[np.int64]:
    """Return the class that sounds at each step [n, t], 0 for silence."""
    event = np.where(labels == NOTE_OFF, 0, labels)
    is_event = labels != 0
    last = np.maximum.accumulate(np.where(is_event, np.arange(labels.shape[1]), -1), 1)
    return np.where(last >= 0, np.take_along_axis(event, np.maximum(last, 0), 1), 0)


def _interval_counts(labels: Labels) -> tuple[NDArray, NDArray]:
    """Count the intervals [semitones] and the distances [steps] from note to note: [n, bins] each."""
    n = len(labels)
    intervals = np.zeros((n, 2 * MAX_INTERVAL + 1))
    distances = np.zeros((n, MAX_ONSET_DISTANCE + 1))
    row, step = np.nonzero(labels >= FIRST_NOTE_ON)
    pitch = labels[row, step]
    same = row[1:] == row[:-1]
    interval = np.clip(np.diff(pitch), -MAX_INTERVAL, MAX_INTERVAL)[same] + MAX_INTERVAL
    distance = np.clip(np.diff(step), 0, MAX_ONSET_DISTANCE)[same]
    np.add.at(intervals, (row[1:][same], interval), 1)
    np.add.at(distances, (row[1:][same], distance), 1)
    return intervals, distances


def first_and_last_bar(rolls: NDArray) -> NDArray:
    """Return rolls [n, t, ...], of long windows the first bar and the last."""
    if rolls.shape[1] <= MAX_ROLL_BARS * STEPS_PER_BAR:
        return rolls
    return np.concatenate([rolls[:, :STEPS_PER_BAR], rolls[:, -STEPS_PER_BAR:]], 1)


def _bars(rolls: NDArray) -> NDArray:
    """Return the whole bars of rolls [n, t, k] as [n, bars, steps of a bar, k]."""
    bars = rolls.shape[1] // STEPS_PER_BAR
    return rolls[:, : bars * STEPS_PER_BAR].reshape(len(rolls), bars, STEPS_PER_BAR, rolls.shape[2])


def _bar_counts(rolls: NDArray) -> NDArray:
    """Count the hits of each bar [n, bars, k]."""
    return _bars(rolls).sum(2)


def _bar_changes(rolls: NDArray) -> NDArray:
    """Count the steps at which each bar differs from the one before it, and from the first: [n, 2, bars - 1, k]."""
    bars = _bars(rolls)
    return np.stack([(bars[:, 1:] != bars[:, :-1]).sum(2), (bars[:, 1:] != bars[:, :1]).sum(2)], 1)
