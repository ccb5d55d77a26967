"""Two-sample tests of what a model makes: samples, blends and reconstructions, against songs that it has not met."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from latentpalette.converters.streams import Labels
from latentpalette.evaluation.eval_data import EvalData
from latentpalette.evaluation.interpolation import random_pairs
from latentpalette.evaluation.predict import decode_labels, encode_windows, require_streams, target_labels
from latentpalette.evaluation.two_sample import NUM_FOLDS, TwoSampleTest, choose_windows, two_sample_test
from latentpalette.evaluation.window_features import Features, window_features
from latentpalette.models.interpolation import interpolate_pairs
from latentpalette.models.musicvae import MusicVAE

NUM_BLENDS = 1000


def evaluate_realism(
    model: MusicVAE, data: EvalData, samples: Mapping[str, Labels], *, seed: int = 0
) -> dict[str, TwoSampleTest]:
    """Test whether a classifier tells what a model makes from held-out songs.

    Parameters
    ----------
    model : MusicVAE
    data : EvalData
        With training songs: one half of them is blended and reconstructed, the other trains the classifier, too.
    samples : mapping of name to ndarray of int [shape=(n, t, streams)]
        Labels of sampled windows.
    seed : int

    Returns
    -------
    dict of name to TwoSampleTest
        ``"songs"``: training songs against held-out ones, what remains for the best of models; ``"reconstructions"``
        of training songs; ``"halfway"`` between pairs of them, as `MusicVAE.interpolate` blends; and the samples.
        Where a model takes controls, only the songs and the samples. Empty for fewer than five held-out songs or ten
        training songs.
    """
    if len(np.unique(data.song_index)) < NUM_FOLDS or len(np.unique(data.train_song_index)) < 2 * NUM_FOLDS:
        return {}
    streams = require_streams(model.config)
    rng = np.random.default_rng([seed, 3])
    held_out = window_features(target_labels(model.config, data.held_out), streams)
    is_first_half = np.isin(data.train_song_index, _half_of_the_songs(data.train_song_index, rng))
    training, training_song = data.train[~is_first_half], data.train_song_index[~is_first_half]
    chosen = choose_windows(training_song, rng)
    more_real = window_features(target_labels(model.config, training[chosen]), streams)
    source, source_song = data.train[is_first_half], data.train_song_index[is_first_half]
    chosen = choose_windows(source_song, rng)
    source, source_song = source[chosen], source_song[chosen]

    def test(other: Features, song: NDArray | None = None) -> TwoSampleTest:
        return two_sample_test(held_out, data.song_index, other, song, more_real=more_real, seed=seed)

    tests = {"songs": test(window_features(target_labels(model.config, source), streams), source_song)}
    if not model.config.control_depth and model.config.has_encoder:
        mu, _ = encode_windows(model, source)
        tests["reconstructions"] = test(window_features(decode_labels(model, mu), streams), source_song)
        first, second = random_pairs(len(mu), min(NUM_BLENDS, len(mu)), rng).T
        halfway = interpolate_pairs(model, mu[first], mu[second], [0.5])[:, 0]
        tests["halfway"] = test(window_features(decode_labels(model, halfway), streams))
    return tests | {name: test(window_features(labels, streams)) for name, labels in samples.items()}


def _half_of_the_songs(song: NDArray, rng: np.random.Generator) -> NDArray:
    songs = np.unique(song)
    return rng.permutation(songs)[: len(songs) // 2]
