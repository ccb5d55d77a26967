"""The page blends latent vectors as Python does; along a flow, see test_flow."""

from pathlib import Path

import numpy as np
import pytest

from latentpalette.latent.grids import bilinear_grid
from latentpalette.latent.paths import even_positions, interpolate_z
from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
from latentpalette.models.music_sampler import MusicSampler
from latentpalette.models.variations import vary_z
from latentpalette.widgets.grid_decoding import norm_percentiles, sample_percentiles

SCRIPT = Path(__file__).with_name("interpolation.mjs")
RANDOM = np.random.default_rng(1)
POSITIONS = [0.0, 0.1, 0.4999, 0.5, 0.73, 1.0]


def normal(*shape):
    return RANDOM.standard_normal(shape).astype(np.float32)


def some_pairs():
    """Return ends [2, z]: any, of several norms, equal ones, an origin, opposite ones, and nearly those."""
    pairs = [normal(2, size) * RANDOM.uniform(0.1, 5) for size in (1, 2, 3, 64, 512) for _ in range(20)]
    a, b = normal(16), normal(16)
    pairs += [np.stack(ends) for ends in ([a, a], [a, 0 * a], [0 * a, 0 * a], [a, -a], [a, -2 * a], [a, a + 1e-6 * b])]
    return [*pairs, np.stack([a, -a + 1e-6 * b]), np.stack([a[:1], -a[:1]])]


def test_even_positions(node):
    counts = [1, 2, 3, 5, 11, 33, 49, 129]
    assert node.call(SCRIPT, "positions", counts) == [even_positions(n).tolist() for n in counts]


@pytest.mark.parametrize("interpolation", ["slerp", "lerp"])
def test_great_circles_and_straight_lines(node, interpolation):
    pairs = some_pairs()
    for (a, b), found in zip(pairs, node.call(SCRIPT, "between", pairs, POSITIONS, interpolation), strict=True):
        expected = interpolate_z(a, b, POSITIONS, interpolation=interpolation)
        np.testing.assert_allclose(found, expected.ravel(), rtol=1e-9, atol=1e-12)


def test_grids_between_four_corners(node):
    corners, sizes = normal(4, 128), [2, 3, 5, 11, 21]
    for size, found in zip(sizes, node.call(SCRIPT, "grids", corners, sizes), strict=True):
        np.testing.assert_allclose(found, bilinear_grid(corners, size).ravel(), rtol=1e-12, atol=1e-14)


def test_variations_without_a_learned_prior(node):
    model = MusicSampler(MAGENTA_CONFIGS["cat-drums_2bar_small"].replace(enc_rnn_size=(8,), dec_rnn_size=(8, 8)))
    z, similarities = normal(256), [0, 0.2, 0.8, 0.95, 1]
    noise = model.sample_z(3, seed=7)
    for similarity, found in zip(similarities, node.call(SCRIPT, "mixtures", z, noise, similarities), strict=True):
        assert found.reshape(3, -1).tolist() == vary_z(model, z, 3, similarity, seed=7).tolist()


def test_how_far_cells_are_from_the_origin(node):
    z, variance = normal(200, 64).astype(float) * RANDOM.uniform(0, 2, (200, 1)), RANDOM.uniform(0, 1, (200, 64))
    norms = np.sort(np.linalg.norm(normal(256, 64), axis=1))
    assert node.call(SCRIPT, "normPercentiles", z, variance, 64) == norm_percentiles(z, variance)
    assert node.call(SCRIPT, "samplePercentiles", z, 64, norms) == sample_percentiles(z, norms)
