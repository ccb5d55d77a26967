"""Pseudo-Gibbs refinement of z: decode, encode, sample from the posterior."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from latentpalette.errors import ConverterError, LatentError, ModelError
from latentpalette.models import rng
from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
from latentpalette.models.network import Posterior
from tests.models.tiny_models import SIZES, WIRINGS, controls_of, model_of


@pytest.fixture(scope="module")
def model():
    return model_of()


CONDUCTOR = {"encoder_levels": (16, 4), "decoder_levels": (4, 16), "steps": 64}
WITH_CONVERTER = {name: WIRINGS[name] for name in ("flat", "controls", "nade", "groove")} | {
    "conductor": MAGENTA_CONFIGS["hier-mel_16bar"].replace(
        **SIZES, **CONDUCTOR, converter={"name": "melody", "steps": 64}
    ),
    "trio": MAGENTA_CONFIGS["hier-trio_16bar"].replace(**SIZES, **CONDUCTOR, converter={"name": "trio", "steps": 64}),
}


@pytest.fixture(params=WITH_CONVERTER)
def wiring(request):
    return model_of(WITH_CONVERTER[request.param])


def latents(model, n=3):
    return np.random.default_rng(1).standard_normal((n, model.config.z_size)).astype(np.float32)


def test_a_step_decodes_encodes_and_samples_from_the_posterior(model):
    z = latents(model, 400)
    posterior = model.posterior(model.decode(z))
    standardized = (model.refine(z, seed=7) - posterior.mu) / posterior.sigma
    assert abs(standardized.mean()) < 0.1
    assert standardized.std() == pytest.approx(1.0, abs=0.05)


def test_several_steps_follow_one_another(model):
    deterministic = model_of(model.config.replace(deterministic=True))  # goes to the mean
    z = latents(deterministic)
    once = deterministic.encode(deterministic.decode(z))
    np.testing.assert_allclose(deterministic.refine(z, 1), once, atol=1e-6)
    np.testing.assert_allclose(deterministic.refine(z, 2), deterministic.encode(deterministic.decode(once)), atol=1e-6)


def test_no_steps_leave_z_unchanged(model):
    z = latents(model)
    np.testing.assert_array_equal(model.refine(z, 0), z)


def test_the_same_seed_gives_the_same_steps_and_the_first_of_more(model):
    z = latents(model, 5)
    refined = model.refine(z, 3, seed=7)
    np.testing.assert_array_equal(refined, model.refine(z, 3, seed=7))
    np.testing.assert_allclose(refined[:2], model.refine(z[:2], 3, seed=7), atol=1e-5)
    assert not np.array_equal(refined, model.refine(z, 3, seed=8))


def test_the_given_z_is_not_modified(model):
    z = latents(model)
    before = z.copy()
    model.refine(z, seed=1)
    np.testing.assert_array_equal(z, before)


def test_every_wiring_can_be_refined(wiring):
    controls = controls_of(wiring.config, 3)
    z = latents(wiring)
    refined = wiring.refine(z, 2, seed=1, controls=None if controls is None else controls.numpy())
    assert refined.shape == z.shape
    assert (refined != z).all()


def test_z_of_music_that_cannot_be_encoded_is_drawn_from_the_prior(model, monkeypatch):
    encode = model.converter.encode
    calls = []

    def fail_at_first(music):
        calls.append(music)
        if len(calls) == 1:
            raise ConverterError("nothing to encode")
        return encode(music)

    monkeypatch.setattr(type(model.converter), "encode", lambda _, music: fail_at_first(music))
    z = latents(model)
    refined = model.refine(z, seed=1)
    drawn = rng.make_rng(1, "gibbs").standard_normal((3, 1, 6), dtype=np.float32)[:, 0]
    np.testing.assert_array_equal(refined[0], drawn[0])
    assert (refined[1:] != drawn[1:]).all()


def test_z_of_silence_is_drawn_from_the_prior():
    silent = model_of(spread=0.0)  # without weights every class is as likely, and the first, silence, is the arg-max
    assert not any(loop.notes for loop in silent.decode(latents(silent)))
    refined = silent.refine(np.zeros((500, 6)), seed=1)
    assert refined.std() == pytest.approx(1.0, abs=0.05)


@pytest.mark.parametrize("call", [lambda m: m.refine(latents(m), -1), lambda m: m.sample_z(2, gibbs_steps=-1)])
def test_fewer_than_none_are_refused(model, call):
    with pytest.raises(ModelError, match="from 0 to 1000; got -1"):
        call(model)


def test_z_of_another_model_is_refused(model):
    with pytest.raises(LatentError, match=r"\[n, 6\]"):
        model.refine(np.zeros((2, 5)))


def test_a_model_without_an_encoder_cannot_be_refined(model):
    decoder = model_of(model.config.replace(enc_rnn_size=()))
    assert len(decoder.sample(2, seed=1)) == 2
    with pytest.raises(ModelError, match="has no encoder"):
        decoder.sample(2, seed=1, gibbs_steps=1)


# --- z and samples


def test_z_is_sampled_from_the_prior_unless_the_configuration_has_gibbs_steps(model):
    assert model.config.gibbs_steps == 0
    z = model.sample_z(2000, seed=7)
    assert abs(z.mean()) < 0.05
    assert z.std() == pytest.approx(1.0, abs=0.02)


def test_the_configuration_sets_the_gibbs_steps():
    twice = model_of(MAGENTA_CONFIGS["cat-drums_2bar_small"].replace(**SIZES, gibbs_steps=2))
    prior = twice.sample_z(3, seed=7, gibbs_steps=0)
    np.testing.assert_array_equal(twice.sample_z(3, seed=7), twice.refine(prior, 2, seed=7))
    assert twice.sample(3, seed=7) == twice.decode(twice.sample_z(3, seed=7), temperature=1.0, seed=7)
    assert twice.sample(3, seed=7, gibbs_steps=0) == twice.decode(prior, temperature=1.0, seed=7)


def test_same_z_is_one_z_when_refined(model):
    loops = model.sample(3, temperature=None, seed=1, same_z=True, gibbs_steps=2)
    assert loops[0] == loops[1] == loops[2]


@pytest.mark.parametrize("gibbs_steps", [-1, 1001])
def test_a_configuration_with_absurd_gibbs_steps_is_refused(gibbs_steps):
    with pytest.raises(ModelError, match="gibbs_steps is a whole number from 0 to 1000"):
        MAGENTA_CONFIGS["cat-drums_2bar_small"].replace(gibbs_steps=gibbs_steps)


# --- its purpose


def test_a_model_of_two_loops_is_refined_to_one_of_them():
    """An encoder and a decoder of two loops only: refinement of any z ends at one of them."""
    model = model_of(MAGENTA_CONFIGS["cat-drums_2bar_small"].replace(z_size=1, enc_rnn_size=(8,), dec_rnn_size=(8, 8)))

    class TwoLoops(type(model)):
        def decode_tokens(self, z, **_):
            return [torch.from_numpy(np.where(z > 0, 1, 2).repeat(32, axis=1))]

        def posterior_arrays(self, x, **_):
            kicks = x[:, 0, 0]
            mu = np.where(kicks > 0, 2.0, -2.0)[:, None].astype(np.float32)
            return Posterior(mu, np.full_like(mu, 0.1))

    model.__class__ = TwoLoops
    z = np.array([[0.1], [-0.1], [3.0]], np.float32)
    np.testing.assert_allclose(model.refine(z, 3, seed=1), [[2.0], [-2.0], [2.0]], atol=0.5)
