"""Sampling the best of several."""

from __future__ import annotations

import numpy as np
import pytest

import latentpalette as lp
from latentpalette.errors import ModelError
from latentpalette.models.first_sample import BEST_OF, TEMPERATURE, first_seed
from latentpalette.music.features import backbeat
from latentpalette.music.rating import rate
from tests.shelf import WITHOUT_CONTROLS


@pytest.fixture(scope="module")
def model():
    return lp.load("drums-2bar")


def test_the_best_of_one_is_the_sample(model):
    assert model.sample(3, seed=5, best_of=1) == model.sample(3, seed=5)


def test_each_sample_is_the_best_of_its_draws(model):
    drawn = model.sample(12, seed=5)
    assert model.sample(3, seed=5, best_of=4) == [max(drawn[at : at + 4], key=rate) for at in (0, 4, 8)]


def test_for_a_larger_n_the_first_are_the_same(model):
    assert model.sample(5, seed=5, best_of=3)[:2] == model.sample(2, seed=5, best_of=3)


def test_the_best_of_eight_nearly_always_have_a_backbeat_and_all_differ(model):
    shares = [np.mean([backbeat(loop) == 1 for loop in model.sample(64, seed=1, best_of=k)]) for k in (1, 8)]
    assert shares[0] < 0.5
    assert shares[1] > 0.9
    assert len(set(model.sample(64, seed=1, best_of=8))) == 64


def test_one_z_can_be_decoded_several_times_to_choose_from(model):
    assert rate(model.sample(1, seed=3, same_z=True, best_of=8)[0]) >= rate(model.sample(1, seed=3, same_z=True)[0])


@pytest.mark.parametrize("shape", [(32, 49), (2, 32, 49)])
def test_controls_of_each_sample_are_those_of_its_draws(shape):
    config = lp.magenta_config("cat-mel_2bar_med_chords")
    tiny = lp.MusicVAE(config.replace(z_size=4, enc_rnn_size=(8,), dec_rnn_size=(8,)))
    controls = np.random.default_rng(1).random(shape)
    repeated = np.repeat(controls, 3, axis=0) if len(shape) == 3 else controls
    drawn = tiny.sample(6, seed=1, controls=repeated)
    best = tiny.sample(2, seed=1, controls=controls, best_of=3)
    assert best == [max(drawn[at : at + 3], key=rate) for at in (0, 3)]


@pytest.mark.parametrize("wrong", [0, 101, 2.5, "eight", None])
def test_other_numbers_are_refused(model, wrong):
    with pytest.raises(ModelError, match="best_of is a whole number from 1 to 100"):
        model.sample(1, best_of=wrong)


@pytest.mark.parametrize("name", WITHOUT_CONTROLS)
def test_what_is_sampled_first_rates_well(name):
    first = lp.load(name)
    samples = [
        first.sample(1, temperature=TEMPERATURE, seed=first_seed(name) + k, best_of=BEST_OF)[0] for k in range(3)
    ]
    assert rate(samples[0]) > 0.85
    assert min(map(rate, samples)) > 0.75
    assert len(set(samples)) == 3


def test_a_model_of_one_s_own_begins_with_seed_one():
    assert first_seed("my-drums") == 1
