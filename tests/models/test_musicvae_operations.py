"""Operations of `MusicVAE` beside encoding and decoding: interpolation, variations, likelihood, probabilities."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from latentpalette.errors import LatentError, ModelError
from latentpalette.latent.paths import even_positions, lerp, slerp
from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
from latentpalette.models.rng import make_rng
from latentpalette.music.sequence import Note, NoteSequence
from tests.models.tiny_models import SIZES, WIRINGS, controls_of, model_of

LOOP = NoteSequence.from_steps({"kick": [0, 8, 16, 24], "snare": [4, 12, 20, 28]}, steps=32, qpm=90)
OTHER = NoteSequence.from_steps({"kick": [0, 6, 16], "closed hat": range(0, 32, 2)}, steps=32)
TUNE = NoteSequence([Note(60, 0, 8), Note(64, 8, 8), Note(67, 20, 4)], steps=32)
BAND = NoteSequence(
    [*(Note(60 + beat, 4 * beat, 4, velocity=65) for beat in range(4)), *(Note(36, b, is_drum=True) for b in (0, 8))],
    steps=16,
)


@pytest.fixture(scope="module")
def model():
    return model_of()


@pytest.fixture(params=WIRINGS)
def wiring(request):
    return model_of(WIRINGS[request.param])


def latents(model, n=3):
    return np.random.default_rng(1).standard_normal((n, model.config.z_size))


def control_array(model, n=3):
    controls = controls_of(model.config, n)
    return None if controls is None else controls.numpy()


# --- interpolation


@pytest.mark.parametrize(("interpolation", "interpolate"), [("slerp", slerp), ("lerp", lerp), ("straight", lerp)])
def test_an_interpolation_is_of_the_kind_asked_for(model, interpolation, interpolate):
    a, b = model.encode([LOOP, OTHER])
    expected = model.decode(interpolate(a, b, even_positions(5)), qpm=90)
    assert model.interpolate(LOOP, OTHER, n=5, interpolation=interpolation) == expected


def test_an_interpolation_has_the_tempo_of_its_start_or_of_the_end_that_has_one(model):
    z = model.encode(OTHER)[0]
    tempos = [{loop.qpm for loop in model.interpolate(*ends, n=3)} for ends in ((LOOP, OTHER), (z, LOOP), (z, z))]
    assert tempos == [{90.0}, {90.0}, {120.0}]


def test_an_unknown_kind_is_refused(model):
    with pytest.raises(ModelError, match="slerp or lerp; got 'bezier'"):
        model.interpolate(LOOP, OTHER, interpolation="bezier")


# --- variations


def test_a_similarity_of_one_is_the_reconstruction_of_the_piece(model):
    reconstruction = model.decode(model.encode(LOOP), qpm=90)
    assert model.similar(LOOP, 3, 1.0) == reconstruction * 3


def test_a_similarity_of_nothing_is_a_sample_of_the_prior(model):
    assert model.similar(LOOP.replace(qpm=120), 3, 0.0, seed=7) == model.sample(3, temperature=None, seed=7)


@given(st.floats(0, 1), st.integers(0, 99))
def test_variations_lie_between_the_piece_and_noise_as_in_magenta_js(weight, seed):
    model = model_of()
    z = latents(model, 1)[0].astype(np.float32)
    noise = prior_z(model, seed)
    expected = np.float32(weight) * z + (1 - np.float32(weight)) * noise
    assert model.similar(z, 2, weight, seed=seed) == model.decode(expected)


def prior_z(model, seed):
    """Return the z of two samples with this seed."""
    return make_rng(seed, "z").standard_normal((2, model.config.z_size), dtype=np.float32)


def test_each_dimension_may_have_its_own_similarity(model):
    z = latents(model, 1)[0].astype(np.float32)
    weight = np.array([1, 0, 1, 0, 1, 0], np.float32)
    expected = np.where(weight == 1, z, prior_z(model, 5))
    assert model.similar(z, 2, weight, seed=5) == model.decode(expected)


@pytest.mark.parametrize("similarity", [-0.1, 1.1, float("nan"), [0.5, 0.5]])
def test_an_invalid_similarity_is_refused(model, similarity):
    with pytest.raises(ModelError, match="between 0 and 1, one for all or 6 of them"):
        model.similar(LOOP, 1, similarity)


def test_no_variations_are_refused(model):
    with pytest.raises(ModelError, match="n, is a whole number from 1; got 0"):
        model.similar(LOOP, 0)


# --- likelihood


def test_the_log_likelihood_of_music_is_minus_its_loss(model):
    example = model.converter.encode(LOOP)
    loss = model.losses_arrays(example.inputs[None], example.targets[None]).reconstruction
    log_likelihood = model.log_likelihood([LOOP, OTHER])
    assert log_likelihood.shape == (2,)
    np.testing.assert_allclose(log_likelihood[0], -loss[0], rtol=1e-6)


def test_likelihoods_of_loops_that_differ_in_the_last_step_add_up_to_one_at_most():
    # Teacher forcing: for a fixed z, the probabilities of all 512 last steps are one distribution.
    model = model_of(WIRINGS["flat"].replace(steps=2, converter={"name": "drums", "steps": 2, "drum_map": "reduced"}))
    loops = [model.converter.from_tokens([5, token]) for token in range(512)]
    z = torch.zeros(512, 6)
    targets = torch.from_numpy(np.stack([model.converter.encode(loop).targets for loop in loops]))
    with torch.inference_mode():
        params = model.teacher_forced(z, torch.nn.functional.pad(targets, (0, 0, 1, 0))[:, :-1])
        total = (-model.head.loss(params, targets)[:, 1]).exp().sum()
    assert float(total) == pytest.approx(1, abs=1e-5)


def test_a_performance_is_encoded_up_to_the_lengths_of_its_tracks():
    model = model_of(MAGENTA_CONFIGS["hier-multiperf_vel_1bar_med"].replace(**SIZES))
    example = model.converter.encode(BAND)
    assert example.lengths.tolist()[2:] == [1] * 6
    lengths = {"lengths": example.lengths[None]}
    mu = model.posterior_arrays(example.inputs[None], **lengths).mu
    np.testing.assert_array_equal(model.encode(BAND), mu)
    assert not np.allclose(mu, model.posterior_arrays(example.inputs[None]).mu), "empty frames would count otherwise"
    loss = model.losses_arrays(example.inputs[None], example.targets[None], **lengths).reconstruction
    np.testing.assert_array_equal(model.log_likelihood(BAND), -loss)


# --- step probabilities


def test_the_most_probable_frame_is_the_decoded_one(wiring):
    z, controls = latents(wiring), control_array(wiring)
    probabilities = wiring.step_probabilities(z, controls=controls)
    frames = wiring.decode_arrays(z, controls=controls)
    assert probabilities.shape == frames.shape
    if wiring.config.head in ("categorical", "multi-out"):
        starts = np.cumsum(wiring.config.output_depths)[:-1] if wiring.config.output_depths else []
        for p, frame in zip(np.split(probabilities, starts, -1), np.split(frames, starts, -1), strict=True):
            np.testing.assert_allclose(p.sum(-1), 1, atol=1e-5)
            np.testing.assert_array_equal(p.argmax(-1), frame.argmax(-1))
    elif wiring.config.head == "nade":
        np.testing.assert_array_equal(probabilities >= 0.5, frames == 1)
    else:
        np.testing.assert_array_equal(probabilities[..., :9] >= 0.5, frames[..., :9] == 1)
        np.testing.assert_allclose(probabilities[..., 9:], frames[..., 9:], atol=1e-5)


def test_the_loss_of_decoded_frames_follows_from_their_probabilities(wiring):
    z, controls = latents(wiring), control_array(wiring)
    probabilities = torch.from_numpy(wiring.step_probabilities(z, controls=controls))
    frames = torch.from_numpy(wiring.decode_arrays(z, controls=controls))
    conditions = None if controls is None else torch.from_numpy(controls)
    with torch.inference_mode():
        previous = torch.nn.functional.pad(frames, (0, 0, 1, 0))[:, :-1]
        params = wiring.teacher_forced(torch.from_numpy(z).float(), previous, conditions)
        loss = wiring.head.loss(params, frames)
    if wiring.config.head in ("nade", "groove"):
        hits, p = frames[..., :9], probabilities[..., :9]
        expected = -(hits * p.log() + (1 - hits) * (1 - p).log()).sum(-1)
    else:
        expected = -(frames * probabilities.clamp_min(1e-30).log()).sum(-1)
    np.testing.assert_allclose(loss, expected, atol=1e-3, rtol=1e-3)


def test_step_probabilities_of_no_z_are_empty(model):
    assert model.step_probabilities(np.zeros((0, 6))).shape == (0, 32, 512)
    with pytest.raises(LatentError, match=r"\[n, 6\]"):
        model.step_probabilities(np.zeros(6))
