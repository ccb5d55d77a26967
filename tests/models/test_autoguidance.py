"""A weaker field guides samples of which nothing is asked, and nothing else; it travels with the prior."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

import latentpalette as lp
from latentpalette.errors import CheckpointError, ModelError
from latentpalette.models.conditions import CategoryCondition
from latentpalette.models.flow import AUTOGUIDANCE, FlowPrior, VelocityField
from latentpalette.models.flow_file import load_prior, save_prior
from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
from latentpalette.models.musicvae import MusicVAE
from latentpalette.training.flow_matching import fit_prior
from tests.models.test_flow import random_weights, ring
from tests.models.tiny_models import prior_of

TINY = MAGENTA_CONFIGS["cat-drums_2bar_small"].replace(z_size=4, enc_rnn_size=(8,), dec_rnn_size=(8, 8))


def noise(n: int = 3, z_size: int = 4) -> np.ndarray:
    return np.random.default_rng(0).standard_normal((n, z_size), dtype=np.float32)


def guided(prior: FlowPrior, weaker: VelocityField | None = None) -> FlowPrior:
    """Return the same prior with a weaker field: by default one that knows a Gaussian alone."""
    weaker = weaker or VelocityField(prior.z_size, width=8, blocks=1)
    return FlowPrior(prior.field, prior.mean, prior.std, prior.conditions, weaker)


def test_a_field_that_agrees_guides_nowhere():
    prior = prior_of(4)
    assert np.array_equal(guided(prior, prior.field).sample(noise()), prior.sample(noise()))


def test_samples_follow_the_field_further_where_the_weaker_one_disagrees():
    straight = [VelocityField(4, width=8, blocks=1) for _ in range(2)]
    for field, speed in zip(straight, (0.5, 0.1), strict=True):
        with torch.no_grad():
            field.output.bias.fill_(speed)
    better, weaker = FlowPrior(straight[0]), FlowPrior(straight[1])
    moved, moved_less = better.sample(noise()), weaker.sample(noise())
    further = FlowPrior(straight[0], weaker=straight[1]).sample(noise())
    assert np.allclose(further, moved_less + AUTOGUIDANCE * (moved - moved_less), atol=1e-2)
    assert (further > moved + 0.3).all()


def test_guided_samples_lie_closer_to_the_data():
    prior = fit_prior(ring(2000), max_steps=400, batch_size=128, width=32, blocks=2, weaker_steps=60)
    off_ring = [
        np.abs(np.linalg.norm(each.sample(noise(500, 2)), axis=1) - 3).mean()
        for each in (prior, FlowPrior(prior.field, prior.mean, prior.std))
    ]
    assert off_ring[0] < 0.95 * off_ring[1]


def test_ways_between_places_are_not_guided():
    prior = prior_of(4)
    for time in (0.0, 0.4):
        assert np.array_equal(guided(prior).to_time(noise(), time), prior.to_time(noise(), time))
        assert np.array_equal(guided(prior).from_time(noise(), time), prior.from_time(noise(), time))
    assert not np.allclose(guided(prior).sample(noise()), prior.sample(noise()))


def test_where_something_is_asked_for_it_guides_instead():
    style = CategoryCondition("style", ("funk", "rock"))
    plain = FlowPrior(random_weights(VelocityField(4, width=16, blocks=2, num_conditions=2)), conditions=(style,))
    for weight in (1, 1.5):
        asked = [each.sample(noise(), {"style": "funk"}, guidance=weight) for each in (plain, guided(plain))]
        assert np.array_equal(*asked)
    assert not np.allclose(guided(plain).sample(noise()), plain.sample(noise()))


@pytest.mark.parametrize("weight", [1, 1.5, 3])
def test_the_weight_of_the_field_travels_with_the_prior(tmp_path, weight):
    model = MusicVAE(TINY)
    plain = prior_of(4)
    model.prior = FlowPrior(plain.field, plain.mean, plain.std, weaker=VelocityField(4, width=8), autoguidance=weight)
    lp.save(model, tmp_path)
    opened = lp.load(tmp_path).prior
    assert opened.autoguidance == weight
    assert np.allclose(opened.sample(noise()), plain.sample(noise()), atol=1e-2) == (weight == 1)


@pytest.mark.parametrize("weight", [0.5, 11, np.nan, "two"])
def test_a_weight_out_of_range_is_refused(weight):
    with pytest.raises(ModelError, match="autoguidance"):
        FlowPrior(VelocityField(4, width=8), weaker=VelocityField(4, width=8), autoguidance=weight)


@pytest.mark.parametrize("text", ["0.5", "nan", "two"])
def test_a_file_with_a_damaged_weight_is_refused(tmp_path, text):
    path = save_prior(guided(prior_of(4)), tmp_path)
    save_file(load_file(path), path, {"autoguidance": text})
    with pytest.raises(CheckpointError, match="the weight of its field is damaged"):
        load_prior(path, 4)


def test_a_weaker_field_is_fitted_beside_the_same_field():
    fit = {"max_steps": 5, "batch_size": 16, "width": 8, "blocks": 1, "seed": 3}
    reports = []
    alone = fit_prior(ring(64), **fit)
    both = fit_prior(ring(64), **fit, weaker_steps=2, progress=lambda *report: reports.append(report[:2]))
    assert alone.weaker is None
    assert np.array_equal(alone.to_time(noise(3, 2), 0.0), both.to_time(noise(3, 2), 0.0))
    assert both.weaker is not None
    assert not np.allclose(both.sample(noise(3, 2)), alone.sample(noise(3, 2)))
    assert reports == [(5, 7), (7, 7)]


def test_it_is_saved_and_loaded_with_the_prior(tmp_path):
    model = MusicVAE(TINY)
    model.prior = guided(prior_of(4))
    lp.save(model, tmp_path)
    assert np.array_equal(lp.load(tmp_path).prior.sample(noise()), model.prior.sample(noise()))
    model.prior = prior_of(4)
    lp.save(model, tmp_path)
    assert lp.load(tmp_path).prior.weaker is None


@pytest.mark.parametrize(
    "change",
    [
        lambda tensors: tensors.pop("weaker.variance"),
        lambda tensors: tensors.update({"weaker.variance": torch.full((4,), torch.nan)}),
        lambda tensors: tensors.update({"weaker.input.weight": torch.zeros(8, 5)}),
        lambda tensors: tensors.update({"weaker.more": torch.zeros(8, 5)}),
    ],
)
def test_a_damaged_one_is_refused(tmp_path, change):
    model = MusicVAE(TINY)
    model.prior = guided(prior_of(4))
    file = lp.save(model, tmp_path) / "prior.safetensors"
    tensors = {name: value.clone() for name, value in load_file(file).items()}
    change(tensors)
    save_file(tensors, file)
    with pytest.raises(CheckpointError, match=r"prior\.safetensors"):
        lp.load(tmp_path)


@pytest.mark.parametrize("weaker", [VelocityField(5, width=8), VelocityField(4, width=8, num_conditions=2)])
def test_one_for_other_vectors_or_with_conditions_is_refused(weaker):
    with pytest.raises(ModelError, match="takes no conditions, and z of 4"):
        FlowPrior(VelocityField(4, width=8), weaker=weaker)
