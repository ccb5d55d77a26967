"""What may be asked of a learned prior is described, checked, and read from files that may be hostile."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import load_file, save_file

import latentpalette as lp
from latentpalette.errors import CheckpointError, ModelError
from latentpalette.models.conditions import (
    CategoryCondition,
    NumberCondition,
    check_conditions,
    conditions_from_json,
    conditions_to_json,
    encode_conditions,
)
from latentpalette.models.flow import FlowPrior, VelocityField
from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
from latentpalette.models.musicvae import MusicVAE
from latentpalette.models.sampling import sample_prior
from tests.models.test_flow import TINY, random_weights

STYLE = CategoryCondition("style", ("afrobeat", "funk", "rock"))
DENSITY = NumberCondition("density", mean=0.5, std=0.25, low=0.1, high=1.0)
CONDITIONS = (STYLE, DENSITY)


def conditional_prior() -> FlowPrior:
    return FlowPrior(random_weights(VelocityField(4, width=16, blocks=2, num_conditions=5)), conditions=CONDITIONS)


@pytest.fixture
def model() -> MusicVAE:
    model = MusicVAE(TINY)
    model.prior = conditional_prior()
    return model


def noise(n: int = 5) -> np.ndarray:
    return np.random.default_rng(0).normal(size=(n, 4))


def test_without_a_question_a_conditional_prior_is_its_field_without_conditions():
    prior = conditional_prior()
    plain = VelocityField(4, width=16, blocks=2)
    plain.load_state_dict({name: value for name, value in prior.field.state_dict().items() if "condition" not in name})
    expected = FlowPrior(plain).sample(noise())
    for asked in (None, {}, {"style": None, "density": None}):
        np.testing.assert_array_equal(prior.sample(noise(), asked), expected)
    np.testing.assert_array_equal(prior.from_time(noise(), 0.0), expected)


def test_guidance_of_zero_ignores_the_conditions_and_more_of_it_follows_them_further():
    prior = conditional_prior()
    asked = {"style": "funk", "density": 0.9}
    plain = prior.sample(noise())
    near, far = (np.abs(prior.sample(noise(), asked, guidance=weight) - plain).mean() for weight in (1.0, 2.0))
    np.testing.assert_allclose(prior.sample(noise(), asked, guidance=0.0), plain, atol=1e-5)
    assert 0.01 < near < far


@given(st.sampled_from(STYLE.values), st.floats(0.1, 1.0))
def test_a_condition_is_encoded_as_one_is_in_training(style, density):
    row = encode_conditions(CONDITIONS, {"density": density, "style": style})
    trained = np.concatenate([STYLE.encode_all([style]), DENSITY.encode_all([density])], 1)[0]
    np.testing.assert_allclose(row, trained, rtol=1e-6)


@given(st.sampled_from(STYLE.values), st.floats(0.1, 1.0))
def test_conditions_do_not_depend_on_their_order_nor_on_one_another(style, density):
    both = encode_conditions(CONDITIONS, {"density": density, "style": style})
    each = [encode_conditions(CONDITIONS, asked) for asked in ({"style": style}, {"density": density})]
    np.testing.assert_array_equal(both, each[0] + each[1])


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"style": "fank"}, r"style is 'afrobeat', 'funk' or 'rock'; got 'fank'. Did you mean 'funk'?"),
        ({"style": 3}, r"style is 'afrobeat', 'funk' or 'rock'; got 3"),
        ({"style": "x" * 10_000}, r"got 'xxx"),
        ({"style": ["funk"]}, r"got \['funk'\]"),
        ({"density": 1.5}, r"density is a number from 0.1 to 1.0; got 1.5"),
        ({"density": "much"}, r"got 'much'"),
        ({"density": True}, r"got True"),
        ({"density": float("nan")}, r"got nan"),
        ({"denisty": 0.5}, r"denisty=0.5. Did you mean 'density'\? It takes style \(.*\) and density \(0.1 to 1\)"),
        ({"temprature": 0.5}, r"temprature=0.5. Did you mean 'temperature'\?"),
        ({"guidance": -1}, r"guidance is a number from 0 to 20.0; got -1"),
        ({"guidance": 1e9}, r"guidance is a number"),
        ({"guidance": 2}, r"guidance=2 does nothing without a condition.* It takes style"),
        ({"guidance": 2, "style": None}, r"guidance=2 does nothing without a condition"),
    ],
)
def test_what_a_model_does_not_take_is_answered_with_what_it_takes(model, asked, message):
    for call in (model.sample, model.sample_z):
        with pytest.raises(ModelError, match=message):
            call(2, seed=1, **asked)


def test_a_model_without_conditions_says_so():
    model = MusicVAE(TINY)
    assert model.conditions == {}
    with pytest.raises(ModelError, match=r"style='funk'. It takes no conditions; `latentpalette fit-prior`"):
        model.sample(2, style="funk")
    model.prior = FlowPrior(VelocityField(4, width=8, blocks=1))
    with pytest.raises(ModelError, match="It takes no conditions"):
        model.sample_z(2, style="funk")


def test_a_model_samples_under_conditions_and_the_same_seed_gives_the_same_music(model):
    assert model.conditions == {"style": STYLE, "density": DENSITY}
    asked = {"style": "funk", "density": 0.9}
    z = model.sample_z(3, seed=7, **asked)
    np.testing.assert_array_equal(z, sample_prior(model, 3, seed=7, conditions=asked))
    np.testing.assert_array_equal(model.sample_z(2, seed=7, **asked), z[:2])
    assert not np.allclose(z, model.sample_z(3, seed=7))
    loops = model.sample(3, seed=7, max_attempts=3, **asked)
    assert loops == model.sample(3, seed=7, max_attempts=3, **asked)


def test_further_attempts_are_under_the_same_conditions(model, monkeypatch):
    seen = []
    sample = FlowPrior.sample

    def record(prior, noise, conditions=None, *, guidance=1.0):
        seen.append((conditions, guidance))
        return sample(prior, noise, conditions, guidance=guidance)

    monkeypatch.setattr(FlowPrior, "sample", record)
    monkeypatch.setattr("latentpalette.models.sampling.is_degenerate", lambda _, tokens: np.ones(len(tokens[0]), bool))
    model.sample(2, seed=1, max_attempts=3, density=0.4, guidance=2.0)
    assert seen == [({"density": 0.4}, 2.0)] * 3


def test_conditions_travel_in_the_file_of_the_prior(model, tmp_path):
    lp.save(model, tmp_path)
    loaded = lp.load(tmp_path)
    assert loaded.conditions == model.conditions
    asked = {"style": "rock", "density": 0.3}
    np.testing.assert_array_equal(loaded.prior.sample(noise(), asked), model.prior.sample(noise(), asked))


@given(
    st.lists(
        st.one_of(
            st.builds(
                CategoryCondition,
                st.from_regex(r"[a-z][a-z0-9_]{0,9}", fullmatch=True),
                st.lists(st.from_regex(r"[A-Z][a-z #]{0,5}", fullmatch=True), min_size=1, unique=True).map(tuple),
            ),
            st.builds(
                NumberCondition,
                st.from_regex(r"[a-z][a-z0-9_]{0,9}", fullmatch=True),
                mean=st.floats(-10, 10),
                std=st.floats(0.1, 10),
                low=st.floats(-10, 0),
                high=st.floats(0, 10),
            ),
        ),
        max_size=5,
        unique_by=lambda condition: condition.name,
    )
)
def test_json_and_back_is_the_same(conditions):
    assert conditions_from_json(conditions_to_json(tuple(conditions))) == tuple(conditions)


NUMBER = {"name": "density", "mean": 0.5, "std": 0.25, "low": 0.1, "high": 1.0}
HOSTILE = [
    "",
    "{",
    "[" * 100_000,
    "[" * 50_000,
    "{}",
    "null",
    "[null]",
    "[[]]",
    '["style"]',
    "[{}]",
    json.dumps([{"name": "style"}]),
    json.dumps([{"name": "style", "values": []}]),
    json.dumps([{"name": "style", "values": "rock"}]),
    json.dumps([{"name": "style", "values": ["rock", "rock"]}]),
    json.dumps([{"name": "style", "values": ["rock", 3]}]),
    json.dumps([{"name": "style", "values": ["<script>alert(1)</script>"]}]),
    json.dumps([{"name": "style", "values": ["\x1b[31m"]}]),
    json.dumps([{"name": "style", "values": ["rock\n"]}]),
    json.dumps([{"name": "style", "values": [f"a{n}" for n in range(300)]}]),
    json.dumps([{"name": "style", "values": ["a" * 40]}]),
    json.dumps([{"name": "style", "values": ["rock"], "more": 1}]),
    json.dumps([{"name": "style\n", "values": ["rock", "funk"]}]),
    json.dumps([{"name": "__class__", "values": ["rock", "funk"]}]),
    json.dumps([{"name": 3, "values": ["rock", "funk"]}]),
    json.dumps([NUMBER | {"std": 0}]),
    json.dumps([NUMBER | {"std": -1}]),
    json.dumps([NUMBER | {"std": 1e-300}]),
    json.dumps([NUMBER | {"mean": float("nan")}]),
    json.dumps([NUMBER | {"high": float("inf")}]),
    json.dumps([NUMBER | {"mean": "0.5"}]),
    json.dumps([NUMBER | {"mean": True}]),
    json.dumps([NUMBER | {"low": 2}]),
    json.dumps([NUMBER | {"mean": 10**400}]).replace('"', '"'),
    json.dumps([NUMBER, NUMBER]),
    json.dumps([NUMBER | {"name": f"a{n}"} for n in range(40)]),
]


@pytest.mark.parametrize("text", HOSTILE, ids=[text[:70] for text in HOSTILE])
def test_a_damaged_description_is_refused(text):
    with pytest.raises(ModelError) as caught:
        conditions_from_json(text)
    assert len(str(caught.value)) < 300
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("text", ["[", "[]", json.dumps([NUMBER]), json.dumps([NUMBER | {"std": 0}])])
def test_a_file_whose_description_is_not_that_of_its_weights_is_refused(model, tmp_path, text):
    file = lp.save(model, tmp_path) / "prior.safetensors"
    save_file({name: value.clone() for name, value in load_file(file).items()}, file, {"conditions": text})
    with pytest.raises(CheckpointError, match=r"prior\.safetensors"):
        lp.load(tmp_path)


def test_a_field_takes_the_columns_of_its_conditions():
    with pytest.raises(ModelError, match="0 columns of conditions is not for 2 conditions of 5"):
        FlowPrior(VelocityField(4, width=8, blocks=1), conditions=CONDITIONS)
    with pytest.raises(ModelError, match="same name: style, style"):
        check_conditions((STYLE, STYLE))


def test_a_prior_with_conditions_has_at_most_three_megabytes(tmp_path):
    model = MusicVAE(MAGENTA_CONFIGS["cat-drums_2bar_small"].replace(enc_rnn_size=(8,), dec_rnn_size=(8, 8)))
    keys = CategoryCondition("key", tuple(f"k{n}" for n in range(20)))
    numbers = tuple(NumberCondition(f"n{n}", 0.0, 1.0, -1.0, 1.0) for n in range(6))
    model.prior = FlowPrior(VelocityField(model.config.z_size, num_conditions=32), conditions=(keys, *numbers))
    assert (lp.save(model, tmp_path, fp16=True) / "prior.safetensors").stat().st_size < 3e6
