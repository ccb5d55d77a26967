"""Latent constraints move z as it is asked for, in the shape that it was given in."""

from __future__ import annotations

import numpy as np
import pytest
import torch

import latentpalette as lp
from latentpalette.errors import LatentError, LatentPaletteError, ModelError
from latentpalette.models.conditions import CategoryCondition, NumberCondition
from latentpalette.models.flow import FlowPrior, VelocityField
from latentpalette.models.personal import PersonalModel
from latentpalette.models.style import StyleVAE
from tests.models.tiny_models import model_of, prior_of

STYLE = CategoryCondition("style", ("funk", "rock"))
DENSITY = NumberCondition("density", mean=0.5, std=0.25, low=0.1, high=1.0)
Z = np.random.default_rng(0).standard_normal((5, 6)).astype(np.float32)


def prior_with_conditions(z_size: int = 6, *, seed: int = 0) -> FlowPrior:
    """Return a learned prior with random weights, large enough to move something."""
    field = VelocityField(z_size, width=16, blocks=2, num_conditions=4)
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in field.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=generator) * 0.3)
    return FlowPrior(field, torch.arange(z_size) * 0.1, torch.full((z_size,), 0.5), (STYLE, DENSITY))


@pytest.fixture
def model():
    constrained = model_of()
    constrained.prior = prior_with_conditions()
    return constrained


def differs(a, b) -> bool:
    return bool(np.abs(a - b).max() > 1e-3)


def test_z_comes_back_in_its_shape_and_moved(model):
    moved = model.constrain(Z, density=0.8)
    assert (moved.shape, moved.dtype) == (Z.shape, np.float32)
    assert differs(moved, Z)
    assert model.constrain(Z[0], density=0.8).shape == (6,)
    assert np.array_equal(model.constrain(Z[0], density=0.8), moved[0])


def test_the_same_is_asked_of_all_or_something_else_of_each(model):
    levels = [0.2, 0.4, 0.6, 0.8, 1.0]
    each = model.constrain(Z, density=levels, style="rock")
    alone = [model.constrain(z, density=level, style="rock") for z, level in zip(Z, levels, strict=True)]
    assert np.array_equal(each, alone)
    assert np.array_equal(model.constrain(Z, density=np.array(levels), style=["rock"] * 5), each)


def test_a_single_z_goes_to_as_many_places_as_there_are_values(model):
    row = model.constrain(Z[0], density=[0.2, 0.9])
    assert row.shape == (2, 6)
    assert np.array_equal(row[1], model.constrain(Z[0], density=0.9))
    assert model.constrain(Z[0], density=[0.2]).shape == (1, 6)


def test_what_is_asked_for_the_similarity_and_the_guidance_matter(model):
    asked = {"density": 0.8, "style": "funk"}
    moved = model.constrain(Z, **asked)
    others = [{"density": 0.3, "style": "funk"}, {"density": 0.8, "style": "rock"}, {"density": 0.8}]
    others += [{**asked, "similarity": 0.2}, {**asked, "guidance": 1}]
    for other in others:
        assert differs(model.constrain(Z, **other), moved)


def test_a_similarity_of_one_leaves_z_as_it_is(model):
    assert np.allclose(model.constrain(Z, density=0.8, similarity=1), Z, atol=1e-5)


def test_a_guidance_of_zero_asks_for_nothing_and_comes_back(model):
    model.prior = FlowPrior(VelocityField(6, width=8, blocks=1, num_conditions=4), conditions=(STYLE, DENSITY))
    assert np.allclose(model.constrain(Z, density=0.8, similarity=0, guidance=0), Z, atol=0.05)


def test_each_is_moved_as_the_flow_carries_it(model):
    prior, asked = model.prior, {"density": 0.8}
    back = prior.to_time(Z, 0.4)
    there = prior.transport(back, 0.4, 1.0, conditions=asked, guidance=2.0) * prior.std.numpy() + prior.mean.numpy()
    assert np.allclose(model.constrain(Z, similarity=0.4, guidance=2.0, **asked), there, atol=1e-5)


def test_none_is_not_asked_for(model):
    assert np.array_equal(model.constrain(Z, density=0.8, style=None), model.constrain(Z, density=0.8))


def test_many_vectors_are_moved_as_each_alone(model):
    many = np.random.default_rng(1).standard_normal((70, 6))
    moved = model.constrain(many, density=0.8)
    assert np.array_equal(moved[[0, 40, 69]], model.constrain(many[[0, 40, 69]], density=0.8))
    assert model.constrain(many[:0], density=0.8).shape == (0, 6)


def test_the_given_array_stays_as_it_is(model):
    given = Z.copy()
    model.constrain(given, density=0.8)
    assert np.array_equal(given, Z)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"density": 7}, r"density is a number from 0.1 to 1.0; got 7"),
        ({"density": float("nan")}, r"got nan"),
        ({"density": [0.5, "much", 0.5, 0.5, 0.5]}, r"got 'much'"),
        ({"style": "rok"}, r"Did you mean 'rock'\?"),
        ({"denisty": 0.5}, r"denisty=0.5. Did you mean 'density'\? It takes style \(.*\) and density \(0.1 to 1\)"),
        ({"similarty": 0.5, "density": 0.5}, r"Did you mean 'similarity'\?"),
        ({"similarity": 2, "density": 0.5}, r"similarity is a number from 0 to 1; got 2"),
        ({"similarity": [0.5], "density": 0.5}, r"similarity is a number from 0 to 1; got \[0.5\]"),
        ({"guidance": None, "density": 0.5}, r"guidance is a number from 0 to 20.*; got None"),
        ({}, r"Ask for something .* It takes style"),
        ({"density": None}, r"Ask for something"),
    ],
)
def test_what_cannot_be_asked_for_is_an_error_that_helps(model, asked, message):
    with pytest.raises(ModelError, match=message):
        model.constrain(Z, **asked)


@pytest.mark.parametrize(
    ("z", "asked"),
    [
        (Z[:, :5], {"density": 0.5}),
        (Z[None], {"density": 0.5}),
        (np.full((2, 6), np.nan), {"density": 0.5}),
        ("Bossa", {"density": 0.5}),
        (None, {"density": 0.5}),
        (1.0, {"density": 0.5}),
        (Z, {"density": [0.5, 0.6]}),
        (Z, {"density": []}),
        (Z, {"density": [[0.5]] * 5}),
        (Z, {"density": np.full((5, 1), 0.5)}),
        (Z[0], {"density": [0.5] * 3, "style": ["rock"] * 2}),
    ],
)
def test_arrays_that_do_not_fit_are_errors_in_our_words(model, z, asked):
    with pytest.raises(LatentPaletteError):
        model.constrain(z, **asked)


def test_a_list_of_another_length_says_so(model):
    with pytest.raises(LatentError, match="one for each z; there are 2 and 5"):
        model.constrain(Z, density=[0.5, 0.6])


def test_a_model_without_a_conditional_prior_says_how_to_get_one():
    for prior in (None, prior_of()):
        plain = model_of()
        plain.prior = prior
        with pytest.raises(ModelError, match="fit-prior"):
            plain.constrain(Z, density=0.5)


def test_a_model_of_a_style_says_where_its_z_are():
    base = lp.load("drums-2bar")
    style = PersonalModel(base, StyleVAE(128, 2, width=8), name="mine", similarity=0.5)
    with pytest.raises(ModelError, match="model it is based on"):
        style.constrain(np.zeros(2), density=0.5)
