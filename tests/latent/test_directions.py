"""Directions along which latent vectors, or what is made of them, vary most."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from latentpalette.errors import LatentError
from latentpalette.latent import Directions, principal_directions, single_dimensions

Z = np.random.default_rng(2).normal(size=(300, 5)) * [1.0, 4.0, 2.0, 0.5, 3.0] + 7
MIX = np.random.default_rng(4).normal(size=(5, 12))


def test_the_first_direction_is_that_of_the_largest_variance():
    found = principal_directions(Z, 3)
    assert np.abs(found.steps).argmax(1).tolist() == [1, 4, 2]
    assert found.shares.tolist() == sorted(found.shares, reverse=True)


def test_coordinates_are_standard_deviations_from_the_mean():
    found = principal_directions(Z, 5).coordinates(Z)
    np.testing.assert_allclose(found.mean(0), 0, atol=1e-12)
    np.testing.assert_allclose(found.std(0), 1)


@pytest.mark.parametrize(
    "find",
    [principal_directions, single_dimensions, lambda z, n: principal_directions(z, n, features=np.tanh(z @ MIX))],
)
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_moving_along_one_direction_leaves_the_other_coordinates(find, data):
    amounts = data.draw(st.lists(st.floats(-5, 5), min_size=3, max_size=3))
    found = find(Z, 3)
    moved = found.move(Z[0], amounts)
    np.testing.assert_allclose(found.coordinates(moved) - found.coordinates(Z[0]), amounts, atol=1e-6)


def test_features_choose_what_they_follow_from():
    found = principal_directions(Z, 2, features=np.stack([Z[:, 3] * 10, Z[:, 0]], 1))
    assert np.abs(found.weights * Z.std(0)).argmax(1).tolist() == [3, 0]


def test_single_dimensions_are_those_that_vary_most():
    found = single_dimensions(Z, 2)
    assert [np.flatnonzero(step).tolist() for step in found.steps] == [[1], [4]]


def test_there_are_no_more_directions_than_vary():
    flat = Z * [1, 0, 1, 0, 0]
    assert (len(principal_directions(flat, 5)), len(single_dimensions(flat, 5))) == (2, 2)


@pytest.mark.parametrize("find", [principal_directions, single_dimensions])
def test_what_does_not_vary_is_refused(find):
    with pytest.raises(LatentError, match="All 4 z are alike"):
        find(np.ones((4, 3)))
    with pytest.raises(LatentError, match="at least three z"):
        find(Z[:2])


def test_other_widths_are_refused():
    found = principal_directions(Z, 2)
    assert isinstance(found, Directions)
    with pytest.raises(LatentError, match="got z \\[4\\] and 1 amounts"):
        found.move(np.zeros(4), [1.0])
    with pytest.raises(LatentError, match="for z \\[\\.\\.\\., 5\\]"):
        found.coordinates(np.zeros(4))
    with pytest.raises(LatentError, match="for each of 300 z"):
        principal_directions(Z, 2, features=np.zeros((3, 1)))
