"""A prior over songs learns what goes with what."""

from __future__ import annotations

import numpy as np
import pytest

from latentpalette.errors import TrainingError
from latentpalette.models.composing import fill_z
from latentpalette.training.song_matching import fit_songs


def songs_that_stay(n: int, length: int) -> list[np.ndarray]:
    """Songs that stay where they begin, anywhere on a circle."""
    angle = np.random.default_rng(0).uniform(0, 2 * np.pi, n)
    places = 3 * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    return list(np.repeat(places[:, None], length, axis=1).astype(np.float32))


@pytest.fixture(scope="module")
def prior():
    return fit_songs(songs_that_stay(64, 6), max_steps=400, batch_size=32, width=32, blocks=1, dropout=0.0)


@pytest.mark.parametrize("given", [(0,), (0, 1, 2), (0, 5), (5,)])
def test_what_is_made_goes_with_what_is_given(prior, given):
    """Without what is given, the mean distance would be 2.4, the mean of |x - y| on the circle."""
    song = songs_that_stay(1, 6)[0]
    made = [fill_z(prior, 6, {at: song[at] for at in given}, seed=seed) for seed in range(8)]
    assert np.mean([np.abs(each - song) for each in made]) < 0.9


def test_songs_that_are_made_differ(prior):
    first = [fill_z(prior, 6, {}, seed=seed)[0] for seed in range(8)]
    assert np.std(first, axis=0).min() > 1


@pytest.mark.parametrize("songs", [[], [np.zeros((6, 2))] * 7, [np.zeros((3, 2))] * 8, [np.full((6, 2), np.inf)] * 8])
def test_too_few_or_too_short_songs_are_refused(songs):
    with pytest.raises(TrainingError, match="finite latent vectors"):
        fit_songs(songs)


def test_the_same_seed_fits_the_same_prior():
    songs = songs_that_stay(8, 6)
    fits = [fit_songs(songs, max_steps=3, batch_size=4, width=8, blocks=1, seed=2) for _ in range(2)]
    assert np.array_equal(*(fill_z(each, 5, {}, seed=1) for each in fits))
