"""A classifier two-sample test: can a classifier tell generated windows from songs that it has not met?

Source: Lopez-Paz & Oquab (2017), arXiv 1610.06545. The classifier is gradient boosting on `window_features`, and folds
are made of whole songs, so that it cannot recognize a song by its other windows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from latentpalette.errors import TrainingError
from latentpalette.evaluation.window_features import Features

MAX_WINDOWS_PER_SONG = 12
MAX_WINDOWS = 3000  # of each kind
NUM_FOLDS = 5


@dataclass(frozen=True)
class TwoSampleTest:
    """Area under the ROC curve with which a classifier tells two kinds of windows apart.

    Parameters
    ----------
    auc : float [0 to 1]
        0.5: it cannot; 1: always.
    std : float
        Standard deviation over the folds, divided by the square root of their number.
    num_windows : tuple of int
        Windows of each kind.
    """

    auc: float
    std: float
    num_windows: tuple[int, int]


def two_sample_test(
    real: Features, real_song: NDArray, other: Features, other_song: NDArray | None = None, *, seed: int = 0
) -> TwoSampleTest:
    """Train a classifier to tell `other` windows from `real` ones; return how well it does so on songs aside.

    Parameters
    ----------
    real, other : ndarray of float32 [shape=(n, features)]
        See `latentpalette.evaluation.window_features.window_features`.
    real_song, other_song : ndarray of int [shape=(n,)]
        The song of each window; None where each stands for itself. The numbers of the two kinds are not compared.
    seed : int
        For the choice of windows and folds.

    Returns
    -------
    TwoSampleTest

    Raises
    ------
    TrainingError
        If scikit-learn is missing, or there are fewer than five songs of either kind.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> songs = np.arange(200) // 4
    >>> test = two_sample_test(rng.normal(size=(200, 3)), songs, rng.normal(size=(200, 3)) + 3)
    >>> test.auc > 0.95
    True
    """
    try:
        from sklearn.ensemble import HistGradientBoostingClassifier
        from sklearn.metrics import roc_auc_score
    except ImportError as error:
        raise TrainingError('The two-sample test needs scikit-learn: pip install "latentpalette[train]"') from error
    rng = np.random.default_rng([seed, 2])
    kinds = []
    for features, song in ((real, real_song), (other, np.arange(len(other)) if other_song is None else other_song)):
        chosen = choose_windows(song, rng, max_windows=MAX_WINDOWS)
        kinds.append((features[chosen], _song_folds(song[chosen], rng)))
    n = min(len(features) for features, _ in kinds)
    kinds = [_subset(features, fold, n, rng) for features, fold in kinds]
    x = np.concatenate([features for features, _ in kinds])
    fold = np.concatenate([fold for _, fold in kinds])
    y = np.repeat([0, 1], n)
    aucs = []
    for k in range(NUM_FOLDS):
        inside, outside = fold != k, fold == k
        classifier = HistGradientBoostingClassifier(
            max_iter=120,
            learning_rate=0.1,
            max_leaf_nodes=15,
            min_samples_leaf=10,
            l2_regularization=1.0,
            early_stopping=False,
            random_state=seed,
        )
        classifier.fit(x[inside], y[inside])
        aucs.append(roc_auc_score(y[outside], classifier.predict_proba(x[outside])[:, 1]))
    return TwoSampleTest(float(np.mean(aucs)), float(np.std(aucs, ddof=1) / np.sqrt(NUM_FOLDS)), (n, n))


def choose_windows(song: NDArray, rng: np.random.Generator, *, max_windows: int) -> NDArray[np.intp]:
    """Choose at most a dozen windows of each song at random, and of all at most `max_windows`; return their indices.

    Examples
    --------
    >>> len(choose_windows(np.zeros(100), np.random.default_rng(0), max_windows=50))
    12
    """
    shuffled = rng.permutation(len(song))
    order = shuffled[np.argsort(song[shuffled], kind="stable")]
    _, start, count = np.unique(song[order], return_index=True, return_counts=True)
    rank = np.arange(len(order)) - np.repeat(start, count)
    chosen = order[rank < MAX_WINDOWS_PER_SONG]
    return np.sort(rng.permutation(chosen)[:max_windows])


def _song_folds(song: NDArray, rng: np.random.Generator) -> NDArray[np.int64]:
    """Assign windows to folds, those of one song to the same; the folds have about the same number of songs."""
    songs, index = np.unique(song, return_inverse=True)
    if len(songs) < NUM_FOLDS:
        raise TrainingError(f"A two-sample test takes at least {NUM_FOLDS} songs of each kind; got {len(songs)}.")
    return (rng.permutation(len(songs)) % NUM_FOLDS)[index]


def _subset(features: Features, fold: NDArray, n: int, rng: np.random.Generator) -> tuple[Features, NDArray]:
    chosen = rng.permutation(len(features))[:n]
    return features[chosen], fold[chosen]
