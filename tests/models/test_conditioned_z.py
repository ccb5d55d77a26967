"""The last numbers of z are what a model can be asked for: given, estimated by the encoder, or said of a decode."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest
import torch

import latentpalette as lp
from latentpalette.errors import ModelError
from latentpalette.models.conditioned_z import read_z
from latentpalette.models.conditions import CategoryCondition, NumberCondition
from latentpalette.models.config import ModelConfig
from latentpalette.models.sampling import sample_prior
from latentpalette.models.store import load, save
from tests.models.tiny_models import DRUMS, model_of, prior_of

DANCE = NumberCondition("danceability", mean=2.0, std=0.5, low=1.0, high=4.0)
CONDITIONED = DRUMS.replace(conditions=(DANCE,))
LOOP = lp.NoteSequence.from_steps({"kick": [0, 8, 16, 24], "snare": [4, 12, 20, 28]}, steps=32)


@pytest.fixture
def model() -> lp.MusicVAE:
    return model_of(CONDITIONED)


def test_what_is_asked_of_a_decode_is_the_last_number_of_z(model):
    z = np.random.default_rng(0).normal(size=(3, 6)).astype(np.float32)
    expected = z.copy()
    expected[:, -1] = (3.0 - 2.0) / 0.5
    assert model.decode(z, danceability=3.0) == model.decode(expected)
    assert model.decode(z, danceability=3.0) != model.decode(z)


def test_each_z_may_be_asked_for_another_value(model):
    z = np.repeat(model.sample_z(1, seed=1), 3, 0)
    one_by_one = [model.decode(z[:1], danceability=value)[0] for value in (1.0, 2.0, 4.0)]
    assert model.decode(z, danceability=[1.0, 2.0, 4.0]) == one_by_one


def test_nothing_asked_is_what_z_says(model):
    z = model.sample_z(2, seed=1)
    assert model.decode(z, danceability=None) == model.decode(z)
    np.testing.assert_allclose(read_z(z, model.config.conditions)["danceability"], 2.0 + 0.5 * z[:, -1], rtol=1e-6)


def test_encode_estimates_the_condition_unless_it_is_given(model):
    estimated, given = model.encode([LOOP]), model.encode([LOOP], danceability=3.0)
    assert given[0, -1] == 2.0
    assert estimated[0, -1] != 2.0
    np.testing.assert_array_equal(estimated[0, :-1], given[0, :-1])


def test_a_condition_has_no_uncertainty_and_no_divergence(model):
    posterior = model.posterior([LOOP])
    assert posterior.sigma[0, -1] == 0
    assert (posterior.sigma[0, :-1] > 0).all()
    assert np.isfinite(model.losses_arrays(np.zeros((1, 32, 10)), np.zeros((1, 32, 512))).kl).all()


def test_samples_have_what_is_asked_and_otherwise_differ_in_it(model):
    assert (model.sample_z(4, seed=2, danceability=3.0)[:, -1] == 2.0).all()
    free = model.sample_z(4, seed=2)
    assert len(set(free[:, -1].tolist())) == 4
    np.testing.assert_array_equal(model.sample_z(4, seed=2, danceability=3.0)[:, :-1], free[:, :-1])
    assert len(model.sample(2, seed=2, danceability=3.0)) == 2


def test_a_learned_prior_may_be_asked_beside_the_model(model):
    model.prior = prior_of()
    z = sample_prior(model, 3, seed=1, conditions={"danceability": 3.0})
    np.testing.assert_array_equal(z[:, :-1], sample_prior(model, 3, seed=1)[:, :-1])
    assert (z[:, -1] == 2.0).all()


def test_refinement_keeps_what_was_asked_for(model):
    z = model.sample_z(3, seed=2, danceability=3.0)
    assert (model.refine(z, 2, seed=1)[:, -1] == 2.0).all()


def test_interpolations_and_variations_take_conditions(model):
    a, b = model.sample_z(2, seed=1)
    assert len(model.interpolate(a, b, n=3, danceability=3.0)) == 3
    assert model.interpolate(a, b, n=3, danceability=[1.0, 2.0, 3.0])[0] == model.decode(a[None], danceability=1.0)[0]
    assert model.similar(a, 2, 1.0, danceability=3.0)[0] == model.decode(a[None], danceability=3.0)[0]


def test_a_model_lists_its_conditions(model):
    assert model.conditions == {"danceability": DANCE}


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"dancability": 2.0}, "cannot be asked for dancability=2.0. Did you mean 'danceability'"),
        ({"danceability": 9.0}, "danceability is a number from 1.0 to 4.0; got 9.0"),
        ({"danceability": "much"}, "danceability"),
        ({"danceability": float("nan")}, "danceability"),
        ({"danceability": [1.0, 2.0]}, "one for each of 3 latent vectors"),
        ({"danceability": [[1.0]]}, "one for each of 3 latent vectors"),
        ({"danceability": [1.0, 2.0, None]}, "danceability"),
        ({"danceability": True}, "danceability"),
    ],
)
def test_what_cannot_be_asked_for_is_refused_with_the_reason(model, asked, message):
    with pytest.raises(ModelError, match=message):
        model.decode(np.zeros((3, 6)), **asked)


def test_a_model_without_conditions_says_so():
    with pytest.raises(ModelError, match="takes no conditions"):
        model_of(DRUMS).decode(np.zeros((1, 6)), danceability=1.0)


def test_a_folder_keeps_the_conditions(model, tmp_path):
    again = load(save(model, tmp_path / "model"))
    assert again.config.conditions == (DANCE,)
    assert again.sample(2, seed=1, danceability=1.5) == model.sample(2, seed=1, danceability=1.5)


def test_a_configuration_from_before_conditions_has_none():
    values = DRUMS.to_dict()
    del values["conditions"]
    assert ModelConfig.from_dict(values) == DRUMS


def test_conditions_make_no_other_weights():
    assert {name: value.shape for name, value in model_of(DRUMS).state_dict().items()} == {
        name: value.shape for name, value in model_of(CONDITIONED).state_dict().items()
    }


def test_a_model_without_conditions_is_what_it_was():
    model, conditioned = model_of(DRUMS), model_of(CONDITIONED)
    z = model.sample_z(3, seed=1)
    assert model.decode(z) == conditioned.decode(z)
    frames = torch.zeros(1, 32, 10)
    np.testing.assert_array_equal(
        model.posterior_torch(frames)[1].detach()[:, :-1], conditioned.posterior_torch(frames)[1].detach()[:, :-1]
    )


GOOD = {"name": "danceability", "mean": 2.0, "std": 0.5, "low": 1.0, "high": 4.0}


@pytest.mark.parametrize(
    ("conditions", "message"),
    [
        ([GOOD] * 2, "the same name"),
        ([{**GOOD, "name": f"feature_{k}"} for k in range(6)], "leave none of its 6 to the music"),
        ([{**GOOD, "name": f"feature_{k}"} for k in range(33)], "33"),
        ([{**GOOD, "std": 0.0}], "std above 0"),
        ([{**GOOD, "std": float("nan")}], "std"),
        ([{**GOOD, "mean": 1e300}], "mean"),
        ([{**GOOD, "low": "1"}], "low"),
        ([{**GOOD, "high": 0.0}], "range"),
        ([{**GOOD, "name": "__class__"}], "lower-case"),
        ([{**GOOD, "name": "temperature"}], "an argument of decode"),
        ([{"name": "danceability"}], "A condition has a name"),
        ([{"name": "style", "values": ["funk", "rock"]}], "are numbers"),
        (["danceability"], "A condition"),
        ("danceability", "conditions"),
        (7, "conditions"),
        ({"danceability": GOOD}, "conditions"),
    ],
)
def test_a_hostile_configuration_is_refused_with_the_reason(conditions, message):
    text = json.dumps({**DRUMS.to_dict(), "conditions": conditions})
    with pytest.raises(ModelError, match=message):
        ModelConfig.from_json(text)


def test_a_category_is_no_condition_of_a_model():
    with pytest.raises(ModelError, match="are numbers"):
        dataclasses.replace(DRUMS, conditions=(CategoryCondition("style", ("funk", "rock")),))
