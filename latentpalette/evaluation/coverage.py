"""Coverage: how much of the held-out songs' variety generated windows have.

Source: Naeem et al. (2020), arXiv 2002.09797, whose neighborhoods reach to the fifth nearest real sample. Here they
reach to the fifth nearest window of another song, because windows of one song are often nearly the same.

Distances are Euclidean between features (`latentpalette.evaluation.window_features`) in which each group of one kind
weighs the same. Steps that differ would be no distance between melodies: two of one style have hardly a note in common.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from latentpalette.errors import TrainingError

NUM_NEIGHBORS = 5


def measure_coverage(real: NDArray, song: NDArray, generated: NDArray) -> float:
    """Return the share of real windows whose neighborhood has a generated window in it.

    Parameters
    ----------
    real : ndarray [shape=(n, features)]
        See `scale_groups`.
    song : ndarray of int [shape=(n,)]
        The song of each.
    generated : ndarray [shape=(m, features)]
        The more there are, the more they cover: compare numbers for the same m.

    Returns
    -------
    float [0 to 1]
        About 0.97 for as many windows of the same distribution.

    Raises
    ------
    TrainingError
        If there are no more than five windows of other songs.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> real, alike, narrow = rng.normal(size=(3, 300, 2)) * [[[1.0]], [[1.0]], [[0.1]]]
    >>> measure_coverage(real, np.arange(300), alike) > 0.9 > 0.2 > measure_coverage(real, np.arange(300), narrow)
    True
    """
    distance = _distances(real, real)
    distance[song[:, None] == song[None, :]] = np.inf
    radius = np.sort(distance, 1)[:, NUM_NEIGHBORS - 1 : NUM_NEIGHBORS]
    if not radius.size or not np.isfinite(radius).all():
        raise TrainingError(f"Coverage takes windows of several songs; each needs {NUM_NEIGHBORS} of other songs.")
    return float((_distances(real, generated).min(1) <= radius[:, 0]).mean())


def scale_groups(groups: Mapping[str, NDArray], reference: Mapping[str, NDArray]) -> NDArray[np.float32]:
    """Divide each group of features by its spread over reference windows, and join the groups [n, features].

    Parameters
    ----------
    groups, reference : mapping of name to ndarray [shape=(n, features)]
        Of two sets of windows; the spread is the root of the summed variances. A group without any is left out.

    Examples
    --------
    >>> groups = {"hits": np.array([[0.0], [2.0]]), "range": np.array([[0.0], [200.0]])}
    >>> scale_groups(groups, groups).tolist()
    [[0.0, 0.0], [2.0, 2.0]]
    """
    spread = {name: float(np.sqrt(values.var(0).sum())) for name, values in reference.items()}
    scaled = [groups[name] / value for name, value in spread.items() if value > 0]
    return np.concatenate([np.zeros((len(next(iter(groups.values()))), 0)), *scaled], 1).astype(np.float32)


def _distances(a: NDArray, b: NDArray) -> NDArray[np.float64]:
    """Return the squared distance from each row of `a` to each of `b` [n, m]."""
    a, b = a.astype(np.float64), b.astype(np.float64)
    squares = (a**2).sum(1)[:, None] + (b**2).sum(1)[None, :]
    return np.maximum(squares - 2 * a @ b.T, 0)
