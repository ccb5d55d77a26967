"""Latent and data interpolation, on models whose interpolations are known."""

from __future__ import annotations

import numpy as np
import pytest

from latentpalette.errors import TrainingError
from latentpalette.evaluation.interpolation import evaluate_interpolation
from latentpalette.evaluation.ngrams import NGramModel
from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
from latentpalette.models.musicvae import MusicVAE
from tests.evaluation.tiny_corpora import DRUMS
from tests.models.tiny_models import model_of


def loops(n: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 4, (n, 32)).astype(np.uint16)


def interpolate(windows=None, **options):
    windows = loops(20) if windows is None else windows
    return evaluate_interpolation(model_of(DRUMS), windows, [NGramModel(loops(50, 1))], num_pairs=8, **options)


def test_data_interpolation_begins_with_one_end_and_ends_with_the_other():
    result = interpolate(n=5)
    assert result.alphas == (0.0, 0.25, 0.5, 0.75, 1.0)
    assert result.data_interpolation_distance[0] == 0.0
    assert result.data_interpolation_distance[-1] == pytest.approx(3 / 4, abs=0.08)  # four labels, drawn at random
    assert list(result.data_interpolation_distance) == sorted(result.data_interpolation_distance)
    first, last = result.data_interpolation_relative_nll[0], result.data_interpolation_relative_nll[-1]
    assert first == last == pytest.approx(1.0)


def test_data_interpolation_of_two_grooves_is_less_plausible_than_either():
    march, waltz = np.tile([1, 0, 2, 0], 8), np.tile([3, 3, 0, 1], 8)
    windows = np.array([march, waltz], np.uint16)
    ngram_model = NGramModel(np.array([march, waltz] * 20))
    result = evaluate_interpolation(model_of(DRUMS), windows, [ngram_model], num_pairs=6, n=3)
    assert result.data_interpolation_relative_nll[1] > 3


def test_latent_interpolation_begins_at_the_reconstruction_of_the_first_end():
    model, windows = model_of(DRUMS), loops(2)
    ngram_model = NGramModel(loops(50, 1))
    result = evaluate_interpolation(model, windows, [ngram_model], num_pairs=4, n=2, temperature=None)
    sequences = [model.converter.from_tokens(window) for window in windows]
    reconstructions = model.decode_classes(model.encode(sequences))
    errors = (reconstructions != windows).mean(1)
    # Both windows are drawn as a first end or as a second; the mean error lies between theirs.
    assert errors.min() <= result.distance[0] <= errors.max()


def test_the_same_seed_gives_the_same_curves():
    assert interpolate(seed=1) == interpolate(seed=1) != interpolate(seed=2)


def test_one_window_is_not_a_pair():
    with pytest.raises(TrainingError, match="takes two windows; there are 1"):
        interpolate(windows=loops(1))


def test_a_model_with_controls_is_refused():
    config = MAGENTA_CONFIGS["cat-mel_2bar_med_chords"].replace(z_size=4, enc_rnn_size=(8,), dec_rnn_size=(8,))
    with pytest.raises(TrainingError, match="takes controls"):
        evaluate_interpolation(MusicVAE(config), np.zeros((2, 32)), [], num_pairs=1)
