"""Windows of real songs, to compare with what a model makes: by a classifier, for coverage, and for copies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from latentpalette.evaluation.copies import Copies, CopyFinder
from latentpalette.evaluation.coverage import NUM_NEIGHBORS, measure_coverage, scale_groups
from latentpalette.evaluation.eval_data import EvalData
from latentpalette.evaluation.expression_features import expression_groups
from latentpalette.evaluation.predict import require_streams, target_labels, target_tokens
from latentpalette.evaluation.two_sample import MAX_WINDOWS, NUM_FOLDS, TwoSampleTest, choose_windows, two_sample_test
from latentpalette.evaluation.window_features import FeatureGroups, Features, feature_groups
from latentpalette.models.config import ModelConfig
from latentpalette.models.tokens import tokens_to_labels


@dataclass(frozen=True)
class Realism:
    """Windows compared with those of held-out songs.

    Parameters
    ----------
    auc : float [0 to 1]
        Area under the ROC curve with which a classifier tells them from held-out songs; see
        `latentpalette.evaluation.two_sample.TwoSampleTest`.
    standard_error : float
        Of that.
    num_windows : (int, int)
        Windows of held-out songs, and of the other kind, for the classifier.
    coverage : float [0 to 1]
        The share of held-out windows that have one of them nearby; see
        `latentpalette.evaluation.coverage.measure_coverage`.
    copies : Copies or None
        Of windows of training songs; None for training songs themselves, and for reconstructions of them.
    """

    auc: float
    standard_error: float
    num_windows: tuple[int, int]
    coverage: float
    copies: Copies | None


class RealWindows:
    """Windows of held-out songs, and of two halves of the training songs.

    Parameters
    ----------
    config : ModelConfig
    data : EvalData
        With at least six held-out songs and ten training songs; see `has_enough_songs`.
    seed : int

    Attributes
    ----------
    source : ndarray [shape=(n, steps, ...)]
        Packed windows of one half of the training songs, at most a dozen a song: to reconstruct and to blend. The
        other half trains the classifier.
    source_song : ndarray of int [shape=(n,)]
        The song of each.
    """

    def __init__(self, config: ModelConfig, data: EvalData, seed: int) -> None:
        self._config, self._seed = config, seed
        rng = np.random.default_rng([seed, 3])
        songs = rng.permutation(np.unique(data.train_song_index))
        is_source = np.isin(data.train_song_index, songs[: len(songs) // 2])
        training, training_song = data.train[~is_source], data.train_song_index[~is_source]
        self._more_real = _join(self._groups(training[choose_windows(training_song, rng)]))
        source, source_song = data.train[is_source], data.train_song_index[is_source]
        at_random = rng.permutation(len(source))[:MAX_WINDOWS]
        self._windows, self._windows_song = source[at_random], source_song[at_random]
        chosen = choose_windows(source_song, rng)
        self.source, self.source_song = source[chosen], source_song[chosen]
        held_out = choose_windows(data.song_index, rng)
        self._song = data.song_index[held_out]
        self._held_out = self._groups(data.held_out[held_out])
        self._features = _join(self._held_out)
        self._points = scale_groups(self._held_out, self._held_out)
        self._copy_finder = CopyFinder(target_labels(config, data.train), require_streams(config))
        self._held_out_copies = self._copy_finder.find(target_labels(config, data.held_out[held_out]))
        self._num_covering = min(len(self._song), len(self.source))

    @staticmethod
    def has_enough_songs(data: EvalData) -> bool:
        """Return whether there are six held-out songs and ten training songs."""
        held_out, training = np.unique(data.song_index), np.unique(data.train_song_index)
        return len(held_out) >= max(NUM_FOLDS, NUM_NEIGHBORS + 1) and len(training) >= 2 * NUM_FOLDS

    def compare_songs(self) -> Realism:
        """Compare training songs with held-out songs; the copies are those that the held-out songs have."""
        groups = self._groups(self.source)
        return self._result(groups, self.source_song, self._held_out_copies)

    def compare_windows(self) -> Realism:
        """Compare windows of the training songs with held-out songs, drawn at random from all, as training draws them.

        Long songs have more of them than their dozen; a model that learned the training songs perfectly makes them so.
        """
        return self._result(self._groups(self._windows), self._windows_song, None)

    def compare(self, tokens: NDArray, song: NDArray | None = None) -> Realism:
        """Compare generated windows with held-out songs.

        Parameters
        ----------
        tokens : ndarray [shape=(n, t, k)]
        song : ndarray of int [shape=(n,)], optional
            The training song that each is a reconstruction of; its copies do not count.
        """
        copies = None if song is not None else self._copy_finder.find(tokens_to_labels(self._config, tokens))
        return self._result(self._token_groups(tokens), song, copies)

    def _result(self, groups: FeatureGroups, song: NDArray | None, copies: Copies | None) -> Realism:
        test: TwoSampleTest = two_sample_test(
            self._features, self._song, _join(groups), song, more_real=self._more_real, seed=self._seed
        )
        points = scale_groups(groups, self._held_out)
        few = np.random.default_rng([self._seed, 4]).permutation(len(points))[: self._num_covering]
        coverage = measure_coverage(self._points, self._song, points[few])
        return Realism(test.auc, test.standard_error, test.num_windows, coverage, copies)

    def _groups(self, windows: NDArray) -> FeatureGroups:
        return self._token_groups(target_tokens(self._config, windows))

    def _token_groups(self, tokens: NDArray) -> FeatureGroups:
        groups = feature_groups(tokens_to_labels(self._config, tokens), require_streams(self._config))
        return groups | (expression_groups(tokens) if self._config.head == "groove" else {})


def _join(groups: FeatureGroups) -> Features:
    return np.concatenate(list(groups.values()), 1)
