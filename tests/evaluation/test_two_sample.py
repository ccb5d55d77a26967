"""A classifier tells what is different, and cannot tell what is the same."""

from __future__ import annotations

import numpy as np
import pytest

from latentpalette.converters.melody import FIRST_NOTE_ON, NOTE_OFF, NUM_CLASSES
from latentpalette.converters.streams import DrumStream, MelodyStream
from latentpalette.errors import TrainingError
from latentpalette.evaluation.two_sample import choose_windows, two_sample_test
from latentpalette.evaluation.window_features import window_features

DRUMS, MELODY = DrumStream.from_map("reduced"), MelodyStream("melody", NUM_CLASSES)


def songs_of_their_own_style(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return windows of songs whose features say which song they are from."""
    rng = np.random.default_rng(seed)
    song = np.arange(n) // 8
    return rng.normal(size=(song.max() + 1, 6))[song] + 0.01 * rng.normal(size=(n, 6)), song


def test_windows_of_the_same_kind_are_not_separated_however_alike_those_of_a_song_are():
    real, other = songs_of_their_own_style(400, 0), songs_of_their_own_style(400, 1)
    assert 0.3 < two_sample_test(*real, *other).auc < 0.7


def test_windows_of_another_kind_are_separated():
    real, song = songs_of_their_own_style(400, 0)
    other = real + np.array([3, 0, 0, 0, 0, 0])
    test = two_sample_test(real, song, other)
    assert test.auc > 0.9
    assert test.num_windows == (400, 400)


def test_more_real_songs_make_the_classifier_stronger():
    rng = np.random.default_rng(0)
    real, more = rng.normal(size=(60, 10)), rng.normal(size=(2000, 10))
    other = rng.normal(size=(800, 10)) * 1.6
    alone = two_sample_test(real, np.arange(60), other)
    assert two_sample_test(real, np.arange(60), other, more_real=more).auc > alone.auc


def test_the_same_seed_gives_the_same_figure():
    real, song = songs_of_their_own_style(100, 0)
    assert two_sample_test(real, song, real + 0.3, seed=4) == two_sample_test(real, song, real + 0.3, seed=4)


def test_no_song_has_more_than_a_dozen_windows():
    song = np.repeat([3, 7, 9], [100, 5, 40])
    chosen = song[choose_windows(song, np.random.default_rng(0))]
    assert np.bincount(chosen)[[3, 7, 9]].tolist() == [12, 5, 12]


def test_four_songs_are_too_few():
    with pytest.raises(TrainingError, match="at least 5 songs of each kind; got 4"):
        two_sample_test(np.zeros((8, 2)), np.arange(8) // 2, np.zeros((8, 2)))


def test_melodies_in_another_key_have_the_same_features_but_for_pitch_itself():
    tune = np.zeros((1, 32, 1), np.int64)
    tune[0, ::4, 0] = FIRST_NOTE_ON + np.array([40, 42, 44, 45, 47, 45, 44, 42])
    tune[0, 31, 0] = NOTE_OFF
    higher = np.where(tune >= FIRST_NOTE_ON, tune + 5, tune)
    differing = (window_features(tune, (MELODY,)) != window_features(higher, (MELODY,))).sum()
    assert differing <= len(MELODY.features(tune[..., 0]))


@pytest.mark.parametrize("bars", [1, 2, 16])
def test_features_are_finite_and_of_one_width_for_every_window(bars):
    rng = np.random.default_rng(0)
    labels = np.stack(
        [rng.integers(0, NUM_CLASSES, (5, 16 * bars)), rng.integers(0, DRUMS.num_classes, (5, 16 * bars))], -1
    )
    labels[0] = 0
    features = window_features(labels, (MELODY, DRUMS))
    assert features.shape[0] == 5
    assert np.isfinite(features).all()
