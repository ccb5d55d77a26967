from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from latentpalette.errors import LatentError
from latentpalette.latent.projection import grid, plane


def cloud(n: int = 200, z: int = 5, seed: int = 0) -> np.ndarray:
    dice = np.random.default_rng(seed)
    return dice.standard_normal((n, z)) * np.arange(z, 0, -1) + dice.standard_normal(z)


@given(seed=st.integers(0, 100), z=st.integers(2, 6))
def test_on_the_plane_the_data_have_mean_zero_and_deviation_one_and_are_uncorrelated(seed, z):
    data = cloud(seed=seed, z=z)
    flat = plane(data).flat(data)
    assert flat.mean(0) == pytest.approx([0, 0], abs=1e-9)
    assert np.cov(flat.T, bias=True) == pytest.approx(np.eye(2), abs=1e-9)


@given(st.lists(st.tuples(st.floats(-3, 3), st.floats(-3, 3)), min_size=1, max_size=5))
def test_a_point_lifted_and_laid_flat_again_is_where_it_was(points):
    found = plane(cloud())
    assert found.flat(found.lifted(points)) == pytest.approx(np.array(points), abs=1e-9)


def test_the_first_axis_is_the_one_along_which_the_data_vary_most():
    line = np.zeros((50, 3))
    line[:, 1], line[:, 2] = np.linspace(-4, 4, 50), np.sin(np.arange(50))
    found = plane(line)
    assert found.axes[0] == pytest.approx([0, 1, 0], abs=0.1)
    assert found.spread[0] > found.spread[1]
    assert found.share == pytest.approx(1.0)


def test_two_dimensions_are_shown_whole():
    data = cloud(z=2)
    found = plane(data)
    assert found.share == pytest.approx(1.0)
    assert found.lifted(found.flat(data)) == pytest.approx(data)


def test_turning_the_data_over_does_not_turn_the_picture():
    data = cloud()
    assert plane(data[::-1]).axes == pytest.approx(plane(data).axes)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (np.zeros((2, 3)), "at least three places"),
        (np.zeros((5, 1)), "at least three places"),
        (np.zeros((5, 3)), "one line or one point"),
        (np.outer(np.arange(5), [1.0, 2.0, 3.0]), "one line or one point"),
        (np.full((5, 3), np.nan), "NaN"),
    ],
)
def test_no_plane_is_laid_through_what_spans_none(data, message):
    with pytest.raises(LatentError, match=message):
        plane(data)


def test_places_of_another_width_are_refused():
    with pytest.raises(LatentError, match=r"\[n, 5\]; got shape \(3, 4\)"):
        plane(cloud()).flat(np.zeros((3, 4)))


def test_a_grid_is_written_from_the_upper_left():
    points = grid(4, reach=2.0)
    assert points[0, 0].tolist() == [-1.5, 1.5]
    assert points[-1, 0].tolist() == [-1.5, -1.5]
    assert points[0, -1].tolist() == [1.5, 1.5]
    with pytest.raises(LatentError, match="at least 2 cells"):
        grid(1)
