"""Fast decoding gives the result of the plain loop."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from latentpalette.models.fast_decoding import single_sequence
from latentpalette.models.workers import torch_threads
from tests.models.tiny_models import ALL, DRUMS, GRUS, WIRINGS, controls_of, model_of, plain_frames


@pytest.mark.parametrize("wiring", ALL)
@pytest.mark.parametrize("n", [1, 2, 17])
def test_fast_decoding_gives_the_frames_of_the_plain_loop(wiring, n):
    config = ALL[wiring]
    model, controls = model_of(config), controls_of(config, n)
    z = torch.randn(n, config.z_size, generator=torch.Generator().manual_seed(n))
    fast = model.decode_arrays(z, controls=controls)
    np.testing.assert_allclose(fast, plain_frames(model, z, controls).numpy(), atol=1e-5)


@pytest.mark.parametrize("wiring", ALL)
def test_with_a_temperature_both_give_the_same_sample_for_the_same_noise(wiring):
    config = ALL[wiring]
    model, controls = model_of(config), controls_of(config, 3)
    generator = torch.Generator().manual_seed(5)
    z = torch.randn(3, config.z_size, generator=generator)
    noise = torch.rand(3, config.steps, model.head.num_uniforms, generator=generator)
    with torch.inference_mode():
        fast = model.decoder.to_frames(model.decoder.decode(z, temperature=0.7, controls=controls, noise=noise))
    plain = plain_frames(model, z, controls, temperature=0.7, noise=noise)
    np.testing.assert_allclose(fast.numpy(), plain.numpy(), atol=1e-5)


@given(n=st.integers(1, 6), pick=st.integers(0, 5), seed=st.integers(0, 2**31))
def test_a_loop_is_decoded_alike_as_a_single_one_and_in_a_batch(n, pick, seed):
    model = model_of()
    z = np.random.default_rng(seed).standard_normal((n, 6))
    np.testing.assert_array_equal(model.decode_classes(z)[pick % n], model.decode_classes(z[[pick % n]])[0])


@pytest.mark.parametrize(("max_single", "min_torch"), [(1, 2_000_000), (40, 2_000_000), (400_000, 0)])
def test_the_products_of_a_single_loop_may_be_split_anywhere_or_left_to_torch(monkeypatch, max_single, min_torch):
    z = np.random.default_rng(0).standard_normal((1, 6))
    expected = model_of().decode_arrays(z)
    monkeypatch.setattr(single_sequence, "MAX_SINGLE_THREAD_SIZE", max_single)
    monkeypatch.setattr(single_sequence, "MIN_TORCH_SIZE", min_torch)
    np.testing.assert_array_equal(model_of().decode_arrays(z), expected)


def test_fast_decoding_notices_that_weights_have_changed_in_place():
    model = model_of()
    z = np.ones((2, 6))
    model.decode_classes(z)
    with torch.no_grad():
        model.decoder.cores[0].projection.bias[77] = 100.0
    assert (model.decode_classes(z) == 77).all()


def test_fast_decoding_notices_that_weights_have_been_replaced():
    model, other = model_of(seed=0), model_of(seed=1)
    z = np.ones((2, 6))
    before = model.decode_classes(z)
    model.load_state_dict(other.state_dict(), assign=True)
    np.testing.assert_array_equal(model.decode_classes(z), other.decode_classes(z))
    assert (model.decode_classes(z) != before).any()


def test_fast_decoding_drops_its_packed_weights_when_training_goes_on():
    model = model_of()
    z = np.ones((2, 6))
    model.decode_classes(z)
    model.train()
    model.decoder.cores[0].projection.bias.data[77] = 100.0  # without a new version of the parameter
    assert (model.decode_classes(z) == 77).all()


def test_decoding_leaves_no_gradients_behind():
    model = model_of().train()
    (tokens,) = model.decoder.decode(torch.ones(2, 6, requires_grad=True))
    assert not tokens.requires_grad
    assert all(parameter.grad is None for parameter in model.parameters())


def test_classes_are_where_the_frames_are_one():
    model = model_of()
    z = np.random.default_rng(0).standard_normal((4, 6))
    np.testing.assert_array_equal(model.decode_classes(z), model.decode_arrays(z).argmax(-1))


def test_the_classes_of_streams_are_side_by_side():
    for wiring in ("multi-out", "conductor and streams"):
        model = model_of(WIRINGS[wiring])
        assert model.decode_classes(np.ones((2, 6))).shape == (2, model.config.steps, 3)


@pytest.mark.parametrize("config", [DRUMS, GRUS["gru, flat"]], ids=["lstm", "gru"])
def test_bfloat16_products_change_few_frames(config):
    model = model_of(config)
    z = np.random.default_rng(0).standard_normal((20, 6))
    same = model.decode_classes(z, precision="bfloat16") == model.decode_classes(z)
    assert same.mean() > 0.8


def test_more_than_a_batch_is_decoded_in_order(monkeypatch):
    model = model_of()
    z = np.random.default_rng(0).standard_normal((7, 6))
    whole = model.decode_arrays(z, temperature=1.0, seed=3)
    monkeypatch.setattr("latentpalette.models.network._BATCH", 3)
    np.testing.assert_array_equal(model.decode_arrays(z, temperature=1.0, seed=3), whole)


@torch_threads(1)
def test_teacher_forcing_with_its_own_frames_gives_the_same_arg_max_at_every_step():
    for config in ALL.values():
        model, controls = model_of(config), controls_of(config, 2)
        z = torch.randn(2, config.z_size, generator=torch.Generator().manual_seed(9))
        frames = torch.from_numpy(model.decode_arrays(z, controls=controls))
        previous = torch.nn.functional.pad(frames, (0, 0, 1, 0))[:, :-1]
        with torch.no_grad():
            params = model.teacher_forced(z, previous, controls)
        again = model.head.to_frames(model.head.sample(params.flatten(0, 1), None, None)).reshape(frames.shape)
        np.testing.assert_allclose(again.numpy(), frames.numpy(), atol=1e-5)


@pytest.mark.parametrize("wiring", ALL)
@torch_threads(1)
def test_scheduled_sampling_that_never_samples_is_teacher_forcing(wiring):
    config = ALL[wiring]
    model, controls = model_of(config), controls_of(config, 2)
    generator = torch.Generator().manual_seed(2)
    z = torch.randn(2, config.z_size, generator=generator)
    previous = torch.rand(2, config.steps, config.output_depth, generator=generator)
    noise = torch.rand(2, config.steps, model.head.num_uniforms, generator=generator)
    never = torch.zeros(2, config.steps, dtype=torch.bool)
    with torch.no_grad():
        scheduled = model.decoder.scheduled_sampling(z, previous, never, controls, noise=noise)
        forced = model.teacher_forced(z, previous, controls)
    np.testing.assert_allclose(scheduled.numpy(), forced.numpy(), atol=1e-5)


@torch_threads(1)
def test_scheduled_sampling_that_always_samples_is_decoding_at_temperature_1():
    model = model_of(DRUMS)
    generator = torch.Generator().manual_seed(2)
    z = torch.randn(3, 6, generator=generator)
    noise = torch.rand(3, 32, 1, generator=generator)
    with torch.no_grad():
        params = model.decoder.scheduled_sampling(
            z, torch.zeros(3, 32, 512), torch.ones(3, 32, dtype=torch.bool), noise=noise
        )
        (decoded,) = model.decoder.decode(z, temperature=1.0, noise=noise)
    sampled = model.head.sample(params.flatten(0, 1), 1.0, noise.flatten(0, 1)).reshape(3, 32)
    np.testing.assert_array_equal(sampled.numpy(), decoded.numpy())


@pytest.mark.parametrize("config", [DRUMS, GRUS["gru, flat"]], ids=["lstm", "gru"])
@torch_threads(1)
def test_gradients_flow_through_scheduled_sampling_to_z(config):
    model = model_of(config)
    z = torch.ones(2, 6, requires_grad=True)
    use_own = torch.ones(2, 32, dtype=torch.bool)
    params = model.decoder.scheduled_sampling(z, torch.zeros(2, 32, 512), use_own, noise=torch.full((2, 32, 1), 0.5))
    params.square().sum().backward()
    assert (z.grad != 0).all()
