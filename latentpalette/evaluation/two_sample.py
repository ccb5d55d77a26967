"""A classifier two-sample test: can a classifier tell generated windows from songs that it has not met?

Source: Lopez-Paz & Oquab (2017), arXiv 1610.06545. The classifier is gradient boosting on `window_features`, and folds
are made of whole songs, so that it cannot recognize a song by its other windows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentpalette.errors import TrainingError
from latentpalette.evaluation.window_features import Features

MAX_WINDOWS_PER_SONG = 12
MAX_WINDOWS = 1000  # of each kind
NUM_FOLDS = 5
MAX_FEATURES = 0.1  # of the features, at each split: a third of the time of all, and no weaker


@dataclass(frozen=True)
class TwoSampleTest:
    """Area under the ROC curve with which a classifier tells two kinds of windows apart.

    Parameters
    ----------
    auc : float [0 to 1]
        0.5: it cannot; 1: always.
    standard_error : float
        Over the folds.
    num_windows : (int, int)
        Windows of songs, and of the other kind.
    """

    auc: float
    standard_error: float
    num_windows: tuple[int, int]


def two_sample_test(
    real: Features,
    real_song: NDArray,
    other: Features,
    other_song: NDArray | None = None,
    *,
    more_real: Features | None = None,
    seed: int = 0,
) -> TwoSampleTest:
    """Train a classifier to tell `other` windows from `real` ones; return how well it does so on songs aside.

    Parameters
    ----------
    real, other : ndarray of float32 [shape=(n, features)]
        See `latentpalette.evaluation.window_features.window_features`.
    real_song, other_song : ndarray of int [shape=(n,)]
        The song of each window; None where each stands for itself. The numbers of the two kinds are not compared.
    more_real : ndarray of float32 [shape=(n, features)], optional
        Windows of further songs, to train with only: they make the classifier stronger.
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
    rng = np.random.default_rng([seed, 2])
    real_chosen = choose_windows(real_song, rng)
    other_song = np.arange(len(other)) if other_song is None else other_song
    other_chosen = choose_windows(other_song, rng)
    real, real_fold = real[real_chosen], _song_folds(real_song[real_chosen], rng)
    other, other_fold = other[other_chosen], _song_folds(other_song[other_chosen], rng)
    extra = real[:0] if more_real is None else more_real
    aucs = []
    for fold in range(NUM_FOLDS):
        train_real = np.concatenate([real[real_fold != fold], extra])
        classifier = _fit_classifier(train_real, other[other_fold != fold], seed)
        aucs.append(_auc(classifier, real[real_fold == fold], other[other_fold == fold]))
    error = float(np.std(aucs, ddof=1) / np.sqrt(NUM_FOLDS))
    return TwoSampleTest(float(np.mean(aucs)), error, (len(real), len(other)))


def _fit_classifier(real: Features, other: Features, seed: int) -> Any:
    try:
        from sklearn.ensemble import HistGradientBoostingClassifier
    except ImportError as error:
        raise TrainingError('The two-sample test needs scikit-learn: pip install "latentpalette[train]"') from error
    classifier = HistGradientBoostingClassifier(
        max_iter=100,
        learning_rate=0.1,
        max_leaf_nodes=15,
        max_features=MAX_FEATURES,
        min_samples_leaf=10,
        l2_regularization=1.0,
        early_stopping=False,
        random_state=seed,
    )
    labels = np.repeat([0, 1], [len(real), len(other)])
    weights = np.where(labels, len(real) / len(other), 1.0)  # both kinds weigh the same
    return classifier.fit(np.concatenate([real, other]), labels, sample_weight=weights)


def _auc(classifier: Any, real: Features, other: Features) -> float:
    from sklearn.metrics import roc_auc_score

    scores = classifier.predict_proba(np.concatenate([real, other]))[:, 1]
    return float(roc_auc_score(np.repeat([0, 1], [len(real), len(other)]), scores))


def choose_windows(song: NDArray, rng: np.random.Generator) -> NDArray[np.intp]:
    """Choose at most a dozen windows of each song, and of all at most `MAX_WINDOWS`, at random; return their indices.

    Examples
    --------
    >>> len(choose_windows(np.zeros(100), np.random.default_rng(0)))
    12
    """
    shuffled = rng.permutation(len(song))
    order = shuffled[np.argsort(song[shuffled], kind="stable")]
    _, count = np.unique(song[order], return_counts=True)
    rank = np.arange(len(order)) - np.repeat(np.cumsum(count) - count, count)
    chosen = order[rank < MAX_WINDOWS_PER_SONG]
    return np.sort(rng.permutation(chosen)[:MAX_WINDOWS])


def _song_folds(song: NDArray, rng: np.random.Generator) -> NDArray[np.int64]:
    """Assign windows to folds, those of one song to the same; the folds have about the same number of songs."""
    songs, index = np.unique(song, return_inverse=True)
    if len(songs) < NUM_FOLDS:
        raise TrainingError(f"A two-sample test takes at least {NUM_FOLDS} songs of each kind; got {len(songs)}.")
    return (rng.permutation(len(songs)) % NUM_FOLDS)[index]
