from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from latentpalette.errors import LatentError
from latentpalette.latent.grids import bilinear_grid, bilinear_weights, cell_at, cells_along

coordinates = st.floats(0, 1)


@given(coordinates, coordinates)
def test_the_weights_of_the_corners_add_up_to_one(x, y):
    weights = bilinear_weights(x, y)
    assert weights.sum() == pytest.approx(1)
    assert (weights >= 0).all()


@given(st.integers(2, 21))
def test_the_corners_of_the_grid_are_the_corners(size):
    corners = np.random.default_rng(0).normal(size=(4, 5))
    grid = bilinear_grid(corners, size)
    np.testing.assert_allclose([grid[0, 0], grid[0, -1], grid[-1, 0], grid[-1, -1]], corners)


def test_rows_go_down_and_columns_to_the_right():
    a, b, c, d = [1.0], [2.0], [3.0], [4.0]
    grid = bilinear_grid([a, b, c, d], 2)[:, :, 0]
    assert grid.tolist() == [[1, 2], [3, 4]]


@given(coordinates, coordinates, st.integers(3, 21))
def test_every_point_lies_in_a_cell(x, y, size):
    row, column = cell_at(x, y, size)
    assert 0 <= row < size
    assert 0 <= column < size


@given(st.lists(st.tuples(coordinates, coordinates), min_size=1, max_size=12), st.integers(3, 21))
def test_a_path_goes_from_cell_to_neighboring_cell(points, size):
    cells = cells_along(points, size)
    assert cells[0] == cell_at(*points[0], size)
    assert cells[-1] == cell_at(*points[-1], size)
    for (row, column), (next_row, next_column) in pairwise(cells):
        assert max(abs(next_row - row), abs(next_column - column)) == 1


def test_a_single_point_is_its_cell():
    assert cells_along([[0.5, 0.5]], 11) == [(5, 5)]


def test_a_wrong_number_of_corners_is_refused():
    with pytest.raises(LatentError, match=r"\(3, 8\)"):
        bilinear_grid(np.zeros((3, 8)), 5)
