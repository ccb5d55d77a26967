"""Features of how a groove is played: velocities and timing of its hits."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from latentpalette.evaluation.window_features import FeatureGroups, first_and_last_bar
from latentpalette.music.sequence import STEPS_PER_BAR

_RESOLUTION = 127  # of velocities and offsets, as a corpus stores them


def expression_groups(frames: NDArray) -> FeatureGroups:
    """Return the features of played grooves in groups of one kind.

    Parameters
    ----------
    frames : ndarray [shape=(n, t, 3 drums)]
        Hits, velocities (0 to 1) and offsets (-1 to 1) of each drum. Velocities and offsets are rounded to 127ths, as
        those of recordings are: a classifier would see the difference.

    Returns
    -------
    dict of name to ndarray of float32 [shape=(n, features)]

    Examples
    --------
    >>> frames = np.zeros((5, 32, 27))
    >>> {name: values.shape for name, values in expression_groups(frames).items()}
    {'velocity roll': (5, 288), 'offset roll': (5, 288), 'velocity': (5, 25), 'offset': (5, 25)}
    """
    hits, velocities, offsets = np.split(frames, 3, -1)
    is_hit = hits > 0.5
    groups: FeatureGroups = {}
    columns = {"velocity": velocities, "offset": offsets}
    rounded = {
        name: np.where(is_hit, np.rint(values * _RESOLUTION) / _RESOLUTION, 0) for name, values in columns.items()
    }
    for name, values in rounded.items():
        groups[f"{name} roll"] = _flatten(first_and_last_bar(values))
    for name, values in rounded.items():
        groups[name] = _flatten(np.concatenate([_spread(values, is_hit), _mean_by_beat_position(values, is_hit)], 1))
    return groups


def _spread(values: NDArray, is_hit: NDArray) -> NDArray:
    """Return mean and standard deviation of each drum's hits [n, 2 drums], and the standard deviation of all [n, 1]."""
    count = np.maximum(is_hit.sum(1), 1)
    mean = values.sum(1) / count
    deviation = np.sqrt(np.where(is_hit, (values - mean[:, None]) ** 2, 0).sum(1) / count)
    overall = values.sum((1, 2)) / count.sum(1)
    squares = np.where(is_hit, (values - overall[:, None, None]) ** 2, 0).sum((1, 2))
    return np.concatenate([mean, deviation, np.sqrt(squares / count.sum(1))[:, None]], 1)


def _mean_by_beat_position(values: NDArray, is_hit: NDArray) -> NDArray:
    """Return the mean over the hits at the four steps of a beat, at the bar's first, and at the backbeats [n, 6]."""
    step = np.arange(values.shape[1])
    places = [step % 4 == k for k in range(4)] + [step % STEPS_PER_BAR == 0, step % 8 == 4]
    return np.stack([values[:, place].sum((1, 2)) / np.maximum(is_hit[:, place].sum((1, 2)), 1) for place in places], 1)


def _flatten(values: NDArray) -> NDArray[np.float32]:
    return values.reshape(len(values), -1).astype(np.float32)
