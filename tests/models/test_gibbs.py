"""Places that are played, heard and drawn again before they are used."""

from __future__ import annotations

import numpy as np
import pytest

from latentpalette.errors import ConverterError, LatentError, ModelError
from latentpalette.models import checks
from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
from latentpalette.models.network import Posterior
from tests.models.tiny_models import SIZES, WIRINGS, controls_of, model_of


@pytest.fixture(scope="module")
def model():
    return model_of()


CONDUCTED = {"encoder_levels": (16, 4), "decoder_levels": (4, 16), "steps": 64}
WHOLE = {name: WIRINGS[name] for name in ("flat", "controls", "nade", "groove")} | {
    "conductor": MAGENTA_CONFIGS["hier-mel_16bar"].replace(
        **SIZES, **CONDUCTED, converter={"name": "melody", "steps": 64}
    ),
    "trio": MAGENTA_CONFIGS["hier-trio_16bar"].replace(**SIZES, **CONDUCTED, converter={"name": "trio", "steps": 64}),
}


@pytest.fixture(params=WHOLE)
def wiring(request):
    return model_of(WHOLE[request.param])


def places(model, n=3):
    return np.random.default_rng(1).standard_normal((n, model.config.z_size)).astype(np.float32)


def test_a_rehearsal_plays_listens_and_draws_from_what_was_heard(model):
    z = places(model, 400)
    heard = model.posterior(model.decode(z))
    off = (model.refine(z, seed=7) - heard.mu) / heard.sigma
    assert abs(off.mean()) < 0.1
    assert off.std() == pytest.approx(1.0, abs=0.05)


def test_several_are_one_after_the_other(model):
    quiet = model_of(model.config.replace(deterministic=True))  # goes to the mean of what was heard
    z = places(quiet)
    once = quiet.encode(quiet.decode(z))
    np.testing.assert_allclose(quiet.refine(z, 1), once, atol=1e-6)
    np.testing.assert_allclose(quiet.refine(z, 2), quiet.encode(quiet.decode(once)), atol=1e-6)


def test_no_rehearsal_leaves_places_where_they_are(model):
    z = places(model)
    np.testing.assert_array_equal(model.refine(z, 0), z)


def test_the_same_seed_takes_the_same_steps_and_the_first_of_more(model):
    z = places(model, 5)
    moved = model.refine(z, 3, seed=7)
    np.testing.assert_array_equal(moved, model.refine(z, 3, seed=7))
    np.testing.assert_allclose(moved[:2], model.refine(z[:2], 3, seed=7), atol=1e-5)
    assert not np.array_equal(moved, model.refine(z, 3, seed=8))


def test_the_places_given_are_not_changed(model):
    z = places(model)
    before = z.copy()
    model.refine(z, seed=1)
    np.testing.assert_array_equal(z, before)


def test_every_wiring_can_rehearse(wiring):
    told = controls_of(wiring.config, 3)
    z = places(wiring)
    moved = wiring.refine(z, 2, seed=1, controls=None if told is None else told.numpy())
    assert moved.shape == z.shape
    assert (moved != z).all()


def test_where_nothing_can_be_heard_the_place_is_drawn_anew(model, monkeypatch):
    encode = model.converter.encode
    calls = []

    def deaf_at_first(music):
        calls.append(music)
        if len(calls) == 1:
            raise ConverterError("nothing to hear")
        return encode(music)

    monkeypatch.setattr(type(model.converter), "encode", lambda _, music: deaf_at_first(music))
    z = places(model)
    moved = model.refine(z, seed=1)
    again = checks.make_rng(1, "rehearsals").standard_normal((3, 1, 6), dtype=np.float32)[:, 0]
    np.testing.assert_array_equal(moved[0], again[0])
    assert (moved[1:] != again[1:]).all()


def test_silence_is_not_rehearsed():
    mute = model_of(spread=0.0)  # without weights every class is as likely, and the first, silence, is taken
    assert not any(loop.notes for loop in mute.decode(places(mute)))
    moved = mute.refine(np.zeros((500, 6)), seed=1)
    assert moved.std() == pytest.approx(1.0, abs=0.05)


@pytest.mark.parametrize("call", [lambda m: m.refine(places(m), -1), lambda m: m.sample_z(2, gibbs_steps=-1)])
def test_fewer_than_none_are_refused(model, call):
    with pytest.raises(ModelError, match="counted from 0; got -1"):
        call(model)


def test_places_of_another_model_are_refused(model):
    with pytest.raises(LatentError, match=r"\[n, 6\]"):
        model.refine(np.zeros((2, 5)))


def test_without_an_encoder_there_is_no_rehearsal(model):
    mute = model_of(model.config.replace(enc_rnn_size=()))
    assert len(mute.sample(2, seed=1)) == 2
    with pytest.raises(ModelError, match="has no encoder"):
        mute.sample(2, seed=1, gibbs_steps=1)


# --- draws and samples


def test_a_draw_is_one_of_the_prior_unless_the_configuration_says_otherwise(model):
    assert model.config.rehearsals == 0
    z = model.sample_z(2000, seed=7)
    assert abs(z.mean()) < 0.05
    assert z.std() == pytest.approx(1.0, abs=0.02)


def test_the_configuration_says_how_often_to_rehearse():
    twice = model_of(MAGENTA_CONFIGS["cat-drums_2bar_small"].replace(**SIZES, gibbs_steps=2))
    prior = twice.sample_z(3, seed=7, gibbs_steps=0)
    np.testing.assert_array_equal(twice.sample_z(3, seed=7), twice.refine(prior, 2, seed=7))
    assert twice.sample(3, seed=7) == twice.decode(twice.sample_z(3, seed=7), temperature=1.0, seed=7)
    assert twice.sample(3, seed=7, gibbs_steps=0) == twice.decode(prior, temperature=1.0, seed=7)


def test_one_place_has_several_performances_when_rehearsed(model):
    cold = model.sample(3, temperature=None, seed=1, same_z=True, gibbs_steps=2)
    assert cold[0] == cold[1] == cold[2]


@pytest.mark.parametrize("rehearsals", [-1, 1001])
def test_a_configuration_with_absurd_rehearsals_is_refused(rehearsals):
    with pytest.raises(ModelError, match="rehearsals are from 0 to 1000"):
        MAGENTA_CONFIGS["cat-drums_2bar_small"].replace(gibbs_steps=rehearsals)


# --- what it is for


def test_a_memory_draws_everything_back_to_what_it_knows():
    """An encoder and a decoder that know two loops only: whatever is drawn, a rehearsal ends at one of them."""
    model = model_of(MAGENTA_CONFIGS["cat-drums_2bar_small"].replace(z_size=1, enc_rnn_size=(8,), dec_rnn_size=(8, 8)))

    class Memory(type(model)):
        def decode_arrays(self, z, **_):
            rows = np.zeros((len(z), 32, 512), np.float32)
            for row, (place,) in zip(rows, z, strict=True):
                row[np.arange(32), 1 if place > 0 else 2] = 1
            return rows

        def posterior_arrays(self, x, **_):
            kicks = x[:, 0, 0]
            mu = np.where(kicks > 0, 2.0, -2.0)[:, None].astype(np.float32)
            return Posterior(mu, np.full_like(mu, 0.1))

    model.__class__ = Memory
    z = np.array([[0.1], [-0.1], [3.0]], np.float32)
    np.testing.assert_allclose(model.refine(z, 3, seed=1), [[2.0], [-2.0], [2.0]], atol=0.5)
