from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from latentpalette.errors import LatentError
from latentpalette.latent.projection import cell_centers, fit_plane


def cloud(n: int = 200, z: int = 5, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.standard_normal((n, z)) * np.arange(z, 0, -1) + rng.standard_normal(z)


@given(seed=st.integers(0, 100), z=st.integers(2, 6))
def test_projected_data_have_mean_0_and_standard_deviation_1_and_are_uncorrelated(seed, z):
    data = cloud(seed=seed, z=z)
    points = fit_plane(data).project(data)
    assert points.mean(0) == pytest.approx([0, 0], abs=1e-9)
    assert np.cov(points.T, bias=True) == pytest.approx(np.eye(2), abs=1e-9)


@given(st.lists(st.tuples(st.floats(-3, 3), st.floats(-3, 3)), min_size=1, max_size=5))
def test_projection_undoes_unprojection(points):
    plane = fit_plane(cloud())
    assert plane.project(plane.unproject(points)) == pytest.approx(np.array(points), abs=1e-9)


def test_the_first_component_is_the_one_along_which_the_data_vary_most():
    line = np.zeros((50, 3))
    line[:, 1], line[:, 2] = np.linspace(-4, 4, 50), np.sin(np.arange(50))
    plane = fit_plane(line)
    assert plane.components[0] == pytest.approx([0, 1, 0], abs=0.1)
    assert plane.std[0] > plane.std[1]
    assert plane.explained_variance == pytest.approx(1.0)


def test_two_dimensions_are_explained_completely():
    data = cloud(z=2)
    plane = fit_plane(data)
    assert plane.explained_variance == pytest.approx(1.0)
    assert plane.unproject(plane.project(data)) == pytest.approx(data)


def test_the_order_of_the_data_does_not_change_the_plane():
    data = cloud()
    assert fit_plane(data[::-1]).components == pytest.approx(fit_plane(data).components)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (np.zeros((2, 3)), "at least three z"),
        (np.zeros((5, 1)), "at least three z"),
        (np.zeros((5, 3)), "one line or one point"),
        (np.outer(np.arange(5), [1.0, 2.0, 3.0]), "one line or one point"),
        (np.full((5, 3), np.nan), "NaN"),
    ],
)
def test_data_without_a_unique_plane_are_refused(data, message):
    with pytest.raises(LatentError, match=message):
        fit_plane(data)


def test_z_of_another_width_is_refused():
    with pytest.raises(LatentError, match=r"\[n, 5\]; got shape \(3, 4\)"):
        fit_plane(cloud()).project(np.zeros((3, 4)))


def test_cell_centers_start_at_the_upper_left():
    centers = cell_centers(4, radius=2.0)
    assert centers[0, 0].tolist() == [-1.5, 1.5]
    assert centers[-1, 0].tolist() == [-1.5, -1.5]
    assert centers[0, -1].tolist() == [1.5, 1.5]
    with pytest.raises(LatentError, match="whole number from 2"):
        cell_centers(1)
