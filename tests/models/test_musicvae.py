"""`MusicVAE`: music in, music out, and errors with reasons."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from latentpalette.errors import ConverterError, LatentError, MidiError, ModelError
from latentpalette.latent.paths import slerp
from latentpalette.music.sequence import Note, NoteSequence, concatenate
from tests.models.tiny_models import DRUMS, WIRINGS, model_of

LOOP = NoteSequence.from_steps({"kick": [0, 8, 16, 24], "snare": [4, 12, 20, 28]}, steps=32)
OTHER = NoteSequence.from_steps({"kick": [0, 6, 16], "closed hat": range(0, 32, 2)}, steps=32)


@pytest.fixture(scope="module")
def model():
    return model_of()


def test_the_same_seed_gives_the_same_music(model):
    assert model.sample(3, seed=7) == model.sample(3, seed=7)
    assert model.sample(3, seed=7) != model.sample(3, seed=8)


def test_without_a_seed_music_differs(model):
    assert model.sample(4) != model.sample(4)


def test_the_first_of_more_samples_are_the_same(model):
    assert model.sample(5, seed=7)[:2] == model.sample(2, seed=7)


def test_the_global_random_states_are_not_used(model):
    before = torch.random.get_rng_state(), np.random.get_state()[1].copy()  # noqa: NPY002 # to see that it is unchanged
    model.sample(2, seed=7)
    assert torch.equal(torch.random.get_rng_state(), before[0])
    np.testing.assert_array_equal(np.random.get_state()[1], before[1])  # noqa: NPY002


def test_one_z_has_several_samples(model):
    arg_max = model.sample(3, temperature=None, seed=1, same_z=True)
    sampled = model.sample(3, temperature=1.0, seed=1, same_z=True)
    assert arg_max[0] == arg_max[1] == arg_max[2]
    assert len(set(sampled)) == 3


def test_music_has_the_length_of_the_model_and_the_tempo_asked_for(model):
    loop = model.sample(1, seed=0, qpm=95)[0]
    assert (loop.steps, loop.qpm) == (32, 95)


def test_encoding_gives_one_mean_for_each_sequence(model):
    z = model.encode([LOOP, OTHER])
    assert (z.shape, z.dtype) == ((2, 6), np.float32)
    np.testing.assert_allclose(z, model.posterior([LOOP, OTHER]).mu)
    np.testing.assert_allclose(model.encode(OTHER), z[1:], atol=1e-6)


def test_the_posteriors_sigma_is_positive(model):
    assert (model.posterior(LOOP).sigma > 0).all()


def test_silence_can_be_encoded(model):
    assert model.encode(NoteSequence(steps=32)).shape == (1, 6)


def test_a_file_stands_for_all_its_windows_in_order(model, tmp_path):
    path = concatenate([LOOP, OTHER]).save(tmp_path / "song.mid")
    windows = model.excerpts(path)
    assert len(windows) > 1
    expected = model.encode([*windows, OTHER])
    for source in (path, str(path), path.read_bytes()):
        np.testing.assert_array_equal(model.encode([source, OTHER]), expected)


def test_a_file_without_drums_is_refused_with_the_reason(model, tmp_path):
    path = NoteSequence([Note(60, 0)], 32).save(tmp_path / "tune.mid")
    with pytest.raises(MidiError, match="channel 10 is empty"):
        model.encode(path)


def test_a_sequence_of_another_length_is_refused_with_what_to_do(model):
    with pytest.raises(ConverterError, match="reads 32 steps"):
        model.encode(concatenate([LOOP, LOOP]))


def test_nothing_to_encode_is_refused(model):
    with pytest.raises(ConverterError, match="list is empty"):
        model.encode([])


def test_other_types_than_music_are_refused(model):
    with pytest.raises(ConverterError, match="got 3"):
        model.encode([3])


def test_an_interpolation_hits_its_ends(model):
    path = model.interpolate(LOOP.replace(qpm=90), OTHER, n=5)
    ends = [loop.replace(qpm=90) for loop in model.decode(model.encode([LOOP, OTHER]))]
    assert [path[0], path[-1]] == ends
    assert len(path) == 5


def test_an_interpolation_may_be_between_latent_vectors(model):
    z = model.encode([LOOP, OTHER])
    assert model.interpolate(z[0], z[1], n=3) == model.interpolate(LOOP, OTHER, n=3)


def test_an_interpolation_between_equal_ends_is_constant(model):
    assert len(set(model.interpolate(LOOP, LOOP, n=4))) == 1


def test_an_interpolation_between_antipodal_ends_hits_them(model):
    z = np.random.default_rng(0).standard_normal(6)
    path = model.interpolate(z, -z, n=5)
    assert [path[0], path[-1]] == model.decode([z, -z])


@given(st.lists(st.floats(-3, 3), min_size=2, max_size=8).filter(lambda z: np.linalg.norm(z) > 1e-3))
def test_the_detour_between_antipodal_ends_keeps_its_norm(z):
    a = np.array(z)
    path = slerp(a, -a, np.linspace(0, 1, 9), antipodal="detour")
    np.testing.assert_allclose(np.linalg.norm(path, axis=1), np.linalg.norm(a), rtol=1e-6)
    np.testing.assert_allclose(path[[0, -1]], [a, -a], atol=1e-9)


@pytest.mark.parametrize("temperature", [0, -1.0, float("nan"), float("inf"), True])
def test_an_invalid_temperature_is_refused(model, temperature):
    with pytest.raises(ModelError, match="A temperature"):
        model.sample(1, temperature=temperature)


def test_an_invalid_seed_is_refused(model):
    with pytest.raises(ModelError, match="whole number"):
        model.sample(1, seed=-1)


def test_no_samples_are_refused(model):
    with pytest.raises(ModelError, match="n, is a whole number from 1; got 0"):
        model.sample(0)


@pytest.mark.parametrize(
    ("z", "message"),
    [
        (np.zeros(6), r"Pass z\[None\]"),
        (np.zeros((2, 5)), r"\[n, 6\]; got an array of shape \(2, 5\)"),
        (np.full((1, 6), np.nan), "finite"),
    ],
)
def test_an_invalid_z_is_refused(model, z, message):
    with pytest.raises(LatentError, match=message):
        model.decode(z)


def test_no_z_is_decoded_to_no_music(model):
    assert model.decode(np.zeros((0, 6))) == []


def test_frames_of_another_width_are_refused(model):
    with pytest.raises(ModelError, match=r"\[n, t, 10\]; got an array of shape \(1, 32, 9\)"):
        model.posterior_arrays(np.zeros((1, 32, 9)))


def test_missing_and_superfluous_controls_are_refused(model):
    with pytest.raises(ModelError, match="takes no controls"):
        model.decode_arrays(np.zeros((1, 6)), controls=np.zeros((32, 9)))
    with_controls = model_of(WIRINGS["controls"])
    with pytest.raises(ModelError, match=r"controls \[32, 49\]"):
        with_controls.decode_arrays(np.zeros((1, 6)))


def test_one_sequence_of_controls_serves_all_z():
    model = model_of(WIRINGS["controls"])
    controls = np.random.default_rng(0).random((32, 49))
    z = np.random.default_rng(1).standard_normal((3, 6))
    shared = model.decode_arrays(z, controls=controls)
    np.testing.assert_array_equal(shared, model.decode_arrays(z, controls=np.stack([controls] * 3)))


def test_an_unknown_precision_is_refused(model):
    with pytest.raises(ModelError, match="float32, bfloat16"):
        model.decode(np.zeros((1, 6)), precision="float8")


def test_frames_beyond_a_length_change_nothing(model):
    frames = np.random.default_rng(0).random((2, 32, 10))
    changed = frames.copy()
    changed[0, 20:] = 7.0
    for one, other in zip(
        model.posterior_arrays(frames, lengths=[20, 32]), model.posterior_arrays(changed, lengths=[20, 32]), strict=True
    ):
        np.testing.assert_allclose(one, other, atol=1e-6)


def test_a_length_of_0_has_the_posterior_of_a_zero_embedding(model):
    mu = model.posterior_arrays(np.ones((2, 32, 10)), lengths=[0, 32]).mu
    np.testing.assert_allclose(mu[0], model.mu.bias.detach(), atol=1e-6)
    assert not np.allclose(mu[1], mu[0])


def test_invalid_lengths_are_refused(model):
    for lengths in ([1], [-1, 3], [1.5, 2], [[[1]], [[2]]]):
        with pytest.raises(ModelError, match="lengths are whole numbers"):
            model.posterior_arrays(np.zeros((2, 32, 10)), lengths=lengths)


def test_dropout_is_off_when_music_is_encoded_and_training_goes_on_after():
    model = model_of(WIRINGS["groove"]).train()
    frames = np.random.default_rng(0).random((2, 32, 27))
    first, again = model.posterior_arrays(frames), model.posterior_arrays(frames)
    np.testing.assert_array_equal(first.mu, again.mu)
    assert model.training


def test_the_loss_of_a_sequence_is_the_sum_over_its_valid_steps(model):
    example = model.converter.encode(LOOP)
    losses = model.losses_arrays(example.inputs[None], example.targets[None])
    params = model.teacher_forced(
        torch.from_numpy(model.encode(LOOP)),
        torch.nn.functional.pad(torch.from_numpy(example.targets), (0, 0, 1, 0))[None, :-1],
    )
    per_step = model.head.loss(params, torch.from_numpy(example.targets)[None]).detach().numpy()
    np.testing.assert_allclose(losses.reconstruction, per_step.sum(1), rtol=1e-5)
    assert (losses.kl > 0).all()


def test_a_groove_is_no_class():
    with pytest.raises(ModelError, match="groove frame is no class"):
        model_of(WIRINGS["groove"]).decode_classes(np.zeros((1, 6)))


def test_a_model_without_a_representation_handles_arrays_only():
    model = model_of(DRUMS.replace(converter={}))
    assert model.decode_arrays(np.zeros((1, 6))).shape == (1, 32, 512)
    with pytest.raises(ModelError, match="names no converter"):
        model.sample(1)


def test_the_repr_of_a_model_is_one_line(model):
    assert repr(model) == "MusicVAE(cat-drums_2bar_small: 32 steps, z 6)"


def test_a_model_without_an_encoder_samples_and_explains_why_it_cannot_encode():
    model = model_of(DRUMS.replace(enc_rnn_size=()))
    assert len(model.sample(2, seed=0)) == 2
    z = np.random.default_rng(0).standard_normal((2, 6))
    assert len(model.interpolate(*z, n=3)) == 3
    frames = np.zeros((1, 32, 10))
    calls = (
        lambda: model.encode(LOOP),
        lambda: model.posterior(LOOP),
        lambda: model.interpolate(LOOP, OTHER),
        lambda: model.posterior_arrays(frames),
        lambda: model.losses_arrays(frames, np.zeros((1, 32, 512))),
    )
    for call in calls:
        with pytest.raises(ModelError, match=r"has no encoder: .* It can sample, decode, and interpolate"):
            call()


def test_old_names_of_methods_and_arguments_work_for_a_release(model):
    z = np.random.default_rng(0).standard_normal((2, 6))
    with pytest.warns(DeprecationWarning, match="is now called"):
        assert model.sample(2, seed=1, rehearsals=1, takes=1) == model.sample(2, seed=1, gibbs_steps=1, max_attempts=1)
    with pytest.warns(DeprecationWarning, match="is now called"):
        assert model.interpolate(*z, steps=3, walk="lerp") == model.interpolate(*z, n=3, interpolation="lerp")
    with pytest.warns(DeprecationWarning, match="kind= is now called interpolation="):
        assert model.interpolate(*z, kind="lerp") == model.interpolate(*z, interpolation="lerp")
    with pytest.warns(DeprecationWarning, match="is now called"):
        np.testing.assert_array_equal(model.draw(2, seed=1, rehearsals=2), model.sample_z(2, seed=1, gibbs_steps=2))
    with pytest.warns(DeprecationWarning, match="is now called"):
        np.testing.assert_array_equal(model.rehearse(z, times=2, seed=1), model.refine(z, 2, seed=1))
    with pytest.warns(DeprecationWarning, match="is now called"):
        np.testing.assert_array_equal(model.likelihood(LOOP), model.log_likelihood(LOOP))
