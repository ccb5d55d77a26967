"""A learned prior maps noise to music and back, and travels beside its model."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

import latentpalette as lp
from latentpalette.errors import CheckpointError, LatentError, ModelError, TrainingError
from latentpalette.latent.flow_paths import grid_along_flow, interpolate_along_flow, vary_along_flow
from latentpalette.models.flow import STEPS, FlowPrior, VelocityField
from latentpalette.models.interpolation import interpolate_pairs
from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
from latentpalette.models.musicvae import MusicVAE
from latentpalette.models.sampling import sample_prior
from latentpalette.models.variations import vary_z
from latentpalette.progress.parts import finish
from latentpalette.training.flow_matching import fit_prior

TINY = MAGENTA_CONFIGS["cat-drums_2bar_small"].replace(z_size=4, enc_rnn_size=(8,), dec_rnn_size=(8, 8), gibbs_steps=2)


def ring(n: int, seed: int = 0) -> np.ndarray:
    """Return points near a circle of radius 3, where a Gaussian has none in the middle."""
    rng = np.random.default_rng(seed)
    angle = rng.uniform(0, 2 * np.pi, n)
    return 3 * np.stack([np.cos(angle), np.sin(angle)], 1) + 0.1 * rng.normal(size=(n, 2))


@pytest.fixture(scope="module")
def ring_prior() -> FlowPrior:
    return fit_prior(ring(2000), max_steps=1500, batch_size=256, width=64, blocks=3)


def random_weights(field: VelocityField, seed: int = 0) -> VelocityField:
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for value in field.parameters():
            value.normal_(0, 0.2, generator=generator)
    return field


def random_prior(z_size: int = 4) -> FlowPrior:
    """Return a prior with weights that move something."""
    field = random_weights(VelocityField(z_size, width=16, blocks=2))
    return FlowPrior(field, torch.arange(z_size).float(), torch.arange(1, z_size + 1).float())


def test_samples_lie_where_the_data_lies(ring_prior):
    radius = np.linalg.norm(ring_prior.sample(np.random.default_rng(1).normal(size=(500, 2))), axis=1)
    assert np.mean(np.abs(radius - 3) < 0.75) > 0.85


def test_a_gaussian_needs_no_training():
    z = np.random.default_rng(0).normal([1.0, -2.0], [3.0, 0.01], size=(4000, 2))
    prior = fit_prior(z, max_steps=1, batch_size=2, width=4, blocks=1)
    samples = prior.sample(np.random.default_rng(1).normal(size=(4000, 2)))
    np.testing.assert_allclose(samples.mean(0), [1.0, -2.0], atol=0.2)
    assert samples.std(0)[0] == pytest.approx(3.0, rel=0.1)
    assert samples.std(0)[1] < 0.1


def test_vectors_of_weight_zero_are_not_learned():
    z = np.concatenate([np.full((500, 2), 5.0), np.zeros((20, 2))]) + ring(520) / 100
    prior = fit_prior(z, weights=[0.0] * 500 + [1.0] * 20, max_steps=100, batch_size=64, width=16, blocks=1)
    assert np.abs(prior.sample(np.random.default_rng(1).normal(size=(200, 2)))).max() < 1


@pytest.mark.parametrize("weights", [[1.0] * 15, [-1.0] * 20, [np.nan] * 20, [0.0] * 20])
def test_weights_that_are_none_are_refused(weights):
    with pytest.raises(TrainingError, match="a weight of at least 0 for each of 20"):
        fit_prior(np.zeros((20, 2)), weights=weights, max_steps=1)


def test_there_and_back_again_is_where_one_was(ring_prior):
    z = ring(200, 5)
    error = np.abs(ring_prior.from_time(ring_prior.to_time(z, 0.0), 0.0) - z)
    assert error.mean() < 0.05


def test_halfway_on_the_flow_is_music_where_halfway_on_a_line_is_none(ring_prior):
    a, b = [3.0, 0.0], [0.0, 3.0]
    straight = np.linalg.norm(np.mean([a, b], 0))
    flowing = np.linalg.norm(interpolate_along_flow(ring_prior, a, b, [0.5], time=0.0))
    assert straight < 2.2
    assert abs(flowing - 3) < 0.6


@pytest.mark.parametrize("time", [0.0, 0.6, 1.0])
def test_ends_and_corners_stay_exactly_what_they_are(time):
    prior, corners = random_prior(), np.random.default_rng(0).normal(size=(4, 4))
    path = interpolate_along_flow(prior, corners[0], corners[1], [0.0, 0.3, 1.0], time=time)
    grid = grid_along_flow(prior, corners, 5, time=time)
    assert np.array_equal(path[[0, 2]], corners[:2])
    assert np.array_equal(grid[[0, 0, -1, -1], [0, -1, 0, -1]], corners)


def test_at_time_one_a_path_is_a_great_circle_of_standardized_vectors():
    prior = FlowPrior(VelocityField(4, width=8, blocks=1))
    a, b = np.random.default_rng(0).normal(size=(2, 4))
    assert np.allclose(
        interpolate_along_flow(prior, a, b, [0.25, 0.5], time=1.0), lp.latent.slerp(a, b, [0.25, 0.5]), atol=1e-5
    )


@pytest.mark.parametrize("time", [-0.1, 1.1, float("nan"), True])
def test_a_time_outside_is_refused(time):
    with pytest.raises(LatentError, match="between 0"):
        interpolate_along_flow(random_prior(), np.zeros(4), np.ones(4), [0.5], time=time)


def test_a_prior_is_saved_beside_its_model_and_loaded_with_it(tmp_path):
    model = MusicVAE(TINY)
    model.prior = random_prior()
    lp.save(model, tmp_path)
    loaded = lp.load(tmp_path)
    noise = np.random.default_rng(0).normal(size=(3, 4))
    assert np.array_equal(loaded.prior.sample(noise), model.prior.sample(noise))
    lp.save(MusicVAE(TINY), tmp_path)
    assert lp.load(tmp_path).prior is None


def test_a_model_samples_from_its_prior_without_gibbs_steps():
    model = MusicVAE(TINY)
    noise = sample_prior(model, 3, seed=7)
    model.prior = random_prior()
    assert np.array_equal(model.sample_z(3, seed=7), model.prior.sample(noise))
    assert np.array_equal(model.sample_z(2, seed=7), model.sample_z(3, seed=7)[:2])


def test_a_model_interpolates_along_its_prior_by_default():
    model = MusicVAE(TINY)
    a, b = np.random.default_rng(0).normal(size=(2, 4))
    with pytest.raises(ModelError, match="no learned prior"):
        model.interpolate_z(a, b, [0.5], interpolation=0.4)
    assert np.array_equal(model.interpolate_z(a, b, [0.5]), model.interpolate_z(a, b, [0.5], interpolation="slerp"))
    model.prior = random_prior()
    assert np.array_equal(model.interpolate_z(a, b, [0.5]), model.interpolate_z(a, b, [0.5], interpolation=0.4))
    assert not np.allclose(model.interpolate_z(a, b, [0.5]), model.interpolate_z(a, b, [0.5], interpolation="slerp"))


def test_variations_are_carried_forward_from_a_mixture_with_noise():
    model, z = MusicVAE(TINY), np.array([1.0, 2.0, 0.0, -1.0], np.float32)
    noise = sample_prior(model, 3, seed=7)
    model.prior = random_prior()
    mixtures = 0.75 * model.prior.to_time(z[None], 1.0) + 0.25 * noise
    expected = model.prior.from_time(mixtures, 0.75)
    assert np.allclose(vary_z(model, z, 3, 0.75, seed=7), expected, atol=1e-5)


def test_a_variation_is_the_piece_at_a_similarity_of_one_and_a_sample_at_zero():
    model, z = MusicVAE(TINY), np.array([1.0, 2.0, 0.0, -1.0], np.float32)
    model.prior = random_prior()
    assert np.array_equal(vary_z(model, z, 2, 1.0), [z, z])
    assert np.allclose(vary_z(model, z, 2, 0.0, seed=7), model.sample_z(2, seed=7), atol=1e-5)


def test_a_similarity_for_each_dimension_mixes_z_with_samples_of_the_prior():
    model, z = MusicVAE(TINY), np.array([1.0, 2.0, 0.0, -1.0], np.float32)
    model.prior = random_prior()
    varied = vary_z(model, z, 2, [1, 0, 1, 0], seed=7)
    assert np.array_equal(varied, np.where([True, False, True, False], z, model.sample_z(2, seed=7)))


def test_variations_on_music_stay_music_where_mixtures_with_samples_leave_it(ring_prior):
    piece = ring_prior.sample(np.random.default_rng(3).standard_normal((1, 2)))[0]
    noise = np.random.default_rng(4).standard_normal((200, 2))
    varied = vary_along_flow(ring_prior, piece, noise, similarity=0.5)
    mixed = 0.5 * piece + 0.5 * ring_prior.sample(noise)
    off_ring = [np.abs(np.linalg.norm(z, axis=1) - 3).mean() for z in (varied, mixed)]
    assert off_ring[0] < 0.5 * off_ring[1]


def damage(tmp_path, change) -> None:
    model = MusicVAE(TINY)
    model.prior = random_prior()
    file = lp.save(model, tmp_path) / "prior.safetensors"
    tensors = {name: value.clone() for name, value in load_file(file).items()}
    change(tensors)
    save_file(tensors, file)


@pytest.mark.parametrize(
    "change",
    [
        lambda tensors: tensors.pop("mean"),
        lambda tensors: tensors.update(std=torch.zeros(4)),
        lambda tensors: tensors.update(mean=torch.full((4,), torch.nan)),
        lambda tensors: tensors.update({"input.weight": torch.zeros(16, 5)}),
        lambda tensors: tensors.clear(),
        lambda tensors: tensors.update({"input.weight": torch.zeros(0, 4)}),
        lambda tensors: tensors.update({"input.weight": torch.zeros(())}),
        lambda tensors: tensors.update(mean=torch.zeros(4, dtype=torch.complex64)),
    ],
)
def test_a_damaged_prior_is_refused(tmp_path, change):
    damage(tmp_path, change)
    with pytest.raises(CheckpointError, match=r"prior\.safetensors"):
        lp.load(tmp_path)


def test_a_cut_file_and_a_folder_are_refused(tmp_path):
    damage(tmp_path, lambda _: None)
    file = tmp_path / "prior.safetensors"
    file.write_bytes(file.read_bytes()[:100])
    with pytest.raises(CheckpointError, match="not readable as safetensors"):
        lp.load(tmp_path)
    file.unlink()
    file.mkdir()
    with pytest.raises(CheckpointError, match="no regular file"):
        lp.load(tmp_path)


@pytest.mark.parametrize("z", [np.zeros((4, 2)), np.zeros(20), np.full((20, 2), np.nan)])
def test_a_prior_needs_some_finite_vectors(z):
    with pytest.raises(TrainingError, match="finite latent vectors"):
        fit_prior(z)


def test_the_same_seed_fits_the_same_prior():
    fits = [fit_prior(ring(64), max_steps=5, batch_size=16, width=8, blocks=1, seed=3) for _ in range(2)]
    assert np.array_equal(*(prior.sample(np.ones((2, 2))) for prior in fits))


@pytest.mark.parametrize("kind", ["slerp", "lerp", None, 0.0])
def test_many_pairs_at_once_are_interpolated_as_each_pair_is(kind):
    model = MusicVAE(TINY)
    model.prior = random_prior()
    a, b = np.random.default_rng(0).normal(size=(2, 5, 4))
    together = interpolate_pairs(model, a, b, [0.0, 0.3, 1.0], interpolation=kind)
    singly = [
        model.interpolate_z(start, stop, [0.0, 0.3, 1.0], interpolation=kind) for start, stop in zip(a, b, strict=True)
    ]
    assert np.allclose(together, singly, atol=1e-5)
    assert np.allclose(together[:, [0, 2]], np.stack([a, b], 1))


@pytest.mark.parametrize("n", [1, 2, 3, 5, 16, 17, 130])
def test_a_sample_depends_on_how_many_there_are_in_the_last_digits_at_most(n):
    noise = np.random.default_rng(0).normal(size=(140, 4))
    prior = random_prior()
    assert np.allclose(prior.sample(noise[:n]), prior.sample(noise)[:n], rtol=1e-5, atol=1e-5)


def test_vectors_are_carried_in_parts_to_where_they_are_carried_at_once(ring_prior):
    z = ring(70, 5)
    for name, asked in {"to_time": (z, 0.4), "from_time": (z, 0.4), "sample": (z,)}.items():
        parts = getattr(ring_prior, f"{name}_in_parts")(*asked)
        assert np.array_equal(finish(parts), getattr(ring_prior, name)(*asked))
    work = list(ring_prior.sample_in_parts(z))
    assert len(work) == 3 * STEPS  # each step of each block of 32


def test_distances_of_samples_are_computed_once_in_parts_or_at_once():
    at_once, in_parts = (FlowPrior(random_weights(VelocityField(2, width=8, blocks=1))) for _ in range(2))
    assert np.array_equal(finish(in_parts.sample_norms_in_parts()), at_once.sample_norms)
    assert list(in_parts.sample_norms_in_parts()) == []
